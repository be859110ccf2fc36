// Package send hands letters to Digital Post.
//
// Invariant: the message's UUID and the attempt are stored before Digital Post is called, the answer after; an
// attempt whose answer is not known is never repeated before asking. So nobody gets a letter twice.
//
// letters to send -> [send] -> Digital Post, one tick
package send

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/memo"
	"brevdue/internal/message"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// Handler sends letters.
type Handler struct {
	Shipments   post.Shipments
	Letters     post.AllLetters
	Objects     post.Objects
	Queues      post.Queues
	Channel     post.Channel
	Mass        post.MassChannel // nil where letters go one by one
	Containers  post.Containers
	Checker     Checker
	LookUps     post.LookUps
	Register    post.Register
	Ways        post.Ways // nil where there is but one
	UUIDKey     []byte
	Environment post.Environment
	Timings     post.Timings
	Runner      parallel.Runner
	Now         func() time.Time
	Jitter      func() float64    // between 0 and 1
	Restored    post.Restorations // nil where nothing is ever restored
	Breakers    post.Breakers
	Stops       post.Stops
	Clearances  post.Clearances
	Notices     post.Notices
	Legal       post.LegalNotices // nil where no letter is a legal notification
	Audit       post.Auditor

	shipments workflow.Memory[*post.Shipment]
}

// outcome is what an attempt does to its letter.
type outcome func(*post.Letter) error

func (h *Handler) clock() post.Clock { return post.Clock{At: h.Now(), Timings: h.Timings} }

// Handle does jobs of the send queue: letters all at the same time, with one transaction before and one after, then
// containers one after the other, then what is asked for somebody who waits.
func (h *Handler) Handle(ctx context.Context, jobs []post.Job) []error {
	errs := make([]error, len(jobs))
	tooShort := h.enough(ctx)
	letters := slices.DeleteFunc(slices.Clone(jobs), func(j post.Job) bool { return j.Letter == "" })
	if len(letters) > 0 {
		err := h.sendAll(ctx, post.LettersOf(letters))
		for i, j := range jobs {
			if j.Letter != "" {
				errs[i] = err
			}
		}
	}
	for i, j := range jobs {
		switch {
		case j.Container == "" || j.Letter != "":
		case tooShort != nil:
			errs[i] = tooShort
		default:
			errs[i] = recovered(func() error { return h.sendContainer(ctx, j) })
		}
	}
	for i, j := range jobs {
		if j.Container == "" && j.Letter == "" {
			errs[i] = recovered(func() error { return h.ask(ctx, j) })
		}
	}
	return errs
}

// ask does a job that sends nothing.
func (h *Handler) ask(ctx context.Context, j post.Job) error {
	switch {
	case j.Check != "":
		return h.check(ctx, j)
	case j.LookUp != "":
		return h.lookUp(ctx, j)
	}
	return post.ErrNoLetterID
}

func recovered(do func() error) (err error) {
	defer parallel.Recover(&err)
	return do()
}

// sendAll tries a batch: it counts an attempt in each letter before anything leaves (Begin), asks Digital Post where an
// earlier attempt may have arrived, posts, and stores each answer. Letters that have to wait are deferred and count no
// attempt.
func (h *Handler) sendAll(ctx context.Context, ids []post.LetterID) error {
	restored, err := h.restored(ctx)
	if err != nil || restored.Held {
		return err
	}
	guard, err := h.guard(ctx)
	if err != nil {
		return err
	}
	guard.restored = restored
	ask := map[post.LetterID]question{}
	lost := map[post.LetterID][]string{}
	lease := h.Now().Add(3 * h.Timings.Call) // the register within half of Call, asking and posting each within Call
	begun, err := h.Letters.ChangeAny(ctx, ids, func(l *post.Letter) error {
		if until, person, err := guard.waitUntil(ctx, l.Org, l.ID.Shipment()); err != nil || !until.IsZero() {
			return errors.Join(err, l.Defer(h.clock(), until, person))
		}
		before, err := h.before(ctx, restored, l)
		if err != nil {
			return err
		}
		m := l.Current()
		if known := restored.Before.Add(h.Timings.Events); before && !l.WentInContainer() && h.Now().Before(known) {
			return l.Defer(h.clock(), known, true) // it may have been posted after the backup, also in a container
		}
		if !l.WentInContainer() {
			l.Container = "" // it goes by itself
		}
		switch {
		case l.WentInContainer():
			ask[l.ID] = askContainer
			guard.asked[l.Org+" "+l.Container] = append(guard.asked[l.Org+" "+l.Container], m.UUID)
		case m != nil && m.Unanswered():
			ask[l.ID] = askAndCount
		case before, m != nil && m.Attempts > 0:
			// Every attempt was refused, or the state comes from a backup: ask before posting, but count no attempt.
			ask[l.ID] = askOnly
		}
		doubt := m != nil && m.Unanswered()
		if err = l.Begin(keys.UUIDs(h.UUIDKey), h.clock(), lease); err == nil && !doubt && l.State == post.Sending {
			l.Current().Way, err = h.way(ctx, l.Org)
		}
		if before && err == nil {
			lost[l.ID] = l.LostUUIDs(keys.UUIDs(h.UUIDKey))
		}
		return err
	})
	if err != nil {
		return err
	}
	var letters, ended []*post.Letter
	for _, b := range begun {
		switch {
		case b.Err != nil:
			err = errors.Join(err, b.Err)
		case b.Wrote && b.Letter.State == post.Sending && b.Letter.Lease.Equal(lease):
			letters = append(letters, b.Letter)
		case b.Wrote && b.Letter.State.Final():
			ended = append(ended, b.Letter)
		}
	}
	err = errors.Join(err, workflow.QueueAfterEnd(ctx, h.Queues, ended))
	if len(letters) == 0 {
		return errors.Join(err, guard.publish(ctx))
	}
	guard.enrolled = h.askAgain(ctx, slices.DeleteFunc(slices.Clone(letters), func(l *post.Letter) bool {
		return ask[l.ID] != askNothing
	}))
	outcomes := h.attemptAll(ctx, guard, letters, ask, lost)
	return errors.Join(err, h.storeOutcomes(ctx, letters, outcomes), guard.publish(ctx))
}

