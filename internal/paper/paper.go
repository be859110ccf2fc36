// Package paper writes what a person keeps or hands on as a PDF: a heading and lines of what is so, on A4, with its
// fonts in it.
//
// heading, lines -> [paper] -> PDF
package paper

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Paper is what stands on it.
type Paper struct {
	Title string
	Lead  string // under the title
	Lines []Line
	Small []Line // what a machine or a supporter wants to know, in small type
	Foot  string // at the foot of each page
	Made  time.Time
}

// Line is a line of what is so.
type Line struct{ Label, Value string }

// Measures in millimetres, and sizes of type in points.
const (
	margin   = 22.0
	labels   = 58.0 // how wide the labels are
	bodySize = 10.5
	height   = 5.6 // of a line of body text
	font     = "Go"
)

// written is a text as the fonts can write it: what they have no shape for, as pictures, is a box.
func written(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			return '□'
		}
		return r
	}, strings.ToValidUTF8(text, "□"))
}

// Write returns a paper as PDF.
func Write(p Paper) ([]byte, error) {
	p.Title, p.Lead, p.Foot = written(p.Title), written(p.Lead), written(p.Foot)
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes(font, "", goregular.TTF)
	f.AddUTF8FontFromBytes(font, "B", gobold.TTF)
	f.SetTitle(p.Title, true)
	f.SetCatalogSort(true) // the same is written the same
	f.SetLang("da-DK")
	f.SetProducer("Brevdue", true)
	f.SetCreationDate(p.Made)
	f.SetModificationDate(p.Made)
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(true, margin)
	f.AliasNbPages("{sider}")
	f.SetFooterFunc(func() {
		f.SetY(-margin + 6)
		f.SetFont(font, "", 8)
		f.SetTextColor(90, 90, 90)
		f.CellFormat(0, 4, fmt.Sprintf("%s · Side %d af {sider}", p.Foot, f.PageNo()), "", 0, "L", false, 0, "")
	})
	f.AddPage()
	f.SetFont(font, "B", 19)
	f.MultiCell(0, 9, p.Title, "", "L", false)
	f.SetFont(font, "", 12)
	f.MultiCell(0, 6.4, p.Lead, "", "L", false)
	f.Ln(6)
	lines(f, p.Lines, bodySize, height)
	f.Ln(5)
	lines(f, p.Small, 8, 4.2)
	var b bytes.Buffer
	err := f.Output(&b)
	return b.Bytes(), err
}

// lines writes each value beside its label, with a rule under both.
func lines(f *fpdf.Fpdf, all []Line, size, height float64) {
	width, _ := f.GetPageSize()
	for _, l := range all {
		f.SetFont(font, "B", size)
		f.CellFormat(labels, height, written(l.Label), "", 0, "L", false, 0, "")
		f.SetFont(font, "", size)
		f.SetLeftMargin(margin + labels)
		f.MultiCell(0, height, written(l.Value), "", "L", false)
		f.SetLeftMargin(margin)
		f.SetX(margin)
		y := f.GetY() + height/4
		f.SetDrawColor(205, 210, 210)
		f.Line(margin, y, width-margin, y)
		f.SetY(y + height/4)
	}
}
