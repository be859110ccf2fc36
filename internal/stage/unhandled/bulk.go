package unhandled

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// begin does a bulk at once where it has few rows; else it keeps it, and queues its job.
func (r *Remedies) begin(ctx context.Context, b *post.Bulk) (*post.Bulk, error) {
	b.Made, b.ByKind, b.Cancels = r.Now(), b.By.Kind, map[string]int{}
	b.Chosen = slices.Clone(b.Chosen)
	for i := range b.Chosen { // whoever presses does no row that they do not see, now or in the background
		b.Chosen[i].Seen = b.By.Sight()
	}
	if err := r.survey(ctx, b); err != nil {
		return nil, err
	}
	if b.Total > r.atOnce() {
		return b, r.keep(ctx, b)
	}
	if err := r.work(b).all(ctx); err != nil {
		return nil, err
	}
	b.Total = b.Done
	return b, nil
}

func (r *Remedies) atOnce() int { return cmp.Or(r.AtOnce, post.BulkRows) }

// rowsRead is how many rows are read at a time where they are only counted.
const rowsRead = 500

// survey counts the rows that a bulk has chosen, and notes their shipments. Who chooses one letter chooses one row.
func (r *Remedies) survey(ctx context.Context, b *post.Bulk) error {
	for _, filter := range b.Chosen {
		if filter.Letter != "" || filter.Message != "" {
			b.Cancels[cmp.Or(filter.Shipment, filter.Letter.Shipment())] = 0
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

// shipmentsAtOnce is how many shipments are read side by side.
const shipmentsAtOnce = 16

// keep keeps a bulk with the cancels that whoever presses can know, and queues its job. Once it is kept it is done,
// also where the job is lost: the sweep finds it.
func (r *Remedies) keep(ctx context.Context, b *post.Bulk) error {
	ids := slices.Sorted(maps.Keys(b.Cancels))
	cancels := make([]int, len(ids))
	err := r.Runner.Run(ctx, len(ids), shipmentsAtOnce, func(i int) error {
		s, err := r.Shipments.Get(ctx, b.Org, ids[i])
		switch {
		case errors.Is(err, post.ErrNotFound), errors.Is(err, post.ErrUnreadable): // its rows stay
			cancels[i] = -1
			return nil
		case err != nil:
			return err
		}
		cancels[i] = s.Cancels
		return nil
	})
	if err != nil {
		return err
	}
	for i, id := range ids {
		if b.Cancels[id] = cancels[i]; cancels[i] < 0 {
			delete(b.Cancels, id)
		}
	}
	b.ID, b.Due = r.NewID(), r.clock().NextCheck()
	if err := r.Bulks.Create(ctx, b); err != nil {
		return err
	}
	if err := r.Queues.Send(ctx, post.BulkQueue, post.Job{Org: b.Org, Bulk: b.ID}); err != nil {
		slog.Warn("the sweep brings it", "bulk", b.ID, "error", err)
	}
	return nil
}

// StopBulk implements post.Remedies.
func (r *Remedies) StopBulk(ctx context.Context, who post.Caller, id string) (*post.Bulk, error) {
	b, err := r.Bulks.Get(ctx, who.Org, id)
	if err != nil || b.Over() {
		return b, err
	}
	act := post.ActReplay
	if b.Kind == post.BulkDismiss {
		act = post.ActDismiss
	}
	if err := r.Audit.Record(ctx, who.Did(act, "", "", "stop "+id)); err != nil {
		return nil, err
	}
	return r.Bulks.Change(ctx, who.Org, id, func(b *post.Bulk) error {
		if b.Over() {
			return post.ErrUnchanged
		}
		b.End(r.Now(), &post.Problem{Code: post.Unknown, Text: sentence.Of("bulk-stopped", who.Name)})
		return nil
	})
}
