package ident

import (
	"regexp"
	"strings"
)

// behindCompany is a P-number behind a CVR number: "12345674 P 1000000001", "12345674/1000000001".
var behindCompany = regexp.MustCompile(
	`(?i)^(.*?[0-9])[\s,;]*(?:/|\bp(?:[-. ]?(?:nr|nummer))?\b[.:]?)\s*([0-9][0-9 ]{8,12}[0-9])\s*$`)

// CutUnit parts what was typed into a number and the P-number of a company's unit behind it; "" for none.
func CutUnit(text string) (number, unit string) {
	m := behindCompany.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return text, ""
	}
	unit, ok := ParseUnit(m[2])
	if !ok {
		return text, ""
	}
	return m[1], unit
}

// ParseUnit reads a P-number: ten digits, which may stand apart, and the first is not 0, which MeMo would lose
// (digital-post.md 1.2). It has no check digit that we could check (digital-post.md 7).
func ParseUnit(text string) (unit string, ok bool) {
	unit = Digits(text)
	ok = len(unit) == 10 && unit[0] != '0' && strings.Trim(text, "0123456789 ") == ""
	return unit, ok
}
