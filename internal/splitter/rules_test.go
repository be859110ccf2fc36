package splitter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"brevdue/internal/pdf/pdftest"
)

func person(n int, extra ...string) pdftest.Letter {
	return pdftest.Letter{
		Heading: append(
			[]string{nameOfPerson(n), fmt.Sprintf("Møllevej %d", n), "9999 Nordøby"},
			append(extra, fmt.Sprintf("CPR-nr.: 0101%02d-1234", 40+n))...),
		Pages: 2,
	}
}

// nameOfPerson is a name for each number.
func nameOfPerson(n int) string {
	return []string{"Anna", "Bo", "Carl", "Dorte", "Ebbe", "Frida", "Gøg", "Hans"}[n%8] + " " +
		[]string{"Holm", "Lund", "Ærø"}[n%3]
}

// bare has nothing but a number that tells its first page from the next.
func bare(n int) pdftest.Letter {
	return pdftest.Letter{Heading: person(n).Heading[3:], Pages: 2}
}

func nobody() pdftest.Letter {
	return pdftest.Letter{Heading: []string{"Ukendt Nygård", "Møllevej 99", "9999 Nordøby"}, Pages: 2}
}

// outline says what a plan is: pages and recipient of each segment, findings that hold back, and whether it is
// reviewed.
func outline(p *Plan, err error) string {
	var problem *Problem
	if p == nil && errors.As(err, &problem) {
		return "stopped " + string(problem.Code)
	}
	var b strings.Builder
	for _, segment := range p.Segments {
		to := string(segment.Problem)
		if to == "" {
			to = segment.Recipient.Reveal()[4:6]
		}
		fmt.Fprintf(&b, "%d-%d:%s ", segment.First, segment.Last, to)
	}
	if p.Review {
		b.WriteString("review")
	}
	return strings.TrimSpace(b.String())
}

func TestRules(t *testing.T) {
	child := []string{"Afgørelsen vedrører også barnet med CPR-nr. 010112-1234, som bor hos dig hele året."}
	withChild := person(1)
	withChild.Last = child
	firstChild := person(1)
	firstChild.Body = child
	for name, c := range map[string]struct {
		options pdftest.Options
		letters []pdftest.Letter
		rule    Rule
		want    string
	}{
		"counters": {letters: []pdftest.Letter{person(1), nobody(), person(2)},
			want: "1-2:41 3-4:no-recipient-found 5-6:42"},
		"layout": {options: pdftest.Options{NoCounter: true},
			letters: []pdftest.Letter{person(1), person(2), person(3), nobody(),
				person(4)}, want: "1-2:41 3-4:42 5-6:43 7-8:no-recipient-found 9-10:44"},
		"neither": {options: pdftest.Options{Plain: true},
			letters: []pdftest.Letter{bare(1), bare(2), bare(3)}, want: "1-2:41 3-4:42 5-6:43 review"},
		"a child on the last page":  {letters: []pdftest.Letter{withChild, person(2)}, want: "1-2:41 3-4:42"},
		"a child on the first page": {letters: []pdftest.Letter{firstChild, person(2)}, want: "1-2:41 3-4:42"},
		"two in one heading": {letters: []pdftest.Letter{person(1, "CPR-nr.: 020250-1234"), person(2)},
			want: "1-2:two-recipients 3-4:42"},
		"the one it is about": {letters: []pdftest.Letter{person(1, "Vedr.: Emma\tCPR-nr.: 010112-1234"),
			person(2)}, want: "1-2:41 3-4:42"},
		"letters in the last four": {letters: []pdftest.Letter{{Heading: []string{"A", "CPR-nr.: 010190-1AB2"},
			Pages: 1}, person(2)}, want: "1-1:unknown-recipient 2-3:42"},
		"every page": {options: pdftest.Options{NoCounter: true, Every: true}, rule: EveryPage,
			letters: []pdftest.Letter{person(1), person(2)}, want: "1-2:41 3-4:42"},
		"every page, one without": {options: pdftest.Options{NoCounter: true}, rule: EveryPage,
			letters: []pdftest.Letter{person(1),
				person(2)}, want: "1-1:41 2-2:no-recipient-found 3-3:42 4-4:no-recipient-found"},
		"nobody": {letters: []pdftest.Letter{nobody()}, want: "1-2:no-recipient-found"},
		"account, phone, case": {letters: []pdftest.Letter{person(1, "Konto: 0101401234", "Tlf. 70 99 00 11",
			"Journalnr. 010140-1234"), person(2)}, want: "1-2:41 3-4:42"},
	} {
		t.Run(name, func(t *testing.T) {
			data := pdftest.Merge(c.options, c.letters...)
			got := outline(Make(context.Background(), data, Options{Rule: c.rule}))
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestSenderIsNoRecipient: the sender's own CVR number stands on a line of its own in every heading.
func TestSenderIsNoRecipient(t *testing.T) {
	var letters []pdftest.Letter
	for i := range 6 {
		letters = append(letters, person(i, "CVR-nr.: 99060816"))
	}
	p, err := Make(context.Background(), pdftest.Merge(pdftest.Options{}, letters...), Options{})
	if err != nil || len(p.Segments) != 6 || p.Segments[0].Problem != "" {
		t.Fatal(outline(p, err), err)
	}
	if p.Findings[0].Code != FindingSenderGuessed || !p.Review {
		t.Errorf("nobody is asked whose number it is: %v", p.Findings)
	}
	few := pdftest.Merge(pdftest.Options{}, letters[:2]...)
	if got := outline(Make(context.Background(), few,
		Options{})); got != "1-2:doubtful-recipient 3-4:doubtful-recipient" {
		t.Errorf("two letters are too few to say: %s", got)
	}
}

// TestCompanyThatGetsMostLetters is no sender; a person is asked (practice.md A5).
func TestCompanyThatGetsMostLetters(t *testing.T) {
	var letters []pdftest.Letter
	for range 6 {
		letters = append(
			letters,
			pdftest.Letter{Heading: []string{"Egely ApS", "9999 Nordøby", "CVR-nr.: 12345674"}, Pages: 1},
		)
	}
	p, err := Make(context.Background(), pdftest.Merge(pdftest.Options{}, letters...), Options{})
	if err != nil || p.Segments[0].Recipient.Reveal() != "12345674" || !p.Review {
		t.Error(outline(p, err), err)
	}
}

func TestMentionsAreReportedMasked(t *testing.T) {
	l := person(1)
	l.Last = []string{"Afgørelsen vedrører også barnet med CPR-nr. 010112-1234, som bor hos dig hele året."}
	p, err := Make(context.Background(), pdftest.Merge(pdftest.Options{}, l), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Findings {
		if f.Code == FindingMention && f.Pages[0] == 2 && strings.Contains(string(f.Text), "010112-xxxx") {
			return
		}
	}
	t.Errorf("findings %v", p.Findings)
}

func TestPageCounters(t *testing.T) {
	for field, want := range map[string]counter{
		"Side 1 af 2": {1, 2, true}, "Side 1(2)": {1, 2, true}, "side 12": {12, 0, true}, "Page 2 of 3": {2, 3,
			true}, "1/2": {1, 2, false},
		"- 2 / 2 -": {2, 2, false}, "1/12 2026": {}, "Tlf. 70 99 00 11": {}, "3/2": {},
		"Nordøby Kommune, Side 3 af 4": {3, 4, true}, "17. november": {},
	} {
		if got := counterIn(field); got != want {
			t.Errorf("%q is %+v, want %+v", field, got, want)
		}
	}
}
