// Package notify tells people without their looking: it gathers what happened to an organization, and delivers it as one
// message to each subscriber, by mail or web hook.
//
// Invariant: no message names a person, a subject or a number. What could not be delivered is tried again for a day, and
// stands in the log.
//
// every minute -> [notify] -> mail, web hooks
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
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
}

// Handler notifies.
type Handler struct {
	Notices post.Notices
	Mail    Carrier // nil where no mail can be sent
	Hook    Carrier
	Base    string // address of the portal
	Pace    post.Pace
	Now     func() time.Time
	// Expires is when the certificate for Digital Post ends; zero for none. Operator is who is told.
	Expires  time.Time
	Operator string
}

func (h *Handler) moment() post.Moment { return post.Moment{At: h.Now(), Pace: h.Pace} }

// deliveriesAtOnce bounds one round.
const deliveriesAtOnce = 50

// Run makes messages of what has waited long enough, and delivers what is due.
func (h *Handler) Run(ctx context.Context) (more bool, err error) {
	errs := []error{h.certificate(ctx)}
	orgs, err := h.Notices.DueOrganizations(ctx, h.Now())
	errs = append(errs, err)
	for _, org := range orgs {
		errs = append(errs, h.Notices.Digest(ctx, org, h.Now()))
	}
	due, err := h.Notices.DueDeliveries(ctx, h.Now(), deliveriesAtOnce)
	errs = append(errs, err, post.Together(ctx, len(due), 10, func(i int) error { return h.deliver(ctx, due[i]) }))
	return len(due) == deliveriesAtOnce, errors.Join(errs...)
}

// warnings are how many days before its end a certificate is warned of.
var warnings = []int{7, 30, 60}

// certificate warns of the end of the certificate that Digital Post knows us by.
func (h *Handler) certificate(ctx context.Context) error {
	if h.Expires.IsZero() || h.Operator == "" {
		return nil
	}
	left := h.Expires.Sub(h.Now())
	for _, days := range warnings {
		if left < time.Duration(days)*24*time.Hour {
			// the day it ends stands in the name, so that each warning is given once for each certificate
			return h.Notices.Note(ctx, post.Notice{Org: h.Operator, Kind: post.CertificateExpires, About: fmt.Sprintf("%d-%s", days, h.Expires.UTC().Format(time.DateOnly)), At: h.Now(), Once: true})
		}
	}
	return nil
}

// claimFor is how long a try may last before somebody else tries.
const claimFor = 2 * time.Minute

// deliver claims a delivery, tries it, and writes down how that went.
func (h *Handler) deliver(ctx context.Context, due *post.Delivery) error {
	claimed := false
	d, err := h.Notices.ChangeDelivery(ctx, due.Org, due.ID, func(d *post.Delivery) error {
		claimed = !d.Due.IsZero() && !d.Due.After(h.Now())
		if !claimed {
			return post.Unchanged
		}
		d.Tries++
		d.Due = h.Now().Add(claimFor)
		return nil
	})
	if err != nil || !claimed {
		return err
	}
	tried := h.carry(ctx, d)
	if tried != nil {
		slog.Warn("notice", "delivery", d.ID, "error", tried)
	}
	_, err = h.Notices.ChangeDelivery(context.WithoutCancel(ctx), d.Org, d.ID, func(d *post.Delivery) error {
		if tried != nil {
			d.Failed(h.moment(), h.why(d, tried))
			return nil
		}
		d.Done, d.Due, d.Error = h.Now(), time.Time{}, ""
		return nil
	})
	return err
}

// why says in Danish what went wrong. What the network says stands in the log: it may name what is within.
func (h *Handler) why(d *post.Delivery, err error) string {
	switch told := (Told{}); {
	case errors.As(err, &told):
		return told.Text
	case errors.Is(err, ErrNoMail):
		return ErrNoMail.Error()
	case d.Subscription.Hook != "":
		return "Webadressen svarede ikke."
	}
	return "Mailserveren tog ikke imod beskeden."
}

// Told is an error whose text is for the subscriber.
type Told struct{ Text string }

func (t Told) Error() string { return t.Text }

// ErrNoMail means that there is nobody who takes mail.
var ErrNoMail = errors.New("der er ikke sat en mailserver op (serve --smtp)")

func (h *Handler) carry(ctx context.Context, d *post.Delivery) (err error) {
	defer post.Recover(&err)
	m := Message{ID: d.ID, To: d.To, Secret: d.Subscription.Secret, At: h.Now(), Notices: d.Notices}
	m.Subject, m.Text = h.words(d.Notices)
	switch {
	case d.Subscription.Hook != "":
		return h.Hook.Deliver(ctx, m)
	case h.Mail == nil:
		return ErrNoMail
	}
	return h.Mail.Deliver(ctx, m)
}

func others(n int) string {
	if n == 1 {
		return "én anden ting"
	}
	return fmt.Sprintf("%d andre ting", n)
}

// sentences say each kind. %s is what it is about.
var sentences = map[post.NoticeKind]struct{ title, text, link string }{
	post.ShipmentErrors:     {"Breve venter på dig", "Breve i forsendelsen %s kunne ikke sendes. De står i Ubehandlet med årsag og næste skridt.", "/log/ubehandlet"},
	post.QueueStands:        {"En kø står stille", "Breve har stået stille i mere end 5 minutter. Brevdue har lagt dem i køen igen.", "/drift"},
	post.DigitalPostDown:    {"Digital Post svarer ikke", "Breve venter, og bliver sendt, når Digital Post svarer. Intet bliver sendt to gange, og du skal ikke gøre noget.", "/drift"},
	post.DigitalPostUp:      {"Digital Post svarer igen", "Det, der ventede, bliver sendt nu.", "/drift"},
	post.SendingStopped:     {"Afsendelsen er stoppet", "Intet bliver sendt, før nogen trykker »Send igen fra nu af«.", "/drift"},
	post.CertificateExpires: {"Certifikatet udløber", "Certifikatet til Digital Post udløber om højst %s dage. Forny det i god tid.", "/drift"},
}

// words writes the message. It says what happened and where to look, and nothing about anybody.
func (h *Handler) words(notices []post.Notice) (subject, text string) {
	var b strings.Builder
	var titles []string
	for _, n := range notices {
		s := sentences[n.Kind]
		if !slices.Contains(titles, s.title) {
			titles = append(titles, s.title)
		}
		line := s.text
		if strings.Contains(line, "%s") {
			about, _, _ := strings.Cut(n.About, "-")
			line = fmt.Sprintf(line, about)
		}
		fmt.Fprintf(&b, "%s\n%s%s\n\n", line, h.Base, s.link)
	}
	subject = "Brevdue: " + titles[0]
	if len(titles) > 1 {
		subject += fmt.Sprintf(" – og %s", others(len(titles)-1))
	}
	return subject, b.String()
}
