package archive

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Limits of a search of the log: whoever has more chooses a period or writes one word more.
const (
	logLetters   = 100
	logShipments = 50
	logOpen      = 500 // rows of Ubehandlet, and shipments on their way, that are in no index yet
)

// logSearch is one search of the log.
type logSearch struct {
	*search
	filter post.ShipmentFilter
	number ident.Number // that is searched; zero where words are
	hits   map[post.LetterID]post.FoundLetter
	open   []*post.Shipment // on their way, as far as they are searched; nil before they are read
}

// SearchLog implements post.LogReading. What was sent is in the archive's index: letters under the keyed hashes of
// their numbers and names, shipments under those of their subjects. What is not there yet, since it is held back or has
// not left, is looked through: it is little.
func (r *Reader) SearchLog(ctx context.Context, who post.Caller, q post.LogQuery) (*post.LogFound, error) {
	x := &logSearch{search: r.search(who), filter: q.ShipmentFilter, hits: map[post.LetterID]post.FoundLetter{}}
	x.sees = func(s *post.Shipment) bool {
		return who.Sight().Opens(s.Area) && q.TakesMade(s)
	}
	words, asked := ident.NameWords(q.Text), texts.Say("archive-a-name")
	switch n, err := ident.ParseAny(strings.TrimSpace(q.Text)); {
	case err == nil:
		x.number, asked = n, keys.Person(r.CaseKey, who.Org, n.Key())
	case len(words) == 0:
		return nil, post.Mistakes{{Field: "text", Text: sentence.Of("log-nothing-asked")}}
	case len(words) > wordsMost:
		return nil, post.Mistakes{{Field: "text", Text: sentence.Of("archive-many-words", wordsMost)}}
	}
	if err := r.Audit.Record(ctx, who.Did(post.ActSee, "", "", texts.Say("log-searched", asked))); err != nil {
		return nil, err
	}
	if !x.number.IsZero() {
		return x.ofNumber(ctx)
	}
	x.look(words)
	return x.ofWords(ctx)
}

// ofNumber finds the letters to a number.
func (x *logSearch) ofNumber(ctx context.Context) (*post.LogFound, error) {
	rows, more, err := x.rows(ctx, keys.Person(x.CaseKey, x.who.Org, x.number.Key()))
	if err == nil {
		err = x.ofFilings(ctx, rows)
	}
	if err == nil {
		err = x.held(ctx)
	}
	if err == nil {
		err = x.waiting(ctx)
	}
	return x.answer(nil, more || x.partial), err
}

// ofWords finds the letters that have one of the words in their name and the others there or in their subject, and the
// shipments that have all of them in their subject.
func (x *logSearch) ofWords(ctx context.Context) (*post.LogFound, error) {
	for _, word := range x.looked {
		if err := x.title(ctx, word); err != nil {
			return nil, err
		}
	}
	more := false
	for _, word := range x.looked {
		rows, rest, err := x.rows(ctx, keys.Name(x.CaseKey, x.who.Org, ident.NameStart(word)))
		if err == nil {
			err = x.ofFilings(ctx, slices.DeleteFunc(rows, func(f *post.Filing) bool { return !x.named(f.Name) }))
		}
		if err != nil {
			return nil, err
		}
		more = more || rest
	}
	if err := x.held(ctx); err != nil {
		return nil, err
	}
	if err := x.waiting(ctx); err != nil {
		return nil, err
	}
	shipments, err := x.titledShipments(ctx)
	return x.answer(shipments, more || x.partial), err
}

// named reports whether a name has one of the words.
func (x *logSearch) named(name string) bool {
	return slices.ContainsFunc(x.words, func(word string) bool { return ident.HasName(name, []string{word}) })
}

// ofFilings adds letters that lie in their cases: the newest of them.
func (x *logSearch) ofFilings(ctx context.Context, rows []*post.Filing) error {
	for some := range slices.Chunk(rows, readAtOnce) {
		if len(x.hits) > logLetters {
			return nil
		}
		var ids []post.LetterID
		names := map[post.LetterID]string{}
		for _, f := range some {
			may, err := x.may(ctx, f.Letter)
			if err != nil {
				return err
			}
			if may {
				ids, names[f.Letter] = append(ids, f.Letter), f.Name
			}
		}
		if len(ids) == 0 {
			continue
		}
		letters, err := x.Letters.ReadAny(ctx, ids...)
		if err != nil {
			return err
		}
		for _, l := range letters {
			if l != nil && l.Org == x.who.Org {
				x.add(l, names[l.ID], true)
			}
		}
	}
	return nil
}