// way is by which connection an attempt leaves that is the first of its message, or follows refusals alone.
func (h *Handler) way(ctx context.Context, org string) (string, error) {
	if h.Ways == nil {
		return "", nil
	}
	return h.Ways.Way(ctx, org)
}

// attemptAll attempts all letters of a batch at the same time. A file that several letters share is read once.
func (h *Handler) attemptAll(
	ctx context.Context,
	guard *batchGuard,
	letters []*post.Letter,
	ask map[post.LetterID]question,
	lost map[post.LetterID][]string,
) map[post.LetterID]outcome {
	outcomes := make([]outcome, len(letters))
	shared := &files{objects: h.Objects, opened: map[post.Object]*file{}}
	defer shared.close()
	_ = h.Runner.Run(ctx, len(letters), 0, func(i int) error { // what went wrong is an outcome too
		id := letters[i].ID
		outcomes[i] = h.attempt(ctx, guard, shared, letters[i], ask[id], lost[id])
		return nil
	})
	byID := make(map[post.LetterID]outcome, len(letters))
	for i, l := range letters {
		byID[l.ID] = outcomes[i]
	}
	return byID
}

// storeOutcomes writes what became of each attempt to its letter, and queues what follows for letters that have ended.
// It does not stop when ctx is cancelled: an answer that is known must be stored.
func (h *Handler) storeOutcomes(ctx context.Context, letters []*post.Letter, outcomes map[post.LetterID]outcome) error {
	ctx = context.WithoutCancel(ctx)
	changed, err := h.Letters.ChangeRead(ctx, letters, func(l *post.Letter) error {
		return h.decided(ctx, l, outcomes[l.ID])
	})
	if err != nil {
		return err
	}
	var ended []*post.Letter
	for _, c := range changed {
		if c.Wrote && c.Letter.State.Final() {
			ended = append(ended, c.Letter)
		}
	}
	return workflow.QueueAfterEnd(ctx, h.Queues, ended)
}

// decided is what an outcome does to its letter, and from when on its receipt is waited for.
func (h *Handler) decided(ctx context.Context, l *post.Letter, result outcome) error {
	err := result(l)
	if err != nil || l.State != post.HandedOver {
		return err
	}
	s, err := h.shipment(ctx, l)
	if err == nil {
		l.AwaitDelivery(h.clock(), s.Options.DeliveryDay())
	}
	return err
}

// awaitNotification notes before a legal notification is posted that its recipient's being notified is asked about:
// whoever posts it may die with the answer.
func (h *Handler) awaitNotification(ctx context.Context, s *post.Shipment, l *post.Letter) error {
	if !s.Options.Legal || h.Legal == nil {
		return nil
	}
	return h.Legal.PutLegalNotice(ctx, post.LegalNotice{Org: l.Org, Letter: l.ID, UUID: l.Current().UUID,
		Since: l.EventsSince(), Next: h.Now()})
}

// message puts the letter into its MeMo message with the contents of its files.
func (h *Handler) message(ctx context.Context, f *files, l *post.Letter) (*memo.Message, error) {
	m, objects, err := h.bare(ctx, l)
	if err != nil {
		return nil, err
	}
	for i, file := range m.Files() {
		if file.Content.Bytes, err = f.open(ctx, objects[i]); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// bare puts the letter into its MeMo message without the contents of its files, and says where those are.
func (h *Handler) bare(ctx context.Context, l *post.Letter) (*memo.Message, []post.Object, error) {
	s, err := h.shipment(ctx, l)
	if err != nil {
		return nil, nil, err
	}
	if s.Environment != h.Environment {
		return nil, nil, fmt.Errorf("the letter is for %s, not for %s", s.Environment, h.Environment)
	}
	objects := []post.Object{l.Document}
	for _, p := range s.Parts[1:] {
		objects = append(objects, p.Object)
	}
	return message.Make(s, l, l.Current()), objects, nil
}

func (h *Handler) shipment(ctx context.Context, l *post.Letter) (*post.Shipment, error) {
	return workflow.ShipmentOf(ctx, &h.shipments, h.Shipments, l)
}
