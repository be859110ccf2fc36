package archive

import (
	"context"
	"errors"
	"syscall"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/message"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
)

// TestChangedReceiptIsNotArchived: a receipt whose bytes are not those that came is no proof of anything, and no case
// gets it.
func TestChangedReceiptIsNotArchived(t *testing.T) {
	ctx := context.Background()
	for name, change := range map[string]func(r *post.Receipt){
		"as it came":   func(*post.Receipt) {},
		"other bytes":  func(r *post.Receipt) { r.Raw = []byte(`{"receiptStatus":"COMPLETED","x":1}`) },
		"another hash": func(r *post.Receipt) { r.SHA256 = "00" + r.SHA256[2:] },
		"no hash":      func(r *post.Receipt) { r.SHA256 = "" },
	} {
		s, objects := store.New(storetest.NewMemory()), &posttest.MemoryObjects{}
		now := posttest.Start
		h := &Handler{Runner: parallel.Goroutines{},
			Shipments: s.Shipments(),
			Letters:   s.Letters(),
			Objects:   objects,
			Cases:     s,
			Titles:    s,
			Names:     &workflow.Names{Outlines: s},
			CaseKey:   []byte("key"),
			UUIDKey:   []byte("key"),
			Timings:   post.DemoTimings,
			Now:       func() time.Time { return now },
			Jitter:    func() float64 { return 1 },
		}
		shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
		l := letters[0]
		document, err := objects.Put(ctx, post.File{Key: "letters/1.pdf", Content: []byte("%PDF")})
		posttest.Check(t, err)
		l.Document = document[0]
		posttest.Check(t, l.Queue(posttest.Now))
		posttest.Check(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, now.Add(time.Minute)))
		posttest.Check(
			t,
			l.HandOver(posttest.Now, l.Current().UUID, "t", message.Make(shipment, l, l.Current()).Digest(), false),
		)
		r := post.Receipt{
			UUID:   l.Current().UUID,
			Status: post.ReceiptCompleted,
			Raw:    []byte(`{"receiptStatus":"COMPLETED"}`),
		}
		r.SetHash()
		posttest.Check(t, l.Take(r, posttest.Now))
		change(&l.Receipts[0])
		posttest.Check(t, s.Shipments().Create(ctx, shipment))
		posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
		for range post.ArchiveTries {
			posttest.Check(t, errors.Join(h.Handle(ctx, []post.Job{{Letter: l.ID}})...))
		}
		got, err := s.Letters().GetAny(ctx, l.ID)
		posttest.Check(t, err)
		want := post.ArchiveFailed
		if name == "as it came" {
			want = post.Archived
		}
		if got.Archiving.State != want {
			t.Errorf("%s: archiving is %q, want %q", name, got.Archiving.State, want)
		}
	}
}

// full is a disk without room.
type full struct{ *posttest.MemoryObjects }

func (full) Put(context.Context, ...post.File) ([]post.Object, error) { return nil, syscall.ENOSPC }

// TestFullDiskSpendsNoTry: while our own machine has no room, a letter waits to be archived, however long that is.
func TestFullDiskSpendsNoTry(t *testing.T) {
	ctx := context.Background()
	s, objects := store.New(storetest.NewMemory()), &posttest.MemoryObjects{}
	now := posttest.Start
	h := &Handler{Runner: parallel.Goroutines{},
		Shipments: s.Shipments(),
		Letters:   s.Letters(),
		Objects:   full{objects},
		Cases:     s,
		Titles:    s,
		Names:     &workflow.Names{Outlines: s},
		CaseKey:   []byte("key"),
		UUIDKey:   []byte("key"),
		Timings:   post.DemoTimings,
		Now:       func() time.Time { return now },
		Jitter:    func() float64 { return 1 },
	}
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	l := letters[0]
	document, err := objects.Put(ctx, post.File{Key: "letters/1.pdf", Content: []byte("%PDF")})
	posttest.Check(t, err)
	l.Document = document[0]
	posttest.Check(t, l.Queue(posttest.Now))
	posttest.Check(t, l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	for range 4 * post.ArchiveTries {
		posttest.Check(t, errors.Join(h.Handle(ctx, []post.Job{{Letter: l.ID}})...))
		now = now.Add(time.Minute)
	}
	got, err := s.Letters().GetAny(ctx, l.ID)
	posttest.Check(t, err)
	if got.Archiving.State != "" || got.Archiving.Tries != 0 || got.Due.IsZero() {
		t.Errorf("after a long time without room: %+v, due %v", got.Archiving, got.Due)
	}
	h.Objects = objects
	posttest.Check(t, errors.Join(h.Handle(ctx, []post.Job{{Letter: l.ID}})...))
	if got, err = s.Letters().GetAny(ctx, l.ID); err != nil || got.Archiving.State != post.Archived {
		t.Errorf("when there is room: %+v: %v", got.Archiving, err)
	}
}
