package portal

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sheet"
	"brevdue/internal/texts"
)

// statistikPage adds up a year of shipments.
type statistikPage struct {
	Months  []monthBar
	Tables  []statTable
	Total   statLine
	Summary string // of the picture, for who does not see it
	More    bool   // only the newest are added up
}

// statLine is one line of a table.
type statLine struct {
	Name                                           string
	Shipments, Letters, Receipts, Failed, Archived int
}

func (l *statLine) add(s *post.Shipment) {
	l.Shipments++
	l.Letters += sentLetters(s)
	l.Receipts += s.Counts.Completed
	l.Failed += s.Counts.Failed + s.Counts.Dismissed
	l.Archived += s.Counts.Archived
}

type statTable struct {
	Heading, Column string
	Lines           []statLine
}

// monthBar is a month in the picture.
type monthBar struct {
	statLine
	X, Y, Height, Middle, Above int
	Now                         bool
}

const (
	statMonths  = 12
	chartHeight = 130
	chartFloor  = 160
)

func (p *Portal) showStatistik(v *visit) error {
	page, err := p.statistics(v)
	if err != nil {
		return err
	}
	return p.show(v, http.StatusOK, "statistik", "oversigt", "Statistik", page)
}

// statistics adds up the shipments of a year that somebody may open, by month, unit, sender and document type.
func (p *Portal) statistics(v *visit) (*statistikPage, error) {
	now := p.Now().In(p.zone)
	first := time.Date(now.Year(), now.Month()-statMonths+1, 1, 0, 0, 0, 0, p.zone)
	all, more, err := p.everyListed(v, post.ShipmentFilter{From: first,
		Before: time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, p.zone)})
	if err != nil {
		return nil, err
	}
	page := &statistikPage{More: more, Total: statLine{Name: "I alt"}}
	for i := range statMonths {
		at := time.Date(first.Year(), first.Month()+time.Month(i), 1, 0, 0, 0, 0, p.zone)
		page.Months = append(page.Months, monthBar{statLine: statLine{
			Name: fmt.Sprintf("%s %d", wholeMonths[at.Month()-1], at.Year())}, Now: i == statMonths-1})
	}
	tables := []statTable{{Heading: "Pr. enhed", Column: "Enhed"}, {Heading: "Pr. afsender", Column: "Afsender"},
		{Heading: "Pr. dokumenttype", Column: "Dokumenttype"}}
	for _, s := range all {
		if s.Withheld() || s.Counts.Total() == 0 { // nothing of it was sent
			continue
		}
		at := s.Created.In(p.zone)
		month := (at.Year()-first.Year())*statMonths + int(at.Month()-first.Month())
		page.Months[month].add(s)
		page.Total.add(s)
		for i, name := range []string{v.org.UnitName(s.Area.Unit), s.Sender.Name, s.Options.TypeName} {
			tables[i].line(name).add(s)
		}
	}
	for _, t := range tables {
		if len(t.Lines) > 1 || len(t.Lines) == 1 && t.Lines[0].Name != noneText {
			slices.SortStableFunc(t.Lines, func(a, b statLine) int { return b.Letters - a.Letters })
			page.Tables = append(page.Tables, t)
		}
	}
	page.draw()
	return page, nil
}

// line is the line of a name.
func (t *statTable) line(name string) *statLine {
	if name == "" {
		name = noneText
	}
	i := slices.IndexFunc(t.Lines, func(l statLine) bool { return l.Name == name })
	if i < 0 {
		i, t.Lines = len(t.Lines), append(t.Lines, statLine{Name: name})
	}
	return &t.Lines[i]
}

// draw gives each month its bar, and says in words what the picture shows.
func (s *statistikPage) draw() {
	most, best := 0, 0
	for i, m := range s.Months {
		if m.Letters > most {
			most, best = m.Letters, i
		}
	}
	for i := range s.Months {
		m := &s.Months[i]
		m.X, m.Middle = 10+60*i, 30+60*i
		if most > 0 {
			m.Height = m.Letters * chartHeight / most
		}
		m.Y, m.Above = chartFloor-m.Height, chartFloor-m.Height-6
	}
	s.Summary = fmt.Sprintf(chartText, s.Months[best].Name, thousands(most))
}

// Short is what a month is called under its bar.
func (m monthBar) Short() string { return string([]rune(m.Name)[:3]) }

// showStatistikCSV gives the same as a sheet.
func (p *Portal) showStatistikCSV(v *visit) error {
	page, err := p.statistics(v)
	if err != nil {
		return err
	}
	seen := v.who.Did(post.ActSee, "", "", texts.Say("statistics-exported"))
	if err := p.Audit.Record(v.Context(), seen); err != nil {
		return err
	}
	rows := [][]string{statColumns}
	add := func(by string, l statLine) {
		row := []string{by, l.Name}
		for _, n := range []int{l.Shipments, l.Letters, l.Receipts, l.Failed, l.Archived} {
			row = append(row, fmt.Sprint(n))
		}
		rows = append(rows, row)
	}
	for _, m := range page.Months {
		add("Måned", m.statLine)
	}
	for _, t := range page.Tables {
		for _, l := range t.Lines {
			add(t.Column, l)
		}
	}
	return download(v, "statistik.csv", string(sheet.Write(rows...)))
}
