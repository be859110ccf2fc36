package split

import (
	"context"
	"errors"
	"testing"

	"brevdue/internal/post"
)

// demands are what an organization wants of who sends.
type demands struct {
	post.Organizations
	is post.Organization
}

// Organization implements post.Organizations.
func (d demands) Organization(context.Context, string) (*post.Organization, error) { return &d.is, nil }

// rehearse tries a draft of an organization that lets nobody send alone, and returns it as it is afterwards.
func (d *inReview) rehearse() *post.Shipment {
	d.t.Helper()
	return d.rehearseUnder(post.Organization{ID: "demo", FourEyes: 2})
}

func (d *inReview) rehearseUnder(o post.Organization) *post.Shipment {
	d.t.Helper()
	d.Organizations, d.Days = demands{is: o}, d.store
	d.change(func(s *post.Shipment) error { return s.Rehearse("eva", "", d.now) })
	d.fan()
	return d.get()
}

// TestARehearsalLeavesNothing: it says what would have happened, and no letter, no file, no job and no count is left of
// it; it cannot be sent, undone or cancelled.
func TestARehearsalLeavesNothing(t *testing.T) {
	d := newReview(t, 4)
	d.edit(post.Edit{Do: post.EditDrop, Page: 1})
	files := len(d.objects.All())
	s := d.rehearse()
	r := s.Rehearsal
	if s.State != post.Rehearsed || r == nil || r.Leave != 3 || r.Dropped != 1 || len(r.Held) > 0 || !r.Approval ||
		r.By != "eva" || r.Ended.IsZero() {
		t.Fatalf("%s, %+v", s.State, r)
	}
	if got := d.letters(); got != "" || len(d.queues.Take(post.SendQueue)) > 0 || s.Counts != (post.Counts{}) {
		t.Errorf("letters %q, counts %+v", got, s.Counts)
	}
	if left := len(d.objects.All()); left > files {
		t.Errorf("%d files before, and %d after", files, left)
	}
	for name, do := range map[string]func(*post.Shipment) error{
		"sent":     func(s *post.Shipment) error { return s.StartSending("eva", d.now, d.now) },
		"undone":   func(s *post.Shipment) error { return s.Undo() },
		"asked":    func(s *post.Shipment) error { return s.Ask("eva", post.SendOrder{}, d.now) },
		"tried":    func(s *post.Shipment) error { return s.Rehearse("eva", "", d.now) },
		"split":    func(s *post.Shipment) error { return s.SplitAgain(post.Clock{At: d.now}) },
		"released": func(s *post.Shipment) error { return s.Release(d.now) },
	} {
		if err := do(s.Clone()); err == nil {
			t.Errorf("after its rehearsal it can be %s", name)
		}
	}
	if err := s.Clone().Cancel(d.now, "eva"); err == nil {
		t.Error("after its rehearsal it can be cancelled")
	}
	d.fan() // the job comes again
	if d.get().Rehearsal.Ended != r.Ended || d.letters() != "" {
		t.Error("it is tried twice")
	}
}

// TestARehearsalSaysWhatIsHeld: the letters that a Send would hold back, by the reason.
func TestARehearsalSaysWhatIsHeld(t *testing.T) {
	d := newReview(t, 3)
	d.change(func(s *post.Shipment) error {
		s.Parts = append(s.Parts, post.Part{Name: "Bilag.pdf", Type: "application/pdf",
			Object: post.Object{Size: 80 << 20, Version: "1"}})
		return nil
	})
	if r := d.rehearse().Rehearsal; r.Leave != 0 || len(r.Held) != 1 || r.Held[0].Letters != 3 ||
		r.Held[0].Code != post.MessageRefused {
		t.Errorf("%+v", r)
	}
}

// TestARehearsalIsHeldAgainstItsDay: what its writer has sent on the day counts, as for a Send; it is not counted
// itself.
func TestARehearsalIsHeldAgainstItsDay(t *testing.T) {
	for _, is := range []struct {
		demand          post.Organization
		before          int // letters
		approval, limit bool
	}{
		{post.Organization{ID: "demo", FourEyes: 5}, 1, false, false},
		{post.Organization{ID: "demo", FourEyes: 5}, 2, true, false},
		{post.Organization{ID: "demo", Daily: 5}, 2, false, false},
		{post.Organization{ID: "demo", Daily: 5}, 3, false, true},
	} {
		d := newReview(t, 3)
		writer, day := d.get().Area.Owner, post.DayOf(d.now)
		for _, whose := range []string{"four-eyes#" + writer, post.WholeOrganization} {
			over, err := d.store.Count(t.Context(), "demo", whose, day, "bbbbbbbbbbbb", is.before, 9)
			if over || err != nil {
				t.Fatal(over, err)
			}
		}
		if r := d.rehearseUnder(is.demand).Rehearsal; r.Approval != is.approval || r.OverLimit != is.limit {
			t.Errorf("after %d letters: %+v", is.before, r)
		}
		for _, whose := range []string{"four-eyes#" + writer, post.WholeOrganization} {
			over, err := d.store.WouldCount(t.Context(), "demo", whose, day, "c", 9-is.before, 9)
			if over || err != nil {
				t.Errorf("it counts for %s: %v", whose, err)
			}
		}
	}
}

// TestARehearsalThatBreaksDown ends, and leaves nobody anything to solve.
func TestARehearsalThatBreaksDown(t *testing.T) {
	d := newReview(t, 3)
	s := d.change(func(s *post.Shipment) error { return s.Rehearse("eva", "", d.now) })
	if err := s.BreakDown(post.Clock{At: d.now}); err != nil || s.State != post.Rehearsed ||
		len(s.Rehearsal.Held) != 1 || s.Rehearsal.Held[0] != (post.HeldBack{Code: post.Unknown, Letters: 3}) {
		t.Errorf("%s, %+v, %v", s.State, s.Rehearsal, err)
	}
}

// TestWhatWasSentIsNotRehearsed: letters of a Send that was taken back may be anywhere.
func TestWhatWasSentIsNotRehearsed(t *testing.T) {
	d := newReview(t, 3)
	d.change(func(s *post.Shipment) error { return s.StartSending("eva", d.now, d.now.Add(1e12)) })
	d.change(func(s *post.Shipment) error { return s.Undo() })
	_, err := d.store.Shipments().Change(context.Background(), "demo", d.id, func(s *post.Shipment) error {
		return s.Rehearse("eva", "", d.now)
	})
	if !errors.Is(err, post.ErrNotRehearsed) {
		t.Errorf("%v", err)
	}
}
