// Package archive puts letters into their case: the letter with its attachments, the message as sent with each file's
// content replaced by its SHA-256, metadata, and the receipt.
//
// A letter is filed beside its sending, from the write on that has queued it when its undo window was over. When it has
// come to an end a record of that joins it, with the receipt, or with the reason why there is none.
//
// Invariant: a letter shows as archived only when its documents and its record are durable. Archiving never holds up
// sending.
//
// letters that are sent, letters that came to an end -> [archive] -> case
package archive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// Handler archives letters.
type Handler struct {
	Shipments post.Shipments
	Letters   post.AllLetters
	Objects   post.Objects
	Cases     post.Cases
	Titles    post.Titles
	Names     post.LetterNames
	Transfers post.Transfers
	Archives  post.OpenArchive
	Queues    post.Queues
	CaseKey   []byte
	UUIDKey   []byte
	Timings   post.Timings
	Keep      time.Duration // of a letter, from its split to its disposal; zero where nothing is locked
	Runner    parallel.Runner
	Now       func() time.Time
	Jitter    func() float64
	NewID     func() string // of who holds a lease

	shipments workflow.Memory[*post.Shipment]
	attached  workflow.Memory[[]post.FiledDocument]
	titled    workflow.Memory[struct{}]
}

func (h *Handler) clock() post.Clock { return post.Clock{At: h.Now(), Timings: h.Timings} }

// Handle does jobs of the archive queue.
func (h *Handler) Handle(ctx context.Context, jobs []post.Job) []error {
	errs := make([]error, len(jobs))
	own := slices.DeleteFunc(slices.Clone(jobs), func(j post.Job) bool { return j.Archive != "" })
	if len(own) > 0 {
		err := h.archiveAll(ctx, own)
		for i := range errs {
			if jobs[i].Archive == "" {
				errs[i] = err
			}
		}
	}
	if len(own) < len(jobs) {
		h.transferAll(ctx, jobs, errs)
	}
	return errs
}

// filing is one letter on its way into its case.
type filing struct {
	letter   *post.Letter
	shipment *post.Shipment
	ended    bool           // a record of its end is due
	to       post.Archiving // of a letter that has ended
	filed    *post.Filing
	isNew    bool // nothing of it lies in the case yet
	err      error
}

// archiveAll files the letters of a batch. A letter counts as archived after everything of it is durable.
func (h *Handler) archiveAll(ctx context.Context, jobs []post.Job) error {
	filings, err := h.open(ctx, jobs)
	if err != nil {
		return err
	}
	if filings, err = h.leave(ctx, filings); err != nil || len(filings) == 0 {
		return err
	}
	if filings, err = h.due(ctx, filings); err != nil || len(filings) == 0 {
		return err
	}
	h.fileAll(ctx, filings)
	h.note(ctx, filings)
	if err := h.store(ctx, filings); err != nil {
		return err
	}
	return h.queueTransfers(ctx, filings)
}

