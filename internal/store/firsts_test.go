package store_test

import (
	"context"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestPlacesFollowTheOutline: the letter at a place of the list is the one of the outline that the shipment has now,
// also where another one of it was read before.
func TestPlacesFollowTheOutline(t *testing.T) {
	ctx, table := context.Background(), storetest.NewMemory()
	s := store.New(table).Alone(50)
	sh, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 3)
	sh.Drafted, sh.Version, sh.Sends = true, 0, 1
	posttest.Check(t, s.Shipments().Create(ctx, sh))
	for i, l := range letters { // of pages 1, 3 and 5
		l.First, l.Last, l.Round = 2*i+1, 2*i+2, 1
		l.ID = post.DraftLetterID(sh.ID, l.First, l.Last, 0)
	}
	posttest.Check(t, s.Letters().Create(ctx, sh, letters))
	for _, firsts := range [][]int{{1, 3, 5}, {1, 5}, {1, 3, 5}} { // the one in the middle is joined, and cut again
		o := &post.Outline{}
		for _, first := range firsts {
			o.Letters = append(o.Letters, post.OutlineLetter{First: first, Last: first + 1})
		}
		var err error
		sh.Outline, err = s.PutOutline(ctx, sh, o)
		posttest.Check(t, err)
		sh.Letters = len(firsts)
		for range 2 {
			page, err := s.Letters().Page(ctx, sh, 2, 1)
			if err != nil || len(page) != 1 || page[0].First != firsts[1] {
				t.Errorf("with %v the second is %+v: %v", firsts, page, err)
			}
		}
	}
}
