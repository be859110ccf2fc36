// Package notify tells people without their looking: it gathers what happened to an organization, and delivers it as
// one message to each subscriber, by mail or web hook.
//
// Invariant: no message names a person, a subject or a number. What could not be delivered is tried again for a day,
// and stands in the log.
//
// every minute -> [notify] -> mail, web hooks
package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Carrier takes a message to one address.
type Carrier interface {
	Deliver(ctx context.Context, m Message) error
}

// Message is what a subscriber gets.
type Message struct {
	ID      string        `json:"id"`
	To      string        `json:"-"`
	Secret  string        `json:"-"` // signs a hook
	At      time.Time     `json:"at"`
	Subject string        `json:"subject"`
	Text    string        `json:"text"`
	Notices []post.Notice `json:"notices"`
	Body    []byte        `json:"-"` // what a hook gets: all of the above, the same at every try
}

// Handler notifies.
type Handler struct {
	Notices    post.Notices
	Deliveries post.Deliveries
	Mail       Carrier // nil where no mail can be sent
	Hook       Carrier
	Base       string // address of the portal
	Timings    post.Timings
	Runner     parallel.Runner
	Now        func() time.Time
	// Expires is when the certificate for Digital Post ends; zero for none. Operator is who is told.
	Expires  time.Time
	Operator string
	// Ends are when certificates of organizations end that have their own; nil for none.
	Ends    func(ctx context.Context) (map[string]time.Time, error)
	Trouble func() string // what the machine has run out of, or nil
}

func (h *Handler) clock() post.Clock { return post.Clock{At: h.Now(), Timings: h.Timings} }

// deliveriesAtOnce bounds one round.
const deliveriesAtOnce = 50

// Run makes messages of what has waited long enough, and delivers what is due.
func (h *Handler) Run(ctx context.Context) (more bool, err error) {
	errs := []error{h.certificates(ctx), h.machine(ctx)}
	orgs, err := h.Deliveries.DueOrganizations(ctx, h.Now())
	errs = append(errs, err)
	for _, org := range orgs {
		errs = append(errs, h.Deliveries.Digest(ctx, org, h.Now()))
	}
	due, err := h.Deliveries.DueDeliveries(ctx, h.Now(), deliveriesAtOnce)
	errs = append(errs, err, h.Runner.Run(ctx, len(due), 10, func(i int) error { return h.deliver(ctx, due[i]) }))
	return len(due) == deliveriesAtOnce, errors.Join(errs...)
}

// machine tells who runs the installation what its machine has run out of, or soon will.
func (h *Handler) machine(ctx context.Context) error {
	if h.Trouble == nil || h.Operator == "" || h.Trouble() == "" {
		return nil
	}
	return h.Notices.Note(ctx, post.Notice{Org: h.Operator, Kind: post.MachineTrouble, At: h.Now()})
}

// warnings are how many days before its end a certificate is warned of.
var warnings = []int{7, 30, 60}

// certificates warns of the end of the certificates that Digital Post knows us by: of the installation's the operator,
// of their own the organizations.
func (h *Handler) certificates(ctx context.Context) error {
	var errs []error
	if !h.Expires.IsZero() && h.Operator != "" {
		errs = append(errs, h.certificate(ctx, h.Operator, h.Expires))
	}
	if h.Ends != nil {
		ends, err := h.Ends(ctx)
		errs = append(errs, err)
		for org, end := range ends {
			errs = append(errs, h.certificate(ctx, org, end))
		}
	}
	return errors.Join(errs...)
}

func (h *Handler) certificate(ctx context.Context, org string, end time.Time) error {
	left := end.Sub(h.Now())
	for _, days := range warnings {
		if left < time.Duration(days)*24*time.Hour {
			// the day it ends stands in the name, so that each warning is given once for each certificate
			return h.Notices.Note(
				ctx,
				post.Notice{
					Org:   org,
					Kind:  post.CertificateExpires,
					About: fmt.Sprintf("%d-%s", days, end.UTC().Format(time.DateOnly)),
					At:    h.Now(),
					Once:  true,
				},
			)
		}
	}
	return nil
}

// claimFor is how long a try may last before somebody else tries.
const claimFor = 2 * time.Minute

// deliver claims a delivery, tries it, and writes down how that went.
func (h *Handler) deliver(ctx context.Context, due *post.Delivery) error {
	claimed := false
	d, err := h.Deliveries.ChangeDelivery(ctx, due.Org, due.ID, func(d *post.Delivery) error {
		claimed = !d.Due.IsZero() && !d.Due.After(h.Now())
		if !claimed {
			return post.ErrUnchanged
		}
		d.Tries++
		d.Due = h.Now().Add(claimFor)
		return h.fix(d)
	})
	if err != nil || !claimed {
		return err
	}
	tried := h.carry(ctx, d)
	if tried != nil {
		slog.Warn("notice", "delivery", d.ID, "error", tried)
	}
	_, err = h.Deliveries.ChangeDelivery(context.WithoutCancel(ctx), d.Org, d.ID, func(d *post.Delivery) error {
		if tried != nil {
			d.Failed(h.clock(), h.why(d, tried))
			return nil
		}
		d.Done, d.Due, d.Error = h.Now(), time.Time{}, ""
		return nil
	})
	return err
}

// why says what went wrong. What the network says stands in the log: it may name what is within.
func (h *Handler) why(d *post.Delivery, err error) string {
	switch told := (UserError{}); {
	case errors.As(err, &told):
		return told.Text
	case errors.Is(err, ErrNoMail):
		return texts.Of(ErrNoMail)
	case d.Subscription.Hook != "":
		return texts.Say("hook-silent")
	}
	return texts.Say("mail-refused")
}

// UserError is an error whose text is for the subscriber.
type UserError struct{ Text string }

func (t UserError) Error() string { return t.Text }

// ErrNoMail means that there is nobody who takes mail.
var ErrNoMail = sentence.Sentence(`§["no-mail-server"]`)

func (h *Handler) carry(ctx context.Context, d *post.Delivery) (err error) {
	defer parallel.Recover(&err)
	m := h.message(d)
	switch {
	case d.Subscription.Hook != "":
		return h.Hook.Deliver(ctx, m)
	case h.Mail == nil:
		return ErrNoMail
	}
	return h.Mail.Deliver(ctx, m)
}

func (h *Handler) message(d *post.Delivery) Message {
	m := Message{ID: d.ID, To: d.To, Secret: d.Subscription.Secret, At: d.Made, Notices: d.Notices, Body: d.Body}
	m.Subject, m.Text = h.words(d.Notices)
	return m
}

// fix writes a hook's message before the first try. A receiver knows a message again by its id, and it must be the same
// one then, whichever version of Brevdue tries.
func (h *Handler) fix(d *post.Delivery) (err error) {
	if d.Subscription.Hook != "" && d.Body == nil {
		d.Body, err = json.Marshal(h.message(d))
	}
	return err
}

// words writes the message. It says what happened and where to look, and nothing about anybody.
func (h *Handler) words(notices []post.Notice) (subject, text string) {
	return texts.Notices(notices, func(k post.NoticeKind) string { return h.Base + pages[k] })
}

// pages are where one looks.
var pages = map[post.NoticeKind]string{
	post.ShipmentErrors: "/log/ubehandlet", post.QueueStands: "/drift", post.DigitalPostDown: "/drift",
	post.DigitalPostUp: "/drift", post.SendingStopped: "/drift", post.MachineTrouble: "/drift",
	post.CertificateExpires: "/drift", post.EmergencyLogin: "/administration",
	post.ShipmentHeld: "/log", post.ShipmentEnded: "/log",
}
