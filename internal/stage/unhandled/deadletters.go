// Package unhandled turns every dead letter into a failure that a person can see in Ubehandlet, and does what the
// person presses: send again, or dismiss.
//
// Invariant: a dead letter is done only when its row stands in Ubehandlet. Replay keeps the letter's id and the rule
// for its UUID; a double click changes nothing.
//
// dead letters -> [unhandled] -> rows · Replay -> the queue it came from
package unhandled

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"brevdue/internal/post"
)

// Handler shows failures.
type Handler struct {
	Shipments post.Shipments
	Letters   post.Letters
	Failures  post.Failures
	Notices   post.Notices
	Operator  string // organization that sees what belongs to nobody
	Pace      post.Pace
	Now       func() time.Time
}

func (h *Handler) moment() post.Moment { return post.Moment{At: h.Now(), Pace: h.Pace} }

// DeadLetters returns the handler for the dead letters of a queue.
func (h *Handler) DeadLetters(from post.Queue) post.Handler {
	return func(ctx context.Context, errands []post.Errand) []error {
		errs := make([]error, len(errands))
		for i, e := range errands {
			errs[i] = h.show(ctx, from, e)
		}
		return errs
	}
}

func (h *Handler) show(ctx context.Context, from post.Queue, e post.Errand) error {
	var err error
	switch {
	case e.Letter != "" && from == post.ArchiveQueue:
		err = h.showArchiving(ctx, e.Letter)
	case e.Letter != "":
		err = h.showLetter(ctx, e)
	case e.Shipment != "":
		err = h.showShipment(ctx, e.Shipment)
	case e.Object != "":
		err = h.showShipment(ctx, shipmentOf(e.Object))
	}
	if !errors.Is(err, post.ErrNotFound) && !errors.Is(err, post.ErrNoLetterID) {
		return err
	}
	body, err := json.Marshal(e) // about nothing that exists
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	return h.keep(ctx, e.Org, post.DeadMessage{Queue: from, ID: hex.EncodeToString(sum[:8]), Body: string(body)})
}

// Poison shows a message that is no errand, and keeps it as it came.
func (h *Handler) Poison(ctx context.Context, from post.Queue, id, body string) error {
	return h.keep(ctx, "", post.DeadMessage{Queue: from, ID: id, Body: body})
}

func (h *Handler) keep(ctx context.Context, org string, m post.DeadMessage) error {
	if org == "" {
		org = h.Operator
	}
	return h.Failures.Put(ctx, &post.Failure{Org: org, Subject: "Besked i køen " + string(m.Queue), Message: &m, Since: h.Now(),
		Problem: post.Problem{Code: post.Unknown, Detail: m.ID, At: h.Now()}})
}

// shipmentOf returns the shipment in uploads/<org>/<shipment>/<part>.
func shipmentOf(key string) string {
	slashes := 0
	start := 0
	for i, c := range key {
		if c != '/' {
			continue
		}
		if slashes++; slashes == 2 {
			start = i + 1
		} else if slashes == 3 {
			return key[start:i]
		}
	}
	return key
}

// showLetter shows a letter that failed. A dead letter without a code broke down in our hands: the letter fails with
// "unknown", unless it has gone on since.
func (h *Handler) showLetter(ctx context.Context, e post.Errand) error {
	l, _, err := post.ChangeOne(ctx, h.Letters, e.Letter, func(l *post.Letter) error {
		if e.Code == "" && (l.State == post.Queued || l.State == post.Sending) {
			return l.Fail(h.moment(), post.Problem{Code: post.Unknown, Detail: string(l.ID)})
		}
		return post.Unchanged
	})
	if err != nil {
		return err
	}
	problem := l.Problem
	switch {
	case l.Shown:
		return nil
	case e.Code == post.NoReceipt && l.State == post.HandedOver:
		problem = &post.Problem{Code: post.NoReceipt, At: l.Current().Accepted}
	case l.State != post.Failed:
		return nil
	}
	if problem.Code != post.NoReceipt { // what it waited for before is over
		if err := post.CloseRows(ctx, h.Failures, l, h.moment(), problem.Code); err != nil {
			return err
		}
	}
	if err := h.put(ctx, l, *problem); err != nil {
		return err
	}
	now, _, err := post.ChangeOne(ctx, h.Letters, l.ID, func(now *post.Letter) error {
		if now.State != l.State || now.Problem != nil && !now.Problem.At.Equal(problem.At) { // it has failed anew since
			return post.Unchanged
		}
		return now.Show()
	})
	if err == nil && now.State == post.Completed { // it completed while its row was written
		return post.CloseRows(ctx, h.Failures, now, h.moment())
	}
	return err
}

