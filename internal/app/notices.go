package app

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"time"

	"brevdue/internal/cms"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/remote/hook"
	"brevdue/internal/stage/incident"
	"brevdue/internal/stage/notify"
	"brevdue/internal/texts"
)

// Notify returns the stage that tells people.
func (a *App) Notify() *notify.Handler {
	n := &notify.Handler{
		Deliveries: a.Store.Notices(),
		Runner:     parallel.Goroutines{},
		Notices:    a.Store.Notices(),
		Hook:       byHook{hook.New(time.Now, nil)},
		Base:       a.Base,
		Timings:    a.Timings,
		Now:        time.Now,
		Operator:   a.Operator,
		Trouble:    a.Trouble,
		Ends:       a.certificateEnds,
	}
	if a.Mail != nil {
		n.Mail = byMail{a.Mail}
	}
	if a.Certificate != nil && len(a.Certificate.Certificate) > 0 {
		if c, err := x509.ParseCertificate(a.Certificate.Certificate[0]); err == nil {
			n.Expires = c.NotAfter
		}
	}
	return n
}

// MailCodes mails codes to those who are to get one.
func (a *App) MailCodes(ctx context.Context) (more bool, err error) {
	return a.Administration().MailCodes(ctx, a.Mail, a.Base)
}

type byMail struct{ Mail }

// Deliver implements notify.Carrier.
func (m byMail) Deliver(ctx context.Context, n notify.Message) error {
	return m.Send(ctx, n.ID, n.To, n.Subject, n.Text)
}

type byHook struct{ *hook.Client }

// Deliver implements notify.Carrier.
func (a byHook) Deliver(ctx context.Context, n notify.Message) error {
	err := a.Post(ctx, n.To, n.ID, n.Secret, n.Body)
	var answered hook.Answered
	switch {
	case errors.Is(err, hook.ErrPrivate):
		return notify.UserError{Text: texts.Say("hook-not-internet")}
	case errors.As(err, &answered):
		return notify.UserError{Text: texts.Say("hook-answered", int(answered))}
	}
	return err
}

// incident returns the stage that makes packages for the data protection officer, or nil without a key for it.
func (a *App) incident() func(ctx context.Context, who post.Caller, shipment string) (post.Link, error) {
	if a.Evidence == nil {
		return nil
	}
	return a.evidence().Make
}

func (a *App) evidence() *incident.Handler {
	return &incident.Handler{
		Shipments: a.Store.Shipments(),
		Lists:     a.Store.Letters(),
		Objects:   a.Objects,
		Links:     a.Links,
		Audit:     a.Store.AuditLog(time.Now),
		Sign:      a.Evidence.Sign,
		Now:       time.Now,
	}
}

// Pack makes the package of a shipment for an operator, whosever it is.
func (a *App) Pack(ctx context.Context, shipment string) ([]byte, error) {
	s, err := a.Store.Shipments().GetAny(ctx, shipment)
	if err != nil {
		return nil, err
	}
	return a.evidence().Pack(ctx, post.Caller{Org: s.Org, Name: "drift"}, shipment)
}

// EvidenceKey reads the key that signs packages, or makes it where there is none yet.
func EvidenceKey(read func() ([]byte, error), write func([]byte) error) (*cms.Key, error) {
	text, err := read()
	if !errors.Is(err, fs.ErrNotExist) {
		if err != nil {
			return nil, err
		}
		return cms.ParseKey(text)
	}
	key, err := cms.NewKey("Brevdue", time.Now())
	if err != nil {
		return nil, err
	}
	if text, err = key.PEM(); err != nil {
		return nil, err
	}
	return key, write(text)
}
