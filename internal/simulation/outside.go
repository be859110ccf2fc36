package simulation

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// outside is an archive outside Brevdue: a case system that knows no call again, whose index is late, and whose answers
// are lost now and then.
type outside struct {
	w     *world
	late  time.Duration // before a new case is found
	cases []*outsideCase
}

type outsideCase struct {
	ref       post.CaseRef
	person    string
	title     string
	made      time.Time
	documents map[post.DocumentID]post.DocumentKind
	status    map[post.LetterID]post.SendingStatus
}

// outsideID is the id of the archive outside.
const outsideID = "arkiv"

// withOutside puts letters into an archive outside in one run of eight.
func (w *world) withOutside() *outside {
	if w.seed%8 != 1 {
		return nil
	}
	return &outside{w: w, late: time.Duration(w.seed%5) * time.Minute}
}

// open implements post.OpenArchive.
func (o *outside) open(context.Context, string, string) (post.Archive, post.ArchiveConnection, error) {
	return o, post.ArchiveConnection{ID: outsideID, Name: "Arkiv"}, nil
}

// answer lets the answer to something that was done be lost.
func (o *outside) answer(ctx context.Context) error {
	if at(ctx, "the archive's answer"); o.w.chance(ArchiveTimeout, 12) {
		return context.DeadlineExceeded
	}
	return nil
}

// asked lets a call fail before anything was done.
func (o *outside) asked(ctx context.Context, what string) error {
	if at(ctx, what); o.w.chance(ArchiveError, 20) {
		return errService
	}
	return nil
}

// EnsureCase implements post.Archive.
func (o *outside) EnsureCase(ctx context.Context, wanted post.CaseWanted, once post.Once) (post.CaseRef, error) {
	if err := o.asked(ctx, "archive: case"); err != nil {
		return post.CaseRef{}, err
	}
	known := false
	for _, c := range o.cases {
		if c.person != wanted.Person.Key() || !strings.Contains(c.title, wanted.Ours) {
			continue
		}
		if known = true; o.w.now.Sub(c.made) >= o.late {
			return c.ref, nil
		}
		o.w.fault(ArchiveLate)
	}
	if !wanted.Create {
		return post.CaseRef{}, post.ErrNoCase
	}
	if err := once.Keep(""); err != nil {
		return post.CaseRef{}, err
	}
	if known && !o.w.returned { // of a table out of a backup nobody knows what was made since
		o.w.violate(4, "a person has two cases in the archive outside")
	}
	c := &outsideCase{ref: post.CaseRef{ID: o.w.newID(), Number: "1"}, person: wanted.Person.Key(),
		title: wanted.Title + " " + wanted.Ours, made: o.w.now, documents: map[post.DocumentID]post.DocumentKind{},
		status: map[post.LetterID]post.SendingStatus{}}
	o.cases = append(o.cases, c)
	return c.ref, o.answer(ctx)
}

func (o *outside) at(ref post.CaseRef) *outsideCase {
	i := slices.IndexFunc(o.cases, func(c *outsideCase) bool { return c.ref == ref })
	if i < 0 {
		return &outsideCase{}
	}
	return o.cases[i]
}

// Find implements post.Archive.
func (o *outside) Find(ctx context.Context, ref post.CaseRef, letter post.LetterID) (map[post.DocumentID]string,
	error) {
	if err := o.asked(ctx, "archive: find"); err != nil {
		return nil, err
	}
	found := map[post.DocumentID]string{}
	for id := range o.at(ref).documents {
		if id.Letter() == letter {
			found[id] = string(id)
		}
	}
	return found, nil
}

// File implements post.Archive.
func (o *outside) File(ctx context.Context, ref post.CaseRef, d post.OutgoingDocument, once post.Once) (string, error) {
	if err := o.asked(ctx, "archive: file"); err != nil {
		return "", err
	}
	if err := once.Keep(""); err != nil {
		return "", err
	}
	c := o.at(ref)
	if c.documents == nil {
		return "", post.ErrNotMade
	}
	o.check(c, d)
	c.documents[d.ID] = d.Kind
	return string(d.ID), o.answer(ctx)
}

