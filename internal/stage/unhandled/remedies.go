package unhandled

import (
	"context"
	"errors"
	"strings"
	"time"

	"brevdue/internal/post"
)

// Remedies are what a user presses in Ubehandlet.
type Remedies struct {
	Shipments post.Shipments
	Letters   post.Letters
	Failures  post.Failures
	Queues    post.Queues
	Channel   post.Channel
	UUIDKey   []byte
	Pace      post.Pace
	Now       func() time.Time
}

func (r *Remedies) moment() post.Moment { return post.Moment{At: r.Now(), Pace: r.Pace} }

// rowsAtOnce is how many rows are treated before the next are read.
const rowsAtOnce = 50

// Replay sends again what the filter chooses. A dry run only says how many and what would happen.
func (r *Remedies) Replay(ctx context.Context, org string, filter post.FailureFilter, dryRun bool, by string) (post.Replayed, error) {
	var sum post.Replayed
	err := r.each(ctx, org, filter, func(f *post.Failure) error {
		what, err := r.replay(ctx, f, dryRun, by)
		if err == nil {
			sum.Add(what)
		}
		return err
	})
	return sum, err
}

// each calls do for every open row, once: a row that comes anew meanwhile, because its letter failed again, waits for
// the next time.
func (r *Remedies) each(ctx context.Context, org string, filter post.FailureFilter, do func(*post.Failure) error) error {
	cursor, seen := "", map[post.FailureKey]bool{}
	for {
		rows, next, err := r.Failures.List(ctx, org, filter, cursor, rowsAtOnce)
		if err != nil {
			return err
		}
		for _, f := range rows {
			if seen[f.Key()] {
				continue
			}
			seen[f.Key()] = true
			if err := do(f); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
}

func (r *Remedies) replay(ctx context.Context, f *post.Failure, dryRun bool, by string) (post.Replaying, error) {
	if f.Message != nil {
		return r.putBack(ctx, f, dryRun, by)
	}
	if f.Letter == "" {
		return r.splitAgain(ctx, f, dryRun, by)
	}
	l, err := r.Letters.Get(ctx, f.Letter)
	if err != nil {
		return post.ReplayNothing, err
	}
	what := l.Replayable()
	if f.Problem.Code == post.ArchiveFailedCode && l.Archiving.State == post.ArchiveFailed {
		what = post.ReplayArchive
	}
	if what == post.ReplaySends && l.Current() != nil && l.Current().MayRenew() {
		if known, err := r.known(ctx, l); err != nil {
			return post.ReplayNothing, err
		} else if known {
			what = post.ReplayAsks
		}
	}
	if dryRun {
		return what, nil
	}
	switch what {
	case post.ReplaySends:
		err = r.again(ctx, f, by, post.SendQueue, func(l *post.Letter) error { return l.Requeue(r.UUIDKey, r.moment(), by) })
	case post.ReplayArchive:
		err = r.again(ctx, f, by, post.ArchiveQueue, func(l *post.Letter) error { return l.ArchiveAgain(r.moment(), by) })
	case post.ReplayAsks:
		err = r.ask(ctx, l, by)
	case post.ReplayNothing:
		if leftOver(f, l) {
			err = r.Failures.Close(ctx, f, "", by, r.Now())
		}
	}
	return what, err
}

// leftOver reports whether what a row is about has solved itself, and whoever should have closed the row did not come to
// it.
func leftOver(f *post.Failure, l *post.Letter) bool {
	if f.Problem.Code == post.ArchiveFailedCode {
		return l.Archiving.State == post.Archived
	}
	return l.State == post.Completed || l.State == post.Cancelled
}

// putBack returns a message to its queue. It is there before its row is closed; twice does no harm.
func (r *Remedies) putBack(ctx context.Context, f *post.Failure, dryRun bool, by string) (post.Replaying, error) {
	if !dryRun {
		if err := r.Queues.Return(ctx, *f.Message); err != nil {
			return post.ReplayNothing, err
		}
		if err := r.Failures.Close(ctx, f, "", by, r.Now()); err != nil {
			return post.ReplayNothing, err
		}
	}
	return post.ReplaySends, nil
}

// splitAgain lets a shipment be split again that broke down in the split. One that was refused is refused again.
func (r *Remedies) splitAgain(ctx context.Context, f *post.Failure, dryRun bool, by string) (post.Replaying, error) {
	if f.Problem.Code != post.Unknown {
		return post.ReplayNothing, nil
	}
	if dryRun {
		return post.ReplaySplits, nil
	}
	wrote := false
	s, err := r.Shipments.Change(ctx, f.Shipment, func(s *post.Shipment) error {
		err := s.SplitAgain(r.moment())
		wrote = err == nil
		return err
	})
	if err != nil {
		return post.ReplayNothing, err
	}
	if wrote || s.State != post.Stopped { // else it went on before, and its row was left over
		err = r.Failures.Close(ctx, f, "", by, r.Now())
	}
	if err != nil || !wrote {
		return post.ReplayNothing, err
	}
	errands := []post.Errand{{Org: s.Org, Object: s.Parts[0].Key}}
	if s.State == post.Uploading {
		errands = nil
		for _, p := range s.Parts {
			errands = append(errands, post.Errand{Org: s.Org, Object: p.Key})
		}
	}
	return post.ReplaySplits, r.Queues.Send(ctx, post.SplitQueue, errands...)
}

// known asks Digital Post before a new UUID is made: a message that was refused at the door, for a reason that we may
// not understand, must not be there already.
func (r *Remedies) known(ctx context.Context, l *post.Letter) (bool, error) {
	m := l.Current()
	if m.RefusedLater {
		return false, nil
	}
	found, err := r.Channel.Find(ctx, m.UUID, l.EventsSince())
	if err != nil {
		return false, &post.Problem{Code: post.ChannelDown, Cause: err}
	}
	return found, nil
}

// again puts a letter back on its queue: the change first, then the row is closed, then the errand; what is lost
// between is found by the sweep. Who comes second changes nothing.
func (r *Remedies) again(ctx context.Context, f *post.Failure, by string, q post.Queue, change func(*post.Letter) error) error {
	_, wrote, err := post.ChangeOne(ctx, r.Letters, f.Letter, change)
	if err != nil || !wrote {
		return err
	}
	if err := r.Failures.Close(ctx, f, "", by, r.Now()); err != nil {
		return err
	}
	return r.Queues.Send(ctx, q, post.Errand{Org: f.Org, Letter: f.Letter})
}

// ask asks Digital Post whether it has the letter, and posts nothing. The receipt comes by itself if there is one.
func (r *Remedies) ask(ctx context.Context, l *post.Letter, by string) error {
	m := l.Current()
	found, err := r.Channel.Find(ctx, m.UUID, l.EventsSince())
	if err != nil {
		return &post.Problem{Code: post.ChannelDown, Cause: err}
	}
	note := "kendt"
	if !found {
		note = "ukendt"
	}
	now, wrote, err := post.ChangeOne(ctx, r.Letters, l.ID, func(l *post.Letter) error {
		l.Note(r.Now(), post.WasAsked, note+" "+by)
		if found && l.State == post.Failed {
			return l.FoundAfterAll(r.moment(), m.UUID)
		}
		return nil
	})
	if err == nil && wrote && now.State == post.HandedOver && l.State == post.Failed {
		return post.CloseRows(ctx, r.Failures, now, r.moment()) // it is there after all: it waits for its receipt
	}
	return err
}

// ErrNoReason means that something shall be dismissed without saying why.
var ErrNoReason = errors.New("Skriv en begrundelse. Den bliver gemt sammen med dit navn.")

// Dismiss takes rows out of Ubehandlet that were handled in another way.
func (r *Remedies) Dismiss(ctx context.Context, org string, filter post.FailureFilter, reason, by string) (int, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return 0, post.Mistakes{{Field: "reason", Text: ErrNoReason.Error()}}
	}
	n := 0
	err := r.each(ctx, org, filter, func(f *post.Failure) error {
		if err := r.Failures.Close(ctx, f, reason, by, r.Now()); err != nil {
			return err
		}
		n++
		if f.Letter == "" {
			return nil
		}
		_, _, err := post.ChangeOne(ctx, r.Letters, f.Letter, func(l *post.Letter) error {
			l.Note(r.Now(), post.WasDismissed, by)
			return nil
		})
		return err
	})
	return n, err
}
