package archive

import (
	"context"
	"errors"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/seal/letters"
)

// newTexts is a desk with two letters of a shipment that are filed, and what each of them says.
func newTexts(t *testing.T) (*desk, post.Object) {
	t.Helper()
	d := newDesk(t)
	var words letters.Said
	for i, said := range []string{"boligstøtte huslejen klage", "boligstøtte boligsikring klagefrist"} {
		d.change(i, func(l *post.Letter) error {
			l.Secret = post.Secret("key of " + string(l.ID))
			return l.Queue(posttest.Now)
		})
		posttest.Check(t, words.Add(d.file(i), strings.Fields(said)))
	}
	files, err := words.Files()
	posttest.Check(t, err)
	key := post.WordsKey(d.letters[0].Shipment(), 1, 0)
	stored, err := d.reader.Objects.Put(context.Background(), post.File{Org: "demo", Key: key, Content: files[0]})
	posttest.Check(t, err)
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
