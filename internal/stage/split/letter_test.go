package split

import (
	"fmt"

	"brevdue/internal/pdf/pdftest"
)

// letterLines is what stands in a letter that is sound.
var letterLines = []string{"Navn Navnesen", "Møllevej 1", "9999 Nordøby", "CPR-nr.: 010141-1234", "Kære Navn Navnesen,",
	"Side 1 af 1"}

// person is a letter of two pages to the n-th person.
func person(n int) pdftest.Letter {
	name := []string{"Anna Holm", "Bo Lund", "Carl Ærø"}[n%3]
	number := fmt.Sprintf("CPR-nr.: 0101%02d-1234", 40+n)
	return pdftest.Letter{Heading: []string{name, fmt.Sprintf("Møllevej %d", n), "9999 Nordøby", number}, Pages: 2}
}
