package split

import (
	"testing"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/splitter"
)

// TestTooLargeLetterIsHeldBack: what Digital Post would not take is told before it is tried.
func TestTooLargeLetterIsHeldBack(t *testing.T) {
	s := &post.Shipment{Parts: []post.Part{{}, {Object: post.Object{Size: 70 << 20}}}}
	w := writer{h: &Handler{Runner: parallel.Goroutines{}, Split: splitter.Make, Now: time.Now, NewSecret: drawn}, s: s}
	for size, held := range map[int64]bool{1 << 10: false, 10 << 20: true} {
		l := &post.Letter{Document: post.Object{Size: size}}
		if w.check(l); (l.Problem != nil) != held {
			t.Errorf("a letter of %d bytes with 70 MB attached: %v", size, l.Problem)
		}
	}
}
