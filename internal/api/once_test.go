package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// counter makes shipments, and counts them.
type counter struct {
	orders
	mu      sync.Mutex
	made    int
	begun   chan struct{} // closed when the first has begun, which then waits; nil for no wait
	wait    chan struct{}
	refuses bool
}

func (c *counter) Create(ctx context.Context, who post.Caller, o post.Order) (*post.Shipment, []post.Link, error) {
	if c.begun != nil {
		close(c.begun)
		<-c.wait
		c.begun = nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuses {
		return nil, nil, post.Mistakes{{Field: "subject", Text: `§["number-in-address"]`}}
	}
	c.made++
	return c.orders.Create(ctx, who, o)
}

// TestTheSameRequestIsDoneOnce: with the same key and the same body the answer is the same, and one shipment is made;
// another body is told, and so is whoever asks while the first is still being done.
func TestTheSameRequestIsDoneOnce(t *testing.T) {
	r, c := newTestAPI(t), &counter{}
	r.Commands = c
	ask := func(key, subject string) (int, string) {
		w := r.ask(http.MethodPost, "/v1/shipments", strings.NewReader(`{"subject": "`+subject+`"}`), keyHeader, key)
		return w.Code, w.Body.String()
	}
	status, first := ask("k1", "Møde")
	again, body := ask("k1", "Møde")
	if status != http.StatusCreated || again != status || body != first || c.made != 1 {
		t.Errorf("%d %s, then %d %s; %d were made", status, first, again, body, c.made)
	}
	status, body = ask("k1", "Andet")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "en anden") {
		t.Errorf("another body: %d %s", status, body)
	}
	if status, _ := ask("k2", "Møde"); status != http.StatusCreated || c.made != 2 {
		t.Errorf("another key: %d, %d were made", status, c.made)
	}
	if status, _ := ask(strings.Repeat("x", 256), "Møde"); status != http.StatusUnprocessableEntity || c.made != 2 {
		t.Errorf("a key that is too long: %d", status)
	}
	w := r.ask(http.MethodPost, "/v1/shipments", strings.NewReader(`{"subject": "Møde"}`))
	if w.Code != http.StatusCreated || c.made != 3 {
		t.Errorf("without a key: %d, %d were made", w.Code, c.made)
	}
}

// TestARequestThatIsBeingDone is told so; what was refused can be mended under the same key, and whoever died over a
// request does not hold it for ever.
func TestARequestThatIsBeingDone(t *testing.T) {
	r, c := newTestAPI(t), &counter{begun: make(chan struct{}), wait: make(chan struct{})}
	r.Commands = c
	ask := func(key string) int {
		return r.ask(http.MethodPost, "/v1/shipments", strings.NewReader(`{"subject": "Møde"}`), keyHeader, key).Code
	}
	first := make(chan int)
	go func() { first <- ask("k1") }()
	<-c.begun
	if status := ask("k1"); status != http.StatusConflict {
		t.Errorf("while the first is being done: %d", status)
	}
	close(c.wait)
	if status := <-first; status != http.StatusCreated || c.made != 1 {
		t.Errorf("the first: %d, %d were made", status, c.made)
	}
	c.refuses = true
	if status := ask("k2"); status != http.StatusUnprocessableEntity {
		t.Errorf("refused: %d", status)
	}
	c.refuses = false
	if status := ask("k2"); status != http.StatusCreated {
		t.Errorf("mended: %d", status)
	}
	ctx := context.Background()
	_, err := r.store.Begin(ctx, "demo", "k3", "h", time.Now().Add(-post.RunningFor-time.Second))
	posttest.Check(t, err)
	if known, err := r.store.Begin(ctx, "demo", "k3", "h", time.Now()); known != nil || err != nil {
		t.Errorf("whoever died holds it: %+v, %v", known, err)
	}
}
