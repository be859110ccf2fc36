package splitter

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/text"
)

// FuzzMake: whatever a file holds, its pages are in exactly one letter each, and a letter without a problem has a
// recipient.
func FuzzMake(f *testing.F) {
	cases, err := filepath.Glob(filepath.Join("testdata", "cases", "*.pdf"))
	if err != nil || len(cases) == 0 {
		f.Fatal("the files that trials found are not there")
	}
	for _, name := range cases {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, false)
	}
	f.Fuzz(func(t *testing.T, data []byte, every bool) {
		rule := FirstPage
		if every {
			rule = EveryPage
		}
		plan, err := Make(context.Background(), data, Options{Rule: rule})
		if plan == nil {
			if err == nil {
				t.Fatal("neither a plan nor an error")
			}
			return
		}
		if err := plan.Outline().Conserved(); err != nil {
			t.Error(err)
		}
		for _, segment := range plan.Segments {
			if segment.Recipient.IsZero() == (segment.Problem == "") {
				t.Errorf("pages %d-%d: %s and %q", segment.First, segment.Last, segment.Recipient, segment.Problem)
			}
		}
	})
}

// FuzzHeading: no text makes a number the recipient's that is not in it.
func FuzzHeading(f *testing.F) {
	f.Add("CPR 010190-1234, Anna Holm", "Anna Holm")
	f.Add("Værge for Bo Lund: 0 1 0 1 9 0 - 1 2 3 4", "A")
	f.Add("#cpr 0101901234#", "")
	f.Fuzz(func(t *testing.T, line, name string) {
		top := []text.Line{{name}, {"Ågade 4"}, {"9999 Nordøby"}, {line}}
		p := readTop(top)
		p.readHeadings(Options{})
		for _, n := range p.pages[0].heading.numbers {
			if digits := ident.Digits(plainSigns(line + name)); !strings.Contains(digits, n.Reveal()) {
				t.Errorf("%s is not in %q", n, ident.Mask(line))
			}
		}
	})
}
