package store

import (
	"cmp"
	"fmt"
	"unicode/utf8"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// letterBody is a letter in the table. Its names are short: an item of up to 1 KB costs one write unit.
type letterBody struct {
	ID        post.LetterID     `json:"i"`
	Org       string            `json:"o"`
	Number    int               `json:"n,omitempty"`
	Round     int               `json:"v,omitempty"`
	First     int               `json:"f"`
	Last      int               `json:"l"`
	Recipient numberBody        `json:"r"`
	Reviewed  post.Enrollment   `json:"j,omitempty"`
	Unit      string            `json:"e,omitempty"`
	Subject   string            `json:"b,omitempty"`
	Corrected []correctedBody   `json:"x,omitempty"`
	Secret    []byte            `json:"kk,omitempty"`
	Document  post.Object       `json:"d"`
	Unfit     sentence.Sentence `json:"z,omitempty"`
	Left      []string          `json:"y,omitempty"`
	State     post.LetterState  `json:"s"`
	Problem   *problemBody      `json:"p,omitempty"`
	Reported  bool              `json:"w,omitempty"`
	Container string            `json:"g,omitempty"`
	Notified  stamp             `json:"nl,omitempty"`
	Messages  []messageBody     `json:"m,omitempty"`
	Receipts  []receiptBody     `json:"k,omitempty"`
	Tries     int               `json:"t,omitempty"`
	FirstTry  stamp             `json:"tf,omitempty"`
	Lease     stamp             `json:"tl,omitempty"`
	NotBefore stamp             `json:"tn,omitempty"`
	Archiving archivingBody     `json:"a,omitzero"`
	Cancels   int               `json:"c,omitempty"`
	Doubt     *doubtBody        `json:"q,omitempty"`
	History   []eventBody       `json:"h,omitempty"`
	Due       stamp             `json:"u,omitempty"`
}

type correctedBody struct {
	At        stamp      `json:"a"`
	By        string     `json:"b"`
	Recipient numberBody `json:"r,omitzero"`
	Subject   string     `json:"s,omitempty"`
	UUID      string     `json:"u,omitempty"`
	Unit      string     `json:"p,omitempty"`
}

type problemBody struct {
	Code   post.Code         `json:"c"`
	Text   sentence.Sentence `json:"t,omitempty"`
	Detail string            `json:"d,omitempty"`
	At     stamp             `json:"a,omitempty"`
}

type doubtBody struct {
	problemBody
	Reported bool `json:"w,omitempty"`
}

func doubtBodyOf(d *post.Doubt) *doubtBody {
	if d == nil {
		return nil
	}
	return &doubtBody{*problemBodyOf(&d.Problem), d.Reported}
}

func (b *doubtBody) doubt() *post.Doubt {
	if b == nil {
		return nil
	}
	d := &post.Doubt{Problem: *b.problem(), Reported: b.Reported}
	d.Text = asCode(d.Text)
	return d
}

type messageBody struct {
	UUID         string `json:"i"`
	Created      stamp  `json:"c"`
	Digest       string `json:"d,omitempty"`
	Posts        int    `json:"p,omitempty"`
	Refused      int    `json:"r,omitempty"`
	Duplicate    bool   `json:"u,omitempty"`
	Accepted     stamp  `json:"a,omitempty"`
	Transmission string `json:"t,omitempty"`
	RefusedLater bool   `json:"l,omitempty"`
	Completed    bool   `json:"k,omitempty"`
	Way          string `json:"y,omitempty"`
}

type receiptBody struct {
	Org       string             `json:"o,omitempty"`
	ID        string             `json:"i,omitempty"`
	UUID      string             `json:"u"`
	Status    post.ReceiptStatus `json:"s"`
	ErrorCode string             `json:"e,omitempty"`
	At        stamp              `json:"a"`
	Got       stamp              `json:"g"`
	Raw       []byte             `json:"r,omitempty"` // as it came, where it is no text
	Text      string             `json:"w,omitempty"` // as it came; deflates better than base64
	SHA256    string             `json:"h"`
}

type archivingBody struct {
	State    post.ArchiveState `json:"s,omitempty"`
	Case     string            `json:"c,omitempty"`
	Record   post.Object       `json:"r,omitzero"`
	Tries    int               `json:"t,omitempty"`
	Reported bool              `json:"w,omitempty"`
	Edition  int               `json:"e,omitempty"`
	At       stamp             `json:"a,omitempty"`
}

type eventBody struct {
	At   stamp          `json:"a"`
	What post.EventCode `json:"w"`
	Note string         `json:"n,omitempty"`
}

// receiptBodyOf keeps a receipt's bytes as they came.
func receiptBodyOf(r post.Receipt) receiptBody {
	b := receiptBody{
		Org:       r.Org,
		ID:        r.ID,
		UUID:      r.UUID,
		Status:    r.Status,
		ErrorCode: r.ErrorCode,
		At:        stampOf(r.Issued),
		Got:       stampOf(r.Received),
		SHA256:    r.SHA256,
	}
	if utf8.Valid(r.Raw) {
		b.Text = string(r.Raw)
	} else {
		b.Raw = r.Raw
	}
	return b
}

func (b *receiptBody) raw() []byte {
	if b.Text != "" {
		return []byte(b.Text)
	}
	return b.Raw
}

func problemBodyOf(p *post.Problem) *problemBody {
	if p == nil {
		return nil
	}
	return &problemBody{p.Code, p.Text, p.Detail, stampOf(p.At)}
}

func (b *problemBody) problem() *post.Problem {
	if b == nil {
		return nil
	}
	return &post.Problem{Code: b.Code, Text: b.Text, Detail: b.Detail, At: b.At.time()}
}

// letterBodyOf returns a letter as it is stored. letter is its inverse; a field that only one of them knows is lost at
// the first change (TestEveryFieldComesBack finds it).
func letterBodyOf(l *post.Letter) letterBody {
	b := letterBody{
		ID:        l.ID,
		Org:       l.Org,
		Number:    l.Number,
		Round:     l.Round,
		First:     l.First,
		Last:      l.Last,
		Recipient: numberBody{l.Recipient},
		Document:  l.Document,
		State:     l.State,
		Problem:   problemBodyOf(l.Problem),
		Reported:  l.Reported,
		Tries:     l.Tries,
		FirstTry:  stampOf(l.FirstTry),
		Lease:     stampOf(l.Lease),
		Archiving: archivingBody{
			l.Archiving.State,
			l.Archiving.Case,
			l.Archiving.Record,
			l.Archiving.Tries,
			l.Archiving.Reported,
			l.Archiving.Edition,
			stampOf(l.Archiving.At),
		},
		Due: stampOf(l.Due),
	}
	b.Subject, b.NotBefore, b.Cancels, b.Doubt = l.Subject, stampOf(l.NotBefore), l.Cancels, doubtBodyOf(l.Doubt)
	b.Unfit, b.Left, b.Container, b.Unit = l.Unfit, l.Remaining, l.Container, l.Unit
	b.Reviewed, b.Notified, b.Secret = l.Reviewed, stampOf(l.Notified), []byte(l.Secret)
	for _, c := range l.Corrections {
		b.Corrected = append(
			b.Corrected,
			correctedBody{stampOf(c.At), c.By, numberBody{c.Recipient}, c.Subject, c.UUID, c.Unit},
		)
	}
	for _, m := range l.Messages {
		b.Messages = append(
			b.Messages,
			messageBody{m.UUID, stampOf(m.Created), m.Digest, m.Attempts, m.Refused, m.Duplicate,
				stampOf(m.Accepted), m.Transmission, m.RefusedLater, m.Completed, m.Way},
		)
	}
	for _, r := range l.Receipts {
		b.Receipts = append(b.Receipts, receiptBodyOf(r))
	}
	for _, e := range l.History {
		b.History = append(b.History, eventBody{stampOf(e.At), e.What, e.Note})
	}
	return b
}

// letter returns the letter that was stored.
func (b *letterBody) letter() *post.Letter {
	l := &post.Letter{
		ID:        b.ID,
		Org:       b.Org,
		Number:    b.Number,
		Round:     b.Round,
		First:     b.First,
		Last:      b.Last,
		Recipient: b.Recipient.Number,
		Document:  b.Document,
		State:     b.State,
		Problem:   b.Problem.problem(),
		Reported:  b.Reported,
		Tries:     b.Tries,
		FirstTry:  b.FirstTry.time(),
		Lease:     b.Lease.time(),
		Archiving: post.Archiving{
			State:    b.Archiving.State,
			Case:     b.Archiving.Case,
			Record:   b.Archiving.Record,
			Tries:    b.Archiving.Tries,
			Reported: b.Archiving.Reported,
			Edition:  b.Archiving.Edition,
			At:       b.Archiving.At.time(),
		},
		Due: b.Due.time(),
	}
	l.Subject, l.NotBefore, l.Cancels, l.Doubt = b.Subject, b.NotBefore.time(), b.Cancels, b.Doubt.doubt()
	l.Unfit, l.Remaining, l.Container, l.Unit = b.Unfit, b.Left, b.Container, b.Unit
	l.Reviewed, l.Notified, l.Secret = b.Reviewed, b.Notified.time(), post.Secret(b.Secret)
	l.Document, l.Archiving.Record = l.Own(l.Document), l.Own(l.Archiving.Record)
	for _, c := range b.Corrected {
		l.Corrections = append(
			l.Corrections,
			post.Corrected{At: c.At.time(), By: c.By, Recipient: c.Recipient.Number, Subject: c.Subject, UUID: c.UUID,
				Unit: c.Unit},
		)
	}
	for _, m := range b.Messages {
		l.Messages = append(
			l.Messages,
			post.Message{
				UUID:         m.UUID,
				Created:      m.Created.time(),
				Digest:       m.Digest,
				Attempts:     m.Posts,
				Refused:      m.Refused,
				Duplicate:    m.Duplicate,
				Accepted:     m.Accepted.time(),
				Transmission: m.Transmission,
				RefusedLater: m.RefusedLater,
				Way:          m.Way,
				Completed:    m.Completed,
			},
		)
	}
	for _, r := range b.Receipts {
		l.Receipts = append(l.Receipts, post.Receipt{
			Org:       r.Org,
			ID:        r.ID,
			MessageID: b.ID,
			UUID:      r.UUID,
			Status:    r.Status,
			ErrorCode: r.ErrorCode,
			Issued:    r.At.time(),
			Received:  r.Got.time(),
			Raw:       r.raw(),
			SHA256:    r.SHA256,
		})
	}
	for _, e := range b.History {
		l.History = append(l.History, post.Event{At: e.At.time(), What: e.What, Note: e.Note})
	}
	return l
}

func (s *Store) letterItem(l *post.Letter) (*Item, error) {
	k, err := letterKey(l.ID)
	if err != nil {
		return nil, err
	}
	// Moving a letter in the index costs as much as writing it. So it stays where it is when it is due later: the sweep
	// finds it there and moves it on, if it is still open by then.
	if l.IndexedAt.IsZero() || l.Due.IsZero() || l.IndexedAt.After(l.Due) {
		l.IndexedAt = l.Due
	}
	item := &Item{Key: k, Revision: l.Revision + 1, Org: cmp.Or(l.Org, Installation)}
	item.Due = dueKey(letterDuePK(l.ID), l.IndexedAt, string(l.ID))
	return item, s.encode(item, l)
}

func (s *Store) letterOf(item *Item) (*post.Letter, error) {
	l := &post.Letter{}
	if err := s.decodeWord(item, l); err != nil {
		return nil, fmt.Errorf("letter %s %s: %w", item.PK, item.SK, err)
	}
	if k, err := letterKey(l.ID); err != nil || k != item.Key {
		return nil, fmt.Errorf("letter %s %s: %w", item.PK, item.SK, errWrongItem)
	}
	if l.State == post.Failed && l.Dismissal() != "" { // of a version before, which had no state for it
		l.State = post.Dismissed
	}
	if l.Number == 0 { // of a version before
		l.Number = l.ID.Number()
	}
	l.Revision, l.IndexedAt = item.Revision, timeOf(item.Due.SK)
	return l, nil
}
