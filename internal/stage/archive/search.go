package archive

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/seal/letters"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// search is one search for somebody.
type search struct {
	*Reader
	who          post.Caller
	words        []string                      // each of which stands in name or subject
	looked       []string                      // those of them that are looked up: a short word says little
	read         int                           // letters whose words were opened
	heard        map[post.LetterID]bool        // letters that say the words
	inText       []string                      // words each of which stands in the letter itself
	said         map[post.Object]letters.Words // of files that were opened; nil for nothing
	from, before time.Time
	documentType string
	shipments    map[string]*post.Shipment // that were looked at; nil for one that is not there
	titled       map[string]subjects       // by word
	partial      bool                      // it did not look at all that may have the words
	sees         func(*post.Shipment) bool // who may find what
}

func (r *Reader) search(who post.Caller) *search {
	x := &search{Reader: r, who: who, shipments: map[string]*post.Shipment{}, titled: map[string]subjects{},
		said: map[post.Object]letters.Words{}, heard: map[post.LetterID]bool{}}
	x.sees = func(s *post.Shipment) bool {
		return who.Sight().Archived(s.Area) && (x.documentType == "" || x.documentType == s.Area.DocumentType)
	}
	return x
}

// SearchArchive implements post.ArchiveReading. That somebody has asked is in the audit log before it is answered: a
// number as its hash, words not at all.
func (r *Reader) SearchArchive(ctx context.Context, who post.Caller, q post.ArchiveQuery) (*post.Found, error) {
	text := strings.TrimSpace(q.Text)
	if !who.May(post.RightArchive) {
		return nil, &post.Forbidden{Right: post.RightArchive}
	}
	x, words := r.search(who), ident.NameWords(text)
	var err error
	if x.from, x.before, err = post.Period(q.From, q.To); err != nil {
		return nil, err
	}
	x.documentType, x.inText = q.DocumentType, ident.NameWords(q.Words)
	switch {
	case len(words) == 0 && len(x.inText) == 0:
		return nil, post.Mistakes{{Field: "text", Text: sentence.Of("archive-nothing-asked")}}
	case slices.ContainsFunc(x.inText, func(word string) bool { return !ident.IsWord(word) }):
		return nil, post.Mistakes{{Field: "words", Text: sentence.Of("archive-text-number")}}
	case len(words) == 0 && q.From == "" && q.To == "" && q.DocumentType == "":
		return nil, post.Mistakes{{Field: "words", Text: sentence.Of("archive-text-too-wide")}}
	case len(words) > wordsMost:
		return nil, post.Mistakes{{Field: "text", Text: sentence.Of("archive-many-words", wordsMost)}}
	case len(x.inText) > wordsMost:
		return nil, post.Mistakes{{Field: "words", Text: sentence.Of("archive-many-words", wordsMost)}}
	}
	key, asked, number := text, texts.Say("archive-a-name"), false
	if len(words) == 0 {
		asked = texts.Say("archive-words")
	}
	if n, err := ident.ParseAny(text); err == nil {
		key, number = keys.Person(r.CaseKey, who.Org, n.Key()), true
		asked = key
	}
	if err := r.Audit.Record(ctx, who.Did(post.ActSee, "", "", texts.Say("archive-searched", asked))); err != nil {
		return nil, err
	}
	if len(words) == 0 {
		rows, err := x.byText(ctx)
		if err != nil {
			return nil, err
		}
		newestFirst(rows)
		return x.found(ctx, rows, false, lettersShown)
	}
	rows, more, err := x.rows(ctx, key) // a case, or a person
	if err != nil {
		return nil, err
	}
	found, err := x.found(ctx, rows, more, lettersShown)
	if err != nil || len(found.Cases) > 0 || number {
		return found, err
	}
	x.look(words)
	if rows, more, err = x.byWords(ctx); err != nil {
		return nil, err
	}
	return x.found(ctx, rows, more, lettersShown)
}

// wanted reports whether a row is one that is searched, as far as the row says.
func (x *search) wanted(f *post.Filing) bool {
	return !f.Damaged && f.Case != "" && !f.At.Before(x.from) && (x.before.IsZero() || f.At.Before(x.before)) &&
		x.has(f.Name, f.Letter)
}

// rows returns what is filed under a key, the newest first.
func (x *search) rows(ctx context.Context, key string) (rows []*post.Filing, more bool, err error) {
	read := 0
	for after := ""; read < rowsRead; {
		some, next, err := x.Cases.FiledUnder(ctx, x.who.Org, key, after, rowsAtOnce)
		if err != nil {
			return nil, false, err
		}
		read += rowsAtOnce
		for _, f := range some {
			if x.wanted(f) {
				rows = append(rows, f)
			}
		}
		if more, after = next != "", next; !more {
			break
		}
	}
	newestFirst(rows)
	return rows, more, nil
}

func newestFirst(rows []*post.Filing) {
	slices.SortStableFunc(rows, func(a, b *post.Filing) int { return b.At.Compare(a.At) })
}

// found puts rows into cases, as far as the caller may read them: the newest letters first, and no more than most.
func (x *search) found(ctx context.Context, rows []*post.Filing, more bool, most int) (*post.Found, error) {
	var letters []post.ArchivedLetter
	for some := range slices.Chunk(rows, readAtOnce) {
		if len(letters) > most {
			break
		}
		if len(x.inText) > 0 && len(x.words) > 0 && (x.read >= textLetters || len(x.said) >= textFiles) {
			x.partial = true
			break
		}
		found, err := x.letters(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, l := range found { // the title is of now
			if ident.HasName(l.Name+" "+l.Title, x.words) {
				letters = append(letters, l)
			}
		}
	}
	// Who may read nothing is not told that there is more.
	more = len(letters) > most || more && len(letters) > 0 || x.partial
	return &post.Found{Cases: byCase(letters[:min(len(letters), most)]), More: more}, nil
}

// letters returns what lies of letters in their cases, where the caller may read it. Rows that were found by a name are
// read whole.
func (x *search) letters(ctx context.Context, rows []*post.Filing) ([]post.ArchivedLetter, error) {
	var seen []*post.Filing
	for _, f := range rows {
		may, err := x.may(ctx, f.Letter)
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
	letters, err := x.Letters.ReadAny(ctx, ids...)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(seen, func(f *post.Filing) bool { return len(f.Documents) == 0 }) {
		whole, err := x.Cases.Filed(ctx, places...)
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
		if l == nil || l.Org != x.who.Org {
			continue
		}
		s := x.shipments[l.ID.Shipment()]
		if says, err := x.says(ctx, s, l); err != nil || !says {
			if err != nil {
				return nil, err
			}
			continue
		}
		found = append(found, x.archived(s, l, seen[i]))
	}
	return found, nil
}

// may reports whether the caller may read a letter in the archive, and looks for it, and remembers its shipment.
func (x *search) may(ctx context.Context, l post.LetterID) (bool, error) {
	id := l.Shipment()
	s, asked := x.shipments[id]
	if !asked {
		var err error
		if s, err = x.Shipments.Get(ctx, x.who.Org, id); err != nil && !errors.Is(err, post.ErrNotFound) &&
			!errors.Is(err, post.ErrUnreadable) {
			return false, err
		}
		x.shipments[id] = s
	}
	return s != nil && x.sees(s), nil
}
