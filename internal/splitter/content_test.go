package splitter

import (
	"context"
	"testing"

	"brevdue/internal/pdf/pdftest"
)

// TestContent: the same letters are recognized in other bytes and in another order, and no others are.
func TestContent(t *testing.T) {
	page := func(n string) []string {
		return []string{"Anna Holm", "Ågade " + n, "9999 Nordøby", "CPR-nr.: 0101" + n + "-1234", "Side 1 af 1"}
	}
	content := func(logo string, pages ...[]string) string {
		plan, err := Make(context.Background(), pdftest.Write([]byte(logo), pages...), Options{})
		if err != nil {
			t.Fatal(err)
		}
		return plan.Content()
	}
	want := content("", page("41"), page("42"))
	for name, c := range map[string]struct {
		got  string
		same bool
	}{
		"in other bytes":   {content("a logo", page("41"), page("42")), true},
		"in another order": {content("", page("42"), page("41")), true},
		"one less":         {content("", page("41")), false},
		"another number":   {content("", page("41"), page("43")), false},
	} {
		if c.got == "" || (c.got == want) != c.same {
			t.Errorf("%s: recognized %v", name, c.got == want)
		}
	}
}
