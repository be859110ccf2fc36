package archive

import (
	"context"
	"fmt"
	"slices"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// Reader shows what is archived.
type Reader struct {
	Shipments post.Shipments
	Letters   post.AllLetters
	Objects   post.Objects
	Cases     post.Cases
	Titles    post.Titles
	Lists     post.LetterLists
	Failures  post.Failures // of the log
	Names     post.LetterNames
	Reviews   post.Reviews // of what waits for its time; nil where nothing does
	Audit     post.Auditor
	CaseKey   []byte
}

// Limits of an answer.
const (
	lettersShown = 200    // of a search
	caseShown    = 1000   // letters of a case
	rowsRead     = 20_000 // under a key
	subjectsRead = 3000   // shipments that a search by subject looks at
	lettersRead  = 10_000 // of them
	wordsMost    = 10
	wordShort    = 3 // letters: shorter ones are looked up where there are no others
	rowsAtOnce   = 500
	readAtOnce   = 100 // letters, as many as a table gives together
)

// ArchivedCase implements post.ArchiveReading.
func (r *Reader) ArchivedCase(ctx context.Context, who post.Caller, id string) (*post.ArchivedCase, error) {
	found, err := r.archivedCase(ctx, who, id)
	if err != nil {
		return nil, err
	}
	return found, r.seen(ctx, who, found, texts.Say("archive-case-seen", id))
}

// seen writes down that a case was seen. One that is not a person's own is written down for each shipment in it, so
// that each of its recipients finds who has seen it.
func (r *Reader) seen(ctx context.Context, who post.Caller, c *post.ArchivedCase, what string) error {
	if !slices.ContainsFunc(c.Letters, func(l post.ArchivedLetter) bool { return l.Filed.Person != c.Case }) {
		return r.Audit.Record(ctx, who.Did(post.ActSee, "", "", what))
	}
	written := map[string]bool{}
	for _, l := range c.Letters {
		if written[l.Shipment.ID] {
			continue
		}
		written[l.Shipment.ID] = true
		if err := r.Audit.Record(ctx, who.Did(post.ActSee, l.Shipment.ID, "", what)); err != nil {
			return err
		}
	}
	return nil
}

// archivedCase returns a case, as far as somebody may read it.
func (r *Reader) archivedCase(ctx context.Context, who post.Caller, id string) (*post.ArchivedCase, error) {
	search := r.search(who)
	rows, more, err := search.rows(ctx, id)
	if err != nil {
		return nil, err
	}
	found, err := search.found(ctx, rows, more, caseShown)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(found.Cases, func(c post.ArchivedCase) bool { return c.Case == id })
	if i < 0 {
		return nil, notFound("case")
	}
	found.Cases[i].More = found.More
	return &found.Cases[i], nil
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

// FiledOf implements post.ArchiveReading.
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