// check is property 4 for an archive outside: what comes there is of a letter whose sending had begun, is that letter's
// own, and comes once; and property 2: it comes into its recipient's case.
func (o *outside) check(c *outsideCase, d post.OutgoingDocument) {
	w, id := o.w, d.ID.Letter()
	if _, twice := c.documents[d.ID]; twice {
		w.violate(4, "%s is put into the archive outside twice", d.ID)
	}
	l := w.latest[id]
	if l == nil || w.returned {
		return
	}
	if !l.Begun() {
		w.violate(4, "%s is put into the archive outside, and its sending had not begun", id)
	}
	if len(l.Corrections) == 0 && c.person != l.Recipient.Key() {
		w.violate(2, "%s is put into the case of another one in the archive outside", id)
	}
	own := true
	switch p := w.segment(l); {
	case d.Kind == post.LetterDocument && p != nil:
		own = bytes.Equal(d.Content, p.pdf)
	case d.Kind == post.AttachmentDocument:
		own = bytes.Equal(d.Content, w.attachment)
	}
	if !own {
		w.violate(4, "%s in the archive outside is another letter's", d.ID)
	}
}

// Confirm implements post.Archive.
func (o *outside) Confirm(ctx context.Context, ref post.CaseRef, wanted post.CaseWanted, s post.SendingStatus,
	once post.Once) error {
	if err := o.asked(ctx, "archive: confirm"); err != nil {
		return err
	}
	c := o.at(ref)
	if c.status == nil {
		return post.ErrNotMade
	}
	if !wanted.Person.IsZero() && c.person != wanted.Person.Key() {
		o.w.violate(2, "%s lies in the case of another one in the archive outside", s.Letter)
	}
	if err := once.Keep(post.Repeatable); err != nil {
		return err
	}
	c.status[s.Letter] = s
	return o.answer(ctx)
}

// lying returns the case that a letter of a person lies in; nil for none.
func (o *outside) lying(id post.LetterID, person ident.Number) *outsideCase {
	for _, c := range o.cases {
		for d, kind := range c.documents {
			if kind == post.LetterDocument && d.Letter() == id && c.person == person.Key() {
				return c
			}
		}
	}
	return nil
}

// transferred is property 9 for the archive outside: each letter whose sending had begun has come there with all of its
// receipts, and it says there how that ended.
func (w *world) transferred(l *post.Letter) {
	if w.outside == nil || !l.Begun() || !l.Archivable() || l.Archiving.State != post.Archived || w.fileless[l.ID] ||
		l.Recipient.IsZero() || l.ID.Shipment() != w.shipment || w.dismissed[l.ID] {
		return
	}
	if s, err := w.truth.Shipments().GetAny(context.Background(), w.shipment); err != nil || len(s.Archives) == 0 {
		return
	}
	c := w.outside.lying(l.ID, l.Recipient)
	if c == nil {
		w.violate(9, "%s did not come into the archive outside", l.ID)
		return
	}
	receipts := 0
	for id, kind := range c.documents {
		if kind == post.ReceiptDocument && id.Letter() == l.ID {
			receipts++
		}
	}
	s := c.status[l.ID]
	if receipts != len(l.Receipts) && !w.returned || !s.Ended {
		w.violate(9, "%s has %d receipts, and %d in the archive outside, which says %q", l.ID, len(l.Receipts),
			receipts, s.Status)
	}
	if l.State == post.Cancelled && l.Doubt == nil && !l.DeliveredBefore() &&
		!strings.HasPrefix(s.Title, "IKKE AFSENDT") {
		w.violate(4, "%s was cancelled, and the archive outside does not say that it was not sent", l.ID)
	}
}
