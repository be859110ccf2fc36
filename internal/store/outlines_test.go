package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestOutlineOfManyPages: an outline that takes several items comes back whole, also while the shipment is split anew;
// one that was changed in the table is refused.
func TestOutlineOfManyPages(t *testing.T) {
	ctx, table := context.Background(), storetest.NewMemory()
	s := store.New(table)
	o := &post.Outline{}
	for i := range 20_000 {
		sum := sha256.Sum256(fmt.Append(nil, i))
		o.Pages = append(o.Pages, post.OutlinePage{Sum: sum[:16]})
		o.Letters = append(
			o.Letters,
			post.OutlineLetter{First: i + 1, Last: i + 1, Name: fmt.Sprintf("Navn %x", sum[:4])},
		)
	}
	first, err := s.PutOutline(ctx, &post.Shipment{ID: "aaaaaaaaaaaa"}, o)
	posttest.Check(t, err)
	second, err := s.PutOutline(ctx, &post.Shipment{ID: "aaaaaaaaaaaa"}, &post.Outline{})
	posttest.Check(t, err)
	got, err := s.Outline(ctx, &post.Shipment{ID: "aaaaaaaaaaaa", Version: 2, Outline: first})
	posttest.Check(t, err)
	if len(got.Pages) != 20_000 || got.Letters[19_999].Name != o.Letters[19_999].Name {
		t.Errorf("%d pages, %d letters", len(got.Pages), len(got.Letters))
	}
	if got, err := s.Outline(ctx, &post.Shipment{ID: "aaaaaaaaaaaa", Version: 2, Outline: second}); err != nil ||
		len(got.Pages) != 0 {
		t.Errorf("version 2: %v, %v", got, err)
	}
	for _, item := range table.Items() {
		if sum, number, ok := strings.Cut(item.SK, "#"); ok && sum == second {
			item.SK = first + "#" + number
			table.Load(item)
		}
	}
	if _, err := s.Outline(ctx, &post.Shipment{ID: "aaaaaaaaaaaa", Version: 2, Outline: first}); err == nil {
		t.Error("another outline passes for the one that was stored")
	}
	if none, err := s.Outline(ctx, &post.Shipment{ID: "aaaaaaaaaaaa"}); err != nil || none != nil {
		t.Errorf("none: %v, %v", none, err)
	}
}
