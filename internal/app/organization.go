package app

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Demo is the organization that a first start makes where there is a simulator, so that there is something to try.
var Demo = post.NewOrganization{
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

// check returns why an organization cannot be made, before anything is written.
func (a *App) check(ctx context.Context, f post.NewOrganization, number ident.Number) error {
	switch {
	case !validID(f.ID):
		return errID
	case !auth.ValidUser(f.User):
		return sentence.Of("user-characters")
	case strings.TrimSpace(f.Name) == "":
		return sentence.Of("organization-name")
	}
	if _, err := a.Store.Organization(ctx, f.ID); !errors.Is(err, post.ErrNotFound) {
		return errors.Join(ErrOrganizationExists, err)
	}
	switch owner, err := a.Store.ByNumber(ctx, number); {
	case err == nil && owner != f.ID:
		return errCVRTaken
	case err != nil && !errors.Is(err, post.ErrNotFound):
		return err
	}
	return nil
}

// CreateOrganization makes an organization, its first user and its first key: all of it or, when it fails, nothing. The
// key goes to keep before. Of two that want the same name or number at the same time one gets it.
func (a *App) CreateOrganization(
	ctx context.Context,
	f post.NewOrganization,
	keep func(key string) error,
) (created post.CreatedOrganization, err error) {
	number, err := a.allowed(ctx, f)
	if err != nil {
		return created, err
	}
	created = post.CreatedOrganization{Organization: f.ID, User: f.User}
	var user, program post.Account
	if created.Code, user, err = auth.MakeCode(post.Caller{Org: f.ID, Name: f.User}); err != nil {
		return created, err
	}
	created.Key, program = auth.MakeKey(post.Caller{Org: f.ID, Name: commandLine})
	if err := keep(created.Key); err != nil {
		return created, err
	}
	err = a.Store.CreateOrganization(ctx, &post.Organization{
		ID:      f.ID,
		Name:    f.Name,
		MeMo:    post.MeMo12,
		Undo:    f.Undo,
		Demands: f.UndoAlways,
		Senders: []post.Sender{{Number: number, Name: f.Name}},
	}, user, program)
	if err == nil {
		created.User, err = a.Store.LoginName(ctx, f.ID, f.User)
	}
	return created, taken(err)
}

// commandLine is the name of the key that an organization's first program has.
const commandLine = "kommandolinje"

// allowed returns the number of a new organization, or why there can be no such organization.
func (a *App) allowed(ctx context.Context, f post.NewOrganization) (ident.Number, error) {
	for place, text := range map[sentence.Sentence]string{`§["place-organization-id"]`: f.ID,
		`§["place-name"]`: f.Name, `§["place-user-name"]`: f.User} {
		if err := post.CheckFullText(place, text, nameLimit); err != nil {
			return ident.Number{}, err
		}
	}
	number, err := cvrOf(f.CVR)
	if err != nil {
		return number, err
	}
	return number, a.check(ctx, f, number)
}

// taken says in the user's words what it is that another one has.
func taken(err error) error {
	switch {
	case errors.Is(err, post.ErrNumberTaken):
		return errCVRTaken
	case errors.Is(err, post.ErrUserTaken):
		return errUserTaken
	case errors.Is(err, post.ErrExists):
		return ErrOrganizationExists
	}
	return err
}
