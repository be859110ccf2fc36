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

// ArchivedDocument implements post.Archive.
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
	return d, r.open(ctx, d, map[post.Object]error{})
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
	l := letters[0]
	s, err := r.Shipments.Get(ctx, who.Org, l.ID.Shipment())
	if err != nil {
		return a, err
	}
	if !who.Sight().Archived(s.Area) {
		return a, notFound("letter")
	}
	under := cmp.Or(id.Under(), caseOf(r.CaseKey, s, l))
	filed, err := r.Cases.Filed(ctx, post.Filing{Org: who.Org, Case: under, Letter: l.ID})
	if err != nil {
		return a, err
	}
	if filed[0] == nil || filed[0].Damaged || filed[0].Case == "" {
		return a, notFound("letter")
	}
	return r.archived(s, l, filed[0], id.Under()), nil
}

// open holds a document against its hash, and reads it where it is a part of a record. A file's bytes are given by
// whoever stores them. What files were held against theirs before is known.
func (r *Reader) open(ctx context.Context, d *post.ArchivedDocument, known map[post.Object]error) error {
	if err, is := known[d.Object]; is && !d.Part() {
		return err
	}
	content, done, err := r.Objects.Open(ctx, d.Object)
	known[d.Object] = err
	if err != nil {
		return err
	}
	defer done()
	if !d.Part() {
		return nil
	}
	var record Record
	if err := json.Unmarshal(content, &record); err != nil {
		return fmt.Errorf("document %s: %w", d.ID, post.ErrDamaged)
	}
	d.Content = []byte(record.Message)
	if d.Kind == post.ReceiptDocument {
		i := slices.IndexFunc(record.Receipts, func(k receipt) bool { return k.SHA256 == d.SHA256 })
		if i < 0 {
			return notFound("receipt")
		}
		d.Content = record.Receipts[i].Raw
	}
	if hashOf(d.Content) != d.SHA256 {
		return fmt.Errorf("document %s: %w", d.ID, post.ErrDamaged)
	}
	return nil
}

// VerifyArchive implements post.Archive. It ends after a while, and says where the next call goes on: a function has
// not long.
func (r *Reader) VerifyArchive(ctx context.Context, who post.Caller, after string) (post.ArchiveReport, error) {
	var report post.ArchiveReport
	if !who.May(post.RightArchive) {
		return report, &post.Forbidden{Right: post.RightArchive}
	}
	begun, shipments, known := time.Now(), map[string]*post.Shipment{}, map[post.Object]error{}
	filings, next, err := r.Cases.FiledUnder(ctx, who.Org, "", after, rowsAtOnce)
	if err != nil {
		return report, err
	}
	for i, f := range filings {
		if i > 0 && time.Since(begun) > verifyWithin {
			report.Next = filings[i-1].Case + "#" + string(filings[i-1].Letter)
			return report, nil
		}
		if f.Damaged {
			report.Damaged = append(report.Damaged, post.DocumentID(f.Letter))
			continue
		}
		letters, err := r.letters(ctx, who, shipments, f.Case, []*post.Filing{f})
		if err != nil {
			return report, err
		}
		for _, a := range letters {
			if err := r.verify(ctx, a, known, &report); err != nil {
				return report, err
			}
		}
	}
	report.Next = next
	return report, nil
}

// verifyWithin is how long documents are read for one answer.
const verifyWithin = 10 * time.Second

func (r *Reader) verify(ctx context.Context, a post.ArchivedLetter, known map[post.Object]error,
	report *post.ArchiveReport) error {
	report.Letters++
	for i := range a.Documents {
		report.Documents++
		switch err := r.open(ctx, &a.Documents[i], known); {
		case errors.Is(err, post.ErrDamaged), errors.Is(err, post.ErrNotFound):
			report.Damaged = append(report.Damaged, a.Documents[i].ID)
		case err != nil:
			return err
		}
	}
	return nil
}
