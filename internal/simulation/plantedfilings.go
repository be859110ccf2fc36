package simulation

import (
	"context"

	"brevdue/internal/post"
)

var plantedFilings = map[string]plantedBug{
	"filed-undone": {4, "a letter is filed when it is written, and its Send can still be undone",
		func(_ *world, h *worker) {
			h.split.NewLetters = filedAtOnce{h.split.NewLetters, h.split.Queues}
			h.archive.Letters = begun{h.archive.Letters}
		}},
	"two-cases": {4, "a letter comes into a case of its own and not into its recipient's",
		func(w *world, h *worker) { h.archive.Cases = scattered{h.archive.Cases, w} }},
}

// filedAtOnce lets letters be filed as soon as they are written.
type filedAtOnce struct {
	post.NewLetters
	queues post.Queues
}

// Create implements post.NewLetters.
func (f filedAtOnce) Create(ctx context.Context, s *post.Shipment, letters []*post.Letter) error {
	if err := f.NewLetters.Create(ctx, s, letters); err != nil {
		return err
	}
	jobs := make([]post.Job, len(letters))
	for i, l := range letters {
		jobs[i] = post.Job{Org: l.Org, Letter: l.ID}
	}
	return f.queues.Send(ctx, post.ArchiveQueue, jobs...)
}

// begun takes every letter for one whose sending has begun.
type begun struct{ post.AllLetters }

// ReadAny implements post.AllLetters.
func (b begun) ReadAny(ctx context.Context, ids ...post.LetterID) ([]*post.Letter, error) {
	letters, err := b.AllLetters.ReadAny(ctx, ids...)
	for i, l := range letters {
		if l != nil && l.State == post.Created {
			letters[i] = l.Clone()
			letters[i].Note(l.History[0].At, post.WasQueued, "")
		}
	}
	return letters, err
}

// scattered opens a new case now and then.
type scattered struct {
	post.Cases
	w *world
}

// File implements post.Cases.
func (s scattered) File(ctx context.Context, f post.Filing) error {
	if s.w.rng.IntN(20) == 0 && f.Case != "" {
		f.Case += "-2"
	}
	return s.Cases.File(ctx, f)
}
