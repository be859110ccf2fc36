package simulation

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"brevdue/internal/post"
)

// planRehearsal lets the secretary try the shipment out, in some runs. It takes nothing from the run's own chance.
func (w *world) planRehearsal() {
	rng := rand.New(rand.NewPCG(w.seed, 20261207))
	if rng.IntN(12) == 0 {
		at := time.Duration(rng.IntN(90)) * time.Minute
		w.after(at, func() { w.press("", w.rehearse) })
	}
}

func (w *world) rehearse(ctx context.Context, a *actor) {
	if w.shipment == "" {
		return
	}
	_, err := w.worker(a).commands.Rehearse(ctx, secretary, w.shipment)
	w.logged(err)
}

// noChecks tries no connection.
type noChecks struct{}

// StartCheck implements post.CheckCommands.
func (noChecks) StartCheck(context.Context, post.Caller) (*post.Check, error) {
	return nil, errors.New("nothing is tried here")
}

// tried is property 8 for a shipment that was tried out: it ends there, with what would have happened, and nobody
// sends it.
func (w *world) tried(s *post.Shipment) {
	if w.returned { // and it was not, as far as the table knows
		return
	}
	was := w.rehearsals[s.ID]
	over := []post.ShipmentState{post.Rehearsing, post.Rehearsed, post.ShipmentCancelled, post.SplitRefused}
	if was != "" && !slices.Contains(over, s.State) {
		w.violate(8, "shipment %s was tried out, and is %s", s.ID, s.State)
	}
	if s.State == post.Rehearsing || s.State == post.Rehearsed {
		w.rehearsals[s.ID] = s.State
	}
}

// onlyTried is the same for a letter of it: there is none.
func (w *world) onlyTried(id post.LetterID) {
	if w.rehearsals[id.Shipment()] != "" && !w.returned {
		w.violate(8, "there is a letter %s of a shipment that was only tried out", id)
	}
}

// premiere is a split that takes a rehearsal for a Send.
type premiere struct{ post.AllShipments }

// Change implements post.Shipments.
func (p premiere) Change(ctx context.Context, org, id string,
	change func(*post.Shipment) error) (*post.Shipment, error) {
	return p.AllShipments.Change(ctx, org, id, func(s *post.Shipment) error {
		err := change(s)
		if err == nil && s.State == post.Rehearsed {
			s.State, s.FannedOut = post.InReview, false
			err = s.StartSending("", s.Rehearsal.Ended, time.Time{})
		}
		return err
	})
}

var plantedRehearsals = map[string]plantedBug{
	"rehearsal-posts": {8, "a shipment that is tried out is sent", func(_ *world, h *worker) {
		h.split.Shipments = premiere{h.split.Shipments}
	}},
}
