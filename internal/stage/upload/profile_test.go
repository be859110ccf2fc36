package upload

import (
	"context"
	"fmt"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// TestFullOfProfiles: when there are as many as there can be, one of them can still be changed, or taken out for
// another.
func TestFullOfProfiles(t *testing.T) {
	ctx := context.Background()
	s := store.New(storetest.NewMemory())
	c := &Commands{Profiles: s, Audit: s.AuditLog(time.Now)}
	eva := posttest.Person("demo", "eva")
	for i := range post.ProfilesMost {
		posttest.Check(t, c.PutProfile(ctx, eva, post.Profile{Name: fmt.Sprint("p", i)}))
	}
	if err := c.PutProfile(ctx, eva, post.Profile{Name: "one more"}); err == nil {
		t.Error("there are more than there can be")
	}
	posttest.Check(t, c.PutProfile(ctx, eva, post.Profile{Name: "p7", Label: "Til"}))
	all, err := s.Profiles(ctx, "demo")
	posttest.Check(t, err)
	changed := 0
	for _, p := range all {
		if p.Label == "Til" {
			changed++
		}
	}
	if len(all) != post.ProfilesMost || changed != 1 {
		t.Errorf("%d profiles, %d of them changed", len(all), changed)
	}
	posttest.Check(t, c.RemoveProfile(ctx, eva, "p7"))
	posttest.Check(t, c.PutProfile(ctx, eva, post.Profile{Name: "one more"}))
}
