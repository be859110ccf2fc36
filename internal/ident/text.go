package ident

import (
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is where a CPR number stands in a text, in bytes, and its ten digits in ASCII.
type span struct {
	from, to int
	digits   string
}

// FindCPR returns where in text the CPR numbers stand, as byte ranges, in whatever form they are written (forms). A
// date that is followed by a year, a time or a postal code is none.
func FindCPR(text string) [][2]int {
	var found [][2]int
	for _, s := range spans(text) {
		found = append(found, [2]int{s.from, s.to})
	}
	return found
}

// ContainsCPR reports whether a CPR number stands anywhere in text.
func ContainsCPR(text string) bool { return len(spans(text)) > 0 }

// Mask hides the last four digits of every CPR number in text.
func Mask(text string) string {
	found := spans(text)
	if len(found) == 0 {
		return text
	}
	out, from := "", 0
	for _, s := range found {
		out += text[from:s.from] + s.digits[:6] + "-xxxx"
		from = s.to
	}
	return out + text[from:]
}

func spans(text string) []span {
	var found []span
	inside := false // a run of digits, of which a number begins with the first
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		isDigit := digitOf(r) >= 0
		if isDigit && !inside {
			if s, ok := spanAt(text, i); ok {
				found, i, inside = append(found, s), s.to, false
				continue
			}
		}
		inside = isDigit || inside && isHidden(r)
		i += size
	}
	return found
}

// joint is what stands between two groups of digits. Signs that nobody sees do not count.
type joint struct {
	mark   rune // a dash, a dot or another sign; 0 for none
	spaces int
	long   bool // it is more than stands within a number
}

// kind tells a dash from a dot and a slash; all dashes are one, and so are all spaces.
func (j joint) kind() rune {
	switch {
	case j.mark == 0:
		return ' '
	case isDash(j.mark):
		return '-'
	}
	return j.mark
}

// numberForms are the groups that the ten digits of a CPR number are written in.
var numberForms = []struct {
	groups string
	fits   func(before rune, joints []joint) bool
}{
	{"10", func(rune, []joint) bool { return true }},
	{"6 4", func(rune, []joint) bool { return true }},
	{"6 2 2", func(_ rune, j []joint) bool { return j[0].mark != 0 && j[1].mark != ':' }},
	{"2 2 2 4", pairsFit},
	{"4 2 4", func(before rune, j []joint) bool { return j[1].kind() == '-' && pairsFit(before, j) }},
	{"2 4 4", func(before rune, j []joint) bool { return j[1].kind() == '-' && pairsFit(before, j) }},
	{
		"1 1 1 1 1 1 1 1 1 1",
		func(_ rune, j []joint) bool { return evenly(j[:5]) && evenly(j[6:]) && j[0].kind() == ' ' },
	},
}

// pairsFit tells a number whose date is written apart from a date before something else, a time and an address of a
// network: the parts of its date are joined in one way, and a dash joins the rest to it, or the same sign again.
func pairsFit(before rune, joints []joint) bool {
	date, last := joints[:len(joints)-1], joints[len(joints)-1]
	if !evenly(date) || !strings.ContainsRune(" -./", date[0].kind()) {
		return false
	}
	if before != 0 && (before != ' ' || last.kind() != '-') { // it is the end of something longer
		return false
	}
	return last.kind() == date[0].kind() || last.kind() == '-' || last.kind() == '/'
}

// evenly reports whether all joints are one and the same sign, alone.
func evenly(joints []joint) bool {
	for _, j := range joints {
		if j.kind() != joints[0].kind() || j.mark != 0 && j.spaces > 0 || j.spaces > 1 {
			return false
		}
	}
	return true
}

// spanAt reads the number that begins with the digit at i.
func spanAt(text string, i int) (span, bool) {
	digits, groups := make([]byte, 0, 10), make([]byte, 0, 32) // both on the stack: most are no numbers
	joints, joined := [10]joint{}, 0
	group, end := 0, i
	for end < len(text) && len(digits) < 10 {
		r, size := utf8.DecodeRuneInString(text[end:])
		if d := digitOf(r); d >= 0 {
			digits = append(digits, byte('0'+d))
			group++
			end += size
			continue
		}
		j, length := jointAt(text[end:])
		if j.long {
			return span{}, false
		}
		if j.mark != 0 || j.spaces > 0 { // else only what nobody sees
			groups = append(strconv.AppendInt(groups, int64(group), 10), ' ')
			joints[joined], group = j, 0
			joined++
		}
		end += length
	}
	groups = strconv.AppendInt(groups, int64(group), 10)
	if next, _ := utf8.DecodeRuneInString(text[end:]); len(digits) < 10 || digitOf(next) >= 0 {
		return span{}, false
	}
	number := string(digits)
	if _, err := ParseCPR(number); err != nil {
		return span{}, false
	}
	for _, form := range numberForms {
		if form.groups == string(groups) && form.fits(joinedBefore(text[:i]), slices.Clone(joints[:joined])) {
			return span{i, end, number}, true
		}
	}
	return span{}, false
}

