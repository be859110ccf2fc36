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
	"brevdue/internal/workflow"
)

// Handler shows failures.
type Handler struct {
	Shipments post.AllShipments
	Letters   post.AllLetters
	Lists     post.LetterLists
	Failures  post.Failures
	Bulks     post.Bulks
	Notices   post.Notices

	Containers post.Containers
	Transfers  post.Transfers
	Operator   string            // organization that sees what belongs to nobody
	Restored   post.Restorations // nil where nothing is ever restored
	Timings    post.Timings
	Now        func() time.Time
}

func (h *Handler) clock() post.Clock { return post.Clock{At: h.Now(), Timings: h.Timings} }

// DeadLetters returns the handler for the dead letters of a queue.
func (h *Handler) DeadLetters(from post.Queue) workflow.Handler {
	return func(ctx context.Context, jobs []post.Job) []error {
		errs := make([]error, len(jobs))
		for i, j := range jobs {
			errs[i] = h.show(ctx, from, j)
		}
		return errs
	}
}

// overtakenAtMost is how often a row is made anew because its letter has moved on; then the dead letter comes again.
const overtakenAtMost = 5

// show makes the row of a dead letter. A job about something that does not exist gets a row that keeps the job's bytes,
// so that nothing leaves the queue without a trace.
func (h *Handler) show(ctx context.Context, from post.Queue, j post.Job) error {
	var err error
	switch {
	case j.Letter != "":
		for n := 0; n == 0 || errors.Is(err, post.ErrOvertaken) && n < overtakenAtMost; n++ {
			err = h.showAny(ctx, from, j)
		}
	case j.Shipment != "":
		err = h.showShipment(ctx, j.Shipment)
	case j.Object != "":
		err = h.showShipment(ctx, shipmentOf(j.Object))
	case j.Bulk != "":
		err = h.endBulk(ctx, j)
	case j.Check != "", j.LookUp != "": // whoever asked sees that it does not end
	case j.Container != "":
		err = h.giveUp(ctx, j)
	}
	if errors.Is(err, post.ErrUnreadable) { // that it is has a row of its own
		return nil
	}
	if !errors.Is(err, post.ErrNotFound) && !errors.Is(err, post.ErrNoLetterID) {
		return err
	}
	body, err := json.Marshal(j) // about nothing that exists
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	return h.putMessage(ctx, j.Org, post.DeadMessage{Queue: from, ID: hex.EncodeToString(sum[:8]), Body: string(body)})
}

// endBulk ends a bulk that broke down in our code. The rows that it has not done stand in Ubehandlet.
func (h *Handler) endBulk(ctx context.Context, j post.Job) error {
	_, err := h.Bulks.Change(ctx, j.Org, j.Bulk, func(b *post.Bulk) error {
		if b.Over() {
			return post.ErrUnchanged
		}
		b.End(h.Now(), &post.Problem{Code: post.Unknown, Detail: b.ID, At: h.Now()})
		return nil
	})
	return err
}

// giveUp gives a container up that breaks down in our code, so that its letters go on one by one. One that was posted
// has its answer, or its letters are asked about.
func (h *Handler) giveUp(ctx context.Context, j post.Job) error {
	c, err := h.Containers.Container(ctx, j.Org, j.Container)
	if err == nil {
		err = workflow.GiveUp(ctx, h.Containers, c, h.Now())
	}
	if errors.Is(err, post.ErrUnchanged) { // its lease runs, or it has ended: the sweep brings its letters again
		return nil
	}
	return err
}

// showAny makes the row of a letter: of its archiving, of a doubt, or of its sending.
func (h *Handler) showAny(ctx context.Context, from post.Queue, j post.Job) error {
	if j.Org == "" { // of a version before
		l, err := h.Letters.GetAny(ctx, j.Letter)
		if err != nil {
			return err
		}
		j.Org = l.Org
	}
	switch {
	case j.Archive != "":
		return h.showTransfer(ctx, j)
	case from == post.ArchiveQueue:
		return h.showArchiving(ctx, j)
	case j.Code == post.ChangedAnswer:
		return h.showDoubt(ctx, j)
	}
	return h.showLetter(ctx, j)
}

