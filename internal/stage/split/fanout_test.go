package split

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/splitter"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// restored is an installation that came out of a backup.
type restored struct{}

func (restored) Restored(context.Context) (post.Restored, error) {
	return post.Restored{Before: posttest.Start.Add(time.Hour)}, nil
}

// TestFanOutEndsACancel: a cancel that died before its clean-up is ended by the sweep's job, under the name of
// whoever pressed it; a letter that was sent again since is left alone.
func TestFanOutEndsACancel(t *testing.T) {
	ctx := context.Background()
	s, queues := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}
	h := &Handler{
		NewLetters: s.Letters(), Lists: s.Letters(), Drafts: s, Replan: splitter.Replan,
		Cut:       splitter.CutOne,
		Runner:    parallel.Goroutines{},
		Split:     splitter.Make,
		Shipments: s.Shipments(),
		Letters:   s.Letters(),
		Queues:    queues,
		Timings:   post.DemoTimings,
		Now: func() time.Time {
			return posttest.Start
		},
	}
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 3)
	shipment.State, shipment.Cancels, shipment.CancelledBy = post.InSending, 1, "eva"
	posttest.Check(t, letters[1].Queue(posttest.Now))
	letters[2].Cancels = 1
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	posttest.Check(t, errors.Join(h.Handle(ctx, []post.Job{{Shipment: "aaaaaaaaaaaa"}})...))
	for i, want := range []post.LetterState{post.Cancelled, post.Cancelled, post.Created} {
		l, err := s.Letters().GetAny(ctx, letters[i].ID)
		posttest.Check(t, err)
		if last := l.History[len(l.History)-1]; l.State != want || want == post.Cancelled && last.Note != "eva" {
			t.Errorf("letter %d is %s: %+v", i+1, l.State, last)
		}
	}
	h.Restored = restored{}
	posttest.Check(t, errors.Join(h.Handle(ctx, []post.Job{{Shipment: "aaaaaaaaaaaa"}})...))
	if n := len(queues.Take(post.SendQueue)); n != 1 {
		t.Errorf("in a restored installation %d letters are queued to be asked about, want the one that is open", n)
	}
	if is, err := s.Shipments().GetAny(ctx, "aaaaaaaaaaaa"); err != nil || !is.FannedOut ||
		len(queues.Take(post.SendQueue)) > 0 {
		t.Errorf("settled %v: %v", is.FannedOut, err)
	}
}
