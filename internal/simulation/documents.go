package simulation

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"

	"brevdue/internal/ident"
	"brevdue/internal/pdf"
	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/splitter"
)

// document is an upload, and what must become of it: written down by who made the document, not by the split.
type document struct {
	content  []byte
	pages    int
	segments []segment
	plan     *splitter.Plan
	facts    []byte

	mu   sync.Mutex
	anew map[[2]int]*segment // of pages that people have put together or taken apart
}

type segment struct {
	first, last int
	number      string // of the recipient; "" when the letter has none
	pdf         []byte // as cut
	encoded     []byte // as it stands in a message
}

// birthday begins all numbers of the simulation, so that they are found where they must not be.
const birthday = "070761"

func numberOf(i int) string { return fmt.Sprintf("%s%04d", birthday, 1000+i) }

// documents are made once: reading and cutting has tests of its own (stage/split), and is the same each time.
var documents = sync.OnceValue(func() []*document {
	var all []*document
	for n, letters := range []int{5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 7, 8} {
		for _, nobody := range []int{-1, letters / 2} {
			all = append(all, mustDocument(letters, 1+n%2, nobody))
		}
	}
	// Of the long ones there is one: it takes as much time as eight others.
	return append(all, mustDocument(12, 2, -1), mustDocument(30, 2, 15))
})

func mustDocument(letters, pages, nobody int) *document {
	d, err := newDocument(letters, pages, nobody)
	must(err) // without its documents there is no simulation
	return d
}

// newDocument makes a document; one of its letters may have no number.
func newDocument(letters, pages, nobody int) (*document, error) {
	d := &document{pages: letters * pages}
	all := make([]pdftest.Letter, letters)
	for i := range all {
		number, heading := numberOf(i), "CPR-nr.: "+birthday+"-"+numberOf(i)[6:]
		if i == nobody {
			number, heading = "", "Kære borger"
		}
		all[i] = pdftest.Letter{Heading: []string{"Navn Navnesen", "Møllevej 1", "9999 Nordøby", heading}, Pages: pages}
		d.segments = append(d.segments, segment{first: i*pages + 1, last: (i + 1) * pages, number: number})
	}
	d.content = pdftest.Merge(pdftest.Options{}, all...)
	// The snapshots of versions before have these bytes, in which all share one name and address: a label says whose
	// the numbers are.
	options := splitter.Options{Sender: []ident.Number{sender}, Label: "CPR-nr."}
	plan, err := splitter.Make(context.Background(), d.content, options)
	if err != nil {
		return nil, fmt.Errorf("split a document of %d letters: %w", letters, err)
	}
	if len(plan.Segments) != letters {
		return nil, fmt.Errorf("a document of %d letters was split into %d", letters, len(plan.Segments))
	}
	d.plan = plan
	if d.facts, err = plan.Facts(); err != nil {
		return nil, fmt.Errorf("the facts of a document: %w", err)
	}
	cutter := plan.Cutter()
	for i := range d.segments {
		p := &d.segments[i]
		p.pdf = bytes.Clone(cutter.Cut(plan.Segments[i]))
		p.encoded = []byte(base64.StdEncoding.EncodeToString(p.pdf))
		text, err := textOf(p.pdf)
		if err == nil && p.number != "" && !strings.Contains(text, p.number[6:]) {
			err = errors.New("it was cut without its number")
		}
		if err != nil {
			return nil, fmt.Errorf("letter %d: %w", i+1, err)
		}
	}
	return d, nil
}

func textOf(content []byte) (string, error) {
	d, err := pdf.Open(content)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	r := d.Reader()
	for i := range d.Pages() {
		page, err := r.Read(i)
		if err != nil {
			return "", err
		}
		for _, line := range page.Lines {
			text.WriteString(strings.Join(line, " ") + "\n")
		}
	}
	return text.String(), nil
}

var sender = func() ident.Number {
	n, err := ident.ParseCVR("99060816")
	if err != nil {
		panic(err)
	}
	return n
}()
