package post_test

import (
	"errors"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestTroubleIsLookedAtUntilItsRowsAreClosed: whoever took the receipt may have died before it closed them: the sweep
// looks at the letter after it was archived too, and not again after that.
func TestTroubleIsLookedAtUntilItsRowsAreClosed(t *testing.T) {
	for _, trouble := range []bool{false, true} {
		_, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
		l := letters[0]
		if trouble {
			l.Note(posttest.Start, post.WasFailed, "refused")
		}
		l.State, l.Due = post.Completed, posttest.Start
		posttest.Check(t, l.Archive(posttest.Now, post.Archiving{Case: "c"}, len(l.Receipts)))
		if l.Due.IsZero() == trouble {
			t.Errorf("trouble %v: archived it is due %s", trouble, l.Due)
		}
		if err := l.CloseTrouble(); !l.Due.IsZero() || errors.Is(err, post.ErrUnchanged) == trouble {
			t.Errorf("trouble %v: with its rows closed it is due %s, %v", trouble, l.Due, err)
		}
	}
}
