package workflow

import (
	"context"
	"slices"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// LookUp has the register asked about recipients: what is to be asked is kept sealed, and the job carries the shipment.
func LookUp(ctx context.Context, lookUps post.LookUps, queues post.Queues, s *post.Shipment, numbers []ident.Number,
	now time.Time) error {
	seen := map[ident.Number]bool{}
	l := &post.LookUp{Org: s.Org, Shipment: s.ID, Made: now}
	for _, n := range numbers {
		if !n.IsZero() && !seen[n] {
			seen[n] = true
			l.Numbers = append(l.Numbers, n)
		}
	}
	if len(l.Numbers) == 0 {
		return nil
	}
	if len(l.Numbers) > post.LookUpMost {
		l.Numbers, l.Problem, l.Ended = nil, post.LookUpTooMany, now
		return lookUps.PutLookUp(ctx, l)
	}
	slices.SortFunc(l.Numbers, post.CompareNumbers)
	if err := lookUps.PutLookUp(ctx, l); err != nil {
		return err
	}
	return queues.Send(ctx, post.SendQueue, post.Job{Org: s.Org, LookUp: s.ID})
}
