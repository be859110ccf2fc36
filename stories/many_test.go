package stories

import (
	"fmt"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"brevdue/internal/pdf/pdftest"
)

// many PDF N writes a merged PDF of so many letters.
func many(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), manyLetters(n, args[0]), 0o600))
}

// nameOf is the name of the person of that number: two words, by each of which the archive finds the letter.
func nameOf(i int) string {
	first := []string{"Anna", "Bo", "Carla", "David", "Ellen", "Finn", "Grethe", "Hans", "Inger", "Jens", "Karen"}
	last := []string{"Holm", "Lykkegaard", "Friis", "Kjær", "Dahl", "Bruun", "Lund", "Skov", "Winther", "Bech",
		"Krogh", "Thygesen", "Vestergaard", "Bang", "Juhl", "Mørk", "Søndergaard", "Toft", "Ravn", "Gade", "Aagaard",
		"Højgaard", "Kirkegaard", "Nygaard", "Overgaard", "Damgaard", "Bjerre", "Balle", "Bisgaard", "Borup", "Brandt",
		"Bundgaard", "Buhl", "Clemmensen", "Dam", "Duus", "Enevoldsen", "Eskildsen", "Fisker", "Foged", "Glud", "Hauge",
		"Hedegaard", "Hjort", "Kragh", "Kruse"}
	return first[i%len(first)] + " " + last[i/len(first)%len(last)]
}

// manyLetters is a merged PDF of so many letters, each for somebody else.
func manyLetters(n int, footer string) []byte {
	letters := make([]pdftest.Letter, n)
	for i := range letters {
		number := fmt.Sprintf("CPR-nr.: %02d%02d%02d-%04d", i%28+1, i/28%12+1, 40+i/336, 1000+i)
		letters[i] = pdftest.Letter{Heading: []string{"Navn", "Vej 1", number}, Pages: 1}
	}
	return pdftest.Merge(pdftest.Options{Footer: footer}, letters...)
}
