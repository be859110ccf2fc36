package app

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"

	"brevdue/internal/aws/secret"
)

// scanned has files scanned before anybody opens them, where that is switched on.
func (fn *function) scanned() *function {
	if fn.env.optional("SCAN") == "guardduty" {
		fn.Scanner = fn.bucket
	}
	return fn
}

// notify tells people. It needs secrets (the mail server's, and the certificate whose end is warned of), and what it
// cannot do holds up nothing else.
func (fn *function) notify(ctx context.Context, secrets *secret.Cache) error {
	s, err := secrets.Get(ctx)
	if err != nil {
		return err
	}
	if s.SMTP != "" {
		var wrong error
		if fn.Mail, wrong = fn.openMail(s.SMTP, s.MailFrom); wrong != nil { // web hooks go on without it
			slog.Error("mail", "error", wrong)
		}
	}
	if s.Certificate != "" {
		pair, err := tls.X509KeyPair([]byte(s.Certificate), []byte(s.CertificateKey))
		if err != nil {
			return errors.New("secret: the certificate and its key do not belong together, or are not PEM")
		}
		fn.Certificate = &pair
	}
	_, mailed := fn.App.MailCodes(ctx)
	_, err = fn.App.Notify().Run(ctx)
	return errors.Join(mailed, err)
}