// Poison shows a message that is no job, and keeps it as it came.
func (h *Handler) Poison(ctx context.Context, from post.Queue, id, body string) error {
	return h.putMessage(ctx, "", post.DeadMessage{Queue: from, ID: id, Body: body})
}

func (h *Handler) putMessage(ctx context.Context, org string, m post.DeadMessage) error {
	if org == "" {
		org = h.Operator
	}
	return h.Failures.Put(
		ctx,
		&post.Failure{
			Org:     org,
			Message: &m,
			Since:   h.Now(),
			Shown:   h.Now(),
			Problem: post.Problem{Code: post.Unknown, Detail: m.ID, At: h.Now()},
		},
		nil,
	)
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

// showLetter shows a letter that failed. A dead letter without a code broke down in our code: the letter fails with
// "unknown", unless it has gone on since.
func (h *Handler) showLetter(ctx context.Context, e post.Job) error {
	l, _, err := workflow.ChangeOne(ctx, h.Letters, e.Org, e.Letter, func(l *post.Letter) error {
		if e.Code == "" && (l.State == post.Queued || l.State == post.Sending) && !l.WentInContainer() {
			return l.Fail(h.clock(), post.Problem{Code: post.Unknown, Detail: string(l.ID)})
		}
		return post.ErrUnchanged
	})
	if err != nil {
		return err
	}
	problem := l.Problem
	switch {
	case l.Reported:
		return nil
	case e.Code == post.NoReceipt && l.State == post.HandedOver:
		problem = &post.Problem{Code: post.NoReceipt, At: l.Current().Accepted}
	case l.State == post.Completed && l.HadTrouble(): // whoever put its row may have died before closing it again
		err := workflow.CloseRows(ctx, h.Letters, h.Failures, l.ID, l.Org, h.clock())
		if err == nil {
			_, _, err = workflow.ChangeOne(ctx, h.Letters, l.Org, l.ID, (*post.Letter).CloseTrouble)
		}
		return err
	case l.State != post.Failed:
		return nil
	}
	if problem.Code != post.NoReceipt { // what it waited for before is over
		if err := workflow.CloseRows(ctx, h.Letters, h.Failures, l.ID, l.Org, h.clock(), problem.Code); err != nil {
			return err
		}
	}
	if err := h.put(ctx, l, *problem); err != nil {
		return err
	}
	now, _, err := workflow.ChangeOne(ctx, h.Letters, l.Org, l.ID, func(now *post.Letter) error {
		if now.State != l.State || now.Problem != nil && !now.Problem.At.Equal(problem.At) { // it has failed anew since
			return post.ErrUnchanged
		}
		return now.Report()
	})
	if err == nil && now.State == post.Completed { // it completed while its row was written
		return workflow.CloseRows(ctx, h.Letters, h.Failures, now.ID, now.Org, h.clock())
	}
	return err
}

// showArchiving shows a letter that could not be archived. The letter itself has ended already, and keeps its state.
func (h *Handler) showArchiving(ctx context.Context, j post.Job) error {
	l, err := h.Letters.Get(ctx, j.Org, j.Letter)
	if err != nil || !l.Archivable() || l.Archiving.State == post.Archived || l.Archiving.State == post.Unfiled ||
		l.Archiving.Reported { // what could not be filed while it is sent is filed at its end
		return err
	}
	l, _, err = workflow.ChangeOne(ctx, h.Letters, j.Org, j.Letter, func(l *post.Letter) error {
		if l.Archiving.State == "" { // it broke down in our code
			l.Archiving.State, l.Archiving.Tries, l.Archiving.At = post.ArchiveFailed, post.ArchiveTries, h.Now()
			return nil
		}
		return post.ErrUnchanged
	})
	if err != nil {
		return err
	}
	if err := h.put(ctx, l, post.Problem{Code: post.ArchiveFailedCode, At: l.Archiving.At}); err != nil {
		return err
	}
	_, _, err = workflow.ChangeOne(ctx, h.Letters, j.Org, j.Letter, (*post.Letter).ReportArchiving)
	return err
}

// showDoubt shows that Digital Post has said something against what it said before.
func (h *Handler) showDoubt(ctx context.Context, j post.Job) error {
	l, err := h.Letters.Get(ctx, j.Org, j.Letter)
	if err != nil || !l.Doubted() {
		return err
	}
	if err := h.put(ctx, l, l.Doubt.Problem); err != nil {
		return err
	}
	_, _, err = workflow.ChangeOne(
		ctx,
		h.Letters,
		j.Org,
		j.Letter,
		func(now *post.Letter) error { return now.ShowDoubt(l.Doubt.At) },
	)
	return err
}

// put writes a letter's row. The notice is noted first, so that a crash between the two loses neither: the dead letter
// comes again. The row is held to the letter as it was read.
func (h *Handler) put(ctx context.Context, l *post.Letter, p post.Problem) error {
	return h.putRow(ctx, l, p, "")
}

// putRow is put for a row about an archive outside, where one is named.
func (h *Handler) putRow(ctx context.Context, l *post.Letter, p post.Problem, archive string) error {
	s, err := h.Shipments.Get(ctx, l.Org, l.ID.Shipment())
	if err != nil {
		return err
	}
	recipient := ""
	if !l.Recipient.IsZero() {
		recipient = l.Recipient.String()
	}
	if err := h.Notices.Note(ctx, post.Notice{
		Org:   l.Org,
		Kind:  post.ShipmentErrors,
		About: s.ID,
		At:    h.Now(),
	}); err != nil {
		return err
	}
	return h.Failures.Put(ctx, &post.Failure{
		Org:       l.Org,
		Area:      s.Area,
		Shipment:  s.ID,
		Letter:    l.ID,
		Number:    l.Number,
		Subject:   s.Subject,
		Pages:     [2]int{l.First, l.Last},
		Archive:   archive,
		Recipient: recipient,
		Problem:   p,
		Since:     p.At,
		Shown:     h.Now(),
	}, l)
}

// showShipment shows a shipment that the split stopped, or that broke down in it.
func (h *Handler) showShipment(ctx context.Context, id string) error {
	s, err := h.Shipments.GetAny(ctx, id)
	if err != nil {
		return err
	}
	asked, err := workflow.MayHaveLeft(ctx, h.Restored, s)
	if err != nil {
		return err
	}
	if asked && s.State == post.InSending {
		return nil // none of its letters is called cancelled unasked: the sweep goes on with it
	}
	s, err = h.Shipments.Change(ctx, s.Org, id, func(s *post.Shipment) error { return s.BreakDown(h.clock()) })
	if err != nil || s.State != post.SplitRefused || s.FannedOut {
		return err
	}
	err = workflow.CancelLetters(ctx, h.Letters, h.Lists, s, h.clock()) // what was written of it
	if err != nil {
		return err
	}
	if err := h.Notices.Note(ctx, post.Notice{
		Org:   s.Org,
		Kind:  post.ShipmentErrors,
		About: s.ID,
		At:    h.Now(),
	}); err != nil {
		return err
	}
	pages := [2]int{}
	if s.Pages > 0 { // else nobody could count them
		pages = [2]int{1, s.Pages}
	}
	err = h.Failures.Put(ctx, &post.Failure{
		Org:      s.Org,
		Area:     s.Area,
		Shipment: s.ID,
		Subject:  s.Subject,
		Pages:    pages,
		Problem:  *s.Problem,
		Since:    s.Problem.At,
		Shown:    h.Now(),
	}, nil)
	if err != nil {
		return err
	}
	_, err = h.Shipments.Change(ctx, s.Org, id, func(s *post.Shipment) error {
		if s.State != post.SplitRefused || s.FannedOut {
			return post.ErrUnchanged
		}
		s.FannedOut = true
		return nil
	})
	return err
}
