package simulation

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
)

var plantedFilings = map[string]plantedBug{
	"filed-undone": {4, "a letter is filed when it is written, and its Send can still be undone",
		func(_ *world, h *worker) {
			h.split.NewLetters = filedAtOnce{h.split.NewLetters, h.split.Queues}
			h.archive.Letters = begun{h.archive.Letters}
		}},
	"attachment-lost": {4, "now and then an attachment is not filed",
		func(w *world, h *worker) { h.archive.Shipments = unattached{h.archive.Shipments, w} }},
	"attachment-of-another": {4, "now and then a letter's document is filed as its neighbours' attachment",
		func(w *world, h *worker) { h.archive.Objects = misattached{h.archive.Objects, w} }},
	"key-lost": {4, "now and then a letter is written with another key than its file is sealed by",
		func(w *world, h *worker) { h.split.NewLetters = rekeyed{h.split.NewLetters, w} }},
	"key-of-another": {4, "now and then a record is sealed by another key than its letter's",
		func(w *world, h *worker) { h.archive.Objects = missealed{h.archive.Objects, w} }},
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

// rekeyed writes letters with another key now and then.
type rekeyed struct {
	post.NewLetters
	w *world
}

// Create implements post.NewLetters.
func (r rekeyed) Create(ctx context.Context, s *post.Shipment, letters []*post.Letter) error {
	for _, l := range letters {
		if r.w.rng.IntN(20) == 0 {
			l.Secret = r.w.newSecret()
		}
	}
	return r.NewLetters.Create(ctx, s, letters)
}

// missealed seals by another key now and then.
type missealed struct {
	post.Objects
	w *world
}

// Put implements post.Objects.
func (m missealed) Put(ctx context.Context, files ...post.File) ([]post.Object, error) {
	for i := range files {
		if m.w.rng.IntN(20) == 0 {
			files[i].Secret = m.w.newSecret()
		}
	}
	return m.Objects.Put(ctx, files...)
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

// unattached forgets attachments now and then.
type unattached struct {
	post.Shipments
	w *world
}

// Get implements post.Shipments.
func (u unattached) Get(ctx context.Context, org, id string) (*post.Shipment, error) {
	s, err := u.Shipments.Get(ctx, org, id)
	if err == nil && len(s.Parts) > 1 && u.w.rng.IntN(4) == 0 {
		c := *s
		c.Parts = s.Parts[:1]
		return &c, nil
	}
	return s, err
}

// misattached takes another file for an attachment now and then.
type misattached struct {
	post.Objects
	w *world
}

// Copy implements post.Objects.
func (m misattached) Copy(ctx context.Context, from post.Object, key string, disposal time.Time) (post.Object, error) {
	if strings.Contains(key, "/attachments/") && m.w.rng.IntN(4) == 0 {
		first := slices.Min(slices.Collect(maps.Keys(m.w.latest)))
		from = m.w.latest[first].Document
	}
	return m.Objects.Copy(ctx, from, key, disposal)
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
