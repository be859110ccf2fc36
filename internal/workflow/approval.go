package workflow

import (
	"context"
	"strings"
	"time"

	"brevdue/internal/post"
)

// Held returns why a Send does not leave by itself: post.ErrDailyLimit, or post.ErrNeedsApproval from the number of
// letters on that a second person approves. Letters are summed over the day of whoever has written them, so that
// splitting them up does not slip under it (practice D3).
func Held(ctx context.Context, days post.DayCounts, o *post.Organization, s *post.Shipment, now time.Time) error {
	day, letters := post.DayOf(now), max(1, s.Letters)
	limits := []struct {
		whose string
		most  int
	}{{s.Area.Owner, o.KeyDaily}, {post.WholeOrganization, o.Daily}} // what one key may not is nobody's
	for _, l := range limits {
		if l.most == 0 || l.whose != post.WholeOrganization && !strings.HasPrefix(l.whose, post.KeyOwner("")) {
			continue
		}
		if over, err := days.Count(ctx, o.ID, l.whose, day, s.ID, letters, l.most); err != nil || over {
			return orIs(err, post.ErrDailyLimit)
		}
	}
	if s.Options.Legal { // whatever their number (practice.md C7)
		return post.ErrNeedsApproval
	}
	if o.FourEyes == 0 {
		return nil
	}
	over, err := days.Count(ctx, o.ID, "four-eyes#"+s.Area.Owner, day, s.ID, letters, o.FourEyes-1)
	if err != nil || over {
		return orIs(err, post.ErrNeedsApproval)
	}
	return nil
}

// Uncounted has Held say of a shipment what it would say if it were sent.
type Uncounted struct{ post.DayCounts }

// Count implements post.DayCounts: it notes nothing.
func (u Uncounted) Count(ctx context.Context, org, whose, day, shipment string, letters, most int) (bool, error) {
	return u.WouldCount(ctx, org, whose, day, shipment, letters, most)
}

func orIs(err, is error) error {
	if err != nil {
		return err
	}
	return is
}
