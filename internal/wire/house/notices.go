package house

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io/fs"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/remote/hook"
	"brevdue/internal/remote/mail"
	"brevdue/internal/seal"
	"brevdue/internal/stage/incident"
	"brevdue/internal/stage/notify"
)

// Notify returns the stage that tells people.
func (h *House) Notify() *notify.Handler {
	n := &notify.Handler{Notices: h.Store.Notices(), Hook: byHook{hook.New(time.Now, nil)}, Base: h.Base, Pace: h.Pace, Now: time.Now, Operator: h.Operator}
	if h.Mail != nil {
		n.Mail = byMail{h.Mail}
	}
	if h.Certificate != nil && len(h.Certificate.Certificate) > 0 {
		if c, err := x509.ParseCertificate(h.Certificate.Certificate[0]); err == nil {
			n.Expires = c.NotAfter
		}
	}
	return n
}

type byMail struct{ *mail.Server }

// Deliver implements notify.Carrier.
func (m byMail) Deliver(ctx context.Context, n notify.Message) error {
	return m.Send(ctx, n.ID, n.To, n.Subject, n.Text)
}

type byHook struct{ *hook.Client }

// Deliver implements notify.Carrier.
func (h byHook) Deliver(ctx context.Context, n notify.Message) error {
	body, err := json.Marshal(n)
	if err != nil {
		return err
	}
	err = h.Post(ctx, n.To, n.ID, n.Secret, body)
	var answered hook.Answered
	switch {
	case errors.Is(err, hook.ErrPrivate):
		return notify.Told{Text: "Webadressen fører ikke ud på internettet."}
	case errors.As(err, &answered):
		return notify.Told{Text: answered.Error()}
	}
	return err
}

// Incident returns the stage that makes packages for the data protection officer, or nil without a key for it.
func (h *House) incident() func(ctx context.Context, who post.Caller, shipment string) (post.Link, error) {
	if h.Evidence == nil {
		return nil
	}
	return h.evidence().Make
}

func (h *House) evidence() *incident.Handler {
	return &incident.Handler{Shipments: h.Store.Shipments(), Letters: h.Store.Letters(), Objects: h.Objects, Links: h.Links, Audit: h.Store.Trail(time.Now),
		Sign: h.Evidence.Sign, Now: time.Now}
}

// Pack makes the package of a shipment for an operator, whosever it is.
func (h *House) Pack(ctx context.Context, shipment string) ([]byte, error) {
	s, err := h.Store.Shipments().Get(ctx, shipment)
	if err != nil {
		return nil, err
	}
	return h.evidence().Pack(ctx, post.Caller{Org: s.Org, Name: "drift"}, shipment)
}

// EvidenceKey reads the key that signs packages, or makes it where there is none yet.
func EvidenceKey(read func() ([]byte, error), write func([]byte) error) (*seal.Key, error) {
	text, err := read()
	if !errors.Is(err, fs.ErrNotExist) {
		if err != nil {
			return nil, err
		}
		return seal.ParseKey(text)
	}
	key, err := seal.NewKey("Brevdue", time.Now())
	if err != nil {
		return nil, err
	}
	if text, err = key.PEM(); err != nil {
		return nil, err
	}
	return key, write(text)
}
