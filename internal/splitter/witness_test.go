package splitter

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/texts"
)

// planOf makes a plan of letters of one page each, whose headings are given.
func planOf(t *testing.T, o Options, headings ...[]string) *Plan {
	t.Helper()
	var letters []pdftest.Letter
	for _, h := range headings {
		letters = append(letters, pdftest.Letter{Heading: h, Pages: 1})
	}
	return planOfLetters(t, o, letters...)
}

func planOfLetters(t *testing.T, o Options, letters ...pdftest.Letter) *Plan {
	t.Helper()
	if o.Today.IsZero() {
		o.Today = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	}
	o.Sender = append(o.Sender, number(t, "99060816"))
	plan, err := Make(context.Background(), pdftest.Merge(pdftest.Options{}, letters...), o)
	if plan == nil {
		t.Fatal(err)
	}
	return plan
}

// to says whom the first letter goes to, or why it is held.
func to(p *Plan) string {
	if segment := p.Segments[0]; segment.Problem != "" {
		return string(segment.Problem)
	}
	return p.Segments[0].Recipient.Reveal()
}

var (
	anna    = []string{"Anna Holm", "Ågade 4", "9999 Nordøby"}
	company = []string{"Ærø & Søn ApS", "Ågade 6", "9999 Nordøby"}
)

const (
	own  = "0101701234"
	held = string(DoubtfulRecipient)
	none = string(NoRecipientFound)
)

// TestA1: a witness agrees, contradicts or is absent; what contradicts is held.
func TestA1(t *testing.T) {
	for lines, want := range map[string]string{
		"CPR-nr.: 010170-1234":                                                     own,
		"Cpr-nr. 0101701234":                                                       own,
		"010170-1234":                                                              own,
		"CPR 010170-1234, Anna Holm":                                               own,
		"Anna Holm, CPR-nr. 010170-1234":                                           own,
		"Holm, Anna 010170-1234":                                                   own,
		"Anna Holm (010170-1234)":                                                  own,
		"Til Anna Holm, CPR-nr. 0101701234":                                        own,
		"CPR-nr.: 010170\u00ad1234":                                                own,
		"C P R 010170-1234":                                                        own,
		"CPR-nr.: 0 1 0 1 7 0 - 1 2 3 4":                                           own,
		"Anna Holm 010170-1234 2026-952965":                                        own,
		"Sagsnr. 2026-1 · CPR-nr. 010170-1234 ∙ Tlf. 70990011":                     own,
		"Navn\tCPR-nr.|Anna Holm\t010170-1234":                                     own,
		"Navn\tCPR-nr.|Anna Holm\t0101701234|Bo Lund\t020280-1234":                 own,
		"Ansøger\tAnna Holm\t010170-1234|Ægtefælle\tBo Lund\t020280-1234":          own,
		"CPR 010170-1234, Anna Holm|Medansøger\tÅse Ærø\t020280-1234":              own,
		"CPR-nr.: 010170-1234|Barnets CPR-nr. 010112-1234":                         own,
		"CPR-nr.: 010170-1234|Fraflytter\tÅse Ærø\t020280-1234":                    own,
		"Sagsbehandler Bo Lund|CPR-nr.: 010170-1234":                               own,
		"Medarbejder\tAnna Holm|CPR-nr.\t010170-1234":                              own,
		"Bo Lund, CPR-nr. 020280-1234":                                             held,
		"Klientens navn\tBo Lund|CPR-nr.\t020280-1234":                             held,
		"Indlogerende\tBo Lund|CPR-nr.\t020280-1234":                               held,
		"Medarbejder\tCPR-nr.\tUge|Bo Lund\t020280-1234\t40":                       held,
		"Værge for\tBo Lund|CPR-nr.\t020280-1234":                                  held,
		"Betaler\tBo Lund|CPR-nr.\t020280-1234":                                    held,
		"Borgers CPR-nr. 020280-1234":                                              held,
		"Bidragsyder\tBo Lund\t020280-1234":                                        held,
		"Datters CPR-nr.: 020280-1234":                                             held,
		"Bo Lund\t020280-1234":                                                     held,
		"Tilskud 020280-1234":                                                      held,
		"CPR-nr.: 010170-1234|CPR-nr.: 020280-1234":                                string(TwoRecipients),
		"CPR 010170-1234, Anna Holm|CPR-nr.: 020280-1234":                          string(TwoRecipients),
		"Anna Lund, CPR-nr. 010170-1234":                                           held,
		"Mor\tÅse Lund\t020280-1234":                                               held,
		"Ydelse\tJournalnr. 010140-1234|Navn\tCPR-nr.|Anna Holm\t010170-1234":      own,
		"Navn\tCPR-nr.|Bo Lund\t020280-1234":                                       held,
		"Deltager\tCPR-nr.|Bo Lund\t020280-1234|Dorte Krogh\t030380-1234":          held,
		"CPR-nr.: 020280-1234 på barnet":                                           held,
		"Fødselsdato 010170|Lb.nr.\t1234":                                          none,
		"CPR-nr.\t010170|Lb.nr.\t1234":                                             none,
		"CPR-nr.: 010170-XXXX":                                                     string(UnknownRecipient),
		"Samlevers navn Åse Skov|CPR-nr.\t020280-1234|Cpr\t010170-1234, Anna Holm": own,
	} {
		heading := append(append([]string{}, anna...), strings.Split(lines, "|")...)
		if got := to(planOf(t, Options{}, heading)); got != want {
			t.Errorf("%q: %s, want %s", lines, got, want)
		}
	}
	// A bare number in a letter to a company, and a letter without a name among others that have one.
	if got := to(planOf(t, Options{}, append(append([]string{}, company...), "CPR-nr.: 010170-1234"))); got != held {
		t.Errorf("a person's number in a letter to a company: %s", got)
	}
	p := planOf(
		t,
		Options{},
		[]string{"CPR-nr.: 010170-1234"},
		append(append([]string{}, anna...), "CPR-nr.: 020280-1234"),
	)
	if to(p) != held || p.Segments[1].Problem != "" {
		t.Errorf("a letter without a name: %s", outline(p, nil))
	}
}

