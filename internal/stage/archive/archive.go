// Package archive puts letters into their case: the document, the receipt, metadata, and the message as sent with
// each file's content replaced by its SHA-256.
//
// Invariant: a letter shows as archived only when its document and its record are durable. Archiving never holds up
// sending.
//
// letters that came to an end -> [archive] -> case
package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/message"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// Handler archives letters.
type Handler struct {
	Shipments post.Shipments
	Letters   post.AllLetters
	Objects   post.Objects
	Cases     post.Cases
	CaseKey   []byte
	Timings   post.Timings
	Keep      time.Duration // of a letter, from its split to its disposal; zero where nothing is locked
	Runner    parallel.Runner
	Now       func() time.Time
	Jitter    func() float64
}

func (h *Handler) clock() post.Clock { return post.Clock{At: h.Now(), Timings: h.Timings} }

// Handle does jobs of the archive queue.
func (h *Handler) Handle(ctx context.Context, jobs []post.Job) []error {
	err := h.archiveAll(ctx, jobs)
	errs := make([]error, len(jobs))
	for i := range errs {
		errs[i] = err
	}
	return errs
}

// filing is one letter on its way into its case.
type filing struct {
	letter *post.Letter
	to     post.Archiving
	err    error
}

// archiveAll files the letters of a batch. Cases are there before anything lies in them, and a letter counts as
// archived after its files are durable.
func (h *Handler) archiveAll(ctx context.Context, jobs []post.Job) error {
	filings, err := h.open(ctx, jobs)
	if err != nil || len(filings) == 0 {
		return err
	}
	shipments := map[string]*post.Shipment{}
	cases := make([]post.Case, 0, len(filings))
	for _, f := range filings {
		id := f.letter.ID.Shipment()
		if shipments[id] == nil {
			if shipments[id], err = h.Shipments.Get(ctx, f.letter.Org, id); err != nil {
				return err
			}
		}
		f.to = post.Archiving{Case: h.caseOf(shipments[id], f.letter), Edition: f.letter.Archiving.Edition}
		c := post.Case{Org: f.letter.Org, ID: f.to.Case, Letter: f.letter.ID, Opened: h.Now()}
		if !f.letter.Recipient.IsZero() {
			c.Person = keys.Person(h.CaseKey, f.letter.Org, f.letter.Recipient.Key())
		}
		cases = append(cases, c)
	}
	if err := h.Cases.Ensure(ctx, cases...); err != nil {
		return err
	}
	h.fileAll(ctx, shipments, filings)
	return h.store(ctx, filings)
}

// open returns the letters of the jobs that wait for archiving.
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
		if l.State.Final() && l.State != post.Cancelled && l.Archiving.State == "" {
			filings = append(filings, &filing{letter: l})
		}
	}
	return filings, nil
}

// store writes to each letter what became of its filing. A fault of the machine we run on counts no try.
func (h *Handler) store(ctx context.Context, filings []*filing) error {
	byID := map[post.LetterID]*filing{}
	letters := make([]*post.Letter, len(filings))
	for i, f := range filings {
		letters[i], byID[f.letter.ID] = f.letter, f
		if f.err != nil {
			slog.Warn("archive", "letter", f.letter.ID, "error", f.err)
		}
	}
	_, err := h.Letters.ChangeRead(ctx, letters, func(l *post.Letter) error {
		f := byID[l.ID]
		switch {
		case post.OwnFault(f.err) != "":
			return l.WaitToArchive(h.clock(), h.Jitter())
		case f.err != nil:
			return l.RescheduleArchiving(h.clock(), h.Jitter())
		}
		return l.Archive(h.clock(), f.to)
	})
	return err
}

// caseOf returns the case of a letter: the one that was given, else one per recipient, found by a keyed hash of the
// number; a letter without a recipient lies in a case of its shipment.
func (h *Handler) caseOf(s *post.Shipment, l *post.Letter) string {
	switch {
	case s.Case != "":
		return s.Case
	case l.Recipient.IsZero():
		return "uden-modtager-" + s.ID
	}
	return keys.Person(h.CaseKey, l.Org, l.Recipient.Key())
}

