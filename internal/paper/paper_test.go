package paper

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"brevdue/internal/pdf"
	"brevdue/internal/pdf/syntax"
)

// TestPaper: what stands on it can be read, it is A4 with its fonts in it, and the same is written the same.
func TestPaper(t *testing.T) {
	p := Paper{Title: "Kvittering", Lead: "Afgørelse om tilskud 🎉", Foot: "Brevdue", Made: time.Unix(1780000000, 0),
		Lines: []Line{{"Modtager", "Søren Ægidius Ångstrøm \U00010000 \xff"},
			{"Langt", strings.Repeat("Meget langt. ", 500)}},
		Small: []Line{{"Besked-id", "0f0e"}}}
	first, err := Write(p)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Write(p)
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("the same paper is written in another way the second time: %v", err)
	}
	d, err := pdf.Open(first)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for i := range d.Pages() {
		page, err := d.Reader().Read(i)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Lines {
			all.WriteString(strings.Join(l, " ") + "\n")
		}
	}
	for _, want := range []string{"Kvittering", "Afgørelse om tilskud", "Søren Ægidius Ångstrøm", "0f0e", "Side 1 af 3",
		"Side 3 af 3"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("%q does not stand there: %s", want, all.String())
		}
	}
	file, err := syntax.Open(first)
	if err != nil {
		t.Fatal(err)
	}
	if flaws := file.Flaws(); len(flaws.Unembedded) > 0 || len(flaws.Odd) > 0 {
		t.Errorf("flaws: %+v", flaws)
	}
}
