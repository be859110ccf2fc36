package split

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestALetterToAUnit: the P-number that stands with a company's CVR number is what the review shows and what its letter
// is written with; a person's letter has none.
func TestALetterToAUnit(t *testing.T) {
	company := pdftest.Letter{Pages: 2, Heading: []string{"Ærø & Søn ApS", "Ågade 6", "9999 Nordøby",
		"CVR-nr.: 12345674, P-nr.: 1014112345"}}
	d := splitOf(t, []pdftest.Letter{person(1), company}, post.Simulator)
	r, err := d.Review(context.Background(), d.get())
	posttest.Check(t, err)
	d.send(time.Time{})
	written, err := d.store.Letters().Page(context.Background(), d.get(), 1, 10)
	posttest.Check(t, err)
	for name, letters := range map[string][]*post.Letter{"the review": r.Letters, "what is written": written} {
		if len(letters) != 2 || letters[0].Unit != "" || letters[1].Unit != "1014112345" ||
			letters[1].Recipient.Reveal() != "12345674" {
			t.Errorf("%s has %+v", name, letters)
		}
	}
}
