package ident

import "strings"

// ParseCVR reads a CVR number: eight digits whose weighted sum is divisible by eleven
// (digital-post.md 7: all CVR numbers obey). A leading "DK" is left out.
func ParseCVR(text string) (Number, error) {
	text = strings.TrimSpace(text)
	if len(text) > 2 && strings.EqualFold(text[:2], "DK") {
		text = text[2:]
	}
	for _, r := range text {
		if (r < '0' || r > '9') && !IsSeparator(r) {
			return Number{}, ErrForm
		}
	}
	d := Digits(text)
	if len(d) != 8 {
		return Number{}, ErrForm
	}
	sum := 0
	for i, weight := range [8]int{2, 7, 6, 5, 4, 3, 2, 1} {
		sum += weight * int(d[i]-'0')
	}
	if sum%11 != 0 || d == "00000000" {
		return Number{}, ErrChecksum
	}
	return Number{CVR, d}, nil
}
