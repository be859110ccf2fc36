package auth

import (
	"context"
	"slices"
	"time"

	"brevdue/internal/post"
)

// SessionPrefix begins the token of a session, where a program shows it instead of a key.
const SessionPrefix = "brevdue_session_"

// seenEvery is how exactly it is known when a session was used.
const seenEvery = 5 * time.Minute

// Session lets a browser in. active is for what a person does, and not for a page that refreshes itself. A session that
// lacks something is returned with that: nothing else may be done with it.
func (g *Auth) Session(ctx context.Context, token string, active bool) (post.Session, error) {
	if token == "" {
		return post.Session{}, ErrDenied
	}
	s, err := denied(g.Sessions.Session(ctx, hash(token)))
	switch {
	case err != nil:
		return post.Session{}, err
	case s.Over(g.Now()):
		return post.Session{}, ErrDenied
	}
	if every := min(seenEvery, max(s.Idle/4, time.Second)); active && g.Now().Sub(s.Seen) > every {
		return denied(s, g.Sessions.SeeSession(ctx, s.ID, g.Now()))
	}
	return s, nil
}

// Logout ends a session.
func (g *Auth) Logout(ctx context.Context, token string) error {
	return g.Sessions.DropSession(ctx, hash(token))
}

// SessionsOf returns the sessions in which somebody is, the newest first.
func (g *Auth) SessionsOf(ctx context.Context, who post.Caller) ([]post.Session, error) {
	all, err := g.Sessions.SessionsOf(ctx, who.Org, who.Name)
	return slices.DeleteFunc(all, func(s post.Session) bool { return s.Over(g.Now()) }), err
}

// Revoke ends one of one's own sessions.
func (g *Auth) Revoke(ctx context.Context, who post.Caller, id string) error {
	all, err := g.Sessions.SessionsOf(ctx, who.Org, who.Name)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(s post.Session) bool { return s.ID == id }) {
		return post.ErrNotFound
	}
	if err := g.Audit.Record(ctx, who.Did(post.ActLogout, "", "", "")); err != nil {
		return err
	}
	return g.Sessions.DropSession(ctx, id)
}
