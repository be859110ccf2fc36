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
	"log/slog"
	"sync"
	"time"

	"brevdue/internal/envelope"
	"brevdue/internal/memo"
	"brevdue/internal/post"
)

// Handler sends letters.
type Handler struct {
	Shipments   post.Shipments
	Letters     post.Letters
	Objects     post.Objects
	Queues      post.Queues
	Channel     post.Channel
	UUIDKey     []byte
	Environment post.Environment
	Pace        post.Pace
	Now         func() time.Time
	Jitter      func() float64    // between 0 and 1
	Restored    post.Restorations // nil where nothing is ever restored
	Breakers    post.Breakers
	Stops       post.Stops
	Notices     post.Notices
	Audit       post.Auditor

	mu    sync.Mutex
	known map[string]*post.Shipment // what a message needs of a shipment does not change any more
}

// outcome is what an attempt does to its letter.
type outcome func(*post.Letter) error

func (h *Handler) moment() post.Moment { return post.Moment{At: h.Now(), Pace: h.Pace} }

// Handle does errands of the send queue: all of them at the same time, with one transaction before and one after.
func (h *Handler) Handle(ctx context.Context, errands []post.Errand) []error {
	err := h.sendAll(ctx, post.LettersOf(errands))
	errs := make([]error, len(errands))
	for i := range errs {
		errs[i] = err
	}
	return errs
}

