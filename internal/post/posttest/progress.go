package posttest

import (
	"context"
	"testing"

	"brevdue/internal/post"
)

// splitProgress: what was noted last holds, and nobody else's organization sees it.
func splitProgress(t *testing.T, w Words) {
	ctx := context.Background()
	is := func(org string, want *post.SplitProgress) {
		t.Helper()
		got, err := w.Progresses.Progress(ctx, org, "ssssssssssss")
		if err != nil || (got == nil) != (want == nil) || want != nil && *got != *want {
			t.Errorf("%s: %+v, %v, want %+v", org, got, err, want)
		}
	}
	is("demo", nil)
	p := post.SplitProgress{Read: 16, Pages: 1000, At: Start}
	must(t, w.Progresses.PutProgress(ctx, "demo", "ssssssssssss", p))
	is("demo", &p)
	is("other", nil)
	p.Read, p.Recognized, p.Scanned = 1000, 3, 80
	must(t, w.Progresses.PutProgress(ctx, "demo", "ssssssssssss", p))
	is("demo", &p)
}
