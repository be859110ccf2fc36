package archive

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Reader shows what is archived.
type Reader struct {
	Shipments post.Shipments
	Letters   post.AllLetters
	Objects   post.Objects
	Cases     post.Cases
	Audit     post.Auditor
	CaseKey   []byte
}

// Limits of a search.
const (
	lettersShown = 200 // of a search; a case is shown whole
	filingsRead  = 500 // at a time
)

// SearchArchive implements post.Archive. What was asked for is in the audit log before it is answered: a number as its
// hash.
func (r *Reader) SearchArchive(ctx context.Context, who post.Caller, text string) ([]post.ArchivedCase, error) {
	text = strings.TrimSpace(text)
	if !who.May(post.RightArchive) {
		return nil, &post.Forbidden{Right: post.RightArchive}
	}
	words := ident.NameWords(text)
	if len(words) == 0 {
		return nil, post.Mistakes{{Field: "text", Text: sentence.Of("archive-nothing-asked")}}
	}
	key, asked, number := text, texts.Say("archive-a-name"), false
	if n, err := ident.ParseAny(text); err == nil {
		key, number = keys.Person(r.CaseKey, who.Org, n.Key()), true
		asked = key
	}
	if err := r.Audit.Record(ctx, who.Did(post.ActSee, "", "", texts.Say("archive-searched", asked))); err != nil {
		return nil, err
	}
	found, err := r.under(ctx, who, key, nil, lettersShown) // a case, or a person
	if err != nil || len(found) > 0 || number {
		return found, err
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	return r.under(ctx, who, keys.Name(r.CaseKey, who.Org, ident.NameStart(longest)), words, lettersShown)
}

// ArchivedCase implements post.Archive.
func (r *Reader) ArchivedCase(ctx context.Context, who post.Caller, id string) (*post.ArchivedCase, error) {
	cases, err := r.under(ctx, who, id, nil, 1<<30)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(cases, func(c post.ArchivedCase) bool { return c.Case == id })
	if i < 0 {
		return nil, notFound("case " + id)
	}
	return &cases[i], r.Audit.Record(ctx, who.Did(post.ActSee, "", "", texts.Say("archive-case-seen", id)))
}

// under returns the cases of what is filed under a key, whose names have the words, as far as the caller may read them:
// the newest first.
func (r *Reader) under(ctx context.Context, who post.Caller, key string, words []string, most int) (
	[]post.ArchivedCase, error) {
	shipments := map[string]*post.Shipment{}
	var found []post.ArchivedLetter
	for after, next := "", ""; len(found) < most; after = next {
		filings, more, err := r.Cases.FiledUnder(ctx, who.Org, key, after, filingsRead)
		if err != nil {
			return nil, err
		}
		filings = slices.DeleteFunc(filings, func(f *post.Filing) bool { return !ident.HasName(f.Name, words) })
		letters, err := r.letters(ctx, who, shipments, filings)
		if err != nil {
			return nil, err
		}
		found = append(found, letters...)
		if next = more; next == "" {
			break
		}
	}
	return byCase(found[:min(len(found), most)]), nil
}

// byCase puts letters into their cases.
func byCase(found []post.ArchivedLetter) []post.ArchivedCase {
	slices.SortStableFunc(found, func(a, b post.ArchivedLetter) int { return b.Filed.At.Compare(a.Filed.At) })
	var cases []post.ArchivedCase
	for _, l := range found {
		i := slices.IndexFunc(cases, func(c post.ArchivedCase) bool { return c.Case == l.Filed.Case })
		if i < 0 {
			i, cases = len(cases), append(cases, post.ArchivedCase{Case: l.Filed.Case, Title: l.Title})
		}
		cases[i].Letters = append(cases[i].Letters, l)
	}
	return cases
}

// letters returns what lies of letters in their cases, where the caller may read it. Filings that were found under
// something else than their case are read whole.
func (r *Reader) letters(ctx context.Context, who post.Caller, shipments map[string]*post.Shipment,
	filings []*post.Filing) ([]post.ArchivedLetter, error) {
	var seen []post.Filing
	for _, f := range filings {
		id := f.Letter.Shipment()
		s, asked := shipments[id]
		if !asked {
			var err error
			if s, err = r.Shipments.Get(ctx, who.Org, id); err != nil && !errors.Is(err, post.ErrNotFound) {
				return nil, err
			}
			shipments[id] = s
		}
		if s != nil && who.Sight().Archived(s.Area) {
			seen = append(seen, *f)
		}
	}
	if len(seen) == 0 {
		return nil, nil
	}
	whole, err := r.Cases.Filed(ctx, seen...)
	if err != nil {
		return nil, err
	}
	whole = slices.DeleteFunc(whole, func(f *post.Filing) bool { return f == nil })
	ids := make([]post.LetterID, len(whole))
	for i, f := range whole {
		ids[i] = f.Letter
	}
	letters, err := r.Letters.ReadAny(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var found []post.ArchivedLetter
	for i, l := range letters {
		if l != nil && l.Org == who.Org {
			found = append(found, archived(r.CaseKey, shipments[l.ID.Shipment()], l, whole[i]))
		}
	}
	return found, nil
}

// FiledOf implements post.Archive.
func (r *Reader) FiledOf(ctx context.Context, s *post.Shipment, letters []*post.Letter) (
	map[post.LetterID]bool, error) {
	var places []post.Filing
	for _, l := range letters {
		if l.Begun() && l.Archiving.State == "" {
			places = append(places, post.Filing{Org: l.Org, Case: caseOf(r.CaseKey, s, l), Letter: l.ID})
		}
	}
	if len(places) == 0 {
		return nil, nil
	}
	filed, err := r.Cases.Filed(ctx, places...)
	if err != nil {
		return nil, err
	}
	of := map[post.LetterID]bool{}
	for _, f := range filed {
		if f != nil && len(f.Documents) > 0 {
			of[f.Letter] = true
		}
	}
	return of, nil
}

// archived is what lies of a letter in its case, and how it is called there.
func archived(key []byte, s *post.Shipment, l *post.Letter, f *post.Filing) post.ArchivedLetter {
	status := statusOf(l)
	elsewhere := f.Case != caseOf(key, s, l) // it was corrected, and is another person's now
	if elsewhere {
		status = sentence.Of("archive-not-sent")
	}
	a := post.ArchivedLetter{Letter: l, Shipment: s, Filed: *f, Name: f.Name, Status: texts.Of(status),
		Title: title(cmp.Or(l.Subject, s.Subject), status)}
	files := f.Documents
	if len(files) == 0 { // a version before has filed it
		files = []post.FiledDocument{{Kind: post.LetterDocument, Name: s.Parts[0].Name, Object: l.Document}}
	}
	attached := 0
	for _, d := range files {
		id := part(l.ID, d.Kind, 0)
		if d.Kind == post.AttachmentDocument {
			attached++
			id = part(l.ID, d.Kind, attached)
		}
		a.Documents = append(a.Documents, post.ArchivedDocument{ID: id, Kind: d.Kind, Name: d.Name,
			SHA256: d.Object.SHA256, Object: d.Object})
	}
	if elsewhere {
		return a
	}
	if m := l.Current(); m != nil {
		sum := sha256.Sum256(message.Make(s, l, m).Skeleton())
		a.Documents = append(a.Documents, post.ArchivedDocument{ID: part(l.ID, post.MessageDocument, 0),
			Kind: post.MessageDocument, Name: "meddelelse.xml", SHA256: hex.EncodeToString(sum[:])})
	}
	if l.Archiving.State != post.Archived { // its receipts are not there yet
		return a
	}
	for i, k := range l.Receipts {
		a.Documents = append(a.Documents, post.ArchivedDocument{ID: part(l.ID, post.ReceiptDocument, i+1),
			Kind: post.ReceiptDocument, Name: fmt.Sprintf("kvittering-%d.json", i+1), SHA256: k.SHA256})
	}
	return a
}

func notFound(what string) error { return fmt.Errorf("%s: %w", what, post.ErrNotFound) }
