package splitter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/pdf/text"
	"brevdue/internal/sentence"
)

// staleAfter is how many days after its printed date a letter may leave unasked: the next day is usual (practice.md
// C14).
const staleAfter = 2

// datesMost is how many dates of a page are kept.
const datesMost = 20

// monthNames are how a month begins in Danish.
var monthNames = []string{"jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}

// printedDate returns the date of a letter, as it stands in its heading: by itself, behind "Dato", or behind a town and
// "den". A date of birth, or one of a case, is none.
func printedDate(top []text.Line) string {
	for _, line := range top {
		for k, cell := range line {
			for d, rest := range datesIn(cell) {
				before := strings.ToLower(strings.Trim(rest, " :.,\t"))
				if before == "" && k > 0 && labelsAnother(line[k-1]) {
					continue
				}
				if before == "" || before == "dato" || before == "den" || strings.HasSuffix(before, " den") {
					return d
				}
			}
		}
	}
	return ""
}

// labelsAnother reports whether a cell is the label of a date that is not the letter's: of birth, of a case.
func labelsAnother(cell string) bool {
	label := strings.ToLower(strings.Trim(cell, " .,\t"))
	labels := strings.HasSuffix(label, ":") || strings.Contains(label, "dato") || strings.Contains(label, "født")
	label = strings.TrimRight(label, ": ")
	return labels && label != "dato" && label != "den"
}

// daysIn returns the dates that stand in lines, each once.
func daysIn(lines []text.Line) []string {
	var days []string
	for _, line := range lines {
		for _, cell := range line {
			for d := range datesIn(cell) {
				if len(days) < datesMost && !slices.Contains(days, d) {
					days = append(days, d)
				}
			}
		}
	}
	return days
}

// datesIn yields the dates of a text, as 2006-01-02, each with what stands before it: "12. november 2026",
// "12.11.2026", "12-11-2026", "12/11/2026" or "2026-11-12".
func datesIn(s string) func(yield func(date, before string) bool) {
	return func(yield func(string, string) bool) {
		for i := 0; i < len(s); i++ {
			if !isDigit(s[i]) || i > 0 && (isDigit(s[i-1]) || s[i-1] == '-' || s[i-1] == '.') {
				continue
			}
			if d, end := dateAt(s, i); d != "" {
				if !yield(d, s[:i]) {
					return
				}
				i = end
			}
		}
	}
}

// dateAt reads the date that begins at i, and returns where it ends; "" for none.
func dateAt(s string, i int) (date string, end int) {
	first, i := digitsAt(s, i)
	if len(first) == 4 && i < len(s) && s[i] == '-' {
		month, j := digitsAt(s, i+1)
		if j < len(s) && s[j] == '-' {
			day, end := digitsAt(s, j+1)
			return dayOf(day, month, first), end
		}
		return "", 0
	}
	if len(first) > 2 {
		return "", 0
	}
	if i < len(s) && strings.IndexByte("-./", s[i]) >= 0 {
		if month, j := digitsAt(s, i+1); month != "" {
			if j >= len(s) || s[j] != s[i] {
				return "", 0
			}
			year, end := digitsAt(s, j+1)
			return dayOf(first, month, year), end
		}
	}
	i += len(s[i:]) - len(strings.TrimLeft(s[i:], ". "))
	word := i
	for i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z') {
		i++
	}
	name := strings.ToLower(s[word:i])
	if len(name) < 3 {
		return "", 0
	}
	month := slices.Index(monthNames, name[:3]) + 1
	i += len(s[i:]) - len(strings.TrimLeft(s[i:], ". "))
	year, end := digitsAt(s, i)
	return dayOf(first, strconv.Itoa(month), year), end
}

func digitsAt(s string, i int) (digits string, end int) {
	from := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return s[from:i], i
}

// dayOf puts a date together; "" where there is no such day.
func dayOf(day, month, year string) string {
	d, err1 := strconv.Atoi(day)
	m, err2 := strconv.Atoi(month)
	y, err3 := strconv.Atoi(year)
	if err1 != nil || err2 != nil || err3 != nil || len(year) != 4 || y < 1900 {
		return ""
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if m < 1 || m > 12 || t.Day() != d {
		return ""
	}
	return t.Format(time.DateOnly)
}

// reportDates tells of letters that leave days after their printed date, or past a day that stands in their text and
// was to come when they were written (practice.md C14).
func (p *Plan) reportDates(uploaded, leaves time.Time) {
	if leaves.IsZero() {
		return
	}
	today, stale := leaves.Format(time.DateOnly), leaves.AddDate(0, 0, -staleAfter).Format(time.DateOnly)
	var old, passed []int
	oldest := today
	for _, segment := range p.Segments {
		if segment.Recipient.IsZero() || segment.Dropped {
			continue
		}
		written := p.pages[segment.First-1].printed
		if written != "" && written <= stale {
			old, oldest = append(old, segment.First), min(oldest, written)
		}
		if written == "" {
			written = uploaded.Format(time.DateOnly)
		}
		for i := segment.First - 1; i < segment.Last; i++ {
			if slices.ContainsFunc(p.pages[i].days, func(d string) bool { return written < d && d < today }) {
				passed = append(passed, segment.First)
				break
			}
		}
	}
	switch len(old) {
	case 0:
	case 1:
		p.find(FindingOldDate, old, sentence.Of("letter-dated", danishDay(oldest)))
	default:
		p.find(FindingOldDate, old, sentence.Of("letters-dated", len(old), danishDay(oldest)))
	}
	switch len(passed) {
	case 0:
	case 1:
		p.find(FindingPassedDay, passed, sentence.Of("letter-passed"))
	default:
		p.find(FindingPassedDay, passed, sentence.Of("letters-passed", len(passed)))
	}
}

func danishDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("2.1.2006")
}
