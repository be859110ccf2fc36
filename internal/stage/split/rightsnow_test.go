package split

import (
	"context"
	"slices"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// may says whether those who have sent something may do so still.
type may map[string]bool

// MayNow implements post.RightsNow.
func (m may) MayNow(_ context.Context, _, owner string, _ post.Right, _ post.Area) (bool, error) {
	return m[owner], nil
}

// TestC5WhoHasPlannedASendStillMay: at the time that was chosen, whoever has sent and approved it is asked about again;
// where they may not any more, nothing leaves, the draft says why, and somebody is told.
func TestC5WhoHasPlannedASendStillMay(t *testing.T) {
	for name, c := range map[string]struct {
		may  may
		want post.ShipmentState
	}{
		"both may":          {may{"eva": true, "bo": true}, post.InSending},
		"the sender is out": {may{"bo": true}, post.InReview},
		"the approver is":   {may{"eva": true}, post.InReview},
	} {
		t.Run(name, func(t *testing.T) {
			d := newReview(t, 3)
			d.RightsNow = may{}
			d.change(func(s *post.Shipment) error {
				s.ApprovedBy = "bo"
				return s.StartSending("eva", d.now, d.now.Add(time.Hour))
			})
			d.fan()
			if s := d.get(); s.State != post.InSending || !s.Waiting || !s.Written {
				t.Fatalf("before its time it is %s", s.State)
			}
			d.now, d.RightsNow = d.now.Add(time.Hour), c.may
			d.fan()
			s := d.get()
			told := false
			if s.State == post.InReview { // in the review, and by a notice
				r, err := d.Review(t.Context(), s)
				posttest.Check(t, err)
				orgs, err := d.store.Notices().DueOrganizations(t.Context(), d.now.Add(post.DigestAfter))
				told = err == nil && len(orgs) == 1 && slices.ContainsFunc(r.Findings, func(f post.Finding) bool {
					return f.Code == post.FindingLostRight
				})
			}
			if s.State != c.want || s.Waiting || told != (c.want == post.InReview) ||
				(len(d.queues.Take(post.SendQueue)) > 0) != (c.want == post.InSending) {
				t.Errorf("%s, waits %v, told %v", s.State, s.Waiting, told)
			}
		})
	}
}
