package archive

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

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
		"tilskud": "Anton", "TILSK afg": "Anton", "tilskud 4": "Anton", "anton tilskud": "Anton",
		"lykkegaard tilskud": "Anton", "afslag": "Bodil", "bodil afslag": "Bodil", "anton": "Anton Bodil",
		"anton afslag": "Bodil", "bodil tilskud": "", "tilskud afslag": "", "lykkegaard": "Anton Bodil",
		"tilskuddet": "", "carla tilskud": "", "lykkegaard tilskud carla": "",
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
