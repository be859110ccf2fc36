package unhandled

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// Times of work in the background.
const (
	workFor  = time.Minute     // then other bulks have their turn
	leaseFor = 5 * time.Minute // longer than a page takes: each row may wait for Digital Post
)

// begin does a bulk at once where it has few rows; else it keeps it, and queues its job.
func (r *Remedies) begin(ctx context.Context, b *post.Bulk) (*post.Bulk, error) {
	b.Made, b.ByKind, b.Cancels = r.Now(), b.By.Kind, map[string]int{}
	if err := r.survey(ctx, b); err != nil {
		return nil, err
	}
	if b.Total > r.atOnce() {
		return b, r.keep(ctx, b)
	}
	w := r.work(b)
	for !b.Over() {
		if err := w.page(ctx); err != nil {
			return nil, err
		}
	}
	b.Total = b.Done
	return b, nil
}

func (r *Remedies) atOnce() int { return cmp.Or(r.AtOnce, post.BulkRows) }

// keep keeps a bulk with the cancels that whoever presses can know, and queues its job.
func (r *Remedies) keep(ctx context.Context, b *post.Bulk) error {
	for id := range b.Cancels {
		s, err := r.Shipments.Get(ctx, b.Org, id)
		if errors.Is(err, post.ErrNotFound) {
			delete(b.Cancels, id)
			continue
		}
		if err != nil {
			return err
		}
		b.Cancels[id] = s.Cancels
	}
	b.ID, b.Due = r.NewID(), r.clock().NextCheck()
	if err := r.Bulks.Create(ctx, b); err != nil {
		return err
	}
	return r.Queues.Send(ctx, post.BulkQueue, post.Job{Org: b.Org, Bulk: b.ID})
}

// rowsRead is how many rows are read at a time where they are only counted.
const rowsRead = 500

// survey counts the rows that a bulk has chosen, and notes their shipments. Who chooses one letter chooses one row.
func (r *Remedies) survey(ctx context.Context, b *post.Bulk) error {
	for _, filter := range b.Chosen {
		if filter.Letter != "" || filter.Message != "" {
			b.Cancels[filter.Shipment] = 0
			b.Total++
			continue
		}
		for cursor := ""; ; {
			rows, next, err := r.Failures.List(ctx, b.Org, filter, cursor, rowsRead)
			if err != nil {
				return err
			}
			for _, f := range rows {
				b.Cancels[f.Shipment] = 0
			}
			b.Total += len(rows)
			if cursor = next; next == "" {
				break
			}
		}
	}
	return nil
}

// Handle does jobs of the bulk queue.
func (r *Remedies) Handle(ctx context.Context, jobs []post.Job) []error {
	errs := make([]error, len(jobs))
	for i, j := range jobs {
		errs[i] = r.background(ctx, j)
	}
	return errs
}

