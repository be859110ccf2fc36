package posttest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"brevdue/internal/post"
)

// filtered holds the list against filters: there are five shipments, a second apart.
func filtered(t *testing.T, w Words) {
	t.Helper()
	ctx := context.Background()
	at := func(second int) time.Time { return Start.Add(time.Duration(second) * time.Second) }
	area := func(id string, change func(*post.Area)) {
		_, err := w.Shipments.Change(ctx, "demo", id, func(s *post.Shipment) error {
			change(&s.Area)
			return nil
		})
		must(t, err)
	}
	area("aaaaaaaaaaa2", func(a *post.Area) { a.DocumentType = "afg" })
	area("aaaaaaaaaaa3", func(a *post.Area) { a.DocumentType, a.Confidential, a.Owner = "afg", true, "bo" })
	eva := post.Sight{Owner: "eva", Grants: post.GrantsOf(post.RightSeeAll)}
	for _, c := range []struct {
		what   string
		seen   post.Sight
		filter post.ShipmentFilter
		want   string
	}{
		{"all", post.Everything(), post.ShipmentFilter{}, "[4 3 2 1 0]"},
		{"from a moment on", post.Everything(), post.ShipmentFilter{From: at(3)}, "[4 3]"},
		{"before a moment", post.Everything(), post.ShipmentFilter{Before: at(2)}, "[1 0]"},
		{"between two", post.Everything(), post.ShipmentFilter{From: at(1), Before: at(4)}, "[3 2 1]"},
		{"of a type", post.Everything(), post.ShipmentFilter{DocumentType: "afg"}, "[3 2]"},
		{"of a type, what is confidential left out", eva, post.ShipmentFilter{DocumentType: "afg"}, "[2]"},
		{"all that somebody sees", eva, post.ShipmentFilter{}, "[4 3 2 1 0]"},
		{"of a sender", post.Everything(), post.ShipmentFilter{Sender: "99999999"}, "[]"},
		{"without a letter", post.Everything(), post.ShipmentFilter{State: post.LogCancelled}, "[4 3 2 1 0]"},
		{"with receipts", post.Everything(), post.ShipmentFilter{State: post.LogDone}, "[]"},
	} {
		seen := []string{}
		for cursor := ""; ; {
			page, next, err := w.Shipments.Filtered(ctx, "demo", c.seen, c.filter, cursor, 2)
			must(t, err)
			for _, s := range page {
				seen = append(seen, s.ID[11:])
			}
			if cursor = next; cursor == "" {
				break
			}
		}
		if fmt.Sprint(seen) != c.want {
			t.Errorf("%s: %v, want %s", c.what, seen, c.want)
		}
	}
}

// savedFilters: each user has their own, and nobody else's organization has them.
func savedFilters(t *testing.T, w Words) {
	ctx := context.Background()
	f := post.SavedFilter{Name: "Fejl i år", Address: "/log?tilstand=failed"}
	must(t, w.SavedFilters.PutFilter(ctx, "demo", "eva", f))
	must(t, w.SavedFilters.PutFilter(ctx, "demo", "eva", f)) // once more is the same
	if err := w.SavedFilters.PutFilter(ctx, "demo", "eva", post.SavedFilter{Name: " "}); err == nil {
		t.Error("a filter without a name is kept")
	}
	of := func(org, user string, want int) {
		t.Helper()
		all, err := w.SavedFilters.Filters(ctx, org, user)
		if err != nil || len(all) != want || want > 0 && all[0] != f {
			t.Errorf("%s of %s: %+v, %v", user, org, all, err)
		}
	}
	of("demo", "eva", 1)
	of("demo", "ev", 0)
	of("other", "eva", 0)
	must(t, w.SavedFilters.RemoveFilter(ctx, "other", "eva", f.Name))
	must(t, w.SavedFilters.RemoveFilter(ctx, "demo", "bo", f.Name))
	of("demo", "eva", 1)
	must(t, w.SavedFilters.RemoveFilter(ctx, "demo", "eva", f.Name))
	of("demo", "eva", 0)
}
