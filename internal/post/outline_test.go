package post_test

import (
	"errors"
	"slices"
	"testing"

	"brevdue/internal/post"
)

// TestWhatOutlineAllows: a cut is inside of a letter, everything else at its first page, and of two letters of which
// one is not sent neither is merged.
func TestWhatOutlineAllows(t *testing.T) {
	o := &post.Outline{
		Letters: []post.OutlineLetter{{First: 1, Last: 3}, {First: 4, Last: 4}, {First: 5, Last: 6, Dropped: true}},
	}
	allowed := map[post.EditKind][]int{
		post.EditCut: {
			2,
			3,
			6,
		}, post.EditMerge: {4}, post.EditRecipient: {1, 4, 5}, post.EditDrop: {1, 4, 5}, "something": nil,
	}
	for do, pages := range allowed {
		var got []int
		for page := range 9 {
			switch err := o.Allows(post.Edit{Do: do, Page: page}); {
			case err == nil:
				got = append(got, page)
			case do == post.EditMerge && page == 5 && !errors.As(err, new(post.Mistakes)):
				t.Errorf("merge of one that is not sent: %v", err)
			}
		}
		if !slices.Equal(got, pages) {
			t.Errorf("%s is allowed at %v, want %v", do, got, pages)
		}
	}
	if err := (*post.Outline)(nil).Allows(post.Edit{Do: post.EditDrop, Page: 1}); !errors.Is(err, post.ErrNoSuchPage) {
		t.Errorf("no outline: %v", err)
	}
}
