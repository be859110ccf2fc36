package ident

import (
	"strings"
	"time"
	"unicode"
)

// separators that stand between the six and the four digits of a CPR number, or between the pairs of a CVR
// number, in print (digital-post.md 7).
const separators = " -.\u00a0\u00ad\u2010\u2011\u2012\u2013\u2014\u2212\u202f"

// IsSeparator reports whether r may stand between the digit groups of a number.
func IsSeparator(r rune) bool { return strings.ContainsRune(separators, r) }

// ParseCPR reads a CPR number: ten digits, of which the first six are a date. Modulus 11 is not asked for: numbers
// without it have been issued since 2007 (digital-post.md 7).
func ParseCPR(text string) (Number, error) {
	var signs []rune
	letters := false
	for i, r := range []rune(strings.TrimSpace(text)) {
		switch {
		case r >= '0' && r <= '9':
			signs = append(signs, r)
		case unicode.IsLetter(r) && len(signs) >= 6:
			signs, letters = append(signs, r), true
		case IsSeparator(r) && i > 0:
		default:
			return Number{}, ErrForm
		}
	}
	if len(signs) != 10 {
		return Number{}, ErrForm
	}
	if letters {
		return Number{}, ErrLetters
	}
	d := string(signs)
	if _, ok := birth(d); !ok {
		return Number{}, ErrDate
	}
	return Number{CPR, d}, nil
}

// birth returns the date of birth that ten digits carry. The century follows from the seventh digit and the year
// (digital-post.md 7).
func birth(d string) (time.Time, bool) {
	day, month, year := two(d[0:2]), two(d[2:4]), two(d[4:6])
	switch seventh := d[6]; {
	case seventh <= '3':
		year += 1900
	case seventh == '4' || seventh == '9':
		year += pick(year <= 36, 2000, 1900)
	default:
		year += pick(year <= 57, 2000, 1800)
	}
	if month < 1 || month > 12 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, day > 0 && t.Day() == day
}

// Born returns the date of birth that a person's number carries.
func (n Number) Born() (time.Time, bool) {
	if n.kind != CPR {
		return time.Time{}, false
	}
	return birth(n.digits)
}

func two(d string) int { return int(d[0]-'0')*10 + int(d[1]-'0') }

func pick(yes bool, a, b int) int {
	if yes {
		return a
	}
	return b
}

// FitsModulus11 reports whether the check digit of a CPR number fits. It is a hint and no more: numbers without it have
// been issued since 2007 (digital-post.md 7).
func (n Number) FitsModulus11() bool {
	if n.kind != CPR {
		return false
	}
	sum := 0
	for i, weight := range [10]int{4, 3, 2, 7, 6, 5, 4, 3, 2, 1} {
		sum += weight * int(n.digits[i]-'0')
	}
	return sum%11 == 0
}
