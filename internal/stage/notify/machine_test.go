package notify

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/texts"
)

// TestMachineTrouble: who runs the installation is told that the disk is full, and nobody else, and nothing when all is
// well.
func TestMachineTrouble(t *testing.T) {
	ctx := context.Background()
	for _, trouble := range []string{"", string(post.DiskFull)} {
		s, now := store.New(storetest.NewMemory()).Notices(), posttest.Start
		h := &Handler{
			Deliveries: s,
			Runner:     parallel.Goroutines{},
			Notices:    s,
			Timings:    post.ProductionTimings,
			Now:        func() time.Time { return now },
			Operator:   "drift",
			Trouble:    func() string { return trouble },
		}
		for range 3 {
			_, err := h.Run(ctx)
			posttest.Check(t, err)
		}
		orgs, err := s.DueOrganizations(ctx, now.Add(time.Hour))
		posttest.Check(t, err)
		if told := len(orgs) == 1 && orgs[0] == "drift"; told != (trouble != "") || len(orgs) > 1 {
			t.Errorf("%q: told %v", trouble, orgs)
		}
	}
	if _, text := texts.Notices([]post.Notice{{Kind: post.MachineTrouble}},
		func(post.NoticeKind) string { return "" }); len(
		text,
	) < 10 {
		t.Error("the notice says nothing")
	}
}
