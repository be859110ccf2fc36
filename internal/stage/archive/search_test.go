package archive

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// query returns whose letters are found.
func (d *desk) query(q post.ArchiveQuery) string {
	d.t.Helper()
	found, err := d.reader.SearchArchive(context.Background(), d.who, q)
	posttest.Check(d.t, err)
	var names []string
	for _, c := range found.Cases {
		for _, l := range c.Letters {
			names = append(names, strings.Fields(l.Name)[0])
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// newSubjects is a desk with two letters in a shipment about a decision on a grant, the second of them corrected to be
// about a refusal.
func newSubjects(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.shipment(func(s *post.Shipment) {
		s.Subject, s.Area.DocumentType = "Afgørelse om tilskud, nr. 4", "afgoerelse"
	})
	d.change(0, queue)
	d.file(0)
	d.change(1, func(l *post.Letter) error {
		l.Subject = "Afslag til Anton"
		return l.Queue(posttest.Now)
	})
	d.file(1)
	return d
}

// TestWordsOfSubjects: a letter is found by words of its subject as it is now, of its recipient's name, or of both, and
// by none that it has not.
func TestWordsOfSubjects(t *testing.T) {
	d := newSubjects(t)
	for text, want := range map[string]string{
		"tilskud": "Anton", "TILSK afg": "Anton", "anton tilskud": "Anton",
		"lykkegaard tilskud": "Anton", "afslag": "Bodil", "bodil afslag": "Bodil", "anton": "Anton Bodil",
		"anton afslag": "Bodil", "bodil tilskud": "", "tilskud afslag": "", "lykkegaard": "Anton Bodil",
		"tilskuddet": "", "carla tilskud": "", "lykkegaard tilskud carla": "",
		"anton ly": "Anton Bodil", "tilskud an": "Anton", "tilskud bo": "", "an": "", // no word alone that short
		"tilskud 4": "Anton", "tilskud 5": "", "bodil til": "Bodil", "afslag ti": "Bodil",
	} {
		if got := d.query(post.ArchiveQuery{Text: text}); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	d.who.Grants = post.GrantsOf(slices.DeleteFunc(post.Rights(), func(r post.Right) bool {
		return r == post.RightConfidential
	})...)
	d.shipment(func(s *post.Shipment) { s.Area.Confidential, s.Area.Owner = true, "somebody else" })
	for _, text := range []string{"tilskud", "anton tilskud", "afslag", "anton"} {
		found, err := d.reader.SearchArchive(context.Background(), d.who, post.ArchiveQuery{Text: text})
		if err != nil || len(found.Cases) > 0 || found.More {
			t.Errorf("%q: %+v, %v", text, found, err)
		}
	}
}

// TestACaseHidesNoWords: a case that one may not read, and one of another document type, is named as a word of
// subjects, and those are found all the same.
func TestACaseHidesNoWords(t *testing.T) {
	d := newSubjects(t)
	d.another("bbbbbbbbbbbb", 1, func(s *post.Shipment) { s.Case, s.Area.Unit = "tilskud", "another" })
	if got := d.query(post.ArchiveQuery{Text: "tilskud", DocumentType: "afgoerelse"}); got != "Anton" {
		t.Errorf("of the type: %q", got)
	}
	d.shipment(func(s *post.Shipment) { s.Area.Unit = "mine" })
	d.who.Grants = post.Grants{{Right: post.RightArchive, Scope: post.Scope{Unit: "mine"}}}
	if got := d.query(post.ArchiveQuery{Text: "tilskud"}); got != "Anton" {
		t.Errorf("of the unit: %q", got)
	}
}

// TestAShortWordOfASubject: a number in a subject finds its shipment, behind many others that share the long words.
func TestAShortWordOfASubject(t *testing.T) {
	d := newSubjects(t)
	d.another("aaaaaaaaaaa0", lettersShown+1, func(s *post.Shipment) { s.Subject = "Afgørelse om tilskud, nr. 7" })
	if got := d.query(post.ArchiveQuery{Text: "afgørelse 4"}); got != "Anton" {
		t.Errorf("found %q", got)
	}
}

// another files a shipment with letters of its own.
func (d *desk) another(id string, n int, change func(*post.Shipment)) {
	d.t.Helper()
	ctx := context.Background()
	s, letters := posttest.Shipment(d.t, id, n)
	change(s)
	files, err := d.objects.Put(ctx, post.File{Key: "letters/" + id, Content: []byte("%PDF " + id)})
	posttest.Check(d.t, err)
	for i, l := range letters {
		l.Document, l.Number = files[0], i+1
		posttest.Check(d.t, queue(l))
	}
	posttest.Check(d.t, d.store.Shipments().Create(ctx, s))
	posttest.Check(d.t, d.store.Letters().Create(ctx, &post.Shipment{}, letters))
	for some := range slices.Chunk(letters, 10) {
		var jobs []post.Job
		for _, l := range some {
			jobs = append(jobs, post.Job{Letter: l.ID})
		}
		posttest.Check(d.t, errors.Join(d.Handle(ctx, jobs)...))
	}
}

// TestAnEndedLetterIsFoundByItsSubject: one whose subject was corrected, and that ended before it was filed anew.
func TestAnEndedLetterIsFoundByItsSubject(t *testing.T) {
	d := newDesk(t)
	d.change(0, queue)
	d.file(0)
	d.change(0, func(l *post.Letter) error {
		return errors.Join(l.Fail(posttest.Now, post.Problem{Code: post.NotEnrolled}),
			l.Correct(keys.UUIDs(key), posttest.Now, "eva", post.Correction{Subject: "Nyt fokus"}),
			l.Fail(posttest.Now, post.Problem{Code: post.NotEnrolled}))
	})
	if l := d.file(0); l.Archiving.State != post.Archived {
		t.Fatalf("%+v", l.Archiving)
	}
	if got := d.query(post.ArchiveQuery{Text: "fokus"}); got != "Anton" {
		t.Errorf("found %q", got)
	}
}

// TestASearchHasABound: who asks for more words than anybody types is told; a search that did not look at all that may
// have its words says so, also where nothing is found.
func TestASearchHasABound(t *testing.T) {
	d := newSubjects(t)
	_, err := d.reader.SearchArchive(context.Background(), d.who, post.ArchiveQuery{Text: "a b c d e f g h i j k"})
	if !errors.As(err, new(post.Mistakes)) {
		t.Errorf("eleven words: %v", err)
	}
	x := d.reader.search(d.who)
	x.look([]string{"tilskud"})
	x.titled["tilskud"] = subjects{more: true}
	if !x.has("Carla", d.letters[0]) {
		t.Error("a letter is left out whose subject was not read")
	}
	x.partial = true
	if found, err := x.found(context.Background(), nil, false, 1); err != nil || !found.More {
		t.Errorf("%+v, %v", found, err)
	}
}

// shipment changes the letters' shipment.
func (d *desk) shipment(change func(*post.Shipment)) {
	d.t.Helper()
	_, err := d.store.Shipments().Change(context.Background(), "demo", "aaaaaaaaaaaa", func(s *post.Shipment) error {
		change(s)
		return nil
	})
	posttest.Check(d.t, err)
}

// TestPeriodAndType: a search keeps to the days on which letters were filed, both of them too, and to a document type;
// with words, with a number, and with a case.
func TestPeriodAndType(t *testing.T) {
	d := newSubjects(t)
	day := func(days int) string {
		return posttest.Start.In(post.Denmark()).AddDate(0, 0, days).Format(time.DateOnly)
	}
	for _, text := range []string{"tilskud", "anton tilskud", "anton lykkegaard", "010190-1000"} {
		for _, c := range []struct {
			from, to, kind string
			found          bool
		}{
			{day(0), day(0), "", true}, {day(-1), "", "afgoerelse", true}, {"", day(0), "", true},
			{day(1), "", "", false}, {"", day(-1), "", false}, {day(-3), day(-1), "", false}, {"", "", "andet", false},
		} {
			q := post.ArchiveQuery{Text: text, From: c.from, To: c.to, DocumentType: c.kind}
			if got := d.query(q); strings.Contains(got, "Anton") != c.found {
				t.Errorf("%+v finds %q", q, got)
			}
		}
	}
	for _, q := range []post.ArchiveQuery{
		{Text: "anton", From: "1. maj"}, {Text: "anton", To: "2026-13-01"}, {Text: "anton", From: day(1), To: day(0)},
	} {
		var wrong post.Mistakes
		if _, err := d.reader.SearchArchive(context.Background(), d.who, q); !errors.As(err, &wrong) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// TestStarts: two words that begin alike are one row.
func TestStarts(t *testing.T) {
	if got := starts("Hans Hansen Ås"); !slices.Equal(got, []string{"han", "ås"}) {
		t.Errorf("%q", got)
	}
}
