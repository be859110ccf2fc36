package app

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Administration is what is done with who may come in.
func (a *App) Administration() *auth.Administration {
	return &auth.Administration{
		Users:    a.Store,
		Accesses: a.Store,
		KeyStore: a.Store,
		Auth:     a.Auth(),
		Audit:    a.Store.AuditLog(time.Now),
		Now:      time.Now,
		Mails:    a.Mails,
		Say:      texts.Of,
	}
}

// operating implements post.Operator: what whoever runs an installation does with it, and with each organization.
type operating struct {
	operation
	*auth.Administration
}

func (a *App) operating(keep func(key string) error) operating {
	return operating{operation{App: a, keep: keep}, a.Administration()}
}

// newCode gives a user a new code that lasts, and makes the user if need be.
func (o operation) newCode(ctx context.Context, org, name string) (code, login string, err error) {
	if !auth.ValidUser(name) {
		return "", "", sentence.Of("user-characters")
	}
	switch u, err := o.Store.UserOf(ctx, org, name); {
	case err != nil && !errors.Is(err, post.ErrNotFound) && !errors.Is(err, post.ErrUserTaken):
		return "", "", err
	case !u.Closed.IsZero():
		return "", "", sentence.Of("user-closed")
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
