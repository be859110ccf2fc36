package archive

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
)

// namedLetters is how many letters to a number are looked at for whom it belongs to.
const namedLetters = 20

// OtherwiseNamed implements post.LogReading, from what lies in cases.
func (r *Reader) OtherwiseNamed(ctx context.Context, org string, n ident.Number, name string) (bool, error) {
	words := ident.NameWords(name)
	if len(words) == 0 {
		return false, nil
	}
	rows, _, err := r.Cases.FiledUnder(ctx, org, keys.Person(r.CaseKey, org, n.Key()), "", namedLetters)
	others := false
	for _, f := range rows {
		known := ident.NameWords(f.Name)
		if slices.ContainsFunc(known, func(w string) bool { return slices.Contains(words, w) }) {
			return false, err
		}
		others = others || len(known) > 0
	}
	return others, err
}

// logWaiting is how many shipments that wait for their time are looked into.
const logWaiting = 50

// unfinished reads the shipments that are on their way, once for a search.
func (x *logSearch) unfinished(ctx context.Context) ([]*post.Shipment, error) {
	if x.open != nil {
		return x.open, nil
	}
	x.open = []*post.Shipment{}
	for cursor, read := "", 0; ; {
		some, next, err := x.Shipments.Unfinished(ctx, x.who.Org, cursor, readAtOnce)
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			if x.sees(s) && x.filter.TakesState(s) {
				x.open = append(x.open, s)
			}
		}
		read += len(some)
		if cursor = next; cursor == "" || read >= logOpen {
			x.partial = x.partial || cursor != ""
			return x.open, nil
		}
	}
}

// waiting adds letters that were sent and wait for their time: for the undo window to close, or for the day that was
// chosen. They are not written before, and stand in no index.
func (x *logSearch) waiting(ctx context.Context) error {
	open, err := x.unfinished(ctx)
	if err != nil || x.Reviews == nil {
		return err
	}
	looked := 0
	for _, s := range open {
		if s.WaitsUntil().IsZero() {
			continue
		}
		if looked++; looked > logWaiting {
			x.partial = true
			return nil
		}
		r, err := x.Reviews.Review(ctx, s)
		if errors.Is(err, post.ErrNotFound) || errors.Is(err, post.ErrUnreadable) || errors.Is(err, post.ErrDamaged) {
			continue // it has left meanwhile, or says so where it is opened
		}
		if err != nil {
			return err
		}
		x.shipments[s.ID] = s
		for _, l := range r.Letters {
			name := s.TypedName(l)
			if r.Outline != nil {
				name = cmp.Or(post.Visible(r.Outline.Letter(l.Number).Name), name)
			}
			if !x.number.IsZero() || x.named(name) {
				x.add(l, name, false)
			}
		}
	}
	return nil
}
