package simulation

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"brevdue/internal/post"
)

// neighbour opens another document now and then.
type neighbour struct {
	post.Objects
	w *world
}

// Open implements post.Objects.
func (n neighbour) Open(ctx context.Context, o post.Object) ([]byte, func(), error) {
	content, done, err := n.Objects.Open(ctx, o)
	if err == nil && n.w.rng.IntN(500) == 0 {
		content = n.w.document.segments[0].pdf
	}
	return content, done, err
}

// hopeful takes an error for a yes.
type hopeful struct{ post.Channel }

// Send implements post.Channel.
func (c hopeful) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	answer, err := c.Channel.Send(ctx, m)
	if err != nil {
		return post.Answer{Accepted: true}, nil
	}
	return answer, nil
}

// final takes an error for a refusal.
type final struct{ post.Channel }

// Send implements post.Channel.
func (c final) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	answer, err := c.Channel.Send(ctx, m)
	if err != nil {
		return post.Answer{Refused: &post.Problem{Code: post.NotEnrolled}}, nil
	}
	return answer, nil
}

// narrow asks for the UUIDs that the table knows, and for no others.
type narrow struct {
	post.Channel
	w *world
}

// Find implements post.Channel.
func (c narrow) Find(ctx context.Context, org, uuid string, since time.Time) (bool, error) {
	for _, l := range c.w.latest {
		if slices.ContainsFunc(l.Messages, func(m post.Message) bool { return m.UUID == uuid }) {
			return c.Channel.Find(ctx, org, uuid, since)
		}
	}
	return false, nil
}

// hasty deletes receipts when it fetches them.
type hasty struct{ post.Channel }

// Receipts implements post.Channel.
func (c hasty) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
	all, err := c.Channel.Receipts(ctx, limit)
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	if len(ids) > 0 {
		err = errors.Join(err, c.RemoveReceipts(ctx, ids))
	}
	return all, err
}

// forgetful does not mind that a record was not stored.
type forgetful struct{ post.Objects }

// Put implements post.Objects.
func (f forgetful) Put(ctx context.Context, files ...post.File) ([]post.Object, error) {
	objects, err := f.Objects.Put(ctx, files...)
	if err != nil {
		return make([]post.Object, len(files)), nil
	}
	return objects, nil
}

// naming writes people into messages.
type naming struct {
	post.Queues
	w *world
}

// Send implements post.Queues.
func (n naming) Send(ctx context.Context, q post.Queue, jobs ...post.Job) error {
	jobs = slices.Clone(jobs)
	for i, e := range jobs {
		if l := n.w.latest[e.Letter]; l != nil && !l.Recipient.IsZero() {
			jobs[i].Org = l.Recipient.Reveal()
		}
	}
	return n.Queues.Send(ctx, q, jobs...)
}

// sloppy does not mind that a row could not be put.
type sloppy struct{ post.Failures }

// Put implements post.Failures.
func (s sloppy) Put(ctx context.Context, f *post.Failure, of *post.Letter) error {
	_ = s.Failures.Put(ctx, f, of)
	return nil
}

// sure takes an error of a question for a no.
type sure struct{ post.Channel }

// Find implements post.Channel.
func (c sure) Find(ctx context.Context, org, uuid string, since time.Time) (bool, error) {
	found, err := c.Channel.Find(ctx, org, uuid, since)
	return found && err == nil, nil
}

// trustful takes "duplicate" for a yes.
type trustful struct{ post.Channel }

// Send implements post.Channel.
func (c trustful) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	answer, err := c.Channel.Send(ctx, m)
	if answer.Duplicate {
		return post.Answer{Accepted: true}, err
	}
	return answer, err
}

// unasked is never asked.
type unasked struct{ post.Channel }

// Find implements post.Channel.
func (unasked) Find(context.Context, string, string, time.Time) (bool, error) { return false, nil }

// kind takes a receipt under a foreign UUID for one of the letter's.
type kind struct {
	post.Channel
	w *world
}

// Receipts implements post.Channel.
func (c kind) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
	all, err := c.Channel.Receipts(ctx, limit)
	for i, r := range all {
		l := c.w.latest[r.MessageID]
		if l != nil && l.Current() != nil && !slices.ContainsFunc(l.Messages,
			func(m post.Message) bool { return m.UUID == r.UUID }) {
			all[i].UUID = l.Current().UUID
		}
	}
	return all, err
}

// forgettingOrphans keeps no receipt that belongs to nobody.
type forgettingOrphans struct{ post.OrphanReceipts }

// Keep implements post.OrphanReceipts.
func (forgettingOrphans) Keep(context.Context, post.Receipt, error) error { return nil }

