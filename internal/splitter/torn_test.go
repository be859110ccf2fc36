package splitter

import (
	"strings"
	"testing"

	"brevdue/internal/pdf/text"
)

// TestTornWords: where the letters of a page stand so far apart, or so close, that its words are not read for sure,
// role and name are no witnesses, and the letter is held.
func TestTornWords(t *testing.T) {
	letter := []string{"Øjvind Ærø", "Søndergade 151", "7899 Bækby", "CPR-nr. 190548-3253", "Afgørelse om tilskud til"}
	if p := planOf(t, Options{}, letter); to(p) != "1905483253" {
		t.Errorf("a whole letter goes to %s", to(p))
	}
	torn := strings.NewReplacer("Bæk", "B æ k", "Af", "A f", "til", "t il")
	for i := range letter {
		letter[i] = torn.Replace(letter[i])
	}
	p := planOf(t, Options{}, letter)
	if p.Segments[0].Problem != DoubtfulRecipient || p.Segments[0].Reason != doubtTorn {
		t.Errorf("%s, %s %q", to(p), p.Segments[0].Problem, p.Segments[0].Reason)
	}
}

func TestIsTorn(t *testing.T) {
	for words, want := range map[string]bool{
		"V æ rge for A nna, B etaler S kov":                                   true,
		"VærgeForAnnaSkov BetalerAfDenneRegning DetErSagtTilDig":              true,
		"I må ikke gå i gang, å nej. E. Hansen og A. B. Lund":                 false,
		"NemKonto, MitID, McDonald og BørneOgUnge på A F G Ø R E L S E":       false,
		"S ø ndergade " + strings.Repeat("og alle de andre ord er hele ", 20): false,
	} {
		if got := isTorn([]text.Line{{words}}); got != want {
			t.Errorf("%q: %v", words, got)
		}
	}
}
