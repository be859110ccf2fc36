package split

import (
	"context"
	"os"
	"testing"
	"time"

	"brevdue/internal/post"
)

// TestPracticeLetters: the file of the README, written by LibreOffice, 55 letters of which two have no number.
func TestPracticeLetters(t *testing.T) {
	data, err := os.ReadFile("../../../testdata/flettebrev.pdf")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Make(context.Background(), data, Options{})
	if err != nil || plan.Review || plan.Pages != 100 || len(plan.Pieces) != 55 {
		t.Fatal(outline(plan, err), err)
	}
	for i, piece := range plan.Pieces {
		held := piece.First == 30 || piece.First == 100
		if held != (piece.Problem == post.NoRecipientFound) || held != piece.Recipient.IsZero() {
			t.Errorf("letter %d, pages %d-%d: %s %s", i+1, piece.First, piece.Last, piece.Recipient, piece.Problem)
		}
	}
}

// TestTooLargeLetterIsHeldBack: what Digital Post would not take is told before it is tried.
func TestTooLargeLetterIsHeldBack(t *testing.T) {
	s := &post.Shipment{Parts: []post.Part{{}, {Object: post.Object{Size: 70 << 20}}}}
	w := writer{h: &Handler{Now: time.Now}, s: s}
	for size, held := range map[int64]bool{1 << 10: false, 10 << 20: true} {
		l := &post.Letter{Document: post.Object{Size: size}}
		if w.check(l); (l.Problem != nil) != held {
			t.Errorf("a letter of %d bytes with 70 MB attached: %v", size, l.Problem)
		}
	}
}
