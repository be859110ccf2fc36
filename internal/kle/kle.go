// Package kle reads KLE, the filing plan that Danish municipalities share, from the XML that its makers publish
// (systems.md 1.8).
//
// KLE-Emneplan.xml -> [kle] -> numbers with their titles
package kle

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"brevdue/internal/post"
)

// sizeMost is how large the file may be; that of 2026 is some 10 MB.
const sizeMost = 64 << 20

// plan is what is read of the file: main groups, groups and subjects.
type plan struct {
	XMLName xml.Name `xml:"KLEEmneplan"`
	Main    []struct {
		Number string `xml:"HovedgruppeNr"`
		Title  string `xml:"HovedgruppeTitel"`
		Groups []struct {
			Number   string `xml:"GruppeNr"`
			Title    string `xml:"GruppeTitel"`
			Subjects []struct {
				Number string `xml:"EmneNr"`
				Title  string `xml:"EmneTitel"`
			} `xml:"Emne"`
		} `xml:"Gruppe"`
	} `xml:"Hovedgruppe"`
}

// Read reads the file. Numbers that have no title, or stand there twice, are errors: it is not what it should be.
func Read(r io.Reader) (post.FilingPlan, error) {
	limited := &io.LimitedReader{R: r, N: sizeMost + 1}
	var file plan
	if err := xml.NewDecoder(limited).Decode(&file); err != nil {
		return nil, fmt.Errorf("KLE's XML: %w", err)
	}
	if limited.N == 0 {
		return nil, fmt.Errorf("KLE's XML: larger than %d MB", sizeMost>>20)
	}
	var all post.FilingPlan
	add := func(number, title string) {
		all = append(all, post.FilingSubject{Number: strings.TrimSpace(number),
			Title: strings.Join(strings.Fields(title), " ")})
	}
	for _, main := range file.Main {
		add(main.Number, main.Title)
		for _, group := range main.Groups {
			add(group.Number, group.Title)
			for _, subject := range group.Subjects {
				add(subject.Number, subject.Title)
			}
		}
	}
	return all.Sorted()
}
