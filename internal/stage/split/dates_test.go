package split

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestC14OldLettersInTheReview: what is old depends on the day on which it leaves.
func TestC14OldLettersInTheReview(t *testing.T) {
	d := newReview(t, 3)
	for at, want := range map[time.Time]int{
		d.now.AddDate(-1, 0, 0): 0, // before they were written
		d.now.AddDate(1, 0, 0):  3,
	} {
		old, err := d.OldDates(context.Background(), d.get(), at)
		posttest.Check(t, err)
		letters := 0
		for _, f := range old {
			if f.Code == post.FindingOldDate {
				letters = len(f.Pages)
			}
		}
		if letters != want {
			t.Errorf("on %s %d letters are old, want %d", at, letters, want)
		}
	}
}
