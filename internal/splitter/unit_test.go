package splitter

import "testing"

// TestUnitByItsLabel: a P-number is a company's where it stands with the company's CVR number, behind its label; it is
// nobody's CPR number, and the sender's own is not the recipient's (practice.md C3).
func TestUnitByItsLabel(t *testing.T) {
	const cvr, unit = "12345674", "1014112345"
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"on the same line":        {[]string{"CVR-nr.: 12345674, P-nr.: 1014112345"}, unit},
		"on the next line":        {[]string{"CVR-nr.: 12345674", "P-nummer 1014112345"}, unit},
		"in groups":               {[]string{"CVR-nr.: 12345674", "P-nr. 10 14 11 23 45"}, unit},
		"spelled out":             {[]string{"CVR-nr.: 12345674", "Produktionsenhedsnummer: 1014112345"}, unit},
		"without its label":       {[]string{"CVR-nr.: 12345674", "Ref.: 1014112345"}, ""},
		"far from the company":    {[]string{"P-nr. 1014112345", "Vores ref. 17", "Sag 4", "CVR-nr.: 12345674"}, ""},
		"with the sender's":       {[]string{"CVR 99060816, P-nr. 1014112345", "CVR-nr.: 12345674"}, ""},
		"two of them":             {[]string{"CVR-nr.: 12345674, P-nr. 1014112345, P-nr. 1014112346"}, ""},
		"of nine digits":          {[]string{"CVR-nr.: 12345674", "P-nr. 101411234"}, ""},
		"it begins with a nought": {[]string{"CVR-nr.: 12345674", "P-nr. 0114112345"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := planOf(t, Options{}, append(company[:3:3], c.lines...))
			if to(p) != cvr || p.Segments[0].Unit != c.want {
				t.Errorf("to %s, P %q", to(p), p.Segments[0].Unit)
			}
			facts, err := p.Facts()
			if err != nil {
				t.Fatal(err)
			}
			again, err := Replan(facts, Options{})
			if err != nil || again.Segments[0].Unit != c.want {
				t.Errorf("planned anew it is for P %q: %v", again.Segments[0].Unit, err)
			}
		})
	}
}

// TestUnitOfNobody: a person has no unit, nor has a company that somebody has typed.
func TestUnitOfNobody(t *testing.T) {
	p := planOf(t, Options{}, append(anna[:3:3], "CPR-nr.: 010170-1234", "P-nr. 1014112345"))
	if p.Segments[0].Unit != "" {
		t.Errorf("a person's letter is for P %s", p.Segments[0].Unit)
	}
	typed := Options{Edits: []Edit{{Do: EditRecipient, Page: 1, Recipient: number(t, "12345674"), Ordinal: 1}}}
	p = planOf(t, typed, append(company[:3:3], "CVR-nr.: 12345674", "P-nr. 1014112345"))
	if p.Segments[0].Unit != "" {
		t.Errorf("whom somebody has typed is P %s", p.Segments[0].Unit)
	}
}
