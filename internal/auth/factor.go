package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Ceremonies keeps what a session has begun: the challenge of a passkey, or the secret that an app is to confirm.
type Ceremonies interface {
	SetCeremony(ctx context.Context, session string, data []byte) error
}

// Errors of a second factor.
const (
	ErrFactorWrong  sentence.Sentence = `§["factor-wrong"]`
	errFactorUsed   sentence.Sentence = `§["factor-used"]`
	errFactorBegin  sentence.Sentence = `§["factor-begin"]`
	errPasskey      sentence.Sentence = `§["passkey-refused"]`
	errPasskeyName  sentence.Sentence = `§["passkey-name"]`
	errPasskeyHost  sentence.Sentence = `§["passkey-host"]`
	errFactorLast   sentence.Sentence = `§["factor-last"]`
	errFactorsMost  sentence.Sentence = `§["passkeys-most"]`
	passkeysMost                      = 10
	passkeyNameMost                   = 40
)

// totpPeriod is how long a code of an app is valid, and totpSkew how many periods a clock may be off.
const (
	totpPeriod = 30
	totpSkew   = 1
)

// ceremony is what a session has begun.
type ceremony struct {
	Secret  string                `json:"secret,omitempty"`
	Passkey *webauthn.SessionData `json:"passkey,omitempty"`
}

func (g *Auth) begin(ctx context.Context, s post.Session, c ceremony) error {
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return g.Ceremonies.SetCeremony(ctx, s.ID, b)
}

func begun(s post.Session) (c ceremony, err error) {
	if len(s.Ceremony) == 0 || json.Unmarshal(s.Ceremony, &c) != nil {
		return c, errFactorBegin
	}
	return c, nil
}

// FactorsOf returns what somebody proves beside the code.
func (g *Auth) FactorsOf(ctx context.Context, who post.Caller) (post.Factors, error) {
	c, err := g.Accounts.CredentialsOf(ctx, who.Org, who.Name)
	return c.Factors, err
}

// BeginTOTP makes a secret for an authenticator app, and returns it with the address that the app reads as a QR code.
// It counts when a code has confirmed it.
func (g *Auth) BeginTOTP(ctx context.Context, s post.Session) (secret, address string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Brevdue", AccountName: s.Login(), Period: totpPeriod})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), g.begin(ctx, s, ceremony{Secret: key.Secret()})
}

// BegunTOTP returns the address of a secret that was begun.
func BegunTOTP(s post.Session) (secret, address string, err error) {
	c, err := begun(s)
	if err != nil || c.Secret == "" {
		return "", "", errFactorBegin
	}
	q := url.Values{"secret": {c.Secret}, "issuer": {"Brevdue"}}
	return c.Secret, "otpauth://totp/Brevdue:" + url.PathEscape(s.Login()) + "?" + q.Encode(), nil
}

// period returns the period in which a code is valid; 0 for none.
func period(secret, code string, now time.Time) int64 {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	for skew := int64(-totpSkew); skew <= totpSkew; skew++ {
		at := now.Add(time.Duration(skew*totpPeriod) * time.Second)
		ok, err := totp.ValidateCustom(code, secret, at, totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix})
		if err == nil && ok {
			return at.Unix() / totpPeriod
		}
	}
	return 0
}

// ConfirmTOTP sets up the app whose secret was begun, and returns the token of the session that goes on.
func (g *Auth) ConfirmTOTP(ctx context.Context, s post.Session, code string) (string, error) {
	c, err := begun(s)
	if err != nil || c.Secret == "" {
		return "", errFactorBegin
	}
	used := period(c.Secret, code, g.Now())
	if used == 0 {
		return "", ErrFactorWrong
	}
	if err := g.recordFactor(ctx, s, sentence.Of("audit-factor-app")); err != nil {
		return "", err
	}
	err = g.Changes.ChangeFactors(ctx, s.Org, s.Name, func(f *post.Factors) error {
		f.TOTP, f.TOTPUsed = c.Secret, used
		return nil
	})
	if err != nil {
		return "", err
	}
	return g.complete(ctx, s)
}

