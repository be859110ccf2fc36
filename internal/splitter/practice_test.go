package splitter

import (
	"context"
	"os"
	"testing"
)

// TestPracticeLetters: the file of the README, written by LibreOffice, 55 letters of which two have no number.
func TestPracticeLetters(t *testing.T) {
	data, err := os.ReadFile("../../testdata/flettebrev.pdf")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Make(context.Background(), data, Options{})
	if err != nil || plan.Review || plan.Pages != 100 || len(plan.Segments) != 55 {
		t.Fatal(outline(plan, err), err)
	}
	for i, segment := range plan.Segments {
		held := segment.First == 30 || segment.First == 100
		if held != (segment.Problem == NoRecipientFound) || held != segment.Recipient.IsZero() {
			t.Errorf(
				"letter %d, pages %d-%d: %s %s",
				i+1,
				segment.First,
				segment.Last,
				segment.Recipient,
				segment.Problem,
			)
		}
	}
}
