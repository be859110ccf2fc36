package splitter

import (
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/pdf/text"
)

func TestDatesIn(t *testing.T) {
	for in, want := range map[string][]string{
		"Dato: 16. november 2026":                         {"2026-11-16"},
		"Nordøby, den 1. maj 2026":                        {"2026-05-01"},
		"12-11-2026 og 3/1/2027":                          {"2026-11-12", "2027-01-03"},
		"2026-11-12":                                      {"2026-11-12"},
		"senest d. 24.12.2026 kl. 12":                     {"2026-12-24"},
		"nov. 2026, 5. Okt. 2026":                         {"2026-10-05"},
		"010190-1234":                                     nil,
		"31. februar 2026 og 32.1.2026":                   nil,
		"Sagsnr.: 2026-208096, kr. 1.234.567, 12.11":      nil,
		"tlf. 12 34 56 78, 12.11.26 og 112.11.2026":       nil,
		"12-11/2026":                                      nil,
		"bekendtgørelse nr. 1234 af 5. maj 2021. Så 2.3.": {"2021-05-05"},
	} {
		if got := daysIn([]text.Line{{in}}); !slices.Equal(got, want) {
			t.Errorf("%q has %v, want %v", in, got, want)
		}
	}
}

func TestPrintedDate(t *testing.T) {
	for in, want := range map[string]string{
		"Dato: 16. november 2026":            "2026-11-16",
		"Nordøby, den 1. maj 2026":           "2026-05-01",
		"12.11.2026":                         "2026-11-12",
		"Fødselsdato: 12.11.1990":            "",
		"Fødselsdato|12.11.1990":             "",
		"Sagen er oprettet:|12.11.2020":      "",
		"Dato:|12.11.2026":                   "2026-11-12",
		"Anna Holm|12.11.2026":               "2026-11-12",
		"Afgørelse om ansøgning af 1.1.2026": "",
	} {
		if got := printedDate([]text.Line{strings.Split(in, "|")}); got != want {
			t.Errorf("%q is dated %q, want %q", in, got, want)
		}
	}
}

// TestC14OldLetters: a letter that leaves two days or more after its printed date, or past a day that was to come when
// it was written, is found; also when it is planned anew from its facts.
func TestC14OldLetters(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 12, 0, 0, 0, time.UTC) }
	letter := func(dated, says string) pdftest.Letter {
		return pdftest.Letter{Pages: 1, Body: []string{says},
			Heading: []string{"Anton Lykkegaard", "Skolevej 1", "8000 Aarhus", "Dato: " + dated, "CPR-nr. 010190-1234"}}
	}
	for name, c := range map[string]struct {
		dated, says string
		leaves      int
		want        []FindingCode
	}{
		"the same day":            {"16. november 2026", "", 16, nil},
		"the next day":            {"16. november 2026", "", 17, nil},
		"two days later":          {"16. november 2026", "", 18, []FindingCode{FindingOldDate}},
		"before a day that comes": {"16. november 2026", "Svar senest 20. november 2026.", 17, nil},
		"on that day":             {"19. november 2026", "Svar senest 20. november 2026.", 20, nil},
		"past it": {"20. november 2026", "Svar senest 21. november 2026.", 22,
			[]FindingCode{FindingOldDate, FindingPassedDay}},
		"a day of before":           {"16. november 2026", "Din ansøgning af 3. maj 2026.", 17, nil},
		"no date, past a day":       {"snarest", "Svar senest 15. november 2026.", 16, []FindingCode{FindingPassedDay}},
		"no date, a day of before":  {"snarest", "Din ansøgning af 3. maj 2026.", 16, nil},
		"dated ahead, not yet past": {"1. december 2026", "", 16, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Rule: FirstPage, Today: day(c.leaves), Uploaded: day(14)}
			file := pdftest.Merge(pdftest.Options{Plain: true}, letter(c.dated, c.says), letter("snarest", ""))
			p, err := Make(t.Context(), file, o)
			if err != nil {
				t.Fatal(err)
			}
			facts, err := p.Facts()
			if err != nil {
				t.Fatal(err)
			}
			again, err := Replan(facts, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, plan := range []*Plan{p, again} {
				var got []FindingCode
				for _, f := range plan.Findings {
					if f.Code == FindingOldDate || f.Code == FindingPassedDay {
						got = append(got, f.Code)
					}
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("%v, want %v", got, c.want)
				}
			}
		})
	}
}
