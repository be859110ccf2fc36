package upload

import (
	"context"
	"errors"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/texts"
)

// TestDemandsOfADocumentType: what holds for every letter of a type holds whatever its sender has chosen, and a choice
// against it is told. Nothing of it holds for letters of another type.
func TestDemandsOfADocumentType(t *testing.T) {
	c, ctx := orderingCommands(t), context.Background()
	_, err := c.Organizations.(*store.Store).ChangeOrganization(ctx, "demo", func(o *post.Organization) error {
		o.Types = []post.DocumentType{{ID: "underretning", Name: "Underretning", Confidential: true, Mandatory: true,
			NoReply: true}, {ID: "brev", Name: "Brev"}}
		return nil
	})
	posttest.Check(t, err)
	who := post.Caller{Org: "demo", Name: "eva", Grants: post.GrantsOf(post.Rights()...)}
	for kind, want := range map[string]bool{"underretning": true, "brev": false, "": false} {
		s, _, err := c.Create(ctx, who, order(func(o *post.Order) { o.Type = kind }))
		if err != nil || s.Area.Confidential != want || s.Options.Mandatory != want || s.AllowReply {
			t.Errorf("%q: %+v, %+v, %v", kind, s.Area, s.Options, err)
		}
	}
	s, _, err := c.Create(ctx, who, order(func(o *post.Order) {
		o.Type, o.AllowReply, o.Private, o.Options.Mandatory = "brev", true, true, true
	}))
	if err != nil || !s.AllowReply || !s.Area.Confidential || !s.Options.Mandatory {
		t.Errorf("%+v, %v", s, err)
	}
	_, _, err = c.Create(ctx, who, order(func(o *post.Order) { o.Type, o.AllowReply = "underretning", true }))
	var wrong post.Mistakes
	if !errors.As(err, &wrong) || len(wrong) != 1 || wrong[0].Field != "allowReply" ||
		!strings.Contains(texts.Of(wrong[0].Text), "»Underretning« kan ikke besvares") {
		t.Errorf("%v", err)
	}
}
