package receipt

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// strays keeps what is nobody's.
type strays struct{ why map[string]error }

// Keep implements post.OrphanReceipts.
func (s *strays) Keep(_ context.Context, r post.Receipt, why error) error {
	s.why[r.ID] = why
	return nil
}

// TestC13ReceiptsAreKeptApart: a receipt that came by the connection of another organization says nothing about a
// letter, whatever it names; it is kept for a person. One that came by its own does, and so does the installation's.
func TestC13ReceiptsAreKeptApart(t *testing.T) {
	for by, counts := range map[string]bool{"demo": true, "": true, "andre": false} {
		ctx := context.Background()
		s, l, r := handedOver(t)
		r.Org = by
		kept := &strays{map[string]error{}}
		h := &Handler{Runner: parallel.Goroutines{}, Letters: s.Letters(), Failures: s.Failures(), Orphans: kept,
			Queues: &posttest.MemoryQueues{}, Timings: post.DemoTimings,
			Now: func() time.Time { return posttest.Start }}
		posttest.Check(t, h.Take(ctx, []post.Receipt{r}))
		is, err := s.Letters().GetAny(ctx, l.ID)
		posttest.Check(t, err)
		if (is.State == post.Completed) != counts || (kept.why["1"] == post.ErrOtherOrganization) == counts {
			t.Errorf("by the connection of %q it is %s, kept %v", by, is.State, kept.why)
		}
	}
}
