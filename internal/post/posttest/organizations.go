package posttest

import (
	"context"
	"errors"
	"testing"

	"brevdue/internal/post"
)

// StoredOrganizations is all that a store does with organizations, and with who may come in.
type StoredOrganizations interface {
	post.Organizations
	post.NewOrganizations
	Accounts
}

// Accounts is who may come in.
type Accounts interface {
	PutKey(ctx context.Context, hash string, c post.Caller) error
	Key(ctx context.Context, hash string) (post.Caller, error)
	PutUser(ctx context.Context, c post.Caller, codeHash string) error
	User(ctx context.Context, name string) (c post.Caller, codeHash string, err error)
}

// organizations: whoever creates an organization touches nothing of another one's: its id, number, users and keys.
func organizations(t *testing.T, w Words) {
	ctx := context.Background()
	cvr := post.Sender{Number: Number(t, "99060816"), Name: "Nordøby Kommune"}
	nord := &post.Organization{ID: "nord", Name: "Nordøby Kommune", MeMo: post.MeMo12, Senders: []post.Sender{cvr}}
	free := post.Sender{Number: Number(t, "12345674"), Name: "Sydøby"}
	must(t, w.Organizations.CreateOrganization(ctx, nord))
	must(t, w.Organizations.CreateOrganization(ctx, nord)) // the answer was lost, and it is created once more
	must(t, w.Organizations.PutUser(ctx, post.Caller{Org: "nord", Name: "admin"}, "code of nord"))
	must(t, w.Organizations.PutUser(ctx, post.Caller{Org: "nord", Name: "admin"}, "new code of nord"))
	must(t, w.Organizations.PutKey(ctx, "hash", post.Caller{Org: "nord", Name: "fagsystem"}))
	for what, err := range map[string]error{
		"id": w.Organizations.CreateOrganization(ctx,
			&post.Organization{ID: "nord", Name: "Sydøby", Senders: []post.Sender{free}}),
		"user": w.Organizations.PutUser(ctx, post.Caller{Org: "syd", Name: "admin"}, "code of syd"),
		"key":  w.Organizations.PutKey(ctx, "hash", post.Caller{Org: "syd", Name: "fagsystem"}),
	} {
		if !errors.Is(err, post.ErrExists) {
			t.Errorf("another organization takes the %s: %v", what, err)
		}
	}
	syd := &post.Organization{ID: "syd", Name: "Sydøby", Senders: []post.Sender{free, cvr}}
	if err := w.Organizations.CreateOrganization(ctx, syd); !errors.Is(err, post.ErrNumberTaken) {
		t.Errorf("another organization takes the number: %v", err)
	}
	if owner, err := w.Organizations.ByNumber(ctx, free.Number); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("a number of what was not created is that of %q: %v", owner, err)
	}
	if o, err := w.Organizations.Organization(ctx, "nord"); err != nil || o.Name != nord.Name || len(o.Senders) != 1 {
		t.Errorf("it is %+v: %v", o, err)
	}
	if owner, err := w.Organizations.ByNumber(ctx, cvr.Number); err != nil || owner != "nord" {
		t.Errorf("its number is that of %q: %v", owner, err)
	}
	if c, code, err := w.Organizations.User(ctx, "admin"); err != nil || c.Org != "nord" || code != "new code of nord" {
		t.Errorf("its user is %+v with %q: %v", c, code, err)
	}
	if c, err := w.Organizations.Key(ctx, "hash"); err != nil || c.Org != "nord" {
		t.Errorf("its key is that of %+v: %v", c, err)
	}
	if _, err := w.Organizations.Organization(ctx, "syd"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("half of an organization was created: %v", err)
	}
}
