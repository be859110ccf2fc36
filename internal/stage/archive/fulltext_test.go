package archive

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/seal/letters"
)

// newTexts is a desk with two letters of a shipment that are filed, and what each of them says.
func newTexts(t *testing.T) (*desk, post.Object) {
	t.Helper()
	d := newDesk(t)
	words := letters.NewSaid(2)
	for i, said := range []string{"boligstøtte huslejen klage", "boligstøtte boligsikring klagefrist"} {
		d.change(i, queue)
		posttest.Check(t, words.Add(d.file(i), strings.Fields(said)))
	}
	key := post.WordsKey(d.letters[0].Shipment(), 1, 0)
	var stored []post.Object
	posttest.Check(t, words.Each(func(_ int, file []byte) (err error) {
		stored, err = d.objects.Put(context.Background(), post.File{Org: "demo", Key: key, Content: file})
		return err
	}))
	d.shipment(func(s *post.Shipment) {
		s.Area.DocumentType = "afgoerelse"
		s.Words = post.Words{Round: 1, Files: []post.WordsFile{{Version: stored[0].Version, Size: stored[0].Size}}}
	})
	return d, stored[0]
}

// TestWordsOfLetters: a letter is found by what it says, with a person, in a period or in a document type, and by whom
// may read it.
func TestWordsOfLetters(t *testing.T) {
	d, _ := newTexts(t)
	today := posttest.Start.In(post.Denmark()).Format("2006-01-02")
	for _, c := range []struct {
		q    post.ArchiveQuery
		want string
	}{
		{post.ArchiveQuery{Words: "boligstøtte", From: today}, "Anton Bodil"},
		{post.ArchiveQuery{Words: "HUSLEJEN", From: today}, "Anton"},
		{post.ArchiveQuery{Words: "klage", From: today}, "Anton Bodil"},
		{post.ArchiveQuery{Words: "klage bolig", To: today}, "Anton Bodil"},
		{post.ArchiveQuery{Words: "klage husleje", DocumentType: "afgoerelse"}, "Anton"},
		{post.ArchiveQuery{Words: "klage", DocumentType: "et andet"}, ""},
		{post.ArchiveQuery{Words: "klage", From: "2031-01-01"}, ""},
		{post.ArchiveQuery{Words: "klage", To: "2001-01-01"}, ""},
		{post.ArchiveQuery{Words: "lejen", From: today}, ""}, // a beginning of none
		{post.ArchiveQuery{Words: "boligstøtte", Text: "bodil"}, "Bodil"},
		{post.ArchiveQuery{Words: "huslejen", Text: "bodil"}, ""},
		{post.ArchiveQuery{Words: "huslejen", Text: "lykkegaard"}, "Anton"},
	} {
		if got := d.query(c.q); got != c.want {
			t.Errorf("%+v finds %q, want %q", c.q, got, c.want)
		}
	}
	for _, number := range []string{"0101901234", "010190-1234", "cpr0101901234", "husnummer 1234"} {
		var mistakes post.Mistakes
		_, err := d.reader.SearchArchive(context.Background(), d.who, post.ArchiveQuery{Words: number, From: today})
		if !errors.As(err, &mistakes) || mistakes[0].Field != "words" {
			t.Errorf("%q was searched as a word, and nobody is told whose number it is: %v", number, err)
		}
	}
	var mistakes post.Mistakes
	if _, err := d.reader.SearchArchive(context.Background(), d.who, post.ArchiveQuery{Words: "klage"}); !errors.As(
		err, &mistakes) {
		t.Errorf("everything that is archived was searched: %v", err)
	}
	d.who.Grants = post.Grants{}
	var forbidden *post.Forbidden
	_, err := d.reader.SearchArchive(context.Background(), d.who, post.ArchiveQuery{Words: "klage", From: today})
	if !errors.As(err, &forbidden) {
		t.Errorf("somebody without the right searched: %v", err)
	}
}

