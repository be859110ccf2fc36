package api

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestTheProgressOfABulk is 202 until it has ended; another organization's is not there.
func TestTheProgressOfABulk(t *testing.T) {
	r, ctx := newTestAPI(t), context.Background()
	for id, org := range map[string]string{"bbbbbbbbbbbb": "demo", "cccccccccccc": "other"} {
		posttest.Check(t, r.store.Bulks().Create(ctx, &post.Bulk{ID: id, Org: org, Kind: post.BulkReplay, Total: 60,
			Done: 50, Replayed: post.Replayed{Sends: 49, Nothing: 1}, Made: posttest.Start}))
	}
	get := func(status int) (b bulkJSON) {
		t.Helper()
		w := r.ask("GET", "/v1/unhandled/bulks/bbbbbbbbbbbb", nil)
		if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil || w.Code != status {
			t.Errorf("%d %s: %v", w.Code, w.Body, err)
		}
		return b
	}
	if b := get(http.StatusAccepted); b.Ended || b.Done != 50 || b.Sends != 49 || b.Total != 60 || b.ID == "" {
		t.Errorf("it is %+v", b)
	}
	_, err := r.store.Bulks().Change(ctx, "demo", "bbbbbbbbbbbb", func(b *post.Bulk) error {
		b.End(posttest.Start, &post.Problem{Code: post.ChannelDown})
		return nil
	})
	posttest.Check(t, err)
	if b := get(http.StatusOK); !b.Ended || b.Problem == "" || b.Missing != 0 {
		t.Errorf("it is %+v", b)
	}
	if w := r.ask("GET", "/v1/unhandled/bulks/cccccccccccc", nil); w.Code != http.StatusNotFound {
		t.Errorf("another organization's: %d", w.Code)
	}
}
