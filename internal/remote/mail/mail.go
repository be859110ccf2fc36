// Package mail hands notices to a mail server: one of the organization's own, or Amazon SES by its SMTP interface.
//
// Message -> [mail] -> SMTP
package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// Server is a mail server.
type Server struct {
	host, user, password string
	port                 int
	tls                  mail.TLSPolicy
	direct               bool // TLS from the first byte
	from                 string
}

// Sender is what a program needs of a mail server.
type Sender = interface {
	Send(ctx context.Context, id, to, subject, text string) error
}

// Open is New for a program that does not know this package.
func Open(address, from string) (Sender, error) {
	s, err := New(address, from)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// New reads an address: smtp://host:25 (TLS where the server offers it), smtps://user:password@host:465 (TLS from the
// start), or smtp+starttls://user:password@host:587 (TLS or nothing).
func New(address, from string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New(
			"the mail server must be smtp://…, smtp+starttls://… or smtps://…",
		) // the address may hold a password
	}
	s := &Server{host: u.Hostname(), user: u.User.Username(), from: from}
	s.password, _ = u.User.Password()
	switch u.Scheme {
	case "smtp":
		s.port, s.tls = 25, mail.TLSOpportunistic
	case "smtp+starttls":
		s.port, s.tls = 587, mail.TLSMandatory
	case "smtps":
		s.port, s.tls, s.direct = 465, mail.TLSMandatory, true
	default:
		return nil, fmt.Errorf("the mail server's scheme %q is none of smtp, smtp+starttls, smtps", u.Scheme)
	}
	if s.user != "" && s.tls == mail.TLSOpportunistic {
		return nil, errors.New("a password goes to a mail server over TLS only: smtps:// or smtp+starttls://")
	}
	if u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("the mail server's port is not a number")
		}
	}
	m := mail.NewMsg()
	return s, m.From(from)
}

// timeout of a whole delivery.
const timeout = 30 * time.Second

// Send hands over one mail.
func (s *Server) Send(ctx context.Context, id, to, subject, text string) error {
	m := mail.NewMsg()
	if err := errors.Join(m.From(s.from), m.To(to)); err != nil {
		return err
	}
	m.Subject(subject)
	m.SetMessageIDWithValue(id + "@brevdue")
	m.SetDate()
	m.SetBodyString(mail.TypeTextPlain, text)
	options := []mail.Option{mail.WithPort(s.port), mail.WithTLSPolicy(s.tls), mail.WithTimeout(timeout)}
	if s.direct {
		options = append(options, mail.WithSSL())
	}
	if s.user != "" {
		options = append(
			options,
			mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(s.user),
			mail.WithPassword(s.password),
		)
	}
	c, err := mail.NewClient(s.host, options...)
	if err != nil {
		return err
	}
	return c.DialAndSendWithContext(ctx, m)
}
