package store

import (
	"testing"

	"brevdue/internal/post"
)

// TestDoubtsOfBefore: what a version before stored in Danish is the same doubt, so that it is not told once more.
func TestDoubtsOfBefore(t *testing.T) {
	for text, code := range saidBefore {
		b := &doubtBody{problemBody: problemBody{Code: post.ChangedAnswer, Text: text}, Reported: true}
		if d := b.doubt(); d.Text != code || d.Text.Code() == "" || !d.Reported {
			t.Errorf("%q is %q", text, d.Text)
		}
	}
}
