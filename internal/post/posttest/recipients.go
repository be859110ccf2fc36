package posttest

import (
	"context"
	"errors"
	"testing"

	"brevdue/internal/post"
)

// recipientLists: a list comes back as it was, is seen where its area is opened, and is nobody else's.
func recipientLists(t *testing.T, w Words) {
	ctx, o := context.Background(), w.Organizations
	l := &post.RecipientList{Org: "nord", ID: "llllllllllll", Name: "Bestyrelsen", By: "eva", Changed: Start,
		Area: post.Area{Owner: "eva", Unit: "skole"}, Recipients: []post.ListedRecipient{
			{Number: Number(t, "0101901234"), Name: "Anna"},
			{Number: Number(t, "12345674"), Unit: "1000000001"},
		}}
	must(t, o.PutRecipientList(ctx, l))
	is, err := o.RecipientList(ctx, "nord", l.ID)
	must(t, err)
	if is.Count != 2 || is.Name != l.Name || is.By != "eva" || !is.Changed.Equal(Start) || is.Area != l.Area ||
		is.Recipients[0] != l.Recipients[0] || is.Recipients[1] != l.Recipients[1] {
		t.Errorf("it is %+v", is)
	}
	if _, err := o.RecipientList(ctx, "syd", l.ID); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("another organization's: %v", err)
	}
	must(t, o.RemoveRecipientList(ctx, "syd", l.ID))
	elsewhere := post.Sight{Owner: "bo", Grants: post.Grants{{Right: post.RightSeeAll, Scope: post.Scope{Unit: "vej"}}}}
	for sees, want := range map[*post.Sight]int{{Owner: "eva"}: 1, &elsewhere: 0} {
		all, err := o.RecipientLists(ctx, "nord", *sees)
		if err != nil || len(all) != want || want == 1 && (all[0].Count != 2 || len(all[0].Recipients) > 0) {
			t.Errorf("%+v sees %+v: %v", sees, all, err)
		}
	}
	must(t, o.RemoveRecipientList(ctx, "nord", l.ID))
	if _, err := o.RecipientList(ctx, "nord", l.ID); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("it is there still: %v", err)
	}
}
