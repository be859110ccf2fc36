package cloud

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"

	"brevdue/internal/aws/bucket"
	"brevdue/internal/aws/secret"
	"brevdue/internal/remote/mail"
)

// scanned has files scanned before anybody opens them, where that is switched on.
func (h *home) scanned() *home {
	if h.env.optional("SCAN") == "guardduty" {
		h.Scanner = h.Objects.(*bucket.Objects)
	}
	return h
}

// notify tells people. It needs secrets (the mail server's, and the certificate whose end is warned of), and what it
// cannot do holds up nothing else.
func (h *home) notify(ctx context.Context, secrets *secret.Cache) error {
	s, err := secrets.Get(ctx)
	if err != nil {
		return err
	}
	if s.SMTP != "" {
		var wrong error
		if h.Mail, wrong = mail.New(s.SMTP, s.MailFrom); wrong != nil { // web hooks go on without it
			slog.Error("mail", "error", wrong)
		}
	}
	if s.Certificate != "" {
		pair, err := tls.X509KeyPair([]byte(s.Certificate), []byte(s.CertificateKey))
		if err != nil {
			return errors.New("secret: the certificate and its key do not belong together, or are not PEM")
		}
		h.Certificate = &pair
	}
	_, err = h.House.Notify().Run(ctx)
	return err
}
