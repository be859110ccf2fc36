package split

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/splitter"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// counted counts what is kept.
type counted struct {
	post.SplitProgresses
	kept int
}

func (c *counted) PutProgress(ctx context.Context, org, shipment string, p post.SplitProgress) error {
	c.kept++
	return c.SplitProgresses.PutProgress(ctx, org, shipment, p)
}

// TestProgress: a split that goes on says how far it has come, once a second; one that takes a moment says nothing.
func TestProgress(t *testing.T) {
	ctx := context.Background()
	now := posttest.Start
	kept := &counted{SplitProgresses: store.New(storetest.NewMemory())}
	h := &Handler{Progresses: kept, Now: func() time.Time { return now }}
	s := &post.Shipment{Org: "demo", ID: "ssssssssssss"}
	is := func(want post.SplitProgress) {
		t.Helper()
		got, err := kept.Progress(ctx, s.Org, s.ID)
		if want.At = now; err != nil || got == nil || *got != want {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
	}
	far := h.progressOf(s)
	far.read(ctx, 16, 1000)
	if got, err := kept.Progress(ctx, s.Org, s.ID); err != nil || got != nil {
		t.Errorf("after a moment: %+v, %v", got, err)
	}
	now = now.Add(progressEvery)
	far.read(ctx, 48, 1000)
	is(post.SplitProgress{Read: 48, Pages: 1000})
	far.read(ctx, 64, 1000) // within the same second
	is(post.SplitProgress{Read: 48, Pages: 1000})
	now = now.Add(progressEvery)
	far.read(ctx, 32, 1000) // of a slower reader
	is(post.SplitProgress{Read: 64, Pages: 1000})
	now = now.Add(progressEvery)
	far.recognized(ctx, 80)
	is(post.SplitProgress{Read: 64, Pages: 1000, Recognized: 1, Scanned: 80})
	if kept.kept != 3 {
		t.Errorf("%d writes in three seconds", kept.kept)
	}
	(&Handler{Now: h.Now}).progressOf(s).read(ctx, 1, 2) // where nobody wants to know
}

// TestAWholeSplitTellsItsProgress: each page that is read counts.
func TestAWholeSplitTellsItsProgress(t *testing.T) {
	var told []int
	o := splitter.Options{Read: func(done, all int) { told = append(told, done, all) }, Pictures: true}
	if _, err := splitter.Make(context.Background(), scanned(t).Bytes(), o); err != nil {
		t.Fatal(err)
	}
	if len(told) != 2 || told[0] != told[1] || told[1] == 0 {
		t.Errorf("told %v", told)
	}
}
