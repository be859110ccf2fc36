package app

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// NewOrganization is a new organization with its first user.
type NewOrganization struct {
	ID, Name, CVR, User string
	Undo                time.Duration // how long a Send can be undone; 0 for the usual time
	UndoAlways          bool          // also that of a program
}

// Demo is the organization that a first start makes where there is a simulator, so that there is something to try.
var Demo = NewOrganization{
	ID:   "demo",
	Name: "Nordøby Kommune",
	CVR:  "99060816",
	User: "demo",
	Undo: 10 * time.Second, // long enough to try it
} // fictitious: 99xxxxxx with a valid check digit

// nameLimit is how many characters the name of an organization or of a user may have.
const nameLimit = 256

// ErrOrganizationExists means that there is an organization with that id.
var ErrOrganizationExists = sentence.Sentence(`§["organization-exists"]`)

// Errors of an organization that cannot be made as it was asked for.
var (
	errID        = sentence.Sentence(`§["organization-id"]`)
	errUserTaken = sentence.Sentence(`§["user-taken"]`)
	errCVRTaken  = sentence.Sentence(`§["cvr-taken"]`)
)

// validID keeps an id out of trouble wherever it becomes a part of a key, a path or an address.
func validID(id string) bool { return regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`).MatchString(id) }

// validUser is a user name as people type it: no blanks at the ends, nothing that cannot be seen.
func validUser(name string) bool {
	return regexp.MustCompile(`^[\p{L}\p{N}](?:[\p{L}\p{N} ._@+-]{0,62}[\p{L}\p{N}])?$`).MatchString(name)
}

// check returns why an organization cannot be made, before anything is written.
func (a *App) check(ctx context.Context, f NewOrganization, number ident.Number) error {
	switch {
	case !validID(f.ID):
		return errID
	case !validUser(f.User):
		return sentence.Of("user-characters")
	case strings.TrimSpace(f.Name) == "":
		return sentence.Of("organization-name")
	}
	if _, err := a.Store.Organization(ctx, f.ID); !errors.Is(err, post.ErrNotFound) {
		return errors.Join(ErrOrganizationExists, err)
	}
	switch c, _, err := a.Store.User(ctx, f.User); {
	case err == nil && c.Org != f.ID:
		return errUserTaken
	case err != nil && !errors.Is(err, post.ErrNotFound):
		return err
	}
	switch owner, err := a.Store.ByNumber(ctx, number); {
	case err == nil && owner != f.ID:
		return errCVRTaken
	case err != nil && !errors.Is(err, post.ErrNotFound):
		return err
	}
	return nil
}

// CreateOrganization makes an organization, and returns the code of its user. The API key goes to keep. The
// organization is written last: whoever dies before starts anew. Of two that want the same name or number at the same
// time one gets it.
func (a *App) CreateOrganization(
	ctx context.Context,
	f NewOrganization,
	keep func(key string) error,
) (code string, err error) {
	for place, text := range map[sentence.Sentence]string{`§["place-organization-id"]`: f.ID,
		`§["place-name"]`: f.Name, `§["place-user-name"]`: f.User} {
		if err := post.CheckFullText(place, text, nameLimit); err != nil {
			return "", err
		}
	}
	number, err := ident.ParseCVR(f.CVR)
	if err != nil {
		return "", err
	}
	if err := a.check(ctx, f, number); err != nil {
		return "", err
	}
	if code, err = a.Auth().NewCode(ctx, post.Caller{Org: f.ID, Name: f.User}); err != nil {
		return "", taken(err, errUserTaken)
	}
	key, err := a.Auth().NewKey(ctx, post.Caller{Org: f.ID, Name: "kommandolinje"})
	if err != nil {
		return "", err
	}
	if err := keep(key); err != nil {
		return "", err
	}
	err = a.Store.CreateOrganization(ctx, &post.Organization{
		ID:      f.ID,
		Name:    f.Name,
		MeMo:    post.MeMo12,
		Undo:    f.Undo,
		Demands: f.UndoAlways,
		Senders: []post.Sender{{Number: number, Name: f.Name}},
	})
	if errors.Is(err, post.ErrNumberTaken) {
		return "", errCVRTaken
	}
	return code, taken(err, ErrOrganizationExists)
}

// taken says what it is that another organization has.
func taken(err, what error) error {
	if errors.Is(err, post.ErrExists) {
		return what
	}
	return err
}