// TestA1OnOtherPages: what stands under the heading, and on later pages, is no less a witness.
func TestA1OnOtherPages(t *testing.T) {
	heading := append(append([]string{}, anna...), "CPR-nr.: 010170-1234")
	for name, c := range map[string]struct {
		letter pdftest.Letter
		want   string
	}{
		"another in the text": {pdftest.Letter{Body: []string{"Afgørelsen vedrører også barnet med CPR-nr. " +
			"010112-1234, som bor hos dig."}}, own},
		"another at its end": {pdftest.Letter{Body: []string{"Afgørelsen vedrører også dit barn, som bor hos " +
			"dig, og som har dette", "CPR-nr. 010112-1234."}}, own},
		"another under it": {pdftest.Letter{Body: []string{"Kære Anna Holm", "CPR-nr.\t020280-1234"}},
			string(held)},
		"a child's under it": {pdftest.Letter{Body: []string{"Kære Anna Holm", "Barn\tIda Holm\t010112-1234"}},
			own},
		"another's name under it": {pdftest.Letter{Body: []string{"Kære Anna Holm", "Bo Lund\t020280-1234"}}, own},
		"the same under it":       {pdftest.Letter{Body: []string{"Kære Anna Holm", "CPR-nr.\t010170-1234"}}, own},
		"a page to somebody else": {pdftest.Letter{Pages: 2, Last: []string{"x"}}, own},
		"only under the greeting": {pdftest.Letter{Heading: anna,
			Body: []string{"Kære Anna Holm", "CPR-nr.\t010170-1234"}}, held},
		"only in the last line": {pdftest.Letter{Heading: anna, Last: []string{"CPR-nr.\t010170-1234"}}, held},
		"no number but a mention.": {pdftest.Letter{Heading: anna,
			Body: []string{"Afgørelsen vedrører også barnet med CPR-nr. 010112-1234, som bor hos dig."}}, none},
	} {
		if c.letter.Heading == nil {
			c.letter.Heading = heading
		}
		c.letter.Pages = max(1, c.letter.Pages)
		if got := to(planOfLetters(t, Options{}, c.letter)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	pages := [][]string{
		append(append([]string{}, heading...), "Side 1 af 2"),
		{"Bo Lund", "Ågade 9", "9999 Nordøby", "Side 2 af 2"},
	}
	plan, err := Make(context.Background(), pdftest.Write(nil, pages...), Options{})
	if err != nil || to(plan) != held {
		t.Errorf("the next page is somebody else's: %s, %v", outline(plan, nil), err)
	}
}

// TestA2: addresses that name somebody else than the one who gets the letter, couples, and children.
func TestA2(t *testing.T) {
	number := "CPR-nr.: 010170-1234"
	for lines, want := range map[string]string{
		"Anna Holm|Ågade 4|9999 Nordøby":                                 own,
		"Anna Holm|c/o Bo Lund|Ågade 4|9999 Nordøby":                     own,
		"Nordøby Kommune|Anna Holm|Ågade 4|2. th.|9999 Nordøby":          own,
		"Boet efter Anna Holm|Ågade 4|9999 Nordøby":                      held,
		"Dødsboet Anna Holm|v/ Bo Lund|Ågade 4|9999 Nordøby":             held,
		"Forældrene til|Anna Holm|Ågade 4|9999 Nordøby":                  held,
		"Forældremyndighedsindehaver til Anna Holm|Ågade 4|9999 Nordøby": held,
		"Værge for Anna Holm|Ågade 4|9999 Nordøby":                       held,
		"Anna Holm|v/ Bo Lund|Ågade 4|9999 Nordøby":                      held,
		"Att. Anna Holm|Ågade 4|9999 Nordøby":                            held,
		"Advokat Bo Lund|Ågade 4|9999 Nordøby":                           held,
		"På vegne af Anna Holm|Ågade 4|9999 Nordøby":                     held,
		"Plejefamilie til Anna Holm|Ågade 4|9999 Nordøby":                held,
		"Arvinger efter Anna Holm|Ågade 4|9999 Nordøby":                  held,
		"Anna og Peter Holm|Ågade 4|9999 Nordøby":                        held,
		"Anna Holm & Peter Lund|Ågade 4|9999 Nordøby":                    held,
	} {
		if got := to(planOf(t, Options{}, append(strings.Split(lines, "|"), number))); got != want {
			t.Errorf("%q: %s, want %s", lines, got, want)
		}
	}
	child := append(append([]string{}, anna...), "CPR-nr.: 281111-5234")
	if p := planOf(t, Options{Today: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}, child); to(p) != held ||
		!strings.Contains(texts.Of(p.Segments[0].Reason), "under 15") {
		t.Errorf("the day before the 15th birthday: %s", to(p))
	}
	if p := planOf(t, Options{Today: time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)}, child); to(p) != "2811115234" {
		t.Errorf("the 15th birthday: %s", to(p))
	}
}

// TestA3: namesakes are doubtful where they share the address, or where one letter has both numbers.
func TestA3(t *testing.T) {
	letter := func(street, number string, body ...string) pdftest.Letter {
		return pdftest.Letter{
			Heading: []string{"Anna Holm", street, "9999 Nordøby", "CPR-nr.: " + number},
			Pages:   1,
			Body:    body,
		}
	}
	both := "Sagen om din mor med CPR-nr. 020240-1234 er slut, og vi har skrevet til hende om det i dag."
	for name, c := range map[string]struct {
		letters []pdftest.Letter
		want    string
	}{
		"one address": {[]pdftest.Letter{letter("Ågade 4", "010170-1234"), letter("Ågade 4", "020240-1234")},
			"1-1:doubtful-recipient 2-2:doubtful-recipient"},
		"two addresses": {[]pdftest.Letter{letter("Ågade 4", "010170-1234"), letter("Ågade 5", "020240-1234")},
			"1-1:70 2-2:40"},
		"the same number": {[]pdftest.Letter{letter("Ågade 4", "010170-1234"), letter("Ågade 4", "010170-1234")},
			"1-1:70 2-2:70"},
		"one letter, both": {[]pdftest.Letter{letter("Ågade 4", "010170-1234", both),
			letter("Ågade 5", "020240-1234")}, "1-1:doubtful-recipient 2-2:doubtful-recipient"},
	} {
		p := planOfLetters(t, Options{}, c.letters...)
		if got := strings.TrimSuffix(outline(p, nil), " review"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestA5: another CVR number than the sender's own on most letters is asked about; a letterhead's is no recipient.
func TestA5(t *testing.T) {
	other := "CVR-nr.: 12345674"
	if got := to(planOf(t, Options{}, append(append([]string{}, company...), other))); got != "12345674" {
		t.Errorf("a company: %s", got)
	}
	if got := to(planOf(t, Options{}, append(append([]string{}, anna...), other))); got != held {
		t.Errorf("a company's number in a letter to a person: %s", got)
	}
	head := "Nordøby Kommune · Rådhuspladsen 1 · 9999 Nordøby · CVR-nr. 12 34 56 74 · EAN 5790009999999"
	for _, address := range [][]string{anna, company} {
		if got := to(planOf(t, Options{}, append([]string{head}, address...))); got == "12345674" {
			t.Errorf("the letterhead's number gets the letter to %s", address[0])
		}
	}
	if got := to(planOf(t, Options{}, append([]string{"Nordøby Skole\t" + other}, company...))); got != held {
		t.Errorf("a number above the address: %s", got)
	}
	var letters [][]string
	for i := range 6 {
		letters = append(
			letters,
			[]string{
				nameOfPerson(i),
				fmt.Sprintf("Ågade %d", i),
				"9999 Nordøby",
				other,
				fmt.Sprintf("CPR-nr.: 0101%02d-1234", 41+i),
			},
		)
	}
	p := planOf(t, Options{}, letters...)
	if !p.Review || to(p) != "0101411234" || p.Findings[0].Code != FindingSenderGuessed {
		t.Errorf("a number on all letters: %s %v", outline(p, nil), p.Findings)
	}
	p = planOf(t, Options{}, append(letters, append(append([]string{}, anna...), other))...)
	if got := p.Segments[6]; got.Problem == "" {
		t.Errorf("it is no recipient where it stands alone: %s", got.Recipient)
	}
}

// TestA6: a person's number and a company's in one heading: private or business?
func TestA6(t *testing.T) {
	for _, address := range [][]string{anna, company} {
		p := planOf(t, Options{}, append(append([]string{}, address...), "CPR-nr.: 010170-1234", "CVR-nr.: 12345674"))
		if to(p) != held || !strings.Contains(texts.Of(p.Segments[0].Reason), "CVR-nummer") {
			t.Errorf("%s: %s %s", address[0], to(p), p.Segments[0].Reason)
		}
	}
}

// TestCases: the files that trials found, and what is right for each.
func TestCases(t *testing.T) {
	sender, err := ident.ParseCVR("99060816")
	if err != nil {
		t.Fatal(err)
	}
	wants := map[string]string{
		"h1-oneline": "1811702379", "h5-footer": held, "h7-autofit-table": "1811702379",
		"h8-narrow-columns":  "1811702379",
		"h9-softhyphen-bare": "1811702379", "h3-marker-white": held, "w1-medansoeger-row": "1811702379",
		"w2-autofit-table":  "1811702379",
		"w3-employer-table": held, "w4-guardian": held, "w6-letterhead-cvr": held, "number-white-text": held,
		"number-clipped-text": held, "number-black-rect": held,
	}
	for name, want := range wants {
		data, err := os.ReadFile(filepath.Join("testdata", "cases", name+".pdf"))
		if err != nil {
			t.Fatal(err)
		}
		plan, err := Make(context.Background(), data, Options{Sender: []ident.Number{sender}})
		if plan == nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := to(plan); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		told := false
		for _, f := range plan.Findings {
			told = told || f.Code == FindingHidden
		}
		if hidden := strings.Contains(name, "white") || strings.Contains(name, "clipped") ||
			strings.Contains(name, "w6"); told != hidden {
			t.Errorf("%s: a hidden number is told: %v", name, told)
		}
		if name == "h3-marker-white" {
			plan, err = Make(context.Background(), data, Options{Sender: []ident.Number{sender}, Label: "#cpr"})
			if err != nil || to(plan) != "1811702379" {
				t.Errorf("%s with its marker: %s, %v", name, outline(plan, err), err)
			}
		}
	}
}
