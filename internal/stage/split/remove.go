package split

import (
	"unicode"
	"unicode/utf8"

	"brevdue/internal/ident"
	"brevdue/internal/pdf"
)

// finderOf finds a number in a text in all forms in which it is printed: with dashes, blanks, a slash or nothing between
// its digits, also at the end of a line. Inside a longer number it is another one.
func finderOf(n ident.Number) pdf.Find {
	digits := n.Reveal()
	return func(text string) [][2]int {
		var spans [][2]int
		for i := 0; i < len(text); i++ {
			if text[i] != digits[0] || i > 0 && isDigit(text[i-1]) {
				continue
			}
			if end := matchDigits(text, i, digits); end > 0 {
				spans = append(spans, [2]int{i, end})
				i = end - 1
			}
		}
		return spans
	}
}

// betweenMost is how many signs may stand between two digits of a number: more than any way to print it has.
const betweenMost = 4

// matchDigits returns where the digits end that begin at i, or 0.
func matchDigits(text string, i int, digits string) int {
	k, between := 0, 0
	for i < len(text) && k < len(digits) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == rune(digits[k]):
			k, between = k+1, 0
		case unicode.IsLetter(r) || unicode.IsDigit(r) || between == betweenMost:
			return 0
		default:
			between++
		}
		i += size
	}
	if k < len(digits) || i < len(text) && isDigit(text[i]) {
		return 0
	}
	return i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// NotRemoved says that a number could not be proven to be gone.
const NotRemoved = "CPR-nummeret kan ikke fjernes fra brevet, så det er sikkert, at det er væk. Brevet er holdt tilbage."

// CutWithout returns the PDF of a piece from which its recipient's number was removed for good. The error says that it
// could not be proven to be gone.
func (c *Cutter) CutWithout(piece Piece) ([]byte, error) {
	if piece.Recipient.Kind() != ident.CPR {
		return c.Cut(piece), nil
	}
	return c.cut.Without(piece.First-1, piece.Last-piece.First+1, c.plan.namesOf(piece), finderOf(piece.Recipient))
}
