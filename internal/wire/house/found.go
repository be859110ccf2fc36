package house

import (
	"context"
	"errors"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// Founding is a new organization with its first user.
type Founding struct {
	ID, Name, CVR, User string
}

// The organization that a first start makes where there is a simulator, so that there is something to try.
var Demo = Founding{ID: "demo", Name: "Nordøby Kommune", CVR: "99060816", User: "demo"} // fictitious: 99xxxxxx with a valid check digit

// ErrFounded means that there is an organization with that id.
var ErrFounded = errors.New("organisationen findes allerede")

// Found makes an organization, and returns the code of its user. The API key goes to keep. The organization is written
// last: whoever dies before starts anew.
func (h *House) Found(ctx context.Context, f Founding, keep func(key string) error) (code string, err error) {
	number, err := ident.ParseCVR(f.CVR)
	if err != nil {
		return "", err
	}
	if _, err := h.Store.Organization(ctx, f.ID); !errors.Is(err, post.ErrNotFound) {
		return "", errors.Join(ErrFounded, err)
	}
	key, err := h.Gate().NewKey(ctx, post.Caller{Org: f.ID, Name: "kommandolinje"})
	if err != nil {
		return "", err
	}
	if err := keep(key); err != nil {
		return "", err
	}
	if code, err = h.Gate().NewCode(ctx, post.Caller{Org: f.ID, Name: f.User}); err != nil {
		return "", err
	}
	return code, h.Store.PutOrganization(ctx, &post.Organization{ID: f.ID, Name: f.Name, MeMo: post.MeMo12,
		Senders: []post.Sender{{Number: number, Name: f.Name}}})
}
