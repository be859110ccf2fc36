package splitter

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
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

// TestPagesKeepNoWholeText: what the rules need of a page is little; its running text is not kept for it.
func TestPagesKeepNoWholeText(t *testing.T) {
	const pages, size = 400, 20_000
	body := slices.Repeat([]string{strings.Repeat("Vi skriver til dig om din sag. ", 3)}, size/90)
	var all [][]string
	for i := range pages {
		number := fmt.Sprintf("CPR-nr. 0107%02d-9995", i%90+10)
		all = append(all, append([]string{"Aase Hansen", "Nørregade 1", "1165 København K", number}, body...))
	}
	data := pdftest.Write(nil, all...)
	before := heapInUse()
	plan, err := Make(t.Context(), data, Options{Rule: FirstPage})
	if plan == nil {
		t.Fatal(err)
	}
	if each := int(heapInUse()-before) / pages; each > size/8 {
		t.Errorf("%d bytes are kept of a page with %d of text", each, size)
	}
	runtime.KeepAlive(plan)
}

func heapInUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