// spacesMost is how many spaces may stand within a number.
const spacesMost = 4

// jointAt reads what stands before the next digit, and its length in bytes.
func jointAt(text string) (j joint, length int) {
	for i, r := range text {
		switch {
		case digitOf(r) >= 0:
			return j, i
		case isHidden(r):
		case unicode.IsSpace(r):
			j.spaces++
		case j.mark == 0 || isDash(j.mark) && isDash(r):
			j.mark = r
			j.long = !isMark(r)
		default:
			j.long = true
		}
		if j.long = j.long || j.spaces > spacesMost; j.long {
			return j, i
		}
	}
	j.long = true // there is no digit any more
	return j, len(text)
}

// joinedBefore returns the sign by which digits that end text go on behind it, or 0.
func joinedBefore(text string) rune {
	r, size := utf8.DecodeLastRuneInString(text)
	if size == 0 || !unicode.IsSpace(r) && !isMark(r) {
		return 0
	}
	if before, _ := utf8.DecodeLastRuneInString(text[:len(text)-size]); digitOf(before) < 0 {
		return 0
	}
	if unicode.IsSpace(r) {
		return ' '
	}
	return r
}

// isMark reports whether people write r between the groups of a number.
func isMark(r rune) bool { return isDash(r) || strings.ContainsRune("./_:,\\*|~+·•∙⁄∕", r) }

func isDash(r rune) bool {
	return unicode.Is(unicode.Pd, r) || r == '\u2212' || r == softHyphen || r == '\u2043'
}

// softHyphen is drawn as a dash by some, and by others not at all.
const softHyphen = '\u00ad'

// isHidden reports whether r may stand anywhere in a number without anybody's seeing it.
func isHidden(r rune) bool { return IsInvisible(r) && r != softHyphen }

// smallDigits are digits that Unicode does not count as decimal ones.
const smallDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⓪①②③④⑤⑥⑦⑧⑨"

// digitOf returns the value of a digit of whatever script and width, or -1.
func digitOf(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r < 0x80:
		return -1
	case unicode.IsDigit(r):
		return digitIn(unicode.Nd, r)
	}
	if i := strings.IndexRune(smallDigits, r); i >= 0 {
		return utf8.RuneCountInString(smallDigits[:i]) % 10
	}
	return -1
}

// digitIn returns the value of a decimal digit. Its ranges are scripts of ten, each from a zero on.
func digitIn(table *unicode.RangeTable, r rune) int {
	for _, t := range table.R16 {
		if uint32(t.Lo) <= uint32(r) && uint32(r) <= uint32(t.Hi) {
			return int(uint32(r)-uint32(t.Lo)) % 10
		}
	}
	for _, t := range table.R32 {
		if t.Lo <= uint32(r) && uint32(r) <= t.Hi {
			return int(uint32(r)-t.Lo) % 10
		}
	}
	return -1
}

// IsInvisible reports whether r is a sign that nobody sees: a control character, a mark that turns the direction of
// what follows, one of no width, a variant, a filler, or what is left of one that could not be read.
func IsInvisible(r rune) bool {
	if r >= ' ' && r < 0x7f { // almost all are
		return false
	}
	switch r {
	case '\t', '\n', '\v', '\f', '\r', '\u0085', '\u2028', '\u2029':
		return false // they part words and lines
	case '\u2800', '\ufffc', utf8.RuneError:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co, unicode.Variation_Selector,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point)
}

// MaskAttr is the second line of defence of every log: no CPR number passes, even inside an error's text. It is made
// for slog.HandlerOptions.
func MaskAttr(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(Mask(v.String()))
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			a.Value = slog.StringValue(Mask(err.Error()))
		}
	}
	return a
}