// unseen is an upload that is never found.
type unseen struct{ post.Uploads }

// Has implements post.Uploads.
func (unseen) Has(context.Context, string) (bool, error) { return false, nil }

// noBulks finds no bulk.
type noBulks struct{}

// Due implements post.DueBulks.
func (noBulks) Due(context.Context, time.Time, int) ([]*post.Bulk, error) { return nil, nil }

// forgetting takes the cancels that there are by now for those that were known.
type forgetting struct {
	post.Bulks
	w *world
}

// Change implements post.Bulks.
func (f forgetting) Change(
	ctx context.Context,
	org, id string,
	change func(*post.Bulk) error,
) (*post.Bulk, error) {
	b, err := f.Bulks.Change(ctx, org, id, change)
	if err != nil {
		return nil, err
	}
	for shipment := range b.Cancels {
		if s, err := f.w.truth.Shipments().Get(context.Background(), org, shipment); err == nil {
			b.Cancels[shipment] = s.Cancels
		}
	}
	return b, nil
}

// misfiling copies another letter's document now and then.
type misfiling struct {
	post.Objects
	w *world
}

// Copy implements post.Objects.
func (m misfiling) Copy(ctx context.Context, from post.Object, key string, disposal time.Time) (post.Object, error) {
	if m.w.rng.IntN(50) == 0 {
		first := slices.Min(slices.Collect(maps.Keys(m.w.latest)))
		from = m.w.latest[first].Document
	}
	return m.Objects.Copy(ctx, from, key, disposal)
}

// clearances changes what is said at the last moment.
type clearances struct {
	post.Clearances
	also func(*post.Clearance)
}

// Clearance implements post.Clearances.
func (c clearances) Clearance(ctx context.Context, org, shipment string) (post.Clearance, error) {
	is, err := c.Clearances.Clearance(ctx, org, shipment)
	c.also(&is)
	return is, err
}

// careless does not mind that nothing was recorded.
type careless struct{ post.Auditor }

// Record implements post.Auditor.
func (c careless) Record(ctx context.Context, e post.Entry) error {
	_ = c.Auditor.Record(ctx, e)
	return nil
}

// silent tells nobody.
type silent struct{ post.Notices }

// Note implements post.Notices.
func (silent) Note(context.Context, post.Notice) error { return nil }

// staying closes no row.
type staying struct{ post.Failures }

// Close implements post.Failures.
func (staying) Close(context.Context, *post.Failure, string, string, time.Time) error { return nil }

// nameless forgets who has cancelled.
type nameless struct{ post.Shipments }

// Change implements post.Shipments.
func (n nameless) Change(
	ctx context.Context,
	org, id string,
	change func(*post.Shipment) error,
) (*post.Shipment, error) {
	return n.Shipments.Change(ctx, org, id, func(s *post.Shipment) error {
		err := change(s)
		s.CancelledBy = ""
		return err
	})
}

// released takes a table out of a backup, once it was resumed, for one like any other.
type released struct{ w *world }

// Restored implements post.Restorations.
func (r released) Restored(context.Context) (post.Restored, error) {
	return post.Restored{Held: r.w.restored.Held}, nil
}

// hurried does not wait until a table out of a backup is resumed, and asks all the same.
type hurried struct{ w *world }

// Restored implements post.Restorations.
func (h hurried) Restored(context.Context) (post.Restored, error) {
	r := h.w.restored
	if r.Held {
		r = post.Restored{Before: h.w.now.Add(-time.Hour)}
	}
	return r, nil
}

// ofNow sends by the system that the organization has now.
type ofNow struct {
	post.Channel
	w *world
}

// Send implements post.Channel.
func (c ofNow) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	if len(c.w.systems) > 0 {
		o, err := c.w.truth.Organization(context.Background(), m.Org)
		if must(err); o.Connection() != nil {
			m.Way = o.Connection().SystemID
		} else {
			m.Way = ""
		}
	}
	return c.Channel.Send(ctx, m)
}

// hereAlone asks about letters where they would leave by now.
type hereAlone struct {
	post.Channel
	ways post.Ways
	post *digitalPost
}

// Find implements post.Channel.
func (c hereAlone) Find(ctx context.Context, of, uuid string, since time.Time) (bool, error) {
	if c.ways == nil {
		return c.Channel.Find(ctx, of, uuid, since)
	}
	by, err := c.ways.Way(ctx, of)
	if err != nil {
		return false, err
	}
	return system{digitalPost: c.post, id: by}.Find(ctx, of, uuid, since)
}