// ProveTOTP lets somebody in by the code of their app. Each code works once, and wrong ones are counted.
func (g *Auth) ProveTOTP(ctx context.Context, s post.Session, code string) (string, error) {
	who := hash("factor\x00" + s.Org + "\x00" + s.Name)
	n, err := g.attempt(ctx, who)
	if err != nil {
		return "", err
	}
	err = g.Changes.ChangeFactors(ctx, s.Org, s.Name, func(f *post.Factors) error {
		used := period(f.TOTP, code, g.Now())
		switch {
		case f.TOTP == "" || used == 0:
			return ErrFactorWrong
		case used <= f.TOTPUsed:
			return errFactorUsed
		}
		f.TOTPUsed = used
		return nil
	})
	if errors.Is(err, ErrFactorWrong) {
		if err := g.wrong(ctx, n, s.Caller); !errors.Is(err, ErrDenied) {
			return "", err
		}
	}
	if err != nil {
		return "", err
	}
	if err := g.Attempts.ClearAttempts(ctx, who); err != nil {
		return "", err
	}
	return g.complete(ctx, s)
}

// complete gives a session that has proved its second factor another token: the one before was known to less.
func (g *Auth) complete(ctx context.Context, s post.Session) (string, error) {
	token := secret(40)
	old := s.ID
	s.ID, s.Factor, s.Ceremony, s.Seen = hash(token), false, nil, g.Now()
	if err := g.Sessions.PutSession(ctx, s.ID, s); err != nil {
		return "", err
	}
	return token, g.Sessions.DropSession(ctx, old)
}

func (g *Auth) recordFactor(ctx context.Context, s post.Session, what sentence.Sentence) error {
	return g.Audit.Record(ctx, s.Did(post.ActFactor, "", "", string(what)))
}

// RemoveFactor removes the app (""), or a passkey by its name. The last one stays where the organization asks for one.
func (g *Auth) RemoveFactor(ctx context.Context, s post.Session, passkey string) error {
	o, err := g.Organizations.Organization(ctx, s.Org)
	if err != nil {
		return err
	}
	if err := g.recordFactor(ctx, s, sentence.Of("audit-factor-removed")); err != nil {
		return err
	}
	return g.Changes.ChangeFactors(ctx, s.Org, s.Name, func(f *post.Factors) error {
		if passkey == "" {
			f.TOTP, f.TOTPUsed = "", 0
		}
		f.Passkeys = slices.DeleteFunc(f.Passkeys, func(k post.Passkey) bool { return k.Name == passkey })
		if !f.Any() && g.needsFactor(o) {
			return errFactorLast
		}
		return nil
	})
}

// needsFactor reports whether everybody of an organization needs a second factor: where it says so, and where the
// portal has a public address unless it says otherwise (practice D5).
func (g *Auth) needsFactor(o *post.Organization) bool {
	return o.Rules.SecondFactor || g.Public && !o.Rules.NoSecondFactor
}

// party is this portal under the address that the browser has.
func party(origin string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Hostname(), "0123456789.:") == "" {
		return nil, errPasskeyHost
	}
	return webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Brevdue", RPOrigins: []string{origin},
		AuthenticatorSelection: protocol.AuthenticatorSelection{UserVerification: protocol.VerificationPreferred},
	})
}

// holder is a user as the library knows them. Their id tells nobody who they are.
type holder struct{ post.Credentials }

func (h holder) WebAuthnID() []byte          { return []byte(hash("passkeys\x00" + h.Org + "\x00" + h.Name)) }
func (h holder) WebAuthnName() string        { return h.Name }
func (h holder) WebAuthnDisplayName() string { return h.Name }

// WebAuthnCredentials implements webauthn.User.
func (h holder) WebAuthnCredentials() []webauthn.Credential {
	var all []webauthn.Credential
	for _, k := range h.Factors.Passkeys {
		var c webauthn.Credential
		if json.Unmarshal(k.Credential, &c) == nil {
			all = append(all, c)
		}
	}
	return all
}