// concerns reports whether a letter is to the number that is searched, or about it.
func (x *logSearch) concerns(s *post.Shipment, l *post.Letter) bool {
	return l.Recipient.Key() == x.number.Key() || concerned(s, l).Key() == x.number.Key()
}

// add adds a letter, if it is one that is searched as it stands now.
func (x *logSearch) add(l *post.Letter, name string, filed bool) {
	s := x.shipments[l.ID.Shipment()]
	switch {
	case !x.number.IsZero() && !x.concerns(s, l):
	case x.number.IsZero() && !ident.HasName(name+" "+cmp.Or(l.Subject, s.Subject), x.words):
	case x.filter.State == post.LogFailed && l.State != post.Failed, !x.filter.TakesState(s):
	default:
		x.hits[l.ID] = post.FoundLetter{Letter: l, Shipment: s, Name: name, Filed: filed}
	}
}

// held adds letters that stand in Ubehandlet: those that never left lie in no case.
func (x *logSearch) held(ctx context.Context) error {
	rows, next, err := x.Failures.List(ctx, x.who.Org, post.FailureFilter{Seen: x.who.Sight()}, "", logOpen)
	if err != nil {
		return err
	}
	x.partial = x.partial || next != ""
	var ids []post.LetterID
	for _, f := range rows {
		if _, known := x.hits[f.Letter]; known || f.Letter == "" || slices.Contains(ids, f.Letter) {
			continue
		}
		may, err := x.may(ctx, f.Letter)
		if err != nil {
			return err
		}
		if may {
			ids = append(ids, f.Letter)
		}
	}
	for some := range slices.Chunk(ids, readAtOnce) {
		letters, err := x.Letters.ReadAny(ctx, some...)
		if err != nil {
			return err
		}
		for _, l := range letters {
			if l == nil || l.Org != x.who.Org {
				continue
			}
			name, err := x.Names.NameOf(ctx, x.shipments[l.ID.Shipment()], l)
			if err != nil {
				name = "" // it is found by its number all the same
			}
			if !x.number.IsZero() || x.named(name) {
				x.add(l, name, false)
			}
		}
	}
	return nil
}

// titledShipments are those whose subject has all of the words: from the index, and of those on their way.
func (x *logSearch) titledShipments(ctx context.Context) ([]*post.Shipment, error) {
	found := map[string]*post.Shipment{}
	first := slices.MinFunc(x.looked, func(a, b string) int {
		return cmp.Compare(x.titled[a].size(), x.titled[b].size())
	})
	ids := slices.SortedFunc(maps.Keys(x.titled[first].of), func(a, b string) int {
		return cmp.Or(x.titled[first].of[b].At.Compare(x.titled[first].of[a].At), cmp.Compare(a, b))
	})
	for _, id := range ids {
		t := x.titled[first].of[id]
		if t.Letter != "" || !ident.HasName(t.Subject, x.words) {
			continue
		}
		if len(found) > logShipments {
			break
		}
		may, err := x.may(ctx, post.LetterID(id))
		if err != nil {
			return nil, err
		}
		if s := x.shipments[id]; may && x.filter.TakesState(s) {
			found[id] = s
		}
	}
	open, err := x.unfinished(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range open {
		if ident.HasName(s.Subject, x.words) {
			found[s.ID] = s
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b *post.Shipment) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	}), nil
}

// answer is what was found, the newest first.
func (x *logSearch) answer(shipments []*post.Shipment, more bool) *post.LogFound {
	letters := slices.SortedFunc(maps.Values(x.hits), func(a, b post.FoundLetter) int {
		return cmp.Or(b.Shipment.Created.Compare(a.Shipment.Created), cmp.Compare(a.Number, b.Number))
	})
	return &post.LogFound{
		Shipments: shipments[:min(len(shipments), logShipments)],
		Letters:   letters[:min(len(letters), logLetters)],
		More: len(letters) > logLetters || len(shipments) > logShipments ||
			more && len(letters)+len(shipments) > 0, // who may see nothing is not told that there is more
	}
}
