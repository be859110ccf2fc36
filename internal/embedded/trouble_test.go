package embedded

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/texts"
)

// TestOurOwnFaultsAreWaitedOut: however often the machine has run out of something, no job becomes a dead letter; it
// waits longer and longer, and people are told what is missing.
func TestOurOwnFaultsAreWaitedOut(t *testing.T) {
	for _, fault := range []syscall.Errno{syscall.ENOSPC, syscall.EMFILE} {
		h := backend(t)
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		posttest.Check(t, h.Send(ctx, post.SendQueue, post.Job{Letter: "x"}))
		q, dead := h.queue[post.SendQueue], h.queue[post.SendQueue.Dead()]
		var waits []time.Duration
		for range 60 { // more often than what kills the process may come
			given, err := q.receive(ctx, 1, time.Minute)
			posttest.Check(t, err)
			if given = h.buryKillers(q, dead, given); len(given) != 1 {
				t.Fatalf("%v: it was buried after %d times", fault, len(waits))
			}
			h.flush(ctx, q, dead, given, []error{fmt.Errorf("object x: %w", fault)})
			q.mu.Lock()
			held := q.out[given[0].number]
			waits = append(waits, time.Until(held.until))
			held.until = time.Now().Add(-time.Second)
			q.mu.Unlock()
		}
		if n := h.Waiting(post.SendQueue.Dead()); n != 0 || waits[0] > 2*time.Second || waits[59] < 20*time.Second ||
			waits[59] > time.Minute {
			t.Errorf("%v: %d dead letters, waits %v and %v", fault, n, waits[0], waits[59])
		}
		if got := h.Trouble(); got != texts.Of(post.OwnFault(fault)) {
			t.Errorf("%v: told %q", fault, got)
		}
		cancel()
	}
}

func TestSpace(t *testing.T) {
	for free, want := range map[int64]string{0: texts.Of(post.DiskFull), 100 << 20: "kun 100 MB", 300 << 20: ""} {
		if got := space(free, 256<<20); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%d bytes are free: %q, want %q", free, got, want)
		}
	}
}

// TestUploadToAFullDisk: whoever uploads reads what is missing, and nothing of the file is kept.
func TestUploadToAFullDisk(t *testing.T) {
	h := backend(t)
	o, err := h.Objects()
	posttest.Check(t, err)
	l := &Links{
		Objects: o,
		Key:     []byte("key"),
		Base:    "/objects",
		Now:     time.Now,
		Arrived: func(string) error { return nil },
	}
	link, err := l.Upload(
		context.Background(),
		post.UploadPolicy{Org: "demo", Key: "uploads/demo/a/0", Limit: 1 << 20, Life: time.Hour},
	)
	posttest.Check(t, err)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	posttest.Check(t, w.WriteField("token", link.Fields["token"]))
	_, err = w.CreateFormFile("file", "a.pdf")
	posttest.Check(t, err)
	// The disk takes no more after the first bytes: the error comes out where the file is copied.
	body := io.MultiReader(
		&form,
		strings.NewReader("%PDF"),
		iotest.ErrReader(&os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}),
	)
	r := httptest.NewRequest(http.MethodPost, "/objects", body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	answer := httptest.NewRecorder()
	l.ServeHTTP(answer, r)
	if answer.Code != http.StatusInsufficientStorage ||
		!strings.Contains(answer.Body.String(), texts.Of(post.DiskFull)) {
		t.Errorf("it answers %d: %s", answer.Code, answer.Body)
	}
	if has, err := o.Has(context.Background(), "uploads/demo/a/0"); err != nil || has {
		t.Errorf("half an upload is there: %v", err)
	}
	if got := h.Trouble(); got != texts.Of(post.DiskFull) {
		t.Errorf("told %q", got)
	}
}