// BeginPasskey returns what a browser makes a passkey of.
func (g *Auth) BeginPasskey(ctx context.Context, s post.Session, origin string) (options any, err error) {
	w, err := party(origin)
	if err != nil {
		return nil, err
	}
	c, err := g.Accounts.CredentialsOf(ctx, s.Org, s.Name)
	if err != nil {
		return nil, err
	}
	if len(c.Factors.Passkeys) >= passkeysMost {
		return nil, errFactorsMost
	}
	var known []protocol.CredentialDescriptor
	for _, one := range (holder{c}).WebAuthnCredentials() {
		known = append(known, one.Descriptor())
	}
	options, data, err := w.BeginRegistration(holder{c}, webauthn.WithExclusions(known))
	if err != nil {
		return nil, err
	}
	return options, g.begin(ctx, s, ceremony{Passkey: data})
}

// FinishPasskey keeps the passkey that a browser has made, under a name, and returns the token of the session that goes
// on.
func (g *Auth) FinishPasskey(ctx context.Context, s post.Session, origin, name string, made []byte) (string, error) {
	name = strings.TrimSpace(name)
	if post.CheckFullText(`§["place-passkey"]`, name, passkeyNameMost) != nil {
		return "", errPasskeyName
	}
	w, c, data, err := g.answered(ctx, s, origin)
	if err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBody(bytes.NewReader(made))
	if err != nil {
		return "", errPasskey
	}
	credential, err := w.CreateCredential(holder{c}, data, parsed)
	if err != nil {
		return "", errPasskey
	}
	if err := g.keepPasskey(ctx, s, name, credential); err != nil {
		return "", err
	}
	return g.complete(ctx, s)
}

func (g *Auth) keepPasskey(ctx context.Context, s post.Session, name string, c *webauthn.Credential) error {
	kept, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := g.recordFactor(ctx, s, sentence.Of("audit-factor-passkey")); err != nil {
		return err
	}
	return g.Changes.ChangeFactors(ctx, s.Org, s.Name, func(f *post.Factors) error {
		if slices.ContainsFunc(f.Passkeys, func(k post.Passkey) bool { return k.Name == name }) {
			return errPasskeyName
		}
		f.Passkeys = append(f.Passkeys, post.Passkey{Name: name, Made: g.Now(), Credential: kept})
		return nil
	})
}

// answered is what a browser's answer is held against.
func (g *Auth) answered(
	ctx context.Context,
	s post.Session,
	origin string,
) (w *webauthn.WebAuthn, c post.Credentials, data webauthn.SessionData, err error) {
	if w, err = party(origin); err != nil {
		return w, c, data, err
	}
	started, err := begun(s)
	if err != nil || started.Passkey == nil {
		return w, c, data, errFactorBegin
	}
	c, err = g.Accounts.CredentialsOf(ctx, s.Org, s.Name)
	return w, c, *started.Passkey, err
}

// AskPasskey returns what a browser signs with a passkey.
func (g *Auth) AskPasskey(ctx context.Context, s post.Session, origin string) (options any, err error) {
	w, err := party(origin)
	if err != nil {
		return nil, err
	}
	c, err := g.Accounts.CredentialsOf(ctx, s.Org, s.Name)
	if err != nil {
		return nil, err
	}
	options, data, err := w.BeginLogin(holder{c})
	if err != nil {
		return nil, errPasskey
	}
	return options, g.begin(ctx, s, ceremony{Passkey: data})
}

// ProvePasskey lets somebody in by a passkey. One whose counter goes back was copied, and lets nobody in.
func (g *Auth) ProvePasskey(ctx context.Context, s post.Session, origin string, signed []byte) (string, error) {
	w, c, data, err := g.answered(ctx, s, origin)
	if err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBody(bytes.NewReader(signed))
	if err != nil {
		return "", errPasskey
	}
	credential, err := w.ValidateLogin(holder{c}, data, parsed)
	if err != nil || credential.Authenticator.CloneWarning {
		return "", errPasskey
	}
	kept, err := json.Marshal(credential)
	if err != nil {
		return "", err
	}
	err = g.Changes.ChangeFactors(ctx, s.Org, s.Name, func(f *post.Factors) error {
		for i, k := range f.Passkeys {
			var is webauthn.Credential
			if json.Unmarshal(k.Credential, &is) == nil && bytes.Equal(is.ID, credential.ID) {
				f.Passkeys[i].Credential = kept
				return nil
			}
		}
		return errPasskey
	})
	if err != nil {
		return "", err
	}
	return g.complete(ctx, s)
}
