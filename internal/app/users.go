package app

import (
	"context"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Errors of what an operator asks for about users.
var (
	errNoUser     = sentence.Sentence(`§["user-unknown"]`)
	errUserExists = sentence.Sentence(`§["user-exists"]`)
	errLastUser   = sentence.Sentence(`§["user-last"]`)
	errClosed     = sentence.Sentence(`§["user-closed"]`)
	errMail       = sentence.Sentence(`§["user-mail"]`)
)

// Users implements post.UserOperation.
func (o operation) Users(ctx context.Context, org string) ([]post.User, error) {
	if err := o.known(ctx, org); err != nil {
		return nil, err
	}
	return o.Store.Users(ctx, org)
}

// AddUser implements post.UserOperation.
func (o operation) AddUser(ctx context.Context, u post.User) (created post.CreatedUser, err error) {
	if err := o.known(ctx, u.Org); err != nil {
		return created, err
	}
	if err := checkUser(u); err != nil {
		return created, err
	}
	switch _, err := o.user(ctx, u.Org, u.Name); {
	case err == nil:
		return created, errUserExists
	case !errors.Is(err, errNoUser):
		return created, err
	}
	if err := o.record(ctx, u.Org, post.ActUser, texts.Say("audit-user-made", u.Name)); err != nil {
		return created, err
	}
	code, account, err := auth.MakeCode(post.Caller{Org: u.Org, Name: u.Name})
	if err != nil {
		return created, err
	}
	u.FullName = strings.TrimSpace(u.FullName)
	switch err := o.Store.AddUser(ctx, u, account.Hash); {
	case errors.Is(err, post.ErrExists):
		return created, errUserExists
	case err != nil:
		return created, taken(err)
	}
	created.Code = code
	created.User, err = o.user(ctx, u.Org, u.Name)
	return created, err
}

// checkUser says what is wrong with what is typed of a user.
func checkUser(u post.User) error {
	if !validUser(u.Name) {
		return sentence.Of("user-characters")
	}
	if err := post.CheckText(`§["place-user-full-name"]`, u.FullName, nameLimit); err != nil {
		return err
	}
	if u.Mail == "" {
		return nil
	}
	if a, err := mail.ParseAddress(u.Mail); err != nil || a.Address != u.Mail {
		return errMail
	}
	return nil
}

// ChangeUser implements post.UserOperation.
func (o operation) ChangeUser(ctx context.Context, u post.User) (post.User, error) {
	if err := o.known(ctx, u.Org); err != nil {
		return u, err
	}
	if err := checkUser(u); err != nil {
		return u, err
	}
	if _, err := o.user(ctx, u.Org, u.Name); err != nil {
		return u, err
	}
	if err := o.record(ctx, u.Org, post.ActUser, texts.Say("audit-user-changed", u.Name)); err != nil {
		return u, err
	}
	return o.Store.ChangeUser(ctx, u.Org, u.Name, func(is *post.User) error {
		if !post.IsBlank(u.FullName) {
			is.FullName = strings.TrimSpace(u.FullName)
		}
		if u.Mail != "" {
			is.Mail = u.Mail
		}
		return nil
	})
}

// user returns a user of an organization.
func (o operation) user(ctx context.Context, org, name string) (post.User, error) {
	u, err := o.Store.UserOf(ctx, org, name)
	if errors.Is(err, post.ErrNotFound) || errors.Is(err, post.ErrUserTaken) {
		return u, errNoUser
	}
	return u, err
}

// CloseUser implements post.UserOperation.
func (o operation) CloseUser(ctx context.Context, org, name string, closed bool) (post.User, error) {
	if err := o.known(ctx, org); err != nil {
		return post.User{}, err
	}
	if _, err := o.user(ctx, org, name); err != nil {
		return post.User{}, err
	}
	all, err := o.Store.Users(ctx, org)
	if err != nil {
		return post.User{}, err
	}
	others := func(u post.User) bool { return u.Closed.IsZero() && u.Name != name }
	if closed && !slices.ContainsFunc(all, others) {
		return post.User{}, errLastUser
	}
	what := texts.Say("audit-user-opened", name)
	if closed {
		what = texts.Say("audit-user-closed", name)
	}
	if err := o.record(ctx, org, post.ActUser, what); err != nil {
		return post.User{}, err
	}
	return o.Store.ChangeUser(ctx, org, name, func(u *post.User) error {
		if u.Closed = (time.Time{}); closed {
			u.Closed = time.Now()
		}
		return nil
	})
}

// NewCode implements post.UserOperation.
func (o operation) NewCode(ctx context.Context, org, name string) (created post.CreatedUser, err error) {
	if err := o.known(ctx, org); err != nil {
		return created, err
	}
	if created.User, err = o.user(ctx, org, name); err != nil {
		return created, err
	}
	created.Code, created.Login, err = o.newCode(ctx, org, name)
	return created, err
}

// newCode gives a user a new code, and makes the user if need be.
func (o operation) newCode(ctx context.Context, org, name string) (code, login string, err error) {
	if !validUser(name) {
		return "", "", sentence.Of("user-characters")
	}
	switch u, err := o.user(ctx, org, name); {
	case err != nil && !errors.Is(err, errNoUser):
		return "", "", err
	case !u.Closed.IsZero():
		return "", "", errClosed
	}
	if err := o.record(ctx, org, post.ActAccess, name); err != nil {
		return "", "", err
	}
	if code, err = o.Auth().NewCode(ctx, post.Caller{Org: org, Name: name}); err != nil {
		return "", "", taken(err)
	}
	login, err = o.Store.LoginName(ctx, org, name)
	return code, login, err
}
