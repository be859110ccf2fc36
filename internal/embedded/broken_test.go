package embedded

import (
	"context"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/wal"
)

// TestBrokenHeads: of an item that is noise altogether not even the place in the indexes can be read. All others are
// listed and swept; it becomes a row, keeps its bytes, and stands behind in the sweep's view.
func TestBrokenHeads(t *testing.T) {
	ctx, h := context.Background(), backend(t)
	s := store.New(h.Table())
	sh, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 5)
	for _, l := range letters {
		l.Due = posttest.Start
	}
	posttest.Check(t, s.Shipments().Create(ctx, sh))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	bad := rawKey(store.Key{PK: "L#aaaaaaaaaaaa#1#0000", SK: "000003"})
	noise := "\x00\xff{ noise \n more of it"
	posttest.Check(t, h.file.Update(ctx, func(tx *wal.Tx) error {
		tx.Put(dueBucket, rawKey(store.Key{PK: "D#L#0", SK: "00000000000001#nothing"}), []byte("nothing"))
		tx.Put(itemsBucket, bad, []byte(noise))
		return nil
	}))
	for n, later := range []time.Duration{time.Minute, 2 * time.Minute} {
		if due, err := s.Letters().Due(ctx, posttest.Start.Add(later), 10); err != nil || len(due) != 4 {
			t.Errorf("%d: %d letters are due: %v", n, len(due), err)
		}
	}
	if page, err := s.Letters().Page(ctx, sh, 1, 10); err != nil || len(page) != 4 {
		t.Errorf("%d letters in the page: %v", len(page), err)
	}
	if rows, _, err := s.Failures().List(ctx, "demo", post.EveryRow(), "", 10); err != nil || len(rows) == 0 {
		t.Errorf("%d rows: %v", len(rows), err)
	}
	posttest.Check(t, h.file.View(func(tx *wal.Tx) error {
		if v := tx.Get(itemsBucket, bad); !strings.HasSuffix(string(v), noise) {
			t.Errorf("its bytes are %q", v)
		}
		places := 0
		for k, v := range tx.Up(dueBucket, "") {
			if string(v) == bad {
				if places++; timeOf(keyOf(k).SK).Before(posttest.Start.Add(time.Hour)) {
					t.Errorf("it stands before the others, at %s", keyOf(k).SK)
				}
			}
		}
		if places != 1 {
			t.Errorf("it stands in %d places of the sweep's view", places)
		}
		return nil
	}))
}

// TestDamagedPlace: an item that says something else than the index of where it stands leads nobody in a circle.
func TestDamagedPlace(t *testing.T) {
	ctx, h := context.Background(), backend(t)
	item := &store.Item{
		Key:      store.Key{PK: "x", SK: "1"},
		Revision: 1,
		Due:      store.Key{PK: "D", SK: "2"},
		Body:     []byte("{}"),
	}
	posttest.Check(t, h.Table().Transact(ctx, store.Write{Put: item}))
	raw := rawKey(item.Key)
	posttest.Check(t, h.file.Update(ctx, func(tx *wal.Tx) error {
		v := strings.Replace(string(tx.Get(itemsBucket, raw)), "\x00D\x002", "\x00D\x001", 1)
		tx.Put(itemsBucket, raw, []byte(v))
		return nil
	}))
	q := store.IndexQuery{Index: store.DueIndex, PK: "D", Limit: 10}
	found, err := h.Table().QueryIndex(ctx, q)
	if err != nil || len(found) != 1 || found[0].Due.SK != "2" {
		t.Fatalf("it stands at %+v: %v", found, err)
	}
	q.After = found[0].Due.SK
	if found, err = h.Table().QueryIndex(ctx, q); err != nil || len(found) != 0 {
		t.Errorf("after it stands %+v: %v", found, err)
	}
}

func timeOf(sk string) time.Time {
	front, _, _ := strings.Cut(sk, "#")
	d, _ := time.ParseDuration(strings.TrimLeft(front, "0") + "ms")
	return time.UnixMilli(d.Milliseconds())
}