// TestE9WordsGoWithTheKey: a letter whose key is destroyed is not found by what it said, while its neighbours are; and
// nothing of what letters say lies open.
func TestE9WordsGoWithTheKey(t *testing.T) {
	d, words := newTexts(t)
	content, _, err := d.reader.Objects.Open(context.Background(), words)
	posttest.Check(t, err)
	if text := string(content); strings.Contains(text, "klage") || strings.Contains(text, "bolig") {
		t.Errorf("what letters say lies open: %.200s", text)
	}
	d.change(0, func(l *post.Letter) error {
		l.Secret = ""
		return nil
	})
	if got := d.query(post.ArchiveQuery{Words: "boligstøtte", DocumentType: "afgoerelse"}); got != "Bodil" {
		t.Errorf("found: %q", got)
	}
}

// TestDamagedWords: what cannot be read is left out, and it is said that not all was looked at.
func TestDamagedWords(t *testing.T) {
	d, _ := newTexts(t)
	d.change(0, func(l *post.Letter) error {
		l.Secret = "another"
		return nil
	})
	found, err := d.reader.SearchArchive(context.Background(), d.who,
		post.ArchiveQuery{Words: "boligstøtte", DocumentType: "afgoerelse"})
	posttest.Check(t, err)
	if len(found.Cases) != 1 || !found.More {
		t.Errorf("found %d cases, more: %v", len(found.Cases), found.More)
	}
	d.shipment(func(s *post.Shipment) { s.Words.Round = 7 })
	found, err = d.reader.SearchArchive(context.Background(), d.who,
		post.ArchiveQuery{Words: "boligstøtte", DocumentType: "afgoerelse"})
	posttest.Check(t, err)
	if len(found.Cases) != 0 || !found.More {
		t.Errorf("found %d cases, more: %v", len(found.Cases), found.More)
	}
}

// TestWordsAreSearchedWithinBounds: where not all was looked at it is said, also within one shipment.
func TestWordsAreSearchedWithinBounds(t *testing.T) {
	d, _ := newTexts(t)
	for name, c := range map[string]struct {
		set  func(x *search)
		want bool
	}{
		"all":     {func(*search) {}, false},
		"letters": {func(x *search) { x.read = textLetters }, true},
		"files": {func(x *search) {
			for i := range textFiles {
				x.said[post.Object{Size: int64(i + 1)}] = nil
			}
		}, true},
	} {
		x := d.reader.search(d.who)
		x.inText = []string{"boligstøtte"}
		c.set(x)
		rows, err := x.byText(context.Background())
		posttest.Check(t, err)
		x.read = textLetters // what was heard is shown all the same
		found, err := x.found(context.Background(), rows, false, lettersShown)
		posttest.Check(t, err)
		if (len(found.Cases) == 0) != c.want {
			t.Errorf("%s: %d cases are shown", name, len(found.Cases))
		}
		if x.partial != c.want || (len(rows) == 0) != c.want {
			t.Errorf("%s: %d rows, partial %v", name, len(rows), x.partial)
		}
	}
}

// TestApart: a shipment that is over is looked at where its letters can have been filed in the period.
func TestApart(t *testing.T) {
	from := posttest.Start
	for name, c := range map[string]struct {
		s    post.Shipment
		want bool
	}{
		"over long before": {post.Shipment{State: post.ShipmentCompleted, SentAt: from.AddDate(0, 0, -2)}, true},
		"over just before": {post.Shipment{State: post.ShipmentCompleted, SentAt: from.Add(-time.Hour)}, false},
		"planned": {post.Shipment{State: post.ShipmentCompleted, SentAt: from.AddDate(0, -2, 0), SendAfter: from},
			false},
		"not over":      {post.Shipment{State: post.InSending, SentAt: from.AddDate(0, 0, -2)}, false},
		"with failures": {post.Shipment{State: post.CompletedWithErrors, SentAt: from.AddDate(0, 0, -2)}, false},
		"made after it": {post.Shipment{State: post.InSending, Created: from.AddDate(0, 0, 8)}, true},
	} {
		x := search{from: from, before: from.AddDate(0, 0, 7)}
		if got := x.apart(&c.s); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
