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

// TestTypeOfAProfile: letters of a profile have its document type, with all that holds for it, unless the order names
// another; a type that is not there is told, when the profile is made and when the type is gone.
func TestTypeOfAProfile(t *testing.T) {
	c, ctx := orderingCommands(t), context.Background()
	types := func(all ...post.DocumentType) {
		_, err := c.Organizations.(*store.Store).ChangeOrganization(ctx, "demo", func(o *post.Organization) error {
			o.Types = all
			return nil
		})
		posttest.Check(t, err)
	}
	types(post.DocumentType{ID: "underretning", Name: "Underretning", Confidential: true},
		post.DocumentType{ID: "brev", Name: "Brev"})
	who := post.Caller{Org: "demo", Name: "eva", Grants: post.GrantsOf(post.Rights()...)}
	said := func(err error) bool {
		var wrong post.Mistakes
		return errors.As(err, &wrong) && wrong[0].Field == "documentType"
	}
	if err := c.PutProfile(ctx, who, post.Profile{Name: "DUBU", DocumentType: "ukendt"}); !said(err) {
		t.Errorf("a profile of an unknown type: %v", err)
	}
	posttest.Check(t, c.PutProfile(ctx, who, post.Profile{Name: "DUBU", DocumentType: "underretning"}))
	for kind, want := range map[string]bool{"": true, "brev": false} {
		s, _, err := c.Create(ctx, who, order(func(o *post.Order) { o.Profile, o.Type = "DUBU", kind }))
		if err != nil || s.Area.Confidential != want || (s.Area.DocumentType == "underretning") != want {
			t.Errorf("%q: %+v, %v", kind, s, err)
		}
	}
	types()
	if _, _, err := c.Create(ctx, who, order(func(o *post.Order) { o.Profile = "DUBU" })); !said(err) {
		t.Errorf("its type is gone: %v", err)
	}
}
