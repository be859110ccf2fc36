// Package bars has what the figures of `make bench-all` are held against, in one place.
//
// figure -> [bars] -> the figure beside its bar, met or NOT MET
package bars

import (
	"fmt"
	"io"
)

// bar is what a figure has to be: at the least, or at the most.
type bar struct {
	least, most float64
	unit        string
}

func atLeast(v float64, unit string) bar { return bar{least: v, unit: unit} }

func atMost(v float64, unit string) bar { return bar{most: v, unit: unit} }

const (
	times     = "times"
	perSecond = "letters/s"
)

var all = map[string]bar{
	// CPU of text, split and write, against qpdf --split-pages=2 alone
	"letters, chromium-100.pdf":              atLeast(1, times),
	"letters, raw-fpdf-100.pdf":              atLeast(1.3, times),
	"letters, weasyprint-100.pdf":            atLeast(4, times),
	"letters, libreoffice-fodt-1000.pdf":     atLeast(7, times),
	"letters, libreoffice-fodt-10000.pdf":    atLeast(7, times),
	"letters, groff-gs-1000.pdf":             atLeast(3, times),
	"letters, chromium-1000.pdf":             atLeast(3, times),
	"letters, weasyprint-1000.pdf":           atLeast(3, times),
	"letters, fpdf2-1000.pdf":                atLeast(3, times),
	"letters, cairo-1000.pdf":                atLeast(3, times),
	"letters, pdflatex-1000.pdf":             atLeast(3, times),
	"CPU, libreoffice-fodt-10000.pdf":        atMost(10, "s"),
	"memory, libreoffice-fodt-10000.pdf":     atMost(400, "MB"),
	"first page, libreoffice-fodt-10000.pdf": atMost(10, "ms"),
	"start of brevdue split":                 atMost(4, "ms of CPU"),
	// CPU of text alone, with the start, against pdftotext
	"text, chromium-100.pdf":           atLeast(4, times),
	"text, raw-fpdf-100.pdf":           atLeast(4, times),
	"text, weasyprint-100.pdf":         atLeast(4, times),
	"text, groff-gs-100.pdf":           atLeast(4, times),
	"text, libreoffice-fodt-100.pdf":   atLeast(4, times),
	"text, libreoffice-fodt-1000.pdf":  atLeast(6, times),
	"text, groff-gs-1000.pdf":          atLeast(6, times),
	"text, chromium-1000.pdf":          atLeast(6, times),
	"text, weasyprint-1000.pdf":        atLeast(6, times),
	"text, fpdf2-1000.pdf":             atLeast(6, times),
	"text, cairo-1000.pdf":             atLeast(6, times),
	"text, pdflatex-1000.pdf":          atLeast(6, times),
	"text, libreoffice-fodt-10000.pdf": atLeast(6, times),
	// from the upload to the second tick, on a disk, with the simulator beside it
	"way, 1000 letters":                       atLeast(1000, perSecond),
	"way, 10000 letters":                      atLeast(1000, perSecond),
	"way to floor, 1000 letters":              atLeast(0.65, times),
	"way to floor, 10000 letters":             atLeast(0.65, times),
	"CPU a letter, 100000 to 1000":            atMost(1.15, times),
	"memory, 100000 letters":                  atMost(300, "MB"),
	"slowest page of the portal (p95)":        atMost(100, "ms"),
	"slowest search (p95)":                    atMost(100, "ms"),
	"slowest page or search of the log (p95)": atMost(100, "ms"),
}

// Print writes a figure beside its bar; nothing where it has none.
func Print(w io.Writer, figure string, value float64) {
	b, known := all[figure]
	if !known {
		return
	}
	sign, limit, met := "≥", b.least, value >= b.least
	if b.most > 0 {
		sign, limit, met = "≤", b.most, value <= b.most
	}
	verdict := "met"
	if !met {
		verdict = "NOT MET"
	}
	fmt.Fprintf(w, "bar  %-40s %9.2f  %s %-6g %-10s %s\n", figure, value, sign, limit, b.unit, verdict)
}