// Record is what lies beside a letter's document in its case.
type Record struct {
	Letter      post.LetterID    `json:"letter"`
	Shipment    string           `json:"shipment"`
	Environment post.Environment `json:"environment"`
	Subject     string           `json:"subject"`
	Sender      string           `json:"sender"`
	Recipient   recipient        `json:"recipient,omitzero"`
	Pages       [2]int           `json:"pages"`
	State       post.LetterState `json:"state"`
	Problem     *post.Problem    `json:"problem,omitempty"`
	Document    post.Object      `json:"document"`
	Receipts    []receipt        `json:"receipts,omitempty"`
	NoReceipt   string           `json:"noReceipt,omitempty"` // why there is none
	Message     string           `json:"message,omitempty"`   // as sent, each file's content replaced by its SHA-256
	History     []post.Event     `json:"history"`
}

type recipient struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type receipt struct {
	Received time.Time `json:"received"`
	SHA256   string    `json:"sha256"` // of raw, which is base64: the bytes as they came
	Raw      []byte    `json:"raw"`
}

// fileAll puts documents and records into their cases: the records together, the documents at the same time.
func (h *Handler) fileAll(ctx context.Context, shipments map[string]*post.Shipment, filings []*filing) {
	var records []post.File
	var recorded []*filing
	for _, f := range filings {
		record, err := h.record(shipments[f.letter.ID.Shipment()], f.letter)
		if f.err = err; err != nil {
			continue
		}
		l, folder := f.letter, path.Join("archive", f.letter.Org, f.to.Case)
		records = append(
			records,
			post.File{
				Org:      l.Org,
				Key:      path.Join(folder, fmt.Sprintf("%s-%d.json", l.ID, f.to.Edition)),
				Content:  record,
				Disposal: h.disposal(l),
			},
		)
		recorded = append(recorded, f)
	}
	var objects []post.Object
	var err error
	_ = h.Runner.Run(ctx, len(recorded)+1, 0, func(i int) (own error) { // each filing has its own error
		if i == len(recorded) {
			objects, err = h.Objects.Put(ctx, records...)
			return nil
		}
		f := recorded[i]
		defer func() { f.err = own }()
		defer parallel.Recover(&own)
		_, own = h.Objects.Copy(
			ctx,
			f.letter.Document,
			path.Join("archive", f.letter.Org, f.to.Case, string(f.letter.ID)+".pdf"),
			h.disposal(f.letter),
		)
		return own
	})
	for i, f := range recorded {
		if f.err = errors.Join(f.err, err); f.err == nil {
			f.to.Record = objects[i]
		}
	}
}

// disposal is the day from which a letter may be disposed of.
func (h *Handler) disposal(l *post.Letter) time.Time {
	if h.Keep == 0 || len(l.History) == 0 {
		return time.Time{}
	}
	return l.History[0].At.Add(h.Keep)
}

// record returns the JSON that is filed beside a letter. Its texts are written out, for it is read without Brevdue.
func (h *Handler) record(s *post.Shipment, l *post.Letter) ([]byte, error) {
	r := Record{
		Letter:      l.ID,
		Shipment:    s.ID,
		Environment: s.Environment,
		Subject:     s.Subject,
		Sender:      s.Sender.Number.Reveal(),
		Pages: [2]int{
			l.First,
			l.Last,
		},
		State:    l.State,
		Problem:  texts.Spoken(l.Problem),
		Document: l.Document,
		History:  texts.History(l.History),
	}
	if !l.Recipient.IsZero() {
		r.Recipient = recipient{string(l.Recipient.Kind()), l.Recipient.Reveal()}
	}
	for _, k := range l.Receipts {
		if !k.Verify() {
			return nil, fmt.Errorf("letter %s: a receipt does not match its hash", l.ID)
		}
		r.Receipts = append(r.Receipts, receipt{k.Received, k.SHA256, k.Raw})
	}
	if len(r.Receipts) == 0 {
		r.NoReceipt = texts.Say("not-sent")
		if l.Problem != nil {
			r.NoReceipt = texts.Problem(l.Problem)
		}
	}
	if m := l.Current(); m != nil {
		message := message.Make(s, l, m)
		if m.Digest != "" && message.Digest() != m.Digest {
			return nil, fmt.Errorf("letter %s: the message cannot be made again as it was sent", l.ID)
		}
		r.Message = string(message.Skeleton())
	}
	return json.Marshal(r)
}
