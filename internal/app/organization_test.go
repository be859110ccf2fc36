package app

import (
	"context"
	"errors"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestOrganizationsKeepWhatIsTheirs: no organization takes another one's number, a user of the same name is another
// one's, and an id that would mean something in a key or a path is refused. A refused one leaves nothing behind.
func TestOrganizationsKeepWhatIsTheirs(t *testing.T) {
	ctx := context.Background()
	srv := openFolder(t, t.TempDir())
	defer srv.close()
	keys := 0
	keep := func(string) error { keys++; return nil }
	created, err := srv.app.CreateOrganization(
		ctx,
		post.NewOrganization{ID: "nord", Name: "Nord", CVR: "99060816", User: "admin"},
		keep,
	)
	posttest.Check(t, err)
	for name, f := range map[string]post.NewOrganization{
		"another's number": {ID: "syd", Name: "Syd", CVR: "99060816", User: "syd"},
		"a slash":          {ID: "vest/by", Name: "Vest", CVR: "12345674", User: "vest"},
		"a hash":           {ID: "vest#S", Name: "Vest", CVR: "12345674", User: "vest"},
		"a blank":          {ID: "vest by", Name: "Vest", CVR: "12345674", User: "vest"},
		"dots":             {ID: "..", Name: "Vest", CVR: "12345674", User: "vest"},
		"a line break":     {ID: "vest\n", Name: "Vest", CVR: "12345674", User: "vest"},
		"no id":            {ID: "", Name: "Vest", CVR: "12345674", User: "vest"},
		"a zero byte":      {ID: "vest", Name: "Vest", CVR: "12345674", User: "ve\x00st"},
		"no user":          {ID: "vest", Name: "Vest", CVR: "12345674", User: ""},
		"no name":          {ID: "vest", Name: " ", CVR: "12345674", User: "vest"},
		"no CVR number":    {ID: "vest", Name: "Vest", CVR: "12345678", User: "vest"},
	} {
		if _, err := srv.app.CreateOrganization(ctx, f, keep); err == nil || errors.Is(err, ErrOrganizationExists) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := srv.app.Store.Organization(ctx, f.ID); !errors.Is(err, post.ErrNotFound) {
			t.Errorf("%s: the organization is there: %v", name, err)
		}
	}
	if _, err := srv.app.Store.Credentials(ctx, "syd"); !errors.Is(err, post.ErrNotFound) || keys != 1 {
		t.Errorf("a refused organization left a user, or %d keys: %v", keys-1, err)
	}
	if _, _, err := srv.app.Auth().Login(ctx, post.Client{Address: "127.0.0.1"}, "admin", created.Code); err != nil {
		t.Errorf("the first one cannot log in any more: %v", err)
	}
	// two at the same time: what was looked at is not what is there
	n := posttest.Number(t, "99060816")
	if err := srv.app.Store.CreateOrganization(ctx, &post.Organization{ID: "syd",
		Senders: []post.Sender{{Number: n}}}); !errors.Is(
		err,
		post.ErrNumberTaken,
	) {
		t.Errorf("the store gives the number away: %v", err)
	}
	if owner, err := srv.app.Store.ByNumber(ctx, n); err != nil || owner != "nord" {
		t.Errorf("the number is %s's: %v", owner, err)
	}
	if _, err := srv.app.Auth().NewCode(ctx, post.Caller{Org: "nord", Name: "admin"}); err != nil {
		t.Errorf("a new code for one's own user: %v", err)
	}
	second, err := srv.app.CreateOrganization(ctx, post.NewOrganization{ID: "syd", Name: "Syd", CVR: "12345674",
		User: "admin"}, keep)
	if err != nil || second.User != "admin@syd" {
		t.Errorf("what is free: %+v, %v", second, err)
	}
	for login, want := range map[string]string{"admin@syd": "syd", "admin@nord": "nord", "admin": "nord"} {
		if c, err := srv.app.Store.Credentials(ctx, login); err != nil || c.Org != want {
			t.Errorf("%s is %+v: %v", login, c, err)
		}
	}
}
