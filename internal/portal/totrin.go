package portal

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"io"
	"net/http"

	"github.com/pquerna/otp"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Factors are the second factors of whoever is logged in, or is about to be.
type Factors interface {
	Passkeys
	Apps
	FactorsOf(ctx context.Context, who post.Caller) (post.Factors, error)
	RemoveFactor(ctx context.Context, s post.Session, passkey string) error
}

// Apps show a code that works for half a minute.
type Apps interface {
	BeginTOTP(ctx context.Context, s post.Session) (secret, address string, err error)
	ConfirmTOTP(ctx context.Context, s post.Session, code string) (token string, err error)
	ProveTOTP(ctx context.Context, s post.Session, code string) (token string, err error)
}

// Passkeys are those of a user's machines, under the address that the browser has.
type Passkeys interface {
	BeginPasskey(ctx context.Context, s post.Session, origin string) (options any, err error)
	FinishPasskey(ctx context.Context, s post.Session, origin, name string, made []byte) (token string, err error)
	AskPasskey(ctx context.Context, s post.Session, origin string) (options any, err error)
	ProvePasskey(ctx context.Context, s post.Session, origin string, signed []byte) (token string, err error)
}

// toTrinPage is the second step of the log-in: somebody proves it, or sets it up where everybody needs one.
type toTrinPage struct {
	Name     string
	SetUp    bool // there is none yet, or one more is set up
	App      bool
	Passkeys bool
	Secret   string // of the app that is being set up, for who types it
	In       bool   // logged in already
	Mistakes mistakes
}

func (p *Portal) showToTrin(v *visit) error { return p.toTrin(v, http.StatusOK, nil) }

func (p *Portal) toTrin(v *visit, status int, wrong mistakes) error {
	f, err := p.Factors.FactorsOf(v.Context(), v.who)
	if err != nil {
		return err
	}
	page := toTrinPage{
		Name: v.who.Name, App: f.TOTP != "", Passkeys: len(f.Passkeys) > 0, In: v.session.Complete(), Mistakes: wrong,
	}
	if page.In && v.FormValue("ny") == "" && v.Method == http.MethodGet && wrong == nil {
		return v.redirect("/mit-login")
	}
	if page.SetUp = page.In || !f.Any(); page.SetUp {
		if page.Secret, _, err = auth.BegunTOTP(v.session); err != nil {
			if page.Secret, _, err = p.Factors.BeginTOTP(v.Context(), v.session); err != nil {
				return err
			}
		}
	}
	p.renderBare(v.w, v.Request, status, "to-trin", "To trin", page)
	return nil
}

// showQR shows the secret of an app that is being set up, for its camera.
func (p *Portal) showQR(v *visit) error {
	_, address, err := auth.BegunTOTP(v.session)
	if err != nil {
		return post.ErrNotFound
	}
	key, err := otp.NewKeyFromURL(address)
	if err != nil {
		return err
	}
	picture, err := key.Image(240, 240)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/png")
	_, _ = b.WriteTo(v.w) // the browser is gone
	return nil
}

// pressToTrin takes the code of an app: to prove it, or to confirm that it was set up.
func (p *Portal) pressToTrin(v *visit) error {
	f, err := p.Factors.FactorsOf(v.Context(), v.who)
	if err != nil {
		return err
	}
	prove := p.Factors.ProveTOTP
	if v.session.Complete() || !f.Any() {
		prove = p.Factors.ConfirmTOTP
	}
	token, err := prove(v.Context(), v.session, v.PostFormValue("engangskode"))
	switch wrong := refusalOf(err); {
	case errors.Is(err, auth.ErrLocked):
		return p.toTrin(v, http.StatusTooManyRequests, mistaken("", texts.Say("login-locked")))
	case wrong != nil:
		return p.toTrin(v, http.StatusUnprocessableEntity, wrong)
	case err != nil:
		return err
	}
	setCookie(v.w, v.Request, token, 0)
	if v.session.Complete() {
		return v.redirect("/mit-login")
	}
	return v.redirect("/")
}

// pressFjernTrin removes the app, or a passkey.
func (p *Portal) pressFjernTrin(v *visit) error {
	err := p.Factors.RemoveFactor(v.Context(), v.session, v.PostFormValue("noegle"))
	if wrong := refusalOf(err); wrong != nil {
		return p.mitLogin(v, http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	v.tell(sentence.Of("done-factor-removed"))
	return v.redirect("/mit-login")
}

// A passkey is made and asked for by script: the browser has no form for it. Mistakes are told as {"error": …}.

func (p *Portal) beginPasskey(v *visit) error {
	if !v.session.Complete() {
		f, err := p.Factors.FactorsOf(v.Context(), v.who)
		if err != nil {
			return err
		}
		if f.Any() { // whoever has one proves it first
			return &post.Forbidden{Right: post.RightAdminister}
		}
	}
	options, err := p.Factors.BeginPasskey(v.Context(), v.session, v.base())
	return answered(v, options, err)
}

func (p *Portal) askPasskey(v *visit) error {
	options, err := p.Factors.AskPasskey(v.Context(), v.session, v.base())
	return answered(v, options, err)
}

func answered(v *visit, body any, err error) error {
	if wrong := refusalOf(err); wrong != nil {
		return writeJSON(v.w, http.StatusUnprocessableEntity, map[string]string{"error": wrong.said()})
	}
	if err != nil {
		return err
	}
	return writeJSON(v.w, http.StatusOK, body)
}

func (p *Portal) finishPasskey(v *visit) error {
	made, err := io.ReadAll(v.Body)
	if err != nil {
		return err
	}
	token, err := p.Factors.FinishPasskey(v.Context(), v.session, v.base(), v.FormValue("navn"), made)
	return p.letOn(v, token, err)
}

func (p *Portal) provePasskey(v *visit) error {
	signed, err := io.ReadAll(v.Body)
	if err != nil {
		return err
	}
	token, err := p.Factors.ProvePasskey(v.Context(), v.session, v.base(), signed)
	return p.letOn(v, token, err)
}

// letOn gives the browser the cookie of the session that goes on, and says where to.
func (p *Portal) letOn(v *visit, token string, err error) error {
	if err == nil {
		setCookie(v.w, v.Request, token, 0)
	}
	next := "/"
	if v.session.Complete() {
		next = "/mit-login"
	}
	return answered(v, map[string]string{"next": next}, err)
}
