package split

import (
	"bytes"
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/splitter"
	"brevdue/internal/workflow"
)

// TestAfterAReleaseADraftIsSeenAnewOnce: a letter that is cut otherwise than it was seen is shown as it is cut now, and
// is sent after that.
func TestAfterAReleaseADraftIsSeenAnewOnce(t *testing.T) {
	ctx := context.Background()
	d := newReview(t, 2)
	look := func() post.Object {
		r, err := d.Review(ctx, d.get())
		posttest.Check(t, err)
		o, err := d.Preview(ctx, d.get(), r.Letters[0])
		posttest.Check(t, err)
		return o
	}
	cut := d.Cut
	d.Cut = func(ctx context.Context, data []byte, s splitter.Segment, r bool) (splitter.Letter, error) {
		l, err := cut(ctx, data, s, r)
		l.Content = append(bytes.Clone(l.Content), '\n')
		return l, err
	}
	before := look()
	d.Cut = cut // the release
	if d.send(time.Time{}); d.get().State != post.InReview {
		t.Fatalf("another PDF than the one that was seen is sent: %s", d.get().State)
	}
	if now := look(); now.SHA256 == before.SHA256 {
		t.Error("the letter is shown as it was before the release")
	}
	if d.send(time.Time{}); d.get().State != post.InSending {
		t.Errorf("seen anew and sent it is %s", d.get().State)
	}
}

// TestCancelOfAnotherOutcome: who has pressed Stop does not get a draft back whose next Send would be stopped as well.
func TestCancelOfAnotherOutcome(t *testing.T) {
	d := newReview(t, 2)
	r, err := d.Review(context.Background(), d.get())
	posttest.Check(t, err)
	seen := post.Remark{Letter: r.Letters[0].ID, Sum: "another"}
	posttest.Check(t, d.store.Remark(context.Background(), d.get(), seen))
	d.change(func(s *post.Shipment) error { return s.StartSending("", d.now, time.Time{}) })
	d.change(func(s *post.Shipment) error { return s.Cancel(d.now, "eva") })
	if d.fan(); d.get().State != post.ShipmentCancelled {
		t.Errorf("it is %s after %d cancels", d.get().State, d.get().Cancels)
	}
}

// TestCancelBetweenTwoSends: letters of a Send that was undone, which nobody has removed yet, are cancelled with it.
func TestCancelBetweenTwoSends(t *testing.T) {
	d := newReview(t, 3)
	d.send(d.now.Add(time.Minute))
	d.change(func(s *post.Shipment) error { return s.Undo() })
	d.change(func(s *post.Shipment) error { return s.StartSending("", d.now, d.now.Add(time.Minute)) })
	s := d.change(func(s *post.Shipment) error { return s.Cancel(d.now, "eva") })
	posttest.Check(t, workflow.CancelLetters(context.Background(), d.Letters, d.Lists, s, d.clock()))
	d.fan()
	if s = d.get(); s.State != post.ShipmentCancelled || s.Counts.Open() != 0 || s.Unfinished() {
		t.Errorf("it is %s, counted %+v, unfinished %v", s.State, s.Counts, s.Unfinished())
	}
}

// failing is a draft that cannot note anything.
type failing struct{ post.Drafts }

func (failing) Remark(context.Context, *post.Shipment, post.Remark) error {
	return context.DeadlineExceeded
}

// TestALetterIsShownOnlyOnceItIsNoted: else the next look would find its file and note nothing, and Send would not
// compare.
func TestALetterIsShownOnlyOnceItIsNoted(t *testing.T) {
	ctx := context.Background()
	d := newReview(t, 2)
	r, err := d.Review(ctx, d.get())
	posttest.Check(t, err)
	drafts := d.Drafts
	d.Drafts = failing{drafts}
	if _, err := d.Preview(ctx, d.get(), r.Letters[0]); err == nil {
		t.Error("a letter is shown that could not be noted")
	}
	d.Drafts = drafts
	_, err = d.Preview(ctx, d.get(), r.Letters[0])
	posttest.Check(t, err)
	if remarks, err := drafts.Remarks(ctx, d.get()); err != nil || len(remarks) != 1 {
		t.Errorf("%d letters are noted, %v", len(remarks), err)
	}
}

// TestWhatWasNotReviewedLeavesAsItWasFound: a shipment that nobody has to review, and whose first function has died, is
// split once more; another outcome than the first, or one that needs a review, does not leave unseen.
func TestWhatWasNotReviewedLeavesAsItWasFound(t *testing.T) {
	merge := splitter.Edit{Do: splitter.EditMerge, Page: 3}
	for name, c := range map[string]struct {
		edits  []splitter.Edit
		review bool
		want   post.ShipmentState
	}{
		"the same":         {nil, false, post.InSending},
		"a review":         {nil, true, post.InReview},
		"another boundary": {[]splitter.Edit{merge}, false, post.InReview},
	} {
		d := newReview(t, 3)
		d.change(func(s *post.Shipment) error {
			s.Facts = post.Object{}
			return s.StartSending("", d.now, time.Time{})
		})
		d.Split = func(ctx context.Context, data []byte, o splitter.Options) (*splitter.Plan, error) {
			o.Edits = append(o.Edits, c.edits...)
			plan, err := splitter.Make(ctx, data, o)
			if err == nil {
				plan.Review = c.review
			}
			return plan, err
		}
		d.fan()
		if got := d.get(); got.State != c.want || (got.Counts.Total() == 3) != (c.want == post.InSending) {
			t.Errorf("%s: it is %s with %+v", name, got.State, got.Counts)
		}
	}
}
