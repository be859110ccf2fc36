package archive

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
)

// subjects are the shipments and letters whose subject has a word.
type subjects struct {
	of   map[string]post.Titled
	more bool // there are others that were not read
}

// size is how many there are, as far as that is known: more than any whole list has, where it is not.
func (s subjects) size() int {
	if s.more {
		return rowsRead + len(s.of)
	}
	return len(s.of)
}

// look takes words to search by. Short ones are looked up where there are no others; all of them are held against what
// is found.
func (x *search) look(words []string) {
	x.words, x.looked = words, slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return utf8.RuneCountInString(word) < wordShort
	})
	if len(x.looked) == 0 {
		x.looked = words
	}
}

// byWords returns what has each of the words in its name or in its subject. Such a letter has one of them in its name,
// or all of them in its subject; and where no subject has a word, the name has.
func (x *search) byWords(ctx context.Context) (rows []*post.Filing, more bool, err error) {
	inNames := x.looked
	var nowhere []string
	for _, word := range x.looked {
		if err := x.title(ctx, word); err != nil {
			return nil, false, err
		}
		if titled := x.titled[word]; len(titled.of) == 0 && !titled.more {
			nowhere = append(nowhere, word)
		}
	}
	if len(nowhere) > 0 {
		inNames = []string{slices.MaxFunc(nowhere, func(a, b string) int { return cmp.Compare(len(a), len(b)) })}
	}
	for _, word := range inNames {
		some, rest, err := x.rows(ctx, keys.Name(x.CaseKey, x.who.Org, ident.NameStart(word)))
		if err != nil {
			return nil, false, err
		}
		rows, more = append(rows, some...), more || rest
	}
	if len(nowhere) == 0 {
		some, err := x.bySubject(ctx)
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, some...)
	}
	seen := map[string]bool{}
	rows = slices.DeleteFunc(rows, func(f *post.Filing) bool {
		place := f.Case + "#" + string(f.Letter)
		was := seen[place]
		seen[place] = true
		return was
	})
	newestFirst(rows)
	return rows, more, nil
}

// title finds out whose subject has a word.
func (x *search) title(ctx context.Context, word string) error {
	key := keys.Title(x.CaseKey, x.who.Org, ident.NameStart(word))
	titled := subjects{of: map[string]post.Titled{}}
	read, after := 0, ""
	for {
		some, next, err := x.Titles.TitledUnder(ctx, x.who.Org, key, after, rowsAtOnce)
		if err != nil {
			return err
		}
		for _, t := range some {
			if ident.HasName(t.Subject, []string{word}) {
				titled.of[cmp.Or(string(t.Letter), t.Shipment)] = t
			}
		}
		if after, read = next, read+rowsAtOnce; next == "" || read >= rowsRead {
			break
		}
	}
	titled.more = after != ""
	x.partial = x.partial || titled.more
	x.titled[word] = titled
	return nil
}

// has reports whether each word stands in a name, or in the subject of a letter, as far as that was read.
func (x *search) has(name string, letter post.LetterID) bool {
	return !slices.ContainsFunc(x.words, func(word string) bool {
		if ident.HasName(name, []string{word}) {
			return false
		}
		if slices.Contains(x.looked, word) {
			return !x.inSubject(word, letter)
		}
		subject, known := x.subject(letter)
		return known && !ident.HasName(subject, []string{word})
	})
}

// inSubject reports whether a word that was looked up stands in the subject of a letter, or of a shipment, or may.
func (x *search) inSubject(word string, id post.LetterID) bool {
	titled := x.titled[word]
	_, all := titled.of[id.Shipment()]
	_, own := titled.of[string(id)]
	return all || own || titled.more
}

// subject is the subject of a letter where one of the words has led to it.
func (x *search) subject(letter post.LetterID) (string, bool) {
	for _, word := range x.looked {
		for _, id := range []string{string(letter), letter.Shipment()} { // its own first
			if t, ok := x.titled[word].of[id]; ok {
				return t.Subject, true
			}
		}
	}
	return "", false
}

// bySubject returns what lies of letters whose subject has the words: first those that have all of them, the newest
// first, and not many more than are shown. Shipments are looked at one by one, for who may read them.
func (x *search) bySubject(ctx context.Context) (rows []*post.Filing, err error) {
	first := slices.MinFunc(x.looked, func(a, b string) int {
		return cmp.Compare(x.titled[a].size(), x.titled[b].size())
	})
	of, part := x.titled[first].of, map[string]int{} // part is 1 where the subject has not all of the words
	ids := slices.DeleteFunc(slices.Collect(maps.Keys(of)), func(id string) bool { return x.lacks(of[id]) })
	for _, id := range ids {
		if !ident.HasName(of[id].Subject, x.words) {
			part[id] = 1
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(part[a], part[b]), of[b].At.Compare(of[a].At), cmp.Compare(a, b))
	})
	read := 0
	for n, id := range ids {
		switch {
		case n >= subjectsRead, read >= lettersRead:
			x.partial = true
			return rows, nil
		case len(rows) > lettersShown:
			return rows, nil
		}
		may, err := x.may(ctx, post.LetterID(id))
		if err != nil {
			return nil, err
		}
		s := x.shipments[post.LetterID(id).Shipment()]
		switch {
		case !may, !x.before.IsZero() && !s.Created.Before(x.before): // it is filed later than it is made
		case id == s.ID:
			rows, err = x.ofShipment(ctx, rows, s, &read)
		default:
			rows, err = x.ofLetter(ctx, rows, s, post.LetterID(id))
		}
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// lacks reports whether no letter with a subject can have all of the words: it lacks one that was looked up, or a
// number, which is in no name.
func (x *search) lacks(t post.Titled) bool {
	id := cmp.Or(t.Letter, post.LetterID(t.Shipment))
	return slices.ContainsFunc(x.words, func(word string) bool {
		if slices.Contains(x.looked, word) {
			return !x.inSubject(word, id)
		}
		return strings.ContainsFunc(word, unicode.IsDigit) && !ident.HasName(t.Subject, []string{word})
	})
}

// ofShipment adds what lies of a shipment's letters, and counts those that it reads.
func (x *search) ofShipment(ctx context.Context, rows []*post.Filing, s *post.Shipment, read *int) (
	[]*post.Filing, error) {
	for from := 1; from <= s.Letters && len(rows) <= lettersShown; {
		if *read >= lettersRead {
			x.partial = true
			return rows, nil
		}
		letters, err := x.Lists.Page(ctx, s, from, readAtOnce)
		if err != nil || len(letters) == 0 {
			return rows, err
		}
		from = letters[len(letters)-1].Number + 1
		*read += len(letters)
		if rows, err = x.filed(ctx, rows, s, letters); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (x *search) ofLetter(ctx context.Context, rows []*post.Filing, s *post.Shipment, id post.LetterID) (
	[]*post.Filing, error) {
	letters, err := x.Letters.ReadAny(ctx, id)
	if err != nil || letters[0] == nil || letters[0].Org != x.who.Org {
		return rows, err
	}
	return x.filed(ctx, rows, s, letters)
}

// filed adds what lies of letters of a shipment in their cases.
func (x *search) filed(ctx context.Context, rows []*post.Filing, s *post.Shipment, letters []*post.Letter) (
	[]*post.Filing, error) {
	places := make([]post.Filing, len(letters))
	for i, l := range letters {
		places[i] = post.Filing{Org: l.Org, Case: caseOf(x.CaseKey, s, l), Letter: l.ID}
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
