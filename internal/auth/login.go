package auth

import (
	"context"
	"errors"
	"time"

	"github.com/alexedwards/argon2id"

	"brevdue/internal/post"
)

// Login lets a person in and returns the token of the session, with what the session lacks. from is where they ask
// from. What is refused takes as long whether the name exists or not.
func (g *Auth) Login(ctx context.Context, from post.Client, name, code string) (string, post.Session, error) {
	var none post.Session
	c, err := g.Accounts.Credentials(ctx, name)
	if err != nil && !errors.Is(err, post.ErrNotFound) {
		return "", none, err
	}
	who := hash(name) // whatever somebody has typed there is no key
	if err == nil {   // one user is one, whether the organization is typed with the name or not
		who = attemptsOf(c.Caller)
	}
	n, err := g.attempt(ctx, who)
	if err != nil {
		return "", none, err
	}
	began := time.Now()
	mailed, err := g.prove(ctx, from.Address, c, code)
	switch {
	case errors.Is(err, ErrDenied):
		err = g.wrong(ctx, n, c.Caller)
		return "", none, errors.Join(err, g.refuseAt(ctx, began))
	case err != nil:
		return "", none, err
	}
	return g.enter(ctx, who, from, c, mailed)
}

// attemptsOf names the attempts of a user.
func attemptsOf(c post.Caller) string { return hash(c.Org + "\x00" + c.Name) }

// attempt counts a try, before it is looked at: many at once are many.
func (g *Auth) attempt(ctx context.Context, who string) (int, error) {
	switch n, err := g.Attempts.Attempts(ctx, who, g.Now()); {
	case err != nil:
		return 0, err
	case n >= Tries:
		return 0, ErrLocked
	}
	n, err := g.Attempts.Attempt(ctx, who, g.Now().Add(LockTime))
	if err == nil && n > Tries {
		err = ErrLocked
	}
	return n, err
}

// prove compares a user's codes: the one that they know, and the one that was mailed. One that is wrong is ErrDenied;
// so is whatever is typed for nobody.
func (g *Auth) prove(ctx context.Context, from string, c post.Credentials, code string) (mailed bool, err error) {
	var hashes []string
	if c.Code != "" {
		hashes = append(hashes, c.Code)
	}
	if c.Mailed != "" && g.Now().Before(c.MailUntil) {
		hashes = append(hashes, c.Mailed)
	}
	if len(hashes) == 0 {
		return false, ErrDenied // nothing is compared: names that are made up hold nobody up
	}
	done, err := comparing.begin(ctx, from)
	if err != nil {
		return false, err
	}
	defer done()
	for _, h := range hashes {
		match, err := argon2id.ComparePasswordAndHash(code, h)
		if err != nil {
			return false, err
		}
		if !match {
			continue
		}
		mailed = h == c.Mailed
		if !mailed && c.First && g.Now().After(c.Until) {
			return false, ErrExpired
		}
		return mailed, nil
	}
	return false, ErrDenied
}

// enter makes the session of whoever has proved who they are.
func (g *Auth) enter(
	ctx context.Context,
	who string,
	from post.Client,
	c post.Credentials,
	mailed bool,
) (string, post.Session, error) {
	o, err := g.Organizations.Organization(ctx, c.Org)
	if err != nil {
		return "", post.Session{}, err
	}
	if err := g.codeless(ctx, o, c.Caller); err != nil {
		return "", post.Session{}, err
	}
	old := o.Rules.CodeAge > 0 && !c.Chosen.IsZero() && g.Now().Sub(c.Chosen) > o.Rules.CodeAge
	s := post.Session{
		Caller:     c.Caller,
		Client:     from,
		Seen:       g.Now(),
		Until:      g.Now().Add(post.SessionTime),
		Idle:       o.Rules.IdleTime(),
		ChooseCode: mailed || c.First || old,
		Factor:     c.Factors.Any() || g.needsFactor(o),
	}
	token := secret(40)
	s.ID = hash(token)
	err = errors.Join(g.Attempts.ClearAttempts(ctx, who), g.Audit.Record(ctx, c.Did(post.ActLogin, "", "", "")))
	if err == nil {
		err = g.Changes.LoggedIn(ctx, c.Org, c.Name, g.Now())
	}
	if err == nil {
		err = g.Sessions.PutSession(ctx, s.ID, s)
	}
	if err != nil {
		return "", post.Session{}, err
	}
	return token, s, nil
}

// refuseAt waits until refusals that began then are told: at whole multiples of Refusals, and not before a code could
// have been compared. So the time tells nobody whether there was a code to compare.
func (g *Auth) refuseAt(ctx context.Context, began time.Time) error {
	if g.Refusals == 0 {
		return nil
	}
	took := max(time.Since(began), comparing.usual())
	at := began.Add((took + g.Refusals - 1).Truncate(g.Refusals))
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(at)):
		return nil
	}
}

// wrong writes down the n-th wrong code of a name.
func (g *Auth) wrong(ctx context.Context, n int, c post.Caller) (err error) {
	if c.Org != "" {
		act := post.ActRefused
		if n >= Tries {
			act = post.ActLocked
		}
		err = g.Audit.Record(ctx, c.Did(act, "", "", ""))
	}
	if n >= Tries {
		return errors.Join(ErrLocked, err)
	}
	return errors.Join(ErrDenied, err)
}
