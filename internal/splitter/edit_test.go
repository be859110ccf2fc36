package splitter

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/pdftest"
)

func number(t *testing.T, text string) ident.Number {
	t.Helper()
	n, err := ident.ParseAny(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEdits: what a person sets right is done in order, and every page stays in exactly one letter.
func TestEdits(t *testing.T) {
	data := pdftest.Merge(pdftest.Options{}, person(1), nobody(), person(2))
	n := number(t, "0101491234")
	for name, c := range map[string]struct {
		edits []Edit
		want  string
	}{
		"none":                 {nil, "1-2:41 3-4:no-recipient-found 5-6:42"},
		"merge":                {[]Edit{{Do: EditMerge, Page: 3}}, "1-4:doubtful-recipient 5-6:42"},
		"merge two recipients": {[]Edit{{Do: EditMerge, Page: 3}, {Do: EditMerge, Page: 5}}, "1-6:two-recipients"},
		"merge into another's": {[]Edit{{Do: EditMerge, Page: 5}}, "1-2:41 3-6:doubtful-recipient"},
		"merge, then recipient": {[]Edit{{Do: EditMerge, Page: 5}, {Do: EditRecipient, Page: 3, Recipient: n}},
			"1-2:41 3-6:49"},
		"cut": {[]Edit{{Do: EditCut, Page: 6}},
			"1-2:41 3-4:no-recipient-found 5-5:42 6-6:no-recipient-found"},
		"cut and merge again": {[]Edit{{Do: EditCut, Page: 6}, {Do: EditMerge, Page: 6}},
			"1-2:41 3-4:no-recipient-found 5-6:42"},
		"recipient": {[]Edit{{Do: EditRecipient, Page: 3, Recipient: n}}, "1-2:41 3-4:49 5-6:42"},
		"recipient, then merge": {[]Edit{{Do: EditRecipient, Page: 3, Recipient: n}, {Do: EditMerge, Page: 5}},
			"1-2:41 3-6:two-recipients"},
		"drop": {[]Edit{{Do: EditDrop, Page: 1, By: "eva"}},
			"1-2:41 3-4:no-recipient-found 5-6:42"},
		"drop by nobody": {[]Edit{{Do: EditDrop, Page: 1}}, "1-2:41 3-4:no-recipient-found 5-6:42"},
		"what does not fit": {[]Edit{{Do: EditMerge, Page: 1}, {Do: EditCut, Page: 5},
			{Do: EditDrop, Page: 99}, {Do: EditMerge, Page: 4}}, "1-2:41 3-4:no-recipient-found 5-6:42"},
		"recipient of a part only": {[]Edit{{Do: EditCut, Page: 4}, {Do: EditRecipient, Page: 4, Recipient: n}},
			"1-2:41 3-3:no-recipient-found 4-4:49 5-6:42"},
	} {
		plan, err := Make(context.Background(), data, Options{Edits: c.edits})
		if got := outline(plan, err); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if err := plan.Outline().Conserved(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if dropped := plan.Segments[0].Dropped; dropped != strings.HasPrefix(name, "drop") {
			t.Errorf("%s: dropped %v", name, dropped)
		}
	}
}

// TestEditsKeepWhatIsHeld: a part or a whole with two people's pages in it is not sent, whatever was cut or merged; and
// what was dropped stays dropped.
func TestEditsKeepWhatIsHeld(t *testing.T) {
	lines := func(n, counter string) []string {
		heading := []string{"Navn Navnesen", "Møllevej " + n, "9999 Nordøby"}
		if n != "" {
			heading = append(heading, "CPR-nr.: 0101"+n+"-1234")
		}
		return append(heading, counter)
	}
	data := pdftest.Write(
		nil,
		lines("41", "Side 1 af 3"),
		lines("42", "Side 2 af 3"),
		lines("", "Side 3 af 3"),
		lines("43", "Side 1 af 1"),
	)
	for name, c := range map[string]struct {
		edits []Edit
		want  string
	}{
		"none":          {nil, "1-3:two-recipients 4-4:43"},
		"cut behind it": {[]Edit{{Do: EditCut, Page: 3}}, "1-2:two-recipients 3-3:no-recipient-found 4-4:43"},
		"cut before it": {[]Edit{{Do: EditCut, Page: 2}}, "1-1:41 2-3:42 4-4:43"},
		"merge":         {[]Edit{{Do: EditMerge, Page: 4}}, "1-4:two-recipients"},
		"drop and merge": {[]Edit{{Do: EditDrop, Page: 4, By: "eva"}, {Do: EditMerge, Page: 4}},
			"1-3:two-recipients 4-4:43"},
	} {
		plan, err := Make(context.Background(), data, Options{Edits: c.edits})
		if got := strings.TrimSuffix(outline(plan, err), " review"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	plan, err := Make(
		context.Background(),
		data,
		Options{Edits: []Edit{{Do: EditDrop, Page: 1, By: "eva"}, {Do: EditCut, Page: 2}}},
	)
	if err != nil || plan.Segments[0].DroppedBy != "eva" || plan.Segments[1].DroppedBy != "eva" {
		t.Errorf("what was dropped is alive again: %+v, %v", plan.Segments, err)
	}
}

// TestNames: the slip of a mail merge, names of one row and numbers of the next, is found.
func TestNames(t *testing.T) {
	letter := func(name string, n int) pdftest.Letter {
		l := person(n)
		l.Heading = append([]string{name}, l.Heading[1:]...)
		l.Body = []string{"Kære " + name + ","}
		return l
	}
	list, err := ReadNames(
		[]byte(
			"\xef\xbb\xbfNummer;Navn;Vej\r\n010141-1234;Anne Marie Holm;Ågade 1\r\n0101421234;Bo " +
				"Lund;\r\n\r\n010143-1234;Cilla Krogh;Ågade 3\r\n",
		),
	)
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	slipped := letter("Anne Holm", 1)
	slipped.Body = []string{"Kære Bo Lund,"}
	for name, c := range map[string]struct {
		letters []pdftest.Letter
		names   map[ident.Number]string
		want    string
		finding FindingCode
	}{
		"all right": {[]pdftest.Letter{letter("Anne Holm", 1), letter("Bo Lund", 2)}, list, "1-2:41 3-4:42",
			""},
		"one row off": {[]pdftest.Letter{letter("Anne Holm", 2), letter("Bo Lund", 3)}, list,
			"1-2:wrong-name 3-4:wrong-name", FindingWrongName},
		"not on the list": {[]pdftest.Letter{letter("Anne Holm", 1), letter("Dan Vad", 4)}, list,
			"1-2:41 3-4:44 review", FindingName},
		"another name before": {[]pdftest.Letter{letter("Anne Holm", 1), letter("Bo Lund", 2), letter("Bo Lund", 1)},
			nil, "1-2:41 3-4:42 5-6:41 review", FindingName},
		"greeted by another": {[]pdftest.Letter{slipped, letter("Bo Lund", 2)}, nil, "1-2:41 3-4:42 review",
			FindingName},
		"the same letter": {[]pdftest.Letter{letter("Anne Holm", 1), letter("Bo Lund", 2),
			letter("Anne Holm", 1)}, nil, "1-2:41 3-4:42 5-6:41", FindingAgain},
	} {
		plan, err := Make(context.Background(), pdftest.Merge(pdftest.Options{}, c.letters...), Options{Names: c.names})
		if got := outline(plan, err); strings.TrimSuffix(got, " ") != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
			continue
		}
		found := c.finding == ""
		for _, f := range plan.Findings {
			found = found || f.Code == c.finding
		}
		if !found {
			t.Errorf("%s: no finding %s in %v", name, c.finding, plan.Findings)
		}
	}
	for _, bad := range []string{
		"", "Nummer;Navn\n", "010141-1234;A B\nuden nummer;C D\n", "010141-1234;\"A B\n010142-1234;C D\n",
	} {
		if _, err := ReadNames([]byte(bad)); err == nil {
			t.Errorf("%q is a list of names", bad)
		}
	}
}

// TestDuplicates: the same pages to the same recipient twice wait for a person.
func TestDuplicates(t *testing.T) {
	lines := func(n string) []string {
		return []string{"Navn Navnesen", "Møllevej " + n, "9999 Nordøby", "CPR-nr.: 0101" + n + "-1234", "Side 1 af 1"}
	}
	plan, err := Make(context.Background(), pdftest.Write(nil, lines("41"), lines("42"), lines("41")), Options{})
	if got := outline(plan, err); got != "1-1:41 2-2:42 3-3:41 review" {
		t.Error(got)
	}
	// To the same recipient one after the other, on every page: the counter says that they are two.
	plan, err = Make(
		context.Background(),
		pdftest.Write(nil, lines("41"), lines("41"), lines("42")),
		Options{Rule: EveryPage},
	)
	if got := outline(plan, err); got != "1-1:41 2-2:41 3-3:42 review" {
		t.Error(got)
	}
}

// TestProfile: a source system's own label, wherever on the page, and its own sign of a first page.
func TestProfile(t *testing.T) {
	first := func(n string) []string {
		return []string{
			"Elevbrev",
			"Vi har modtaget din ansøgning og har nu truffet en afgørelse i sagen, som du kan læse nedenfor.",
			"CPR-nr.: 010199-9999",
			"Elev-id: 0101" + n + "-1234",
		}
	}
	next := []string{
		"Fortsat fra forrige side, hvor du kan læse mere om afgørelsen og om, hvordan du kan klage over den.",
	}
	data := pdftest.Write(nil, first("41"), next, first("42"), first("43"), next)
	plan, err := Make(context.Background(), data, Options{Label: "Elev-id:", Begins: "elevbrev"})
	if got := outline(plan, err); got != "1-2:41 3-3:42 4-5:43" {
		t.Error(got)
	}
}

// TestUnreadablePage: it and what it may belong to are held back, the rest waits for a look.
func TestUnreadablePage(t *testing.T) {
	lines := func(n, counter string) []string {
		return []string{"Navn Navnesen", "Møllevej " + n, "9999 Nordøby", "CPR-nr.: 0101" + n + "-1234", counter}
	}
	f := pdftest.Pages(
		lines("41", "Side 1 af 1"),
		lines("42", "Side 1 af 2"),
		[]string{"x"},
		[]string{"Bilag", "Side 3 af 3"},
		lines("43", "Side 1 af 1"),
	)
	f.Set(pdftest.Page+2*2+1, pdftest.Stream("/Filter/FlateDecode", "noise"))
	plan, err := Make(context.Background(), f.Bytes(), Options{})
	if got := outline(plan, err); got != "1-1:41 2-2:unreadable-page 3-4:unreadable-page 5-5:43 review" {
		t.Error(got)
	}
}

// TestEditsByChance: whatever is said in whatever order, every page stays in exactly one letter, and a letter that has
// a recipient by its pages has no other number in its headings.
func TestEditsByChance(t *testing.T) {
	data := pdftest.Merge(pdftest.Options{}, person(1), nobody(), person(2), person(3), nobody())
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var edits []Edit
		for range 1 + rng.IntN(8) {
			do := []EditKind{EditMerge, EditCut, EditRecipient, EditDrop}[rng.IntN(4)]
			e := Edit{Do: do, Page: 1 + rng.IntN(10), By: "eva"}
			if do == EditRecipient {
				e.Recipient = number(t, "0101491234")
			}
			edits = append(edits, e)
		}
		plan, err := Make(context.Background(), data, Options{Edits: edits})
		if err != nil {
			t.Fatalf("%+v: %v", edits, err)
		}
		if err := plan.Outline().Conserved(); err != nil {
			t.Fatalf("%+v: %v", edits, err)
		}
		for _, segment := range plan.Segments {
			n, problem := plan.judged(segment, true)
			if !segment.Recipient.IsZero() && !segment.byHand && (problem != "" || n != segment.Recipient) {
				t.Fatalf(
					"%+v: pages %d-%d go to %s, and their headings say %s %s",
					edits,
					segment.First,
					segment.Last,
					segment.Recipient,
					n,
					problem,
				)
			}
		}
	}
}
