package auth

import (
	"context"
	"errors"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Administration implements post.Administration: what is done with who may come into an organization, and what they may
// do.
type Administration struct {
	Users    post.Users
	Accesses post.Accesses
	KeyStore KeyStore
	Auth     *Auth
	Audit    post.Auditor
	Now      func() time.Time
	Mails    bool                           // codes are mailed; else the administrator sees them
	Say      func(sentence.Sentence) string // in Danish
}

// Errors of what is asked for about users.
const (
	ErrNoUser     sentence.Sentence = `§["user-unknown"]`
	ErrUserExists sentence.Sentence = `§["user-exists"]`
	errClosed     sentence.Sentence = `§["user-closed"]`
	errElsewhere  sentence.Sentence = `§["user-elsewhere"]`
	errMail       sentence.Sentence = `§["user-mail"]`
	errGroup      sentence.Sentence = `§["group-unknown"]`
	errOwnRights  sentence.Sentence = `§["own-rights"]`

	errNoOrganization sentence.Sentence = `§["organization-unknown"]`
)

// people refuses whoever may not touch users, rights and keys: it takes a person who may administer, or the
// installation's operator. A key never does (practice D4).
func (a *Administration) people(ctx context.Context, who post.Caller) error {
	switch who.Kind {
	case post.ByUser:
		return Permit(who, post.RightAdminister)
	case post.ByOperator:
		_, err := a.Auth.Organizations.Organization(ctx, who.Org)
		if errors.Is(err, post.ErrNotFound) {
			return errNoOrganization
		}
		return err
	}
	return forbidden(who, post.RightAdminister)
}

// nameLimit is how many characters the full name of a user may have.
const nameLimit = 256

// ValidUser reports whether a user name is one that people can type: no blanks at the ends, nothing that cannot be
// seen.
func ValidUser(name string) bool {
	return userName().MatchString(name)
}

// userName is compiled when it is asked for: an import asks for each row, and most functions never do.
var userName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\p{L}\p{N}](?:[\p{L}\p{N} ._@+-]{0,62}[\p{L}\p{N}])?$`)
})

// Access implements post.UserAdministration.
func (a *Administration) Access(ctx context.Context, who post.Caller) (*post.Access, error) {
	if err := a.people(ctx, who); err != nil {
		return nil, err
	}
	return a.Accesses.Access(ctx, who.Org)
}

// AddUser implements post.UserAdministration.
func (a *Administration) AddUser(ctx context.Context, who post.Caller, u post.User) (post.CreatedUser, error) {
	if err := a.people(ctx, who); err != nil {
		return post.CreatedUser{}, err
	}
	all, err := a.Accesses.Access(ctx, who.Org)
	if err != nil {
		return post.CreatedUser{}, err
	}
	u.Org, u.FullName = who.Org, strings.TrimSpace(u.FullName)
	if err := checkUser(u, all); err != nil {
		return post.CreatedUser{}, err
	}
	if _, err := all.User(u.Name); err == nil {
		return post.CreatedUser{}, ErrUserExists
	}
	return a.addUser(ctx, who, u)
}

// addUser makes a user that was checked.
func (a *Administration) addUser(
	ctx context.Context,
	who post.Caller,
	u post.User,
) (created post.CreatedUser, err error) {
	if err := a.record(ctx, who, post.ActUser, sentence.Of("audit-user-made", u.Name)); err != nil {
		return created, err
	}
	var given post.GivenCode
	mails := a.Mails && u.Mail != ""
	if !mails {
		if created.Code, given.Hash, err = newCode(); err != nil {
			return created, err
		}
		given.Until = a.Now().Add(post.GivenFor)
	}
	switch err := a.Users.AddUser(ctx, u, given); {
	case errors.Is(err, post.ErrExists):
		return post.CreatedUser{}, ErrUserExists
	case err != nil:
		return post.CreatedUser{}, err
	}
	if created.User, err = a.Users.UserOf(ctx, who.Org, u.Name); err == nil && mails {
		err = a.invite(ctx, created.User)
	}
	return created, err
}

// invite has a code mailed.
func (a *Administration) invite(ctx context.Context, u post.User) error {
	return a.Auth.Requests.PutRequest(ctx, post.CodeRequest{Login: u.Login, At: a.Now(), Invited: true})
}

func (a *Administration) record(ctx context.Context, who post.Caller, act post.Action, text sentence.Sentence) error {
	return a.Audit.Record(ctx, who.Did(act, "", "", string(text)))
}

// checkUser says what is wrong with what is typed of a user.
func checkUser(u post.User, all *post.Access) error {
	if !ValidUser(u.Name) {
		return sentence.Of("user-characters")
	}
	if err := post.CheckText(`§["place-user-full-name"]`, u.FullName, nameLimit); err != nil {
		return err
	}
	for _, id := range u.Groups {
		if _, err := all.Group(id); err != nil {
			return errGroup
		}
	}
	if u.Mail == "" {
		return nil
	}
	if m, err := mail.ParseAddress(u.Mail); err != nil || m.Address != u.Mail {
		return errMail
	}
	return nil
}

// ChangeUser implements post.UserAdministration. Nobody gives themselves a right: that needs another administrator.
func (a *Administration) ChangeUser(ctx context.Context, who post.Caller, u post.User) (changed post.User, err error) {
	if err := a.people(ctx, who); err != nil {
		return u, err
	}
	err = a.change(ctx, who, sentence.Of("audit-user-changed", u.Name), func(all *post.Access) error {
		is, err := all.User(u.Name)
		if err != nil {
			return ErrNoUser
		}
		if err := checkUser(u, all); err != nil {
			return err
		}
		if !post.IsBlank(u.FullName) {
			is.FullName = strings.TrimSpace(u.FullName)
		}
		if u.Mail != "" {
			is.Mail = u.Mail
		}
		if u.Unit != "" {
			is.Unit = u.Unit
		}
		if u.Groups != nil {
			is.Groups = u.Groups
		}
		changed = *is
		return nil
	})
	return changed, err
}

// change changes who may do what, and writes it down before. A change that gives whoever makes it a right is refused.
func (a *Administration) change(
	ctx context.Context,
	who post.Caller,
	text sentence.Sentence,
	change func(*post.Access) error,
) error {
	recorded := false
	return a.Accesses.ChangeAccess(ctx, who.Org, func(all *post.Access) error {
		var before post.Grants
		if me, err := all.User(who.Name); err == nil && who.Kind == post.ByUser {
			before = slices.Clone(all.GrantsOf(*me))
		}
		if err := change(all); err != nil {
			return err
		}
		if me, err := all.User(who.Name); err == nil && who.Kind == post.ByUser {
			if _, beyond := all.GrantsOf(*me).Beyond(before); beyond {
				return errOwnRights
			}
		}
		if recorded {
			return nil
		}
		recorded = true
		return a.record(ctx, who, post.ActUser, text)
	})
}

// CloseUser implements post.UserAdministration.
func (a *Administration) CloseUser(
	ctx context.Context,
	who post.Caller,
	name string,
	closed bool,
) (changed post.User, err error) {
	if err := a.people(ctx, who); err != nil {
		return changed, err
	}
	what := sentence.Of("audit-user-opened", name)
	if closed {
		what = sentence.Of("audit-user-closed", name)
	}
	err = a.change(ctx, who, what, func(all *post.Access) error {
		is, err := all.User(name)
		if err != nil {
			return ErrNoUser
		}
		switch {
		case closed && is.Closed.IsZero():
			is.Closed = a.Now()
		case !closed:
			is.Closed = time.Time{}
		}
		changed = *is
		return nil
	})
	return changed, err
}

// NewCode implements post.UserAdministration.
func (a *Administration) NewCode(
	ctx context.Context,
	who post.Caller,
	name string,
) (created post.CreatedUser, err error) {
	if err := a.people(ctx, who); err != nil {
		return created, err
	}
	created.User, err = a.Users.UserOf(ctx, who.Org, name)
	switch {
	case errors.Is(err, post.ErrNotFound), errors.Is(err, post.ErrUserTaken):
		return created, ErrNoUser
	case err != nil:
		return created, err
	case !created.Closed.IsZero():
		return created, errClosed
	case created.Elsewhere:
		return created, errElsewhere
	}
	if err := a.record(ctx, who, post.ActAccess, sentence.Sentence(name)); err != nil {
		return created, err
	}
	if a.Mails && created.Mail != "" {
		return created, a.invite(ctx, created.User)
	}
	var given post.GivenCode
	if created.Code, given.Hash, err = newCode(); err != nil {
		return created, err
	}
	given.Until = a.Now().Add(post.GivenFor)
	created.InvitedUntil = given.Until
	return created, a.Auth.Changes.GiveCode(ctx, who.Org, name, given)
}

// RemoveFactors implements post.FactorAdministration. Nobody does so for themselves: who has got hold of a code and a
// session would.
func (a *Administration) RemoveFactors(ctx context.Context, who post.Caller, name string) error {
	if err := a.people(ctx, who); err != nil {
		return err
	}
	if who.Kind == post.ByUser && who.Name == name {
		return errOwnRights
	}
	if err := a.record(ctx, who, post.ActFactor, sentence.Of("audit-factors-removed", name)); err != nil {
		return err
	}
	err := a.Auth.Changes.ChangeFactors(ctx, who.Org, name, func(f *post.Factors) error {
		*f = post.Factors{}
		return nil
	})
	if errors.Is(err, post.ErrNotFound) {
		return ErrNoUser
	}
	return err
}
