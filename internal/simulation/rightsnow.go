package simulation

import (
	"context"
	"math/rand/v2"
	"time"

	"brevdue/internal/post"
)

// rightsNow is what whoever sends may do: in some runs the secretary loses the right to send.
type rightsNow struct {
	w     *world
	lost  time.Time
	told  map[*actor]bool
	waits map[string]bool // shipments that wait for their time, as the table had them last
}

// withRights decides when the secretary loses the right. It takes nothing from the run's own chance.
func (w *world) withRights() rightsNow {
	rng := rand.New(rand.NewPCG(w.seed, 20261206))
	s := rightsNow{w: w, told: map[*actor]bool{}, waits: map[string]bool{}, lost: w.now.Add(1000 * time.Hour)}
	if rng.IntN(8) == 0 {
		s.lost = w.now.Add(time.Duration(rng.IntN(20*60)) * time.Minute)
	}
	return s
}

// MayNow implements post.RightsNow.
func (s *rightsNow) MayNow(ctx context.Context, _, owner string, _ post.Right, _ post.Area) (bool, error) {
	a := at(ctx, "rightsNow")
	if s.w.chance(TableThrottled, 40) {
		return false, errService
	}
	s.told[a] = owner != secretary.Owner() || s.w.now.Before(s.lost)
	return s.told[a], nil
}

// letGo is property 8 for a shipment whose time has come (practice.md C5): whoever has sent it still may.
func (w *world) letGo(a *actor, s *post.Shipment) {
	waited := w.rightsNow.waits[s.ID]
	w.rightsNow.waits[s.ID] = s.State == post.InSending && s.Waiting
	if a == nil || a.name != "split" || !waited || s.Waiting || s.State != post.InSending || s.SentBy == "" {
		return
	}
	if !w.rightsNow.told[a] {
		w.violate(8, "shipment %s is let go, and whoever has sent it may not", s.ID)
	}
}

// anybody may do everything, and is never asked about.
type anybody struct{}

// MayNow implements post.RightsNow.
func (anybody) MayNow(context.Context, string, string, post.Right, post.Area) (bool, error) {
	return true, nil
}
