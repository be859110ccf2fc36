package app

import (
	"context"
	"errors"
	"net/url"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// seed makes the organization that serve was asked for, or the demo in an empty folder, and returns who logs in. The
// code is there once: when its user is new, or asked for another.
func (srv *server) seed(ctx context.Context) (post.CreatedOrganization, error) {
	first, err := srv.app.firstOrganization(ctx)
	if err != nil {
		return post.CreatedOrganization{}, err
	}
	wanted := srv.wanted(first)
	access := post.CreatedOrganization{Organization: wanted.ID}
	if access.User, err = srv.app.Store.LoginName(ctx, wanted.ID, wanted.User); err != nil {
		return access, taken(err)
	}
	_, err = srv.app.Store.Organization(ctx, wanted.ID)
	switch {
	case errors.Is(err, post.ErrNotFound):
		if wanted.Name == "" {
			return access, sentence.Of("organization-name")
		}
		access, err = srv.make(ctx, wanted, first == "")
	case err == nil && srv.config.NewCode:
		access.Code, err = srv.app.Auth().NewCode(ctx, post.Caller{Org: wanted.ID, Name: wanted.User})
		err = taken(err)
	}
	if first == "" {
		first = wanted.ID
	}
	srv.app.Operator = first
	return access, err
}

// make makes an organization. The first one's key lies in the data folder, where the command line finds it.
func (srv *server) make(ctx context.Context, o post.NewOrganization, first bool) (post.CreatedOrganization, error) {
	if o.ID == Demo.ID && !srv.config.isLocal() {
		return post.CreatedOrganization{}, sentence.Of("organization-needed", srv.config.Data)
	}
	op := operation{App: &srv.app}
	if first {
		op.keep = keepFirst(srv.backend)
	}
	return op.AddOrganization(ctx, o)
}

// firstOrganization returns the organization that was made first: it runs the installation, and its key lies in the
// folder. A folder of a version before listed none, and has the demo alone: it is listed here, before any other is.
func (a *App) firstOrganization(ctx context.Context) (string, error) {
	first, err := a.Store.FirstOrganization(ctx)
	if err != nil || first != "" && first != Demo.ID {
		return first, err
	}
	_, err = a.Store.Organization(ctx, Demo.ID)
	if errors.Is(err, post.ErrNotFound) {
		return "", nil
	}
	return Demo.ID, errors.Join(err, a.Store.ListOrganization(ctx, Demo.ID), a.Store.ListUser(ctx, Demo.ID, Demo.User))
}

// wanted is the organization that serve is about: the one that it was given, the first one of the folder, or the demo.
func (srv *server) wanted(first string) post.NewOrganization {
	switch o := srv.config.Organization; {
	case o.ID != "":
		return o
	case first != "" && first != Demo.ID:
		o.ID = first
		return o
	}
	return Demo
}

// isLocal reports whether letters do not leave this machine.
func (c Config) isLocal() bool {
	u, err := url.Parse(c.DigitalPost.URL)
	if err != nil || c.DigitalPost.URL == "" {
		return err == nil
	}
	return post.Loopback(u.Hostname())
}
