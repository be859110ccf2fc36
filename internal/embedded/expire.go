package embedded

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"brevdue/internal/store"
	"brevdue/internal/wal"
)

// What expires is removed by whoever has the folder open, as DynamoDB does by itself: sessions, wrong codes,
// deliveries, notices that were told, and whatever else is stored with an end.

const (
	expireEvery  = 10 * time.Minute
	expireLooked = 2000                 // items that are looked at in one snapshot
	expirePause  = 5 * time.Millisecond // between two of them: nobody waits for this
	previewLife  = 25 * time.Hour       // a day, and as long as a link to it may live
)

// expireAll removes what has expired, at once and now and then, until the folder is closed.
func (h *Backend) expireAll() {
	defer close(h.expired)
	first := sync.OnceFunc(func() { close(h.looked) })
	defer first()
	for {
		if _, err := h.expire(h.closing, time.Now()); err != nil && h.closing.Err() == nil {
			slog.Warn("expired items", "error", err)
		}
		h.expirePreviews(time.Now().Add(-previewLife))
		first()
		select {
		case <-h.closing.Done():
			return
		case <-time.After(expireEvery):
		}
	}
}

// expirePreviews removes the letters that somebody has looked at: they are cut, or opened, again when somebody looks.
func (h *Backend) expirePreviews(before time.Time) {
	removeOld(filepath.Join(h.Dir, "objects", "previews"), "", before)
}

// expire removes everything whose end has passed, and returns how much that was.
func (h *Backend) expire(ctx context.Context, now time.Time) (removed int, err error) {
	for after := ""; ; {
		old, last, err := h.expiredAfter(after, now)
		if err != nil {
			return removed, err
		}
		n, err := h.removeExpired(ctx, old)
		if removed += n; err != nil || last == "" {
			return removed, err
		}
		after = last
		select {
		case <-ctx.Done():
			return removed, ctx.Err()
		case <-time.After(expirePause):
		}
	}
}

// expiredAfter looks at some items that come after a key. last is the last of them, empty at the end.
func (h *Backend) expiredAfter(after string, now time.Time) (old []*store.Item, last string, err error) {
	err = h.file.View(func(tx *wal.Tx) error {
		looked := 0
		for k, v := range tx.Up(itemsBucket, after) {
			if k == after {
				continue
			}
			if looked++; looked > expireLooked {
				return nil
			}
			last = k
			if item, _ := headOf(k, v); !item.Broken && item.Expires != 0 && item.Expires < now.Unix() {
				old = append(old, item)
			}
		}
		last = ""
		return nil
	})
	return old, last, err
}

// removeExpired removes items that nobody has written anew meanwhile.
func (h *Backend) removeExpired(ctx context.Context, old []*store.Item) (removed int, err error) {
	for some := range slices.Chunk(old, store.TransactLimit) {
		writes := make([]store.Write, len(some))
		for i, item := range some {
			writes[i] = store.Write{Delete: &item.Key, If: store.IfRevision, Was: item.Revision}
		}
		for len(writes) > 0 {
			err := h.Table().Transact(ctx, writes...)
			var refused *store.Refusal
			if errors.As(err, &refused) {
				writes = slices.DeleteFunc(
					writes,
					func(w store.Write) bool { return slices.Contains(refused.Keys, w.Key()) },
				)
				continue
			}
			if err != nil {
				return removed, err
			}
			removed += len(writes)
			break
		}
	}
	return removed, nil
}
