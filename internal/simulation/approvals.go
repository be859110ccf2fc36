package simulation

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"brevdue/internal/post"
)

// chief is who approves what the secretary wants to send.
var chief = post.Caller{
	Org:    org,
	Name:   "leder",
	Person: "leder",
	Kind:   post.ByUser,
	Grants: post.Everything().Grants,
}

// eyes are the runs in which another person approves. The secretary has sent so much on each day that whatever comes
// next is too much, though it is little by itself.
type eyes struct {
	from     int          // letters of a day from which on it takes two; 0 for never
	asked    map[int]bool // revisions of the draft that somebody wanted to send
	approved map[int]bool // and those that the chief has seen and let go
	// recipients that the chief has let a letter have
	corrected map[post.LetterID][]string
	page      []post.Proposal // corrections on a page that the chief has left open
}

// withEyes decides whether this is such a run. It takes nothing from the run's own chance.
func withEyes(seed uint64) eyes {
	rng := rand.New(rand.NewPCG(seed, 20261129))
	e := eyes{asked: map[int]bool{}, approved: map[int]bool{}, corrected: map[post.LetterID][]string{}}
	if rng.IntN(5) == 0 {
		e.from = 2 + rng.IntN(8)
	}
	return e
}

// beginEyes counts what the secretary has sent before.
func (w *world) beginEyes() {
	if w.eyes.from == 0 {
		return
	}
	for day := range 8 {
		at := post.DayOf(w.now.Add(time.Duration(day) * 24 * time.Hour))
		_, err := w.truth.Count(context.Background(), org, "four-eyes#"+secretary.Owner(), at, "another-one",
			w.eyes.from-1, w.eyes.from)
		must(err)
	}
	w.eyes.asked[0] = true // by whoever uploads what needs no review
}

// pressApprove lets the chief look, now and again.
func (w *world) pressApprove() {
	if w.eyes.from > 0 {
		w.press("", w.approve)
		w.press("", w.approveCorrections)
	}
}

// approveCorrections lets go what was corrected in Ubehandlet. Every other page stays open until the chief comes again.
func (w *world) approveCorrections(ctx context.Context, a *actor) {
	h := w.worker(a)
	all := w.eyes.page
	if w.eyes.page = nil; all == nil {
		var err error
		all, err = h.corrections.Proposals.Proposals(ctx, org, chief.Sight())
		if w.logged(err); err != nil {
			return
		}
		if len(all) > 0 && all[0].At.UnixMilli()%2 == 0 {
			w.eyes.page = all
			return
		}
	}
	for _, p := range all {
		w.eyes.corrected[p.Letter] = append(w.eyes.corrected[p.Letter], p.Recipient.Reveal())
		w.logged(h.corrections.ApproveCorrection(ctx, chief, p.Letter, p.ID))
	}
}

// correctedByTwo is property 8 for a letter that has got another recipient.
func (w *world) correctedByTwo(l *post.Letter) {
	if w.eyes.from > 0 && !slices.Contains(w.eyes.corrected[l.ID], l.Recipient.Reveal()) {
		w.violate(8, "%s has another recipient, and nobody had approved it", l.ID)
	}
}

// approve lets go what waits, as it was a moment ago.
func (w *world) approve(ctx context.Context, a *actor) {
	h := w.worker(a)
	s, err := h.commands.Shipments.Get(ctx, org, w.shipment)
	if err != nil || s.State != post.InReview || s.Asked == nil {
		return
	}
	w.eyes.approved[len(s.Edits)] = true
	_, err = h.commands.Approve(ctx, chief, s.ID, len(s.Edits))
	w.logged(err)
}