func (h *Handler) sendAll(ctx context.Context, ids []post.LetterID) error {
	restored, err := h.restored(ctx)
	if err != nil || restored.Held {
		return err
	}
	g, err := h.gate(ctx)
	if err != nil {
		return err
	}
	ask := map[post.LetterID]question{}
	lease := h.Now().Add(2*h.Pace.Call + h.Pace.Call/2) // asking and posting, each within Call
	begun, err := h.Letters.Change(ctx, ids, func(l *post.Letter) error {
		if until, person, err := g.closed(ctx, l.Org); err != nil || !until.IsZero() {
			return errors.Join(err, l.Hold(h.moment(), until, person))
		}
		m := l.Current()
		switch {
		case m != nil && m.Unanswered():
			ask[l.ID] = askAndCount
		case !restored.Before.IsZero():
			switch s, err := h.shipment(ctx, l.ID.Shipment()); {
			case err != nil:
				return err
			case restored.From(s):
				ask[l.ID] = askOnly
			}
		}
		return l.Begin(h.UUIDKey, h.moment(), lease)
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
	err = errors.Join(err, post.AfterEnd(ctx, h.Queues, ended))
	if len(letters) == 0 {
		return errors.Join(err, g.tell(ctx))
	}
	outcomes := h.attemptAll(ctx, g, letters, ask)
	return errors.Join(err, h.settle(ctx, letters, outcomes), g.tell(ctx))
}

// restored reports whether the table came out of a backup. While nothing may leave, the letters stay queued, and the
// sweep brings their errands again.
func (h *Handler) restored(ctx context.Context) (post.Restored, error) {
	if h.Restored == nil {
		return post.Restored{}, nil
	}
	r, err := h.Restored.Restored(ctx)
	if err == nil && r.Held {
		slog.Warn("held", "reason", "the table was restored from a backup; brevdue resume lets letters leave again")
	}
	return r, err
}

// question is what is asked before a letter is posted.
type question uint8

const (
	askNothing  question = iota
	askAndCount          // an attempt was never answered: after the question one more is counted
	askOnly              // what is known of the letter comes out of a backup
)

func (h *Handler) attemptAll(ctx context.Context, g *gate, letters []*post.Letter, ask map[post.LetterID]question) map[post.LetterID]outcome {
	outcomes := make([]outcome, len(letters))
	_ = post.Together(ctx, len(letters), 0, func(i int) error { // what went wrong is an outcome too
		outcomes[i] = h.attempt(ctx, g, letters[i], ask[letters[i].ID])
		return nil
	})
	byID := make(map[post.LetterID]outcome, len(letters))
	for i, l := range letters {
		byID[l.ID] = outcomes[i]
	}
	return byID
}

// settle stores what became of the attempts, and sends on what came to an end. It does not stop at ctx: what is known
// is written down.
func (h *Handler) settle(ctx context.Context, letters []*post.Letter, outcomes map[post.LetterID]outcome) error {
	ctx = context.WithoutCancel(ctx)
	changed, err := h.Letters.ChangeRead(ctx, letters, func(l *post.Letter) error { return outcomes[l.ID](l) })
	if err != nil {
		return err
	}
	var ended []*post.Letter
	for _, c := range changed {
		if c.Wrote && c.Letter.State.Final() {
			ended = append(ended, c.Letter)
		}
	}
	return post.AfterEnd(ctx, h.Queues, ended)
}

// try is one attempt at one message.
type try struct {
	h       *Handler
	gate    *gate
	letter  *post.Letter
	uuid    string
	since   time.Time // from when its events are asked for
	message *memo.Message
	digest  string
}

// attempt makes the message, asks first if an earlier attempt was not answered, then posts.
func (h *Handler) attempt(ctx context.Context, g *gate, l *post.Letter, ask question) (result outcome) {
	m := l.Current()
	t := &try{h: h, gate: g, letter: l, uuid: m.UUID, since: l.EventsSince()}
	var panicked error
	defer func() {
		if panicked != nil {
			result = t.putOff(panicked)
		}
	}()
	defer post.Recover(&panicked)
	message, done, err := h.message(ctx, l)
	if err != nil {
		return t.putOff(err)
	}
	defer done()
	if s, err := h.shipment(ctx, l.ID.Shipment()); err == nil && s.Created.Add(-24*time.Hour).Before(t.since) {
		t.since = s.Created.Add(-24 * time.Hour) // it may have been split, and sent, before the split that we know of
	}
	t.message, t.digest = message, message.Digest()
	if ask != askNothing {
		if result, over := t.ask(ctx, ask == askAndCount); over {
			return result
		}
	}
	return t.post(ctx)
}

// ask asks whether the letter arrived before. Not over means: it did not, and one more attempt has been counted where
// that is asked for.
func (t *try) ask(ctx context.Context, count bool) (result outcome, over bool) {
	found, err := t.h.Channel.Find(ctx, t.uuid, t.since)
	if err != nil || found { // that it knows nothing of a letter does not say that it takes letters in
		t.gate.heard(err)
	}
	switch {
	case err != nil:
		return t.putOff(err), true
	case found:
		return t.found(), true
	case !count:
		return nil, false
	}
	_, wrote, err := post.ChangeOne(ctx, t.h.Letters, t.letter.ID, func(l *post.Letter) error { return l.Again(t.uuid) })
	if err != nil {
		return t.putOff(err), true
	}
	if !wrote { // the letter has gone on: there is nothing to post any more
		return func(*post.Letter) error { return post.Unchanged }, true
	}
	return nil, false
}

func (t *try) post(ctx context.Context) outcome {
	if t.message.Length() > post.MessageLimit {
		return t.refuse(false, post.Problem{Code: post.MessageRefused, Text: "Brevet er for stort. Digital Post tager højst 99,5 MB."})
	}
	switch stop, err := t.h.Stops.Stopped(ctx, t.letter.Org); { // at the last moment
	case err != nil:
		return t.putOff(err)
	case stop != nil:
		return func(l *post.Letter) error { return l.StepBack(t.h.moment(), t.uuid) }
	}
	answer, err := t.h.Channel.Send(ctx, post.Outgoing{UUID: t.uuid, Length: t.message.Length(), Body: t.message.Body})
	t.gate.heard(err)
	switch {
	case err != nil:
		return t.putOff(err)
	case answer.Accepted:
		return func(l *post.Letter) error {
			return l.HandOver(t.h.moment(), t.uuid, answer.Transmission, t.digest, false)
		}
	case answer.Duplicate:
		return t.duplicate(ctx, *answer.Refused)
	}
	if answer.Refused.Code == post.NotAllowed {
		t.gate.refuses(t.letter.Org)
	}
	return t.refuse(false, *answer.Refused)
}

// duplicate decides what "already received" means. The UUID is ours alone (an HMAC), so if Digital Post has a message
// under it, it is this letter; if it says that it has none, a person decides.
func (t *try) duplicate(ctx context.Context, p post.Problem) outcome {
	found, err := t.h.Channel.Find(ctx, t.uuid, t.since)
	switch {
	case err != nil:
		return t.putOff(err)
	case found:
		return t.found()
	}
	return t.refuse(true, p)
}

func (t *try) found() outcome {
	return func(l *post.Letter) error { return l.HandOver(t.h.moment(), t.uuid, "", t.digest, true) }
}

func (t *try) refuse(duplicate bool, p post.Problem) outcome {
	return func(l *post.Letter) error { return l.Refuse(t.h.moment(), t.uuid, duplicate, p) }
}

func (t *try) putOff(err error) outcome {
	why := "fejl"
	if errors.Is(err, context.DeadlineExceeded) {
		why = "time-out"
	} else if text := err.Error(); len(text) < 40 {
		why = text
	}
	slog.Info("put off", "letter", t.letter.ID, "error", err)
	return func(l *post.Letter) error { return l.PutOff(t.h.moment(), t.uuid, t.h.Jitter(), why) }
}

// message puts the letter into its envelope with the contents of its files.
func (h *Handler) message(ctx context.Context, l *post.Letter) (*memo.Message, func(), error) {
	s, err := h.shipment(ctx, l.ID.Shipment())
	if err != nil {
		return nil, nil, err
	}
	if s.Environment != h.Environment {
		return nil, nil, fmt.Errorf("the letter is for %s, not for %s", s.Environment, h.Environment)
	}
	message := envelope.Make(s, l, l.Current())
	var closers []func()
	done := func() {
		for _, c := range closers {
			c()
		}
	}
	objects := []post.Object{l.Document}
	for _, p := range s.Parts[1:] {
		objects = append(objects, p.Object)
	}
	for i, o := range objects {
		content, closeFile, err := h.Objects.Open(ctx, o)
		if err != nil {
			done()
			return nil, nil, err
		}
		closers = append(closers, closeFile)
		if i == 0 {
			message.Main.Content = content
		} else {
			message.Additional[i-1].Content = content
		}
	}
	return message, done, nil
}

// shipment remembers a few shipments: a batch is mostly of one.
func (h *Handler) shipment(ctx context.Context, id string) (*post.Shipment, error) {
	h.mu.Lock()
	s := h.known[id]
	h.mu.Unlock()
	if s != nil {
		return s, nil
	}
	s, err := h.Shipments.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.known == nil || len(h.known) > 64 {
		h.known = map[string]*post.Shipment{}
	}
	h.known[id] = s
	return s, nil
}
