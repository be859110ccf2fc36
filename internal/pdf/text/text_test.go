package text

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/pdf/syntax"
)

func open(t *testing.T, data []byte) *Document {
	t.Helper()
	d, err := syntax.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return New(d)
}

func read(t *testing.T, data []byte) [][]Line {
	t.Helper()
	d := open(t, data)
	r := d.Reader()
	var pages [][]Line
	for i := range d.Pages() {
		text, err := r.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, text.Lines)
	}
	return pages
}

func TestReadLinesAndCells(t *testing.T) {
	got := read(
		t,
		pdftest.Write(nil, []string{"Åse Ærø\tCPR-nr.: 010190-1234", "Møllevej 1 (th.)"}, []string{"Side to"}),
	)
	want := "[[[Åse Ærø CPR-nr.: 010190-1234] [Møllevej 1 (th.)]] [[Side to]]]"
	if s := fmt.Sprint(got); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
	if len(got[0][0]) != 2 {
		t.Errorf("the columns are %d cells, want 2", len(got[0][0]))
	}
}

// TestDamagedPageIsNoEmptyPage: a page that cannot be read must never pass for one without a number.
func TestDamagedPageIsNoEmptyPage(t *testing.T) {
	data := pdftest.Write(nil, []string{strings.Repeat("tekst ", 50)}, []string{"b"})
	at := bytes.Index(data, []byte("stream\nx")) + len("stream\n") + 10
	at2 := bytes.Index(data[at:], []byte("endstream")) + at
	for i := at; i < at2-1; i++ {
		data[i] = 0xff
	}
	d := open(t, data)
	for i := range d.Pages() {
		text, err := d.Reader().Read(i)
		if err == nil && text.Reason() == Readable && len(text.Lines) == 0 && text.Characters == 0 && !text.Marks {
			if i == 0 {
				t.Error("the damaged page passes for an empty one")
			}
		}
	}
}
