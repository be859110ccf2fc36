package archive

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// ArchivedDocument implements post.ArchiveReading.
func (r *Reader) ArchivedDocument(ctx context.Context, who post.Caller, id post.DocumentID) (
	*post.ArchivedDocument, error) {
	a, err := r.letter(ctx, who, id)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(a.Documents, func(d post.ArchivedDocument) bool { return d.ID == id })
	if i < 0 {
		return nil, notFound("document")
	}
	d := &a.Documents[i]
	seen := who.Did(post.ActSee, id.Letter().Shipment(), id.Letter(), texts.Say("archive-document-seen", d.Name))
	if err := r.Audit.Record(ctx, seen); err != nil {
		return nil, err
	}
	return d, r.reading().open(ctx, d)
}

// letter returns what lies of a letter where it lies now, or where the id of its document says.
func (r *Reader) letter(ctx context.Context, who post.Caller, id post.DocumentID) (a post.ArchivedLetter, err error) {
	letters, err := r.Letters.ReadAny(ctx, id.Letter())
	if errors.Is(err, post.ErrNoLetterID) || err == nil && (letters[0] == nil || letters[0].Org != who.Org) {
		return a, notFound("letter")
	}
	if err != nil {
		return a, err
	}
	l, search := letters[0], r.search(who)
	if may, err := search.may(ctx, l.ID); err != nil || !may {
		return a, cmp.Or(err, notFound("letter"))
	}
	s := search.shipments[l.ID.Shipment()]
	under := cmp.Or(id.Under(), caseOf(r.CaseKey, s, l))
	filed, err := r.Cases.Filed(ctx, post.Filing{Org: who.Org, Case: under, Letter: l.ID})
	if err != nil {
		return a, err
	}
	if filed[0] == nil || filed[0].Damaged || filed[0].Case == "" {
		return a, notFound("letter")
	}
	return r.archived(s, l, filed[0]), nil
}

// reading holds documents against their hashes, each file once: letters share attachments, and a record has several.
type reading struct {
	objects post.Objects
	files   map[post.Object]error
	at      post.Object // the record that was read last
	record  Record
}

func (r *Reader) reading() *reading {
	return &reading{objects: r.Objects, files: map[post.Object]error{}}
}

// open holds a document against its hash, and reads it where it is a part of a record. A file's bytes are given by
// whoever stores them.
func (r *reading) open(ctx context.Context, d *post.ArchivedDocument) error {
	if !d.Part() {
		err, known := r.files[d.Object]
		if !known {
			err = r.file(ctx, d.Object, func([]byte) error { return nil })
			r.files[d.Object] = err
		}
		return err
	}
	if r.at != d.Object {
		r.at, r.record = post.Object{}, Record{}
		err := r.file(ctx, d.Object, func(content []byte) error { return json.Unmarshal(content, &r.record) })
		if err != nil {
			return err
		}
		r.at = d.Object
	}
	d.Content = []byte(r.record.Message)
	if d.Kind == post.ReceiptDocument {
		i := slices.IndexFunc(r.record.Receipts, func(k receipt) bool { return k.SHA256 == d.SHA256 })
		if i < 0 {
			return notFound("receipt")
		}
		d.Content = r.record.Receipts[i].Raw
	}
	if hashOf(d.Content) != d.SHA256 {
		return fmt.Errorf("document %s: %w", d.ID, post.ErrDamaged)
	}
	return nil
}

// file reads a file. One that is as it was stored, and that cannot be understood, is damaged too.
func (r *reading) file(ctx context.Context, o post.Object, read func(content []byte) error) error {
	content, done, err := r.objects.Open(ctx, o)
	if err != nil {
		return err
	}
	defer done()
	if read(content) != nil {
		return fmt.Errorf("object %s: %w", o.Key, post.ErrDamaged)
	}
	return nil
}

// VerifyArchive implements post.ArchiveReading. It ends after a while, and says where the next call goes on: a function
// has not long.
func (r *Reader) VerifyArchive(ctx context.Context, who post.Caller, after string) (post.ArchiveReport, error) {
	var report post.ArchiveReport
	if !who.May(post.RightArchive) {
		return report, &post.Forbidden{Right: post.RightArchive}
	}
	reading, search := r.reading(), r.search(who)
	for begun := time.Now(); time.Since(begun) < verifyWithin; {
		filings, next, err := r.Cases.FiledUnder(ctx, who.Org, "", after, verifiedAtOnce)
		if err != nil {
			return report, err
		}
		for _, f := range filings {
			may, err := search.may(ctx, f.Letter)
			if err != nil {
				return report, err
			}
			if may && f.Damaged {
				report.Damaged = append(report.Damaged, post.DocumentID(f.Letter))
			}
		}
		letters, err := search.letters(ctx, slices.DeleteFunc(filings, func(f *post.Filing) bool {
			return f.Damaged
		}))
		if err != nil {
			return report, err
		}
		for i := range letters {
			if err := reading.verify(ctx, &letters[i], &report); err != nil {
				return report, err
			}
		}
		if report.Next = next; next == "" {
			break
		}
		after = next
	}
	return report, nil
}

// Limits of an answer.
const (
	verifyWithin   = 10 * time.Second
	verifiedAtOnce = 20 // letters, after which it is seen how late it is
)

func (r *reading) verify(ctx context.Context, a *post.ArchivedLetter, report *post.ArchiveReport) error {
	report.Letters++
	for i := range a.Documents {
		report.Documents++
		switch err := r.open(ctx, &a.Documents[i]); {
		case errors.Is(err, post.ErrDamaged), errors.Is(err, post.ErrNotFound):
			report.Damaged = append(report.Damaged, a.Documents[i].ID)
		case err != nil:
			return err
		}
	}
	return nil
}
