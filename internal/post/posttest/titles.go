package posttest

import (
	"context"
	"fmt"
	"testing"

	"brevdue/internal/post"
)

// titles: what is found by a word of its subject is found under each of its keys, once, page by page.
func titles(t *testing.T, w Words) {
	ctx := context.Background()
	whole := post.Titled{Org: "demo", Shipment: "ssssssssssss", Subject: "Afgørelse om tilskud", At: Start,
		Keys: []string{"t-7", "t-8"}}
	letter := post.Titled{Org: "demo", Shipment: "ssssssssssss", Subject: "Afslag", At: Start,
		Letter: post.NewLetterID("ssssssssssss", 1, 1, 1, 1), Keys: []string{"t-7"}}
	for range 2 {
		must(t, w.Titles.FileTitle(ctx, whole))
		must(t, w.Titles.FileTitle(ctx, letter))
	}
	whole.Keys, letter.Keys = nil, nil
	for key, want := range map[string][]post.Titled{"t-7": {whole, letter}, "t-8": {whole}, "t-": nil, "t-9": nil} {
		var all []post.Titled
		for after, n := "", 0; n < 9; n++ {
			some, next, err := w.Titles.TitledUnder(ctx, "demo", key, after, 1)
			must(t, err)
			if all, after = append(all, some...), next; next == "" {
				break
			}
		}
		if fmt.Sprint(all) != fmt.Sprint(want) {
			t.Errorf("under %s: %v, want %v", key, all, want)
		}
	}
}
