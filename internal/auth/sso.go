package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"brevdue/internal/post"
)

// Provider asks an organization's own log-in who somebody is (remote/oidc).
type Provider interface {
	Address(ctx context.Context, s *post.SingleSignOn, redirect, state string, on post.SignOn) (string, error)
	Identity(ctx context.Context, s *post.SingleSignOn, redirect, code string, on post.SignOn) (post.Identity, error)
}

// SignOns stores log-ins that were begun elsewhere, and who comes from there.
type SignOns interface {
	PutSignOn(ctx context.Context, state string, on post.SignOn) error
	// TakeSignOn returns one, once.
	TakeSignOn(ctx context.Context, state string) (post.SignOn, error)
	// BySubject returns whose a subject is, and closed for one who may not come in.
	BySubject(ctx context.Context, org, subject string) (u post.User, err error)
	// AddSubject makes the user of a subject. A name that is taken gets a number.
	AddSubject(ctx context.Context, subject string, u post.User) (post.User, error)
	// SeeSubject notes what the log-in says now.
	SeeSubject(ctx context.Context, u post.User, at time.Time) error
}

// Errors of a single sign-on.
var (
	ErrNoRole   = errors.New("no role leads to a group")
	ErrSignOn   = errors.New("the log-in was not begun in this browser, or is over")
	ErrCodeless = errors.New("the organization logs in at its own place")
	// ErrProvider is what a provider cannot do, or says that does not fit.
	ErrProvider = errors.New("provider")
)

// signOnFor is for how long somebody may take at the other place.
const signOnFor = 10 * time.Minute

// BeginSignOn returns where the browser goes, and the state that it keeps in a cookie. back is where to afterwards.
func (g *Auth) BeginSignOn(ctx context.Context, org, redirect, back string) (address, state string, err error) {
	o, err := g.Organizations.Organization(ctx, org)
	if err != nil {
		return "", "", err
	}
	if !o.SSO.On() {
		return "", "", post.ErrNotFound
	}
	if !OwnPage(back) {
		back = "/"
	}
	state = secret(40)
	on := post.SignOn{Org: org, Nonce: secret(40), Verifier: secret(60), Back: back, Until: g.Now().Add(signOnFor)}
	if address, err = g.Provider.Address(ctx, o.SSO, redirect, state, on); err != nil {
		return "", "", fmt.Errorf("%w: %w", ErrProvider, err)
	}
	return address, state, g.SignOns.PutSignOn(ctx, hash(state), on)
}

// OwnPage reports whether an address leads to a page of the portal, also as a browser reads it: one drops tabs and line
// breaks, and takes a backslash for a slash.
func OwnPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(address, "/") &&
		!strings.HasPrefix(address, "//") && !strings.Contains(address, "\\")
}

// FinishSignOn lets somebody in who comes back to the address of an organization. kept is the state in the browser's
// cookie: of another browser it is another one. Without a role that leads to a group nobody comes in.
func (g *Auth) FinishSignOn(
	ctx context.Context,
	from post.Client,
	org, redirect, state, kept, code string,
) (token, back string, err error) {
	if state == "" || subtle.ConstantTimeCompare([]byte(state), []byte(kept)) != 1 {
		return "", "", ErrSignOn
	}
	on, err := g.SignOns.TakeSignOn(ctx, hash(state))
	if errors.Is(err, post.ErrNotFound) || err == nil && (on.Org != org || g.Now().After(on.Until)) {
		return "", "", ErrSignOn
	}
	if err != nil {
		return "", "", err
	}
	o, err := g.Organizations.Organization(ctx, on.Org)
	if err != nil {
		return "", "", err
	}
	if !o.SSO.On() { // switched off meanwhile
		return "", "", ErrSignOn
	}
	who, err := g.Provider.Identity(ctx, o.SSO, redirect, code, on)
	if err != nil {
		return "", "", fmt.Errorf("%w: %w", ErrProvider, err)
	}
	u, err := g.userOf(ctx, o, who)
	if err != nil {
		return "", "", err
	}
	token, err = g.signedOn(ctx, from, o, u)
	return token, on.Back, err
}

// userOf returns the user of an identity as its roles are now. Nobody is taken for a user who was there before by name
// or mail address.
func (g *Auth) userOf(ctx context.Context, o *post.Organization, who post.Identity) (u post.User, err error) {
	subject := hash(o.ID + "\x00" + who.Subject)
	groups := o.SSO.Groups(who.Roles)
	u, err = g.SignOns.BySubject(ctx, o.ID, subject)
	switch {
	case errors.Is(err, post.ErrNotFound) && len(groups) == 0:
		return u, ErrNoRole
	case errors.Is(err, post.ErrNotFound):
		name, _, _ := strings.Cut(who.Name, "@")
		if !ValidUser(name) {
			name = "bruger"
		}
		return g.SignOns.AddSubject(ctx, subject,
			post.User{Org: o.ID, Name: name, FullName: who.FullName, Mail: who.Mail, Groups: groups})
	case err != nil:
		return u, err
	}
	u.FullName, u.Mail, u.Groups = who.FullName, who.Mail, groups
	if err := g.SignOns.SeeSubject(ctx, u, g.Now()); err != nil { // also that there are none any more
		return u, err
	}
	switch {
	case len(groups) == 0:
		return u, ErrNoRole
	case !u.Closed.IsZero():
		return u, ErrDenied
	}
	return u, nil
}

// signedOn makes the session. It ends when the roles have to be asked for again.
func (g *Auth) signedOn(ctx context.Context, from post.Client, o *post.Organization, u post.User) (string, error) {
	who := post.Caller{Org: o.ID, Name: u.Name, Kind: post.ByUser, Person: u.Name}
	if err := g.Audit.Record(ctx, who.Did(post.ActLogin, "", "", "")); err != nil {
		return "", err
	}
	token := secret(40)
	return token, g.Sessions.PutSession(ctx, hash(token), post.Session{
		Caller: who, Client: from, ID: hash(token), Seen: g.Now(), Until: g.Now().Add(post.RolesFor),
		Idle: o.Rules.IdleTime(), Elsewhere: true,
	})
}

// codeless refuses a right code where people log in at their own place, but for who may in an emergency: then whoever
// runs the installation, and the organization, are told.
func (g *Auth) codeless(ctx context.Context, o *post.Organization, c post.Caller) error {
	if !o.SSO.On() || !o.SSO.Only {
		return nil
	}
	for _, name := range o.SSO.Emergency {
		if name == c.Name {
			return g.Alarm(ctx, post.Notice{Org: o.ID, Kind: post.EmergencyLogin, At: g.Now()})
		}
	}
	return ErrCodeless
}