// background does pages of a bulk, and keeps its progress after each. Whoever dies in a page does the rest of it again,
// since what was done has no row any more.
func (r *Remedies) background(ctx context.Context, j post.Job) error {
	began, mine := r.Now(), false
	b, err := r.Bulks.Change(ctx, j.Org, j.Bulk, func(b *post.Bulk) error {
		err := b.Take(r.Now(), r.Now().Add(leaseFor))
		mine = err == nil
		return err
	})
	if err != nil || !mine {
		return err
	}
	if err := r.pages(ctx, b, began.Add(workTime(ctx))); err != nil {
		return errors.Join(err, r.release(ctx, b))
	}
	if b.Over() {
		return nil
	}
	if err := r.release(ctx, b); err != nil {
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

func (r *Remedies) pages(ctx context.Context, b *post.Bulk, until time.Time) error {
	w := r.work(b)
	for !b.Over() && !r.Now().After(until) {
		if err := w.page(ctx); err != nil {
			return err
		}
		if !b.Over() {
			b.Lease, b.Due = r.Now().Add(leaseFor), r.clock().NextCheck()
		}
		if err := r.Bulks.Put(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// release lets another function work on a bulk, unless one does already.
func (r *Remedies) release(ctx context.Context, b *post.Bulk) error {
	_, err := r.Bulks.Change(ctx, b.Org, b.ID, func(now *post.Bulk) error {
		if now.Over() || now.Revision != b.Revision {
			return post.ErrUnchanged
		}
		now.Lease = time.Time{}
		return nil
	})
	return err
}

// bulkWork is a bulk on its way.
type bulkWork struct {
	*replaying
	bulk *post.Bulk
	seen map[post.FailureKey]bool
}

func (r *Remedies) work(b *post.Bulk) *bulkWork {
	who := b.By
	who.Kind = b.ByKind
	p := &replaying{Remedies: r, who: who, how: b.How, since: b.Made, sends: b.Replayed.Sends, cancels: b.Cancels}
	if b.ID == "" { // they are read when they are needed
		p.cancels = map[string]int{}
	}
	return &bulkWork{p, b, map[post.FailureKey]bool{}}
}

// page does a page of rows, of as many filters as it takes.
func (w *bulkWork) page(ctx context.Context) error {
	for rows := 0; rows < w.atOnce() && !w.bulk.Over(); {
		n, err := w.some(ctx, w.atOnce()-rows)
		if err != nil {
			return err
		}
		rows += n
	}
	return nil
}

// some does rows of the filter that is being done. What is done is in the audit log before it is done.
func (w *bulkWork) some(ctx context.Context, limit int) (int, error) {
	b := w.bulk
	if b.At == len(b.Chosen) {
		b.End(w.Now(), nil)
		return 0, nil
	}
	rows, next, err := w.rows(ctx, b.Chosen[b.At], limit)
	if err != nil {
		return 0, err
	}
	if act, text := w.act(); act != "" {
		if err := w.record(ctx, w.who, act, text, rows); err != nil {
			return 0, err
		}
	}
	for _, f := range rows {
		w.seen[f.Key()] = true
		if err := w.do(ctx, f); err != nil || b.Over() {
			return len(rows), err
		}
	}
	if b.Cursor = next; next == "" {
		b.At++
	}
	if b.At == len(b.Chosen) {
		b.End(w.Now(), nil)
	}
	return len(rows), nil
}

// rows returns the next rows of a filter, each once: one that comes anew meanwhile, because its letter failed again,
// waits for the next time. Who asks for one letter, and nothing else, also means one that somebody has dismissed.
func (w *bulkWork) rows(
	ctx context.Context,
	filter post.FailureFilter,
	limit int,
) ([]*post.Failure, string, error) {
	b := w.bulk
	rows, next, err := w.Failures.List(ctx, b.Org, filter, b.Cursor, limit)
	if err != nil {
		return nil, "", err
	}
	if len(rows) == 0 && b.Kind == post.BulkReplay && filter.Letter != "" && len(b.Chosen) == 1 {
		f, err := w.dismissed(ctx, b.Org, filter.Letter)
		if f == nil || err != nil {
			return nil, "", err
		}
		return []*post.Failure{f}, "", nil
	}
	rows = slices.DeleteFunc(rows, func(f *post.Failure) bool {
		_, known := b.Cancels[f.Shipment]
		return w.seen[f.Key()] || f.Since.After(b.Made) || !known && f.Shipment != ""
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

// do does one row. When Digital Post does not answer a bulk in the background ends: all other rows would wait for it in
// vain. A row of a letter that is not there any more holds up none of them.
func (w *bulkWork) do(ctx context.Context, f *post.Failure) error {
	b, what := w.bulk, post.ReplayNothing
	var err error
	if b.Kind == post.BulkDismiss {
		err = w.dismissRow(ctx, w.who, f, b.Reason)
	} else {
		what, err = w.row(ctx, f)
	}
	var told *post.Problem
	switch background := b.ID != ""; {
	case background && errors.As(err, &told):
		told.At = w.Now()
		b.End(w.Now(), told)
		return nil
	case err != nil && !(background && errors.Is(err, post.ErrNotFound)):
		return err
	}
	b.Done++
	if b.Kind == post.BulkDismiss {
		b.Dismissed++
	} else {
		b.Replayed.Add(what)
	}
	return nil
}
