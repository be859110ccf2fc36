package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
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

// Limits of an answer.
const (
	lettersShown = 200    // of a search
	caseShown    = 1000   // letters of a case
	rowsRead     = 20_000 // under a key
	rowsAtOnce   = 500
	readAtOnce   = 100 // letters, as many as a table gives together
)

// SearchArchive implements post.Archive. That somebody has asked is in the audit log before it is answered: a number as
// its hash, a name not at all.
func (r *Reader) SearchArchive(ctx context.Context, who post.Caller, text string) (*post.Found, error) {
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
	if err != nil || len(found.Cases) > 0 || number {
		return found, err
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	return r.under(ctx, who, keys.Name(r.CaseKey, who.Org, ident.NameStart(longest)), words, lettersShown)
}

// ArchivedCase implements post.Archive.
func (r *Reader) ArchivedCase(ctx context.Context, who post.Caller, id string) (*post.ArchivedCase, error) {
	found, err := r.under(ctx, who, id, nil, caseShown)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(found.Cases, func(c post.ArchivedCase) bool { return c.Case == id })
	if i < 0 {
		return nil, notFound("case")
	}
	found.Cases[i].More = found.More
	return &found.Cases[i], r.Audit.Record(ctx, who.Did(post.ActSee, "", "", texts.Say("archive-case-seen", id)))
}

// under returns the cases of what is filed under a key, whose names have the words, as far as the caller may read them:
// the newest letters first, and no more than most.
func (r *Reader) under(ctx context.Context, who post.Caller, key string, words []string, most int) (
	*post.Found, error) {
	rows, more, err := r.rows(ctx, who.Org, key, words)
	if err != nil {
		return nil, err
	}
	shipments := map[string]*post.Shipment{}
	var letters []post.ArchivedLetter
	for some := range slices.Chunk(rows, readAtOnce) {
		if len(letters) > most {
			break
		}
		found, err := r.letters(ctx, who, shipments, some)
		if err != nil {
			return nil, err
		}
		letters = append(letters, found...)
	}
	// Who may read nothing is not told that there is more.
	more = len(letters) > most || more && len(letters) > 0
	return &post.Found{Cases: byCase(letters[:min(len(letters), most)]), More: more}, nil
}

// rows returns what is filed under a key, the newest first.
func (r *Reader) rows(ctx context.Context, org, key string, words []string) (
	rows []*post.Filing, more bool, err error) {
	read := 0
	for after := ""; read < rowsRead; {
		some, next, err := r.Cases.FiledUnder(ctx, org, key, after, rowsAtOnce)
		if err != nil {
			return nil, false, err
		}
		read += rowsAtOnce
		rows = append(rows, slices.DeleteFunc(some, func(f *post.Filing) bool {
			return f.Damaged || f.Case == "" || !ident.HasName(f.Name, words)
		})...)
		if more, after = next != "", next; !more {
			break
		}
	}
	slices.SortStableFunc(rows, func(a, b *post.Filing) int { return b.At.Compare(a.At) })
	return rows, more, nil
}

// byCase puts letters into their cases.
func byCase(letters []post.ArchivedLetter) []post.ArchivedCase {
	var cases []post.ArchivedCase
	places := map[string]int{}
	for _, l := range letters {
		i, known := places[l.Filed.Case]
		if !known {
			i = len(cases)
			places[l.Filed.Case], cases = i, append(cases, post.ArchivedCase{Case: l.Filed.Case, Title: l.Title})
		}
		cases[i].Letters = append(cases[i].Letters, l)
	}
	return cases
}

// letters returns what lies of letters in their cases, where the caller may read it. Rows that were found by a name are
// read whole.
func (r *Reader) letters(ctx context.Context, who post.Caller, shipments map[string]*post.Shipment,
	rows []*post.Filing) ([]post.ArchivedLetter, error) {
	var seen []*post.Filing
	for _, f := range rows {
		may, err := r.may(ctx, who, shipments, f.Letter)
		if err != nil {
			return nil, err
		}
		if may {
			seen = append(seen, f)
		}
	}
	if len(seen) == 0 {
		return nil, nil
	}
	ids, places := make([]post.LetterID, len(seen)), make([]post.Filing, len(seen))
	for i, f := range seen {
		ids[i], places[i] = f.Letter, *f
	}
	letters, err := r.Letters.ReadAny(ctx, ids...)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(seen, func(f *post.Filing) bool { return len(f.Documents) == 0 }) {
		whole, err := r.Cases.Filed(ctx, places...)
		if err != nil {
			return nil, err
		}
		for i, f := range whole {
			if f != nil && f.Person == seen[i].Person {
				seen[i] = f
			}
		}
	}
	var found []post.ArchivedLetter
	for i, l := range letters {
		if l != nil && l.Org == who.Org {
			found = append(found, r.archived(shipments[l.ID.Shipment()], l, seen[i]))
		}
	}
	return found, nil
}

// may reports whether somebody may read a letter in the archive, and remembers its shipment.
func (r *Reader) may(ctx context.Context, who post.Caller, shipments map[string]*post.Shipment, l post.LetterID) (
	bool, error) {
	id := l.Shipment()
	s, asked := shipments[id]
	if !asked {
		var err error
		if s, err = r.Shipments.Get(ctx, who.Org, id); err != nil && !errors.Is(err, post.ErrNotFound) {
			return false, err
		}
		shipments[id] = s
	}
	return s != nil && who.Sight().Archived(s.Area), nil
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

func notFound(what string) error { return fmt.Errorf("%s in the archive: %w", what, post.ErrNotFound) }
