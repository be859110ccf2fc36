package unhandled

import (
	"context"
	"errors"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Times of work in the background. Each row may wait twice for Digital Post.
const (
	workFor   = time.Minute      // then other bulks have their turn
	keptAfter = 10 * time.Second // the progress, at the next row
	leaseFor  = 5 * time.Minute
)

// silences is how often in a row Digital Post may owe an answer before a bulk ends.
const silences = 3

// Handle does jobs of the bulk queue.
func (r *Remedies) Handle(ctx context.Context, jobs []post.Job) []error {
	errs := make([]error, len(jobs))
	for i, j := range jobs {
		errs[i] = r.background(ctx, j)
	}
	return errs
}

// background does rows of a bulk, and keeps its progress. Whoever dies does what was not kept again: what was done has
// no row any more. In a table out of a backup nothing is done before it is resumed, and what was pressed before then
// ends.
func (r *Remedies) background(ctx context.Context, j post.Job) error {
	var restored post.Restored
	if r.Restored != nil {
		var err error
		if restored, err = r.Restored.Restored(ctx); err != nil || restored.Held {
			return err
		}
	}
	began, mine := r.Now(), false
	b, err := r.Bulks.Change(ctx, j.Org, j.Bulk, func(b *post.Bulk) error {
		err := b.Take(r.Now(), r.Now().Add(leaseFor))
		if mine = err == nil; mine && b.Made.Before(restored.Before) {
			b.End(r.Now(), &post.Problem{Code: post.Unknown, Text: sentence.Of("bulk-restored")})
		}
		return err
	})
	if err != nil || !mine || b.Over() {
		return err
	}
	w := r.work(b)
	w.end = began.Add(workTime(ctx))
	err = w.all(ctx)
	if errors.Is(err, post.ErrOvertaken) { // somebody has stopped it, or has it by now
		return nil
	}
	if !b.Over() {
		b.Lease, b.Due = time.Time{}, r.clock().NextCheck()
	}
	kept := r.Bulks.Put(context.WithoutCancel(ctx), b)
	if err = errors.Join(err, kept); err != nil || b.Over() {
		return err
	}
	return r.Queues.Send(ctx, post.BulkQueue, post.Job{Org: b.Org, Bulk: b.ID})
}

// workTime is how long a function works on a bulk: not until its own time is over.
func workTime(ctx context.Context) time.Duration {
	if end, ok := ctx.Deadline(); ok {
		return min(workFor, time.Until(end)/3)
	}
	return workFor
}

// bulkWork is a bulk on its way.
type bulkWork struct {
	*replaying
	bulk   *post.Bulk
	seen   map[post.FailureKey]bool
	end    time.Time // of the work; zero while somebody waits for it
	kept   time.Time
	silent int // answers that Digital Post owes in a row
}

func (r *Remedies) work(b *post.Bulk) *bulkWork {
	who := b.By
	who.Kind = b.ByKind
	p := &replaying{Remedies: r, who: who, how: b.How, since: b.Began, sends: b.Replayed.Sends, cancels: b.Cancels,
		unsent: map[string]bool{}}
	if b.ID == "" { // they are read when they are needed
		p.since, p.cancels = b.Made, map[string]int{}
	}
	return &bulkWork{replaying: p, bulk: b, seen: map[post.FailureKey]bool{}, kept: r.Now()}
}

// inBackground reports whether nobody waits for the answer.
func (w *bulkWork) inBackground() bool { return w.bulk.ID != "" }

// timeIsOver reports whether the function has to give way.
func (w *bulkWork) timeIsOver() bool { return !w.end.IsZero() && w.Now().After(w.end) }

// all does the rows of all filters, until its time is over.
func (w *bulkWork) all(ctx context.Context) error {
	for b := w.bulk; !b.Over() && !w.timeIsOver(); {
		if b.At == len(b.Chosen) {
			b.End(w.Now(), nil)
			return nil
		}
		if err := w.page(ctx); err != nil {
			return err
		}
	}
	return nil
}

// page does rows of the filter that is being done. What is done is in the audit log before it is done.
func (w *bulkWork) page(ctx context.Context) error {
	b := w.bulk
	rows, next, err := w.rows(ctx, b.Chosen[b.At])
	if err != nil {
		return err
	}
	if act, text := w.act(); act != "" {
		if err := w.record(ctx, w.who, act, text, rows); err != nil {
			return err
		}
	}
	for _, f := range rows {
		if w.timeIsOver() {
			return nil
		}
		w.seen[f.Key()] = true
		if err := w.do(ctx, f); err != nil || b.Over() {
			return err
		}
		if b.Cursor = f.Cursor; w.Now().Sub(w.kept) < keptAfter {
			continue
		}
		if err := w.keepProgress(ctx); err != nil {
			return err
		}
	}
	if b.Cursor = next; next == "" {
		b.At++
	}
	return nil
}

// keepProgress writes how far a bulk is, unless somebody else has it by now.
func (w *bulkWork) keepProgress(ctx context.Context) error {
	if w.kept = w.Now(); !w.inBackground() {
		return nil
	}
	w.bulk.Hold(w.Now().Add(leaseFor))
	return w.Bulks.Put(ctx, w.bulk)
}

// rows returns the next rows of a filter, each once, and none that was put there after it was pressed: what fails anew
// meanwhile waits for the next time. Who asks for one letter, and nothing else, also means one that was dismissed.
func (w *bulkWork) rows(ctx context.Context, filter post.FailureFilter) ([]*post.Failure, string, error) {
	b := w.bulk
	rows, next, err := w.Failures.List(ctx, b.Org, filter, b.Cursor, w.atOnce())
	if err != nil {
		return nil, "", err
	}
	if len(rows) == 0 && b.Kind == post.BulkReplay && filter.Letter != "" && len(b.Chosen) == 1 {
		f, err := w.dismissed(ctx, b.Org, filter.Letter)
		if f == nil || err != nil {
			return nil, "", err
		}
		w.anew = true
		return []*post.Failure{f}, "", nil
	}
	rows = slices.DeleteFunc(rows, func(f *post.Failure) bool {
		return w.seen[f.Key()] || f.Shown.After(b.Made)
	})
	return rows, next, nil
}

// act is what the audit log says of a page; nothing of a dry run.
func (w *bulkWork) act() (post.Action, string) {
	switch {
	case w.bulk.Kind == post.BulkDismiss:
		return post.ActDismiss, w.bulk.Reason
	case w.how.DryRun:
		return "", ""
	case w.how.On.IsZero():
		return post.ActReplay, ""
	}
	return post.ActReplay, texts.Say("on-day", w.how.On.Format(time.DateOnly))
}

// do does one row. In the background a row that cannot be done holds up none of the others; but where Digital Post does
// not answer, again and again, the bulk ends: all other rows would wait for it in vain.
func (w *bulkWork) do(ctx context.Context, f *post.Failure) error {
	b, what := w.bulk, post.ReplayNothing
	if _, known := b.Cancels[f.Shipment]; !known && f.Shipment != "" && w.inBackground() {
		// its shipment could not be read when it was pressed
		b.Done, b.Left = b.Done+1, b.Left+1
		return nil
	}
	var err error
	if b.Kind == post.BulkDismiss {
		err = w.dismissRow(ctx, w.who, f, b.Reason)
	} else {
		what, err = w.row(ctx, f)
	}
	var told *post.Problem
	silent := errors.As(err, &told)
	switch {
	case err != nil && (!w.inBackground() || ctx.Err() != nil):
		return err
	case silent:
		if w.silent++; w.silent == silences {
			b.End(w.Now(), told)
		}
		b.Left++
	case errors.Is(err, post.ErrNotFound), errors.Is(err, post.ErrUnreadable):
		b.Left++
	case err != nil:
		return err
	case b.Kind == post.BulkDismiss:
		b.Dismissed++
	default:
		w.silent = 0
		b.Replayed.Add(what)
	}
	b.Done++
	return nil
}