// open returns the letters of the jobs whose sending has begun, or that have ended and wait for archiving.
func (h *Handler) open(ctx context.Context, jobs []post.Job) ([]*filing, error) {
	ids := post.LettersOf(jobs)
	letters, err := h.Letters.ReadAny(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var filings []*filing
	for i, l := range letters {
		if l == nil {
			return nil, fmt.Errorf("letter %s: %w", ids[i], post.ErrNotFound)
		}
		ended := l.Archivable() && l.Archiving.State == ""
		if !ended && (l.State.Final() || !l.Begun()) && l.Archiving.State != post.Unfiled {
			continue
		}
		s, err := workflow.ShipmentOf(ctx, &h.shipments, h.Shipments, l)
		if err != nil {
			return nil, err
		}
		filings = append(filings, &filing{letter: l, shipment: s, ended: ended})
	}
	return filings, nil
}

// leave leaves out letters that failed before their sending had begun: no archive holds them (reliability.md, 4).
// They are known under whom they were for, who may ask what is known of them.
func (h *Handler) leave(ctx context.Context, filings []*filing) (begun []*filing, err error) {
	var unfiled []*post.Letter
	for _, f := range filings {
		if f.letter.Begun() {
			begun = append(begun, f)
			continue
		}
		unfiled = append(unfiled, f.letter)
		known := post.Filing{Org: f.letter.Org, Person: h.person(f.letter), Letter: f.letter.ID, At: h.Now()}
		if known.Person != "" {
			err = errors.Join(err, h.Cases.File(ctx, known))
		}
	}
	if len(unfiled) > 0 && err == nil {
		_, err = h.Letters.ChangeRead(ctx, unfiled, (*post.Letter).LeaveUnfiled)
	}
	return begun, err
}

// person is whom a letter is for; "" for nobody.
func (h *Handler) person(l *post.Letter) string { return personOf(h.CaseKey, l) }

func personOf(key []byte, l *post.Letter) string {
	if l.Recipient.IsZero() {
		return ""
	}
	return keys.Person(key, l.Org, l.Recipient.Key())
}

// due leaves out letters that lie in their cases, and have not ended.
func (h *Handler) due(ctx context.Context, filings []*filing) ([]*filing, error) {
	places := make([]post.Filing, len(filings))
	for i, f := range filings {
		l := f.letter
		f.to = post.Archiving{Case: caseOf(h.CaseKey, f.shipment, l), Edition: l.Archiving.Edition}
		places[i] = post.Filing{Org: l.Org, Case: f.to.Case, Person: h.person(l), Letter: l.ID, At: h.Now()}
		if !f.shipment.Concerns.IsZero() {
			places[i].Concerns = keys.Person(h.CaseKey, l.Org, f.shipment.Concerns.Key())
		}
	}
	filed, err := h.look(ctx, filings, places)
	if err != nil {
		return nil, err
	}
	var due []*filing
	for i, f := range filings {
		if f.filed = filed[i]; !h.lies(f, places[i].Person) {
			if f.isNew = true; f.filed != nil && !f.filed.At.IsZero() {
				places[i].At = f.filed.At
			}
			f.filed = &places[i]
			if err := errors.Join(h.name(ctx, f), h.title(ctx, f)); err != nil {
				return nil, err
			}
		} else if f.ended && f.letter.Subject != "" { // it was corrected since, and has ended already
			if err := h.title(ctx, f); err != nil {
				return nil, err
			}
		}
		if f.isNew || f.ended {
			due = append(due, f)
		}
	}
	return due, nil
}

// look returns what lies of letters in their cases. One that was queued just now, and never failed, is filed without
// a look: a read for each letter, to spare those that come twice the same work.
func (h *Handler) look(ctx context.Context, filings []*filing, places []post.Filing) ([]*post.Filing, error) {
	filed := make([]*post.Filing, len(filings))
	var asked []int
	var known []post.Filing
	for i, f := range filings {
		if f.ended || f.to.Edition > 0 || h.Now().Sub(f.letter.QueuedAt()) >= h.Timings.CheckAfter {
			asked, known = append(asked, i), append(known, places[i])
		}
	}
	if len(known) == 0 {
		return filed, nil
	}
	found, err := h.Cases.Filed(ctx, known...) // a batch is smaller than what a table gives together
	for n, i := range asked {
		if err == nil {
			filed[i] = found[n]
		}
	}
	return filed, err
}

// lies reports whether a letter lies in its case as it is now: for whom it is, and with the message that leaves.
func (h *Handler) lies(f *filing, person string) bool {
	return f.filed != nil && len(f.filed.Documents) > 0 && f.filed.Person == person &&
		(f.ended || f.filed.UUID == f.letter.NextMessage(keys.UUIDs(h.UUIDKey)).UUID)
}

// note puts what lies in the cases into the table, once it is durable, and before that that archives outside are to
// have it.
func (h *Handler) note(ctx context.Context, filings []*filing) {
	made := slices.DeleteFunc(slices.Clone(filings), func(f *filing) bool { return !f.isNew || f.err != nil })
	_ = h.Runner.Run(ctx, len(made), 0, func(i int) (own error) { // each filing has its own error
		defer func() { made[i].err = own }()
		defer parallel.Recover(&own)
		if err := h.wake(ctx, made[i]); err != nil {
			return err
		}
		return h.Cases.File(ctx, *made[i].filed)
	})
	for _, f := range filings {
		if !f.isNew && f.ended && f.err == nil {
			f.err = h.wake(ctx, f)
		}
	}
}

// store writes to each letter that has ended what became of its filing. A fault of the machine we run on counts no
// try. What could not be filed while it is sent is filed when the sweep comes by, or at its end.
func (h *Handler) store(ctx context.Context, filings []*filing) error {
	byID := map[post.LetterID]*filing{}
	var ended []*post.Letter
	for _, f := range filings {
		if f.err != nil {
			slog.Warn("archive", "letter", f.letter.ID, "error", f.err)
		}
		if f.ended {
			ended, byID[f.letter.ID] = append(ended, f.letter), f
		}
	}
	if len(ended) == 0 {
		return nil
	}
	_, err := h.Letters.ChangeRead(ctx, ended, func(l *post.Letter) error {
		f := byID[l.ID]
		switch {
		case post.OwnFault(f.err) != "":
			return l.WaitToArchive(h.clock(), h.Jitter())
		case f.err != nil:
			return l.RescheduleArchiving(h.clock(), h.Jitter())
		}
		return l.Archive(h.clock(), f.to, len(f.letter.Receipts))
	})
	return err
}

// caseOf returns the case of a letter: the one that was given, else one per person whom letters are about, found by a
// keyed hash of the number; a letter without a recipient lies in a case of its shipment.
func caseOf(key []byte, s *post.Shipment, l *post.Letter) string {
	switch {
	case s.Case != "":
		return s.Case
	case l.Recipient.IsZero():
		return keys.NobodyPrefix + s.ID
	case s.CaseType != "":
		return keys.Person(key, l.Org, concerned(s, l).Key()+" "+s.CaseType)
	}
	return keys.Person(key, l.Org, concerned(s, l).Key())
}

// concerned is whom a letter is about: its recipient, or whom the recipient is written to about (practice.md E2).
func concerned(s *post.Shipment, l *post.Letter) ident.Number {
	if !s.Concerns.IsZero() {
		return s.Concerns
	}
	return l.Recipient
}

// disposal is the day from which a letter may be disposed of.
func (h *Handler) disposal(l *post.Letter) time.Time {
	if h.Keep == 0 || len(l.History) == 0 {
		return time.Time{}
	}
	return l.History[0].At.Add(h.Keep)
}
