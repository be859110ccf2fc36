package embedded

import (
	"context"
	"fmt"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/wal"
)

func (h *Backend) items() (n int) {
	_ = h.file.View(func(tx *wal.Tx) error {
		for range tx.Up(itemsBucket, "") {
			n++
		}
		return nil
	})
	return n
}

// TestWhatExpiresIsRemoved: in the background, whatever it is; what has not expired, or was written anew, stays.
func TestWhatExpiresIsRemoved(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	h, err := Open(dir, "")
	posttest.Check(t, err)
	s := store.New(h.Table())
	var writes []store.Write
	for i := range 2*expireLooked + 7 { // more than two snapshots
		writes = append(
			writes,
			store.Write{Put: &store.Item{Key: store.Key{PK: "X#" + fmt.Sprint(i), SK: "H"}, Revision: 1,
				Body: []byte(
					"{}",
				), Expires: time.Now().Add(-time.Minute).Unix(), List: store.Key{PK: "l", SK: fmt.Sprint(i)}}},
		)
		if i%50 == 0 {
			posttest.Check(t, h.Table().Transact(ctx, writes...))
			writes = nil
			_, err := s.Attempt(ctx, fmt.Sprint("a", i), time.Now().Add(-time.Hour))
			posttest.Check(t, err)
			posttest.Check(t, s.PutKey(ctx, fmt.Sprint("k", i), post.Caller{Org: "demo"}))
		}
	}
	posttest.Check(t, h.Table().Transact(ctx, writes...))
	posttest.Check(
		t,
		s.PutSession(ctx, "lives", post.Session{Caller: post.Caller{Org: "demo"}, Until: time.Now().Add(time.Hour)}),
	)
	old, _, err := h.expiredAfter("", time.Now())
	posttest.Check(t, err)
	anew := *old[0]
	anew.Revision, anew.Expires = anew.Revision+1, time.Now().Add(time.Hour).Unix()
	posttest.Check(t, h.Table().Transact(ctx, store.Write{Put: &anew}))
	if n, err := h.removeExpired(ctx, old[:1]); err != nil || n != 0 {
		t.Errorf("%d that were written anew were removed: %v", n, err)
	}
	posttest.Check(t, h.Close())
	h, err = Open(dir, "")
	posttest.Check(t, err)
	defer h.Close()
	keys := 2 * ((2*expireLooked + 7 + 49) / 50) // each stands in a list too
	want := keys + 1 + 1                         // and the session that lives, and the one that was written anew
	want += 3                                    // keys of the installation and of demo, and that all is sealed
	for until := time.Now().Add(20 * time.Second); h.items() != want &&
		time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
	}
	if got := h.items(); got != want {
		t.Errorf("%d items are there, want %d", got, want)
	}
	if left, err := h.Table().QueryIndex(ctx, store.IndexQuery{Index: store.ListIndex, PK: "l",
		Limit: 9}); err != nil ||
		len(left) != 0 {
		t.Errorf("%d are in the list: %v", len(left), err)
	}
}