func (h *Handler) showArchiving(ctx context.Context, id post.LetterID) error {
	l, err := h.Letters.Get(ctx, id)
	if err != nil || l.Archiving.State == post.Archived {
		return err
	}
	l, _, err = post.ChangeOne(ctx, h.Letters, id, func(l *post.Letter) error {
		if l.Archiving.State == "" { // it broke down in our hands
			l.Archiving.State, l.Archiving.Tries, l.Archiving.At = post.ArchiveFailed, post.ArchiveTries, h.Now()
			return nil
		}
		return post.Unchanged
	})
	if err != nil {
		return err
	}
	if err := h.put(ctx, l, post.Problem{Code: post.ArchiveFailedCode, At: l.Archiving.At}); err != nil {
		return err
	}
	_, _, err = post.ChangeOne(ctx, h.Letters, id, func(l *post.Letter) error { return l.ShowArchiving() })
	return err
}

func (h *Handler) put(ctx context.Context, l *post.Letter, p post.Problem) error {
	s, err := h.Shipments.Get(ctx, l.ID.Shipment())
	if err != nil {
		return err
	}
	recipient := ""
	if !l.Recipient.IsZero() {
		recipient = l.Recipient.String()
	}
	if err := h.Notices.Note(ctx, post.Notice{Org: l.Org, Kind: post.ShipmentErrors, About: s.ID, At: h.Now()}); err != nil {
		return err
	}
	return h.Failures.Put(ctx, &post.Failure{
		Org: l.Org, Shipment: s.ID, Letter: l.ID, Subject: s.Subject, Pages: [2]int{l.First, l.Last},
		Recipient: recipient, Problem: p, Since: p.At,
	})
}

// showShipment shows a shipment that the split stopped, or that broke down in it.
func (h *Handler) showShipment(ctx context.Context, id string) error {
	s, err := h.Shipments.Change(ctx, id, func(s *post.Shipment) error {
		if s.State != post.Uploading && s.State != post.Splitting {
			return post.Unchanged
		}
		s.State, s.Problem, s.Due = post.Stopped, &post.Problem{Code: post.Unknown, Detail: s.ID, At: h.Now()}, h.moment().Look()
		return nil
	})
	if err != nil || s.State != post.Stopped || s.Settled {
		return err
	}
	if _, err := post.CancelLetters(ctx, h.Letters, s, h.moment(), ""); err != nil { // what a split had written of it
		return err
	}
	if err := h.Notices.Note(ctx, post.Notice{Org: s.Org, Kind: post.ShipmentErrors, About: s.ID, At: h.Now()}); err != nil {
		return err
	}
	err = h.Failures.Put(ctx, &post.Failure{
		Org: s.Org, Shipment: s.ID, Subject: s.Subject, Pages: [2]int{1, s.Pages}, Problem: *s.Problem, Since: s.Problem.At,
	})
	if err != nil {
		return err
	}
	_, err = h.Shipments.Change(ctx, id, func(s *post.Shipment) error {
		if s.State != post.Stopped || s.Settled {
			return post.Unchanged
		}
		s.Settled = true
		return nil
	})
	return err
}
