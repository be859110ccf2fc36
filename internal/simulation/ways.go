package simulation

import (
	"context"
	"math/rand/v2"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/store"
	"brevdue/internal/workflow"
)

// system is Digital Post as one system of the organization's sees it: what another one has handed over it neither finds
// nor refuses as known, and its receipts are not there.
type system struct {
	*digitalPost
	post.Mailbox
	id string
}

// Send implements post.Channel.
func (s system) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	return s.sendBy(ctx, m, s.id)
}

// Find implements post.Channel.
func (s system) Find(ctx context.Context, of, uuid string, since time.Time) (bool, error) {
	found, err := s.digitalPost.Find(ctx, of, uuid, since)
	return found && s.taken[uuid].system == s.id, err
}

// Receipts implements post.Channel.
func (s system) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
	all, err := s.digitalPost.Receipts(ctx, limit)
	var own []post.Receipt
	for _, r := range all {
		if t := s.ever[r.UUID]; t == nil && s.id == "" || t != nil && t.system == s.id {
			own = append(own, r)
		}
	}
	return own, err
}

// withWays decides whether the organization gets and gives up systems of its own in this run, and when. It takes
// nothing from the run's own chance. Not with a backup: what left by a system that came after it is known there alone,
// so its operator sets it again before anything leaves.
func (w *world) withWays() (changes []time.Duration) {
	rng := rand.New(rand.NewPCG(w.seed, 20261130))
	if rng.IntN(6) > 0 {
		return nil
	}
	for at := time.Duration(0); at < 20*time.Hour && len(changes) < 6; {
		at += time.Duration(rng.IntN(120*60)) * time.Second
		changes = append(changes, at)
	}
	return changes
}

// planWays lets the operator change the organization's system.
func (w *world) planWays(changes []time.Duration) {
	for n, at := range changes {
		id := []string{"a", "b", ""}[n%3]
		w.after(at, func() { w.press("", func(ctx context.Context, a *actor) { w.change(ctx, a, id) }) })
	}
}

// change makes letters leave by another system from now on.
func (w *world) change(ctx context.Context, a *actor, id string) {
	_, err := w.worker(a).organizations.ChangeOrganization(ctx, org, func(o *post.Organization) error {
		o.Connect(post.Connection{SystemID: id, SystemKey: "x"}, a.now())
		return nil
	})
	w.logged(err)
}

// outbound is the way to Digital Post, for one letter and for many.
type outbound interface {
	post.Channel
	post.MassChannel
}

// waysOf makes a worker's way to Digital Post: where there are systems of the organization's, by them.
func (w *world) waysOf(s *store.Store, now func() time.Time) (outbound, post.Ways) {
	if len(w.systems) == 0 {
		return w.post, nil
	}
	c := &workflow.Connections{
		Installation:  system{digitalPost: w.post},
		Organizations: s,
		Places:        s.ConnectionPlaces,
		Now:           now,
		Open: func(c post.Connection) (workflow.Link, error) {
			return system{digitalPost: w.post, id: c.SystemID}, nil
		},
	}
	return c, c
}
