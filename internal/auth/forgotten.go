package auth

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// CodeRequests stores who is to get a code by mail.
type CodeRequests interface {
	// AskForCode notes a request; one that is there for the same name stays.
	AskForCode(ctx context.Context, r post.CodeRequest) error
	CodesAsked(ctx context.Context, limit int) ([]post.CodeRequest, error)
	// PutRequest keeps a request for another try.
	PutRequest(ctx context.Context, r post.CodeRequest) error
	DropRequest(ctx context.Context, login string) error
}

// Bounds of »Glemt koden?«.
const (
	forgottenFrom  = 20 // requests from one address within LockTime
	betweenMails   = 5 * time.Minute
	mailTries      = 10
	codesMailed    = 100 // in one round
	loginNameLimit = 200
)

// Forgotten notes that somebody wants a code by mail. The answer is the same whether there is such a user or not, and
// whether they have a mail address: they are looked up later, by whoever mails.
func (g *Auth) Forgotten(ctx context.Context, from post.Client, login string) error {
	who := hash("forgotten\x00" + from.Address)
	n, err := g.Attempts.Attempt(ctx, who, g.Now().Add(LockTime))
	if err != nil {
		return err
	}
	if n > forgottenFrom || login == "" || len(login) > loginNameLimit {
		return nil
	}
	return g.Requests.AskForCode(ctx, post.CodeRequest{Login: login, At: g.Now()})
}

// Mail hands a message to a mail server.
type Mail interface {
	Send(ctx context.Context, id, to, subject, text string) error
}

// MailCodes mails codes to those who have asked for one, or were invited, and reports whether more wait. base is the
// portal's address.
func (a *Administration) MailCodes(ctx context.Context, mail Mail, base string) (more bool, err error) {
	if mail == nil {
		return false, nil
	}
	asked, err := a.Auth.Requests.CodesAsked(ctx, codesMailed)
	if err != nil {
		return false, err
	}
	done := 0
	for _, r := range asked {
		if r.NotBefore.After(a.Now()) {
			continue
		}
		done++
		if err := a.mailCode(ctx, mail, base, r); err != nil {
			return false, err
		}
	}
	return len(asked) == codesMailed && done > 0, nil
}

// mailCode mails one code. What a mail server refuses is tried again, and given up in the end: the administrator sees
// that nobody has come in.
func (a *Administration) mailCode(ctx context.Context, mail Mail, base string, r post.CodeRequest) error {
	c, err := a.Auth.Accounts.Credentials(ctx, r.Login)
	switch {
	case errors.Is(err, post.ErrNotFound):
		return a.Auth.Requests.DropRequest(ctx, r.Login)
	case err != nil:
		return err
	case c.Mail == "", !r.Invited && a.Now().Before(c.MailUntil.Add(betweenMails-post.GivenFor)):
		return a.Auth.Requests.DropRequest(ctx, r.Login)
	}
	code, h, err := newCode()
	if err != nil {
		return err
	}
	until := a.Now().Add(post.GivenFor)
	// Before it is mailed: a code that nobody has got harms nobody.
	if err := a.Auth.Changes.MailCode(ctx, c.Org, c.Name, post.GivenCode{Hash: h, Until: until}); err != nil {
		return err
	}
	subject, text := a.codeMail(r, base, code, until)
	if err := mail.Send(ctx, secret(24), c.Mail, subject, text); err != nil {
		slog.Warn("a code could not be mailed", "org", c.Org, "user", c.Name, "try", r.Tries+1, "error", err)
		if r.Tries++; r.Tries >= mailTries {
			return a.Auth.Requests.DropRequest(ctx, r.Login)
		}
		r.Invited, r.NotBefore = true, a.Now().Add(time.Duration(r.Tries)*time.Minute)
		return a.Auth.Requests.PutRequest(ctx, r)
	}
	by := post.Caller{Org: c.Org, Kind: post.BySystem}
	err = a.Audit.Record(ctx, by.Did(post.ActAccess, "", "", string(sentence.Of("audit-code-mailed", c.Name))))
	return errors.Join(err, a.Auth.Requests.DropRequest(ctx, r.Login))
}

// codeMail writes the mail. It names nobody but the user name, which is needed to log in.
func (a *Administration) codeMail(r post.CodeRequest, base, code string, until time.Time) (subject, text string) {
	what := sentence.Of("code-mail-forgotten")
	if r.Invited {
		what = sentence.Of("code-mail-invited")
	}
	at := until.In(post.Denmark()).Format("2.1.2006 15.04")
	return a.Say(sentence.Of("code-mail-subject")),
		a.Say(sentence.Of("code-mail", what, base+"/log-ind", r.Login, code, at))
}
