package archive

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// part names a document of a letter; those of which there may be several are numbered from 1.
func part(letter post.LetterID, kind post.DocumentKind, number int) post.DocumentID {
	if number == 0 {
		return post.DocumentID(fmt.Sprintf("%s~%s", letter, kind))
	}
	return post.DocumentID(fmt.Sprintf("%s~%s-%d", letter, kind, number))
}

// ArchivedDocument implements post.Archive.
func (r *Reader) ArchivedDocument(ctx context.Context, who post.Caller, id post.DocumentID) (
	*post.ArchivedDocument, error) {
	a, err := r.letter(ctx, who, id.Letter())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(a.Documents, func(d post.ArchivedDocument) bool { return d.ID == id })
	if i < 0 {
		return nil, notFound("document " + string(id))
	}
	d := &a.Documents[i]
	seen := who.Did(post.ActSee, id.Letter().Shipment(), id.Letter(), texts.Say("archive-document-seen", d.Name))
	if err := r.Audit.Record(ctx, seen); err != nil {
		return nil, err
	}
	return d, r.open(ctx, a, d)
}

// letter returns what lies of a letter in the case that it was last filed in.
func (r *Reader) letter(ctx context.Context, who post.Caller, id post.LetterID) (post.ArchivedLetter, error) {
	letters, err := r.Letters.ReadAny(ctx, id)
	if errors.Is(err, post.ErrNoLetterID) || err == nil && (letters[0] == nil || letters[0].Org != who.Org) {
		return post.ArchivedLetter{}, notFound("letter " + string(id))
	}
	if err != nil {
		return post.ArchivedLetter{}, err
	}
	l := letters[0]
	s, err := r.Shipments.Get(ctx, who.Org, id.Shipment())
	if err != nil {
		return post.ArchivedLetter{}, err
	}
	if !who.Sight().Archived(s.Area) {
		return post.ArchivedLetter{}, notFound("letter " + string(id))
	}
	filed, err := r.Cases.Filed(ctx, post.Filing{Org: who.Org, Case: caseOf(r.CaseKey, s, l), Letter: id})
	if err != nil {
		return post.ArchivedLetter{}, err
	}
	if filed[0] == nil {
		return post.ArchivedLetter{}, notFound("letter " + string(id))
	}
	return archived(r.CaseKey, s, l, filed[0]), nil
}

// open holds a document against its hash, and reads it where it is a part of the record. A file's bytes are given by
// whoever stores them.
func (r *Reader) open(ctx context.Context, a post.ArchivedLetter, d *post.ArchivedDocument) error {
	object := d.Object
	if object.Key == "" {
		object = cmp.Or(a.Letter.Archiving.Record, a.Filed.Record)
	}
	content, done, err := r.Objects.Open(ctx, object)
	if err != nil {
		return err
	}
	defer done()
	if d.Object.Key != "" {
		return nil
	}
	var record Record
	if err := json.Unmarshal(content, &record); err != nil {
		return fmt.Errorf("document %s: %w", d.ID, post.ErrDamaged)
	}
	if d.Kind == post.MessageDocument {
		d.Content = []byte(record.Message)
		sum := sha256.Sum256(d.Content)
		d.SHA256 = hex.EncodeToString(sum[:])
		return nil
	}
	i := slices.IndexFunc(record.Receipts, func(k receipt) bool { return k.SHA256 == d.SHA256 })
	if i < 0 {
		return notFound("document " + string(d.ID))
	}
	d.Content = record.Receipts[i].Raw
	if sum := sha256.Sum256(d.Content); hex.EncodeToString(sum[:]) != d.SHA256 {
		return fmt.Errorf("document %s: %w", d.ID, post.ErrDamaged)
	}
	return nil
}

// VerifyArchive implements post.Archive.
func (r *Reader) VerifyArchive(ctx context.Context, who post.Caller, after string) (post.ArchiveReport, error) {
	var report post.ArchiveReport
	if !who.May(post.RightArchive) {
		return report, &post.Forbidden{Right: post.RightArchive}
	}
	filings, next, err := r.Cases.FiledUnder(ctx, who.Org, "", after, verifiedAtOnce)
	if err != nil {
		return report, err
	}
	letters, err := r.letters(ctx, who, map[string]*post.Shipment{}, filings)
	if err != nil {
		return report, err
	}
	report.Letters, report.Next = len(letters), next
	for _, a := range letters {
		for i := range a.Documents {
			report.Documents++
			switch err := r.open(ctx, a, &a.Documents[i]); {
			case errors.Is(err, post.ErrDamaged), errors.Is(err, post.ErrNotFound):
				report.Damaged = append(report.Damaged, a.Documents[i].ID)
			case err != nil:
				return report, err
			}
		}
	}
	return report, nil
}

// verifiedAtOnce is how many places are read for one answer.
const verifiedAtOnce = 200