// seenByTwo is property 8 for what needs two: what leaves was asked for and approved as it is, by somebody else; or as
// the one letter that it is, with its new recipient.
func (w *world) seenByTwo(id post.LetterID, recipient string) {
	if w.eyes.from == 0 || slices.Contains(w.eyes.corrected[id], recipient) {
		return
	}
	s, err := w.truth.Shipments().GetAny(context.Background(), id.Shipment())
	switch {
	case errors.Is(err, post.ErrNotFound) || err == nil && s.State != post.InSending:
	case err != nil:
		must(err)
	case s.ApprovedBy != chief.Owner():
		w.violate(8, "%s left, and nobody had approved it", id)
	case !w.eyes.asked[s.Frozen] || !w.eyes.approved[s.Frozen]:
		w.violate(8, "%s left at revision %d, which nobody had asked for or approved", id, s.Frozen)
	}
}

// neverSent reports whether a shipment was cancelled after a restore before anybody had approved it: one person alone
// does not send its letters.
func (w *world) neverSent(id string) bool {
	s, err := w.truth.Shipments().GetAny(context.Background(), id)
	return err == nil && s.Unsent && w.eyes.from > 0
}

var plantedApprovals = map[string]plantedBug{
	"correction-unapproved": {
		8,
		"a letter gets another recipient without a second person",
		func(_ *world, h *worker) {
			h.corrections.Organizations = alone{h.corrections.Organizations}
		},
	},
	"correction-unseen": {8, "another correction than the approver has seen is made", func(_ *world, h *worker) {
		h.corrections.Proposals = unnamed{h.corrections.Proposals}
	}},
	"released-unasked": {
		8,
		"nobody asks whether those may still send who have planned a Send",
		func(_ *world, h *worker) {
			h.split.RightsNow = anybody{}
		},
	},
	"approval-survives": {8, "an approval survives a correction", func(_ *world, h *worker) {
		h.commands.Shipments = restamped{h.commands.Shipments.(post.AllShipments)}
	}},
	"splitting-slips": {8, "letters are not summed over the day of whoever sends them", func(_ *world, h *worker) {
		h.commands.Days, h.split.Days = forgetfulDays{}, forgetfulDays{}
	}},
}

// alone lets everybody work alone.
type alone struct{ post.Organizations }

// Organization implements post.Organizations.
func (a alone) Organization(ctx context.Context, id string) (*post.Organization, error) {
	o, err := a.Organizations.Organization(ctx, id)
	if err == nil {
		o.FourEyes = 0
	}
	return o, err
}

// proposals is the port, under a name that its own method leaves free.
type proposals interface{ post.Proposals }

// unnamed does not tell one proposal for a letter from another.
type unnamed struct{ proposals }

// Proposals implements post.Proposals.
func (u unnamed) Proposals(ctx context.Context, org string, seen post.Sight) ([]post.Proposal, error) {
	all, err := u.proposals.Proposals(ctx, org, seen)
	for i := range all {
		all[i].ID = ""
	}
	return all, err
}

// restamped takes whatever a draft is for what somebody wanted to send.
type restamped struct{ post.AllShipments }

func restamp(s *post.Shipment) {
	if s.Asked != nil {
		s.Asked.Hash = s.DraftHash()
	}
}

// Get implements post.Shipments.
func (r restamped) Get(ctx context.Context, org, id string) (*post.Shipment, error) {
	s, err := r.AllShipments.Get(ctx, org, id)
	if err == nil {
		restamp(s)
	}
	return s, err
}

// Change implements post.Shipments.
func (r restamped) Change(
	ctx context.Context,
	org, id string,
	change func(*post.Shipment) error,
) (*post.Shipment, error) {
	return r.AllShipments.Change(ctx, org, id, func(s *post.Shipment) error {
		restamp(s)
		return change(s)
	})
}

// forgetfulDays knows one shipment at a time.
type forgetfulDays struct{}

// Count implements post.DayCounts.
func (forgetfulDays) Count(_ context.Context, _, _, _, _ string, letters, most int) (bool, error) {
	return letters > most, nil
}

// WouldCount implements post.DayCounts.
func (d forgetfulDays) WouldCount(ctx context.Context, org, whose, day, id string, letters, most int) (bool, error) {
	return d.Count(ctx, org, whose, day, id, letters, most)
}
