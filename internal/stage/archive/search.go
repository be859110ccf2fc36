package archive

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// search is one search for somebody.
type search struct {
	*Reader
	who          post.Caller
	words        []string // each of which stands in name or subject
	from, before time.Time
	documentType string
	shipments    map[string]*post.Shipment // that were looked at; nil for one that is not there
	titled       map[string]subjects       // by word
}

// subjects are the shipments and letters whose subject has a word, and since when.
type subjects map[string]time.Time

func (r *Reader) search(who post.Caller) *search {
	return &search{Reader: r, who: who, shipments: map[string]*post.Shipment{}, titled: map[string]subjects{}}
}

// SearchArchive implements post.Archive. That somebody has asked is in the audit log before it is answered: a number as
// its hash, words not at all.
func (r *Reader) SearchArchive(ctx context.Context, who post.Caller, q post.ArchiveQuery) (*post.Found, error) {
	text := strings.TrimSpace(q.Text)
	if !who.May(post.RightArchive) {
		return nil, &post.Forbidden{Right: post.RightArchive}
	}
	x, words := r.search(who), ident.NameWords(text)
	var err error
	if x.from, x.before, err = q.Period(); err != nil {
		return nil, err
	}
	if x.documentType = q.DocumentType; len(words) == 0 {
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
	rows, more, err := x.rows(ctx, key) // a case, or a person
	if err == nil && len(rows) == 0 && !number {
		x.words = words
		rows, more, err = x.byWords(ctx)
	}
	if err != nil {
		return nil, err
	}
	return x.found(ctx, rows, more, lettersShown)
}

// byWords returns what has each of the words in its name or in its subject. Such a letter has one of them in its name,
// or all of them in its subject; and where no subject has a word, the name has.
func (x *search) byWords(ctx context.Context) (rows []*post.Filing, more bool, err error) {
	inNames := x.words
	var nowhere []string
	for _, word := range x.words {
		rest, err := x.title(ctx, word)
		if err != nil {
			return nil, false, err
		}
		if more = more || rest; len(x.titled[word]) == 0 {
			nowhere = append(nowhere, word)
		}
	}
	if len(nowhere) > 0 {
		inNames = []string{slices.MaxFunc(nowhere, func(a, b string) int { return cmp.Compare(len(a), len(b)) })}
	}
	seen := map[string]bool{}
	add := func(some []*post.Filing) {
		for _, f := range some {
			if place := f.Case + "#" + string(f.Letter); !seen[place] {
				seen[place], rows = true, append(rows, f)
			}
		}
	}
	for _, word := range inNames {
		some, rest, err := x.rows(ctx, keys.Name(x.CaseKey, x.who.Org, ident.NameStart(word)))
		if err != nil {
			return nil, false, err
		}
		add(some)
		more = more || rest
	}
	if len(nowhere) == 0 {
		some, rest, err := x.bySubject(ctx)
		if err != nil {
			return nil, false, err
		}
		add(some)
		more = more || rest
	}
	slices.SortStableFunc(rows, func(a, b *post.Filing) int { return b.At.Compare(a.At) })
	return rows, more, nil
}

// title finds out whose subject has a word.
func (x *search) title(ctx context.Context, word string) (more bool, err error) {
	key := keys.Title(x.CaseKey, x.who.Org, ident.NameStart(word))
	x.titled[word] = subjects{}
	for after, read := "", 0; read < rowsRead; read += rowsAtOnce {
		some, next, err := x.Titles.TitledUnder(ctx, x.who.Org, key, after, rowsAtOnce)
		if err != nil {
			return false, err
		}
		for _, t := range some {
			if ident.HasName(t.Subject, []string{word}) {
				x.titled[word][cmp.Or(string(t.Letter), t.Shipment)] = t.At
			}
		}
		if after = next; next == "" {
			return false, nil
		}
	}
	return true, nil
}

// has reports whether each of the words stands in a name, or in the subject of a letter.
func (x *search) has(name string, letter post.LetterID) bool {
	return !slices.ContainsFunc(x.words, func(word string) bool {
		_, all := x.titled[word][letter.Shipment()]
		_, own := x.titled[word][string(letter)]
		return !all && !own && !ident.HasName(name, []string{word})
	})
}

// bySubject returns what lies of letters whose subject has all of the words: the newest first, and not many more than
// are shown. Shipments are looked at one by one, for who may read them.
func (x *search) bySubject(ctx context.Context) (rows []*post.Filing, more bool, err error) {
	titled := x.titled[x.words[0]]
	var ids []post.LetterID // of shipments, too
	for _, id := range slices.SortedFunc(maps.Keys(titled), func(a, b string) int {
		return cmp.Or(titled[b].Compare(titled[a]), cmp.Compare(a, b))
	}) {
		if x.has("", post.LetterID(id)) {
			ids = append(ids, post.LetterID(id))
		}
	}
	for n, id := range ids {
		if len(rows) > lettersShown || n == subjectsRead {
			return rows, true, nil
		}
		may, err := x.may(ctx, id)
		switch s := x.shipments[id.Shipment()]; {
		case err != nil:
			return nil, false, err
		case !may:
		case string(id) == s.ID:
			rows, err = x.ofShipment(ctx, rows, s)
		default:
			rows, err = x.filed(ctx, rows, s, id)
		}
		if err != nil {
			return nil, false, err
		}
	}
	return rows, false, nil
}

// ofShipment adds what lies of a shipment's letters.
func (x *search) ofShipment(ctx context.Context, rows []*post.Filing, s *post.Shipment) ([]*post.Filing, error) {
	for from := 1; len(rows) <= lettersShown; from += readAtOnce {
		letters, err := x.Lists.Page(ctx, s, from, readAtOnce)
		if err != nil || len(letters) == 0 {
			return rows, err
		}
		if rows, err = x.filed(ctx, rows, s, post.IDs(letters)...); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// filed adds what lies of letters of a shipment in their cases.
func (x *search) filed(ctx context.Context, rows []*post.Filing, s *post.Shipment, ids ...post.LetterID) (
	[]*post.Filing, error) {
	letters, err := x.Letters.ReadAny(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var places []post.Filing
	for _, l := range letters {
		if l != nil && l.Org == x.who.Org {
			places = append(places, post.Filing{Org: l.Org, Case: caseOf(x.CaseKey, s, l), Letter: l.ID})
		}
	}
	if len(places) == 0 {
		return rows, nil
	}
	filed, err := x.Cases.Filed(ctx, places...)
	if err != nil {
		return nil, err
	}
	for _, f := range filed {
		if f != nil && x.wanted(f) {
			rows = append(rows, f)
		}
	}
	return rows, nil
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
	slices.SortStableFunc(rows, func(a, b *post.Filing) int { return b.At.Compare(a.At) })
	return rows, more, nil
}

// found puts rows into cases, as far as the caller may read them: the newest letters first, and no more than most.
func (x *search) found(ctx context.Context, rows []*post.Filing, more bool, most int) (*post.Found, error) {
	var letters []post.ArchivedLetter
	for some := range slices.Chunk(rows, readAtOnce) {
		if len(letters) > most {
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
	more = len(letters) > most || more && len(letters) > 0
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
		if l != nil && l.Org == x.who.Org {
			found = append(found, x.archived(x.shipments[l.ID.Shipment()], l, seen[i]))
		}
	}
	return found, nil
}

// may reports whether the caller may read a letter in the archive, and looks for it, and remembers its shipment.
func (x *search) may(ctx context.Context, l post.LetterID) (bool, error) {
	id := l.Shipment()
	s, asked := x.shipments[id]
	if !asked {
		var err error
		if s, err = x.Shipments.Get(ctx, x.who.Org, id); err != nil && !errors.Is(err, post.ErrNotFound) {
			return false, err
		}
		x.shipments[id] = s
	}
	return s != nil && x.who.Sight().Archived(s.Area) &&
		(x.documentType == "" || x.documentType == s.Area.DocumentType), nil
}
