package splitter

import (
	"strconv"
	"strings"
	"unicode"

	"brevdue/internal/pdf/text"
)

// counter is a printed page counter: "Side 1 af 2" is {1, 2}, "Side 3" is {3, 0}. The zero value is none.
type counter struct {
	page, of int
	worded   bool // it says "Side", so it is no fraction and no date
}

// counterLines is how many lines at the top and at the bottom of a page may hold its counter.
const counterLines = 4

// readCounter finds the counter of a page. Two different ones are none: one of them counts something else.
func readCounter(lines []text.Line) counter {
	var found counter
	for i, line := range lines {
		if i >= counterLines && i < len(lines)-counterLines {
			continue
		}
		for _, field := range fieldsWith(line, 1) {
			c := counterIn(field)
			switch {
			case c == counter{}:
			case found == counter{}:
				found = c
			case found != c:
				return counter{}
			}
		}
	}
	return found
}

// counterIn reads "Side 1 af 2", "Side 1/2", "Page 1 of 2", "s. 1", "1/2" or "- 1 / 2 -" that is a field of its own,
// or that ends a short one.
func counterIn(field string) counter {
	if isProse(field) {
		return counter{}
	}
	s := strings.Map(func(r rune) rune {
		if r == '(' { // "Side 1 (2)"
			return '/'
		}
		if unicode.IsSpace(r) || strings.ContainsRune("-–)[].:,", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, field)
	for _, word := range []string{"side", "page", "pag", "s"} {
		i := strings.LastIndex(s, word)
		if i < 0 || (i > 0 && word == "s") {
			continue
		}
		if c := numbersIn(s[i+len(word):]); c.page > 0 {
			c.worded = true
			return c
		}
	}
	if c := numbersIn(strings.TrimPrefix(s, "/")); c.of > 0 {
		return c
	}
	return counter{}
}

// numbersIn reads "1", "1af2", "1of2" or "1/2", and nothing more.
func numbersIn(s string) counter {
	page, rest := leadingInt(s)
	if page == 0 {
		return counter{}
	}
	if rest == "" {
		return counter{page: page}
	}
	for _, word := range []string{"af", "of", "/"} {
		if after, ok := strings.CutPrefix(rest, word); ok {
			of, end := leadingInt(after)
			if end == "" && of >= page {
				return counter{page: page, of: of}
			}
		}
	}
	return counter{}
}

func leadingInt(s string) (int, string) {
	i := 0
	for i < len(s) && i < 4 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(s[:i])
	if err != nil {
		return 0, s
	}
	return n, s[i:]
}

// counting is what the counters of a file are good for.
type counting struct {
	trusted bool  // every page has one, and they tell where each letter begins
	running bool  // they count through the whole file, and tell nothing about letters
	broken  []int // pages (from 0) whose counter does not follow from the one before
}

// follows reports whether a page goes on where the one before stopped, by their counters.
func follows(now, before counter) bool {
	return now.page > 1 && now.page == before.page+1 && now.of == before.of
}

// countersOf judges the counters of all pages. They are trusted when (nearly) every page has one; a blank back page
// needs none. A count through the whole file tells nothing about letters.
func countersOf(pages []page) counting {
	have, blank, firsts, inside, highest := 0, 0, 0, 0, 0
	for i := range pages {
		switch {
		case pages[i].counter != counter{}:
			have++
			highest = max(highest, pages[i].counter.page)
			if pages[i].counter.page == 1 {
				firsts++
			} else if pages[i].numbered() {
				inside++
			}
		case pages[i].blank, pages[i].unreadable != "":
			blank++
		}
	}
	numbered := headings(pages)
	throughout := firsts <= 1 && 2*highest > len(pages) && !isOneLetter(pages)
	if throughout && (numbered > 1 || looksLikeMore(pages)) || inside > 0 && 2*inside > numbered {
		return counting{running: true}
	}
	if have == 0 || have+blank < len(pages) {
		return counting{}
	}
	c := counting{trusted: true}
	before, lost := counter{}, false
	for i := range pages {
		if pages[i].unreadable != "" { // what follows may go on from it
			before, lost = counter{}, true
			continue
		}
		if pages[i].blank && pages[i].counter == (counter{}) {
			continue
		}
		now := pages[i].counter
		begins := now.page == 1 && (before.of == 0 || before.page == before.of)
		if !begins && !(follows(now, before) && i > 0) && !lost {
			c.broken = append(c.broken, i)
		}
		before, lost = now, false
	}
	if before.of > 0 && before.page != before.of {
		c.broken = append(c.broken, len(pages)-1)
	}
	return c
}

// oneLetterMost is how many pages a file may have whose counter runs through it and that is taken for one letter.
const oneLetterMost = 20

// isOneLetter reports whether the counter says that the file is one letter: "Side 1 af 2", "Side 2 af 2", and no more.
func isOneLetter(pages []page) bool {
	for i := range pages {
		if c := pages[i].counter; c.page != i+1 || c.of != len(pages) {
			return false
		}
	}
	return len(pages) <= oneLetterMost
}

// looksLikeMore reports whether a page after the first looks like another letter's first page.
func looksLikeMore(pages []page) bool {
	for i := range pages[1:] {
		if pages[i+1].signals >= manySignals {
			return true
		}
	}
	return false
}

func headings(pages []page) int {
	n := 0
	for i := range pages {
		if pages[i].numbered() {
			n++
		}
	}
	return n
}
