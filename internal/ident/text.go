package ident

import (
	"log/slog"
	"unicode/utf8"
)

// FindCPR returns where in text the CPR numbers stand, as byte ranges: six digits that are a date, at most one
// separator with a space on either side, four digits, and no further digit before or behind.
func FindCPR(text string) [][2]int {
	var found [][2]int
	for i := 0; i < len(text); {
		if !digit(text, i) || digit(text, i-1) {
			i++
			continue
		}
		end, d := spanCPR(text, i)
		if end == 0 {
			i++
			continue
		}
		if _, err := ParseCPR(d); err == nil {
			found = append(found, [2]int{i, end})
		}
		i = end
	}
	return found
}

// ContainsCPR reports whether a CPR number stands anywhere in text.
func ContainsCPR(text string) bool { return len(FindCPR(text)) > 0 }

// Mask hides the last four digits of every CPR number in text.
func Mask(text string) string {
	found := FindCPR(text)
	if len(found) == 0 {
		return text
	}
	out, from := "", 0
	for _, at := range found {
		out += text[from:at[0]] + Digits(text[at[0]:at[1]])[:6] + "-xxxx"
		from = at[1]
	}
	return out + text[from:]
}

// spanCPR reads 6+4 digits at i and returns where they end and the ten digits, or 0.
func spanCPR(text string, i int) (int, string) {
	j := i
	for j < len(text) && digit(text, j) {
		j++
	}
	switch j - i {
	case 10:
		return j, text[i:j]
	case 6:
	default:
		return 0, ""
	}
	k := j
	for n := 0; n < 3 && k < len(text); n++ { // at most " - "
		r, size := utf8.DecodeRuneInString(text[k:])
		if r == '.' || !IsSeparator(r) {
			break
		}
		k += size
	}
	e := k
	for e < len(text) && digit(text, e) {
		e++
	}
	if k == j || e-k != 4 {
		return 0, ""
	}
	return e, text[i:j] + text[k:e]
}

func digit(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }

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
