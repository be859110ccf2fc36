package post

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/sentence"
)

// NoticeKind is what somebody wants to be told without looking.
type NoticeKind string

// The kinds of notices.
const (
	ShipmentErrors     NoticeKind = "shipment-errors"      // letters of a shipment stand in Ubehandlet
	QueueStands        NoticeKind = "queue-stalled"        // nothing moved for longer than it should
	DigitalPostDown    NoticeKind = "digital-post-down"    // and letters wait
	DigitalPostUp      NoticeKind = "digital-post-up"      // again
	SendingStopped     NoticeKind = "organization-stopped" // nothing leaves
	CertificateExpires NoticeKind = "certificate-expires"  // Digital Post will not let us in any more
	MachineTrouble     NoticeKind = "machine-trouble"      // the disk is full, or will be soon
	ShipmentHeld       NoticeKind = "shipment-held"        // a planned shipment did not leave, and waits in review
	ShipmentEnded      NoticeKind = "shipment-ended"       // which letters are available to their recipients
	EmergencyLogin     NoticeKind = "emergency-login"      // somebody came in past the organization's own log-in
)

// NoticeKinds are all kinds.
var NoticeKinds = []NoticeKind{
	ShipmentErrors,
	QueueStands,
	DigitalPostDown,
	DigitalPostUp,
	SendingStopped,
	CertificateExpires,
	MachineTrouble,
	EmergencyLogin,
	ShipmentHeld,
	ShipmentEnded,
}

// Notice (notits) is one thing to tell an organization. It names no person, no subject and no number.
type Notice struct {
	Org   string     `json:"-"`
	Kind  NoticeKind `json:"kind"`
	About string     `json:"about,omitempty"` // a shipment's id, or days that are left
	At    time.Time  `json:"at"`
	Once  bool       `json:"-"` // never told again

	Letters *AvailableLetters `json:"letters,omitempty"` // of a shipment that has ended
}

// Digest times: what happens close together is told together, and the same thing not again too soon.
const (
	DigestAfter  = 5 * time.Minute
	NotAgainFor  = time.Hour
	DeliverFor   = 24 * time.Hour // a delivery is tried again for so long
	DeliverLimit = 50             // notices in one
)

// Subscription (abonnement) is who is told, and how.
type Subscription struct {
	ID     string       `json:"id"`
	Org    string       `json:"-"`
	User   string       `json:"user"` // who asked for it
	Mail   string       `json:"mail,omitempty"`
	Hook   string       `json:"hook,omitempty"`   // an https address
	Secret string       `json:"secret,omitempty"` // that signs a hook; shown once
	Kinds  []NoticeKind `json:"kinds"`
}

// NewSubscription makes a subscription with a name, and a secret for a hook.
func NewSubscription(org, user string) Subscription {
	b := make([]byte, 38)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return Subscription{
		ID:     hex.EncodeToString(b[:6]),
		Org:    org,
		User:   user,
		Secret: HookSecretPrefix + base64.StdEncoding.EncodeToString(b[6:]),
	}
}

// HookSecretPrefix begins a hook's secret, as Standard Webhooks writes it: the rest is 24 to 64 bytes as base64.
// Secrets of earlier versions have none.
const HookSecretPrefix = "whsec_"

// SubscriptionLimit is how many subscriptions an organization may have.
const SubscriptionLimit = 20

// Check returns what is wrong with a subscription, in Danish.
func (s *Subscription) Check() error {
	var wrong Mistakes
	if err := CheckText(`§["place-address"]`, s.Mail+s.Hook, 0); err != nil {
		return Mistakes{{Field: "mail", Text: SentenceOf(err)}}
	}
	u, err := url.Parse(s.Hook)
	switch {
	case (s.Mail == "") == (s.Hook == ""):
		wrong.Say("mail", sentence.Of("mail-or-hook"))
	case s.Hook != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil):
		wrong.Say("hook", sentence.Of("hook-https"))
	case s.Mail != "":
		if a, err := mail.ParseAddress(s.Mail); err != nil || a.Address != s.Mail {
			wrong.Say("mail", sentence.Of("not-a-mail-address"))
		}
	}
	if len(s.Kinds) == 0 {
		s.Kinds = NoticeKinds
	}
	for _, k := range s.Kinds {
		if !slices.Contains(NoticeKinds, k) {
			wrong.Say("kinds", sentence.Of("notice-unknown", string(k)))
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// Delivery is one message to one subscriber: its line in the log.
type Delivery struct {
	ID           string       `json:"id"`
	Org          string       `json:"-"`
	Subscription Subscription `json:"-"`
	To           string       `json:"to"`
	Notices      []Notice     `json:"notices"`
	Made         time.Time    `json:"made"`
	Tries        int          `json:"tries"`
	Done         time.Time    `json:"done,omitzero"`
	GivenUp      bool         `json:"givenUp,omitempty"`
	Error        string       `json:"error,omitempty"` // of the last try
	Body         []byte       `json:"-"`               // of a hook, from its first try on
	Due          time.Time    `json:"-"`
}

// Failed notes a try that went wrong: it is tried again later, for a day.
func (d *Delivery) Failed(now Clock, why string) {
	d.Error = why
	d.Due = now.At.Add(now.Timings.BackOff(d.Tries, 1))
	if now.At.Sub(d.Made) >= DeliverFor {
		d.GivenUp, d.Due = true, time.Time{}
	}
}

// Notices is what has to be told.
type Notices interface {
	// Note says that something is to be told. The same again, before it was told or soon after, is told once.
	Note(ctx context.Context, n Notice) error
	// NoteToAll notes that a way is open again for everybody who was told that it was not.
	NoteToAll(ctx context.Context, was, is NoticeKind, at time.Time) error
}

// Deliveries turns notices into messages, and keeps what became of each.
type Deliveries interface {
	// DueOrganizations returns whose notices have waited long enough.
	DueOrganizations(ctx context.Context, by time.Time) ([]string, error)
	// Digest turns an organization's notices into one delivery for each subscriber.
	Digest(ctx context.Context, org string, at time.Time) error
	// DueDeliveries returns what has to be delivered now.
	DueDeliveries(ctx context.Context, by time.Time, limit int) ([]*Delivery, error)
	ChangeDelivery(ctx context.Context, org, id string, change func(*Delivery) error) (*Delivery, error)
}

// Notifier (notificer) is what people see of notices.
type Notifier interface {
	Subscriptions(ctx context.Context, org string) ([]Subscription, error)
	Deliveries(ctx context.Context, org string, limit int) ([]*Delivery, error)
	// Resend delivers again what was delivered or given up.
	Resend(ctx context.Context, org, id string, at time.Time) error
}

// AvailableLetters are how many letters of a shipment that has ended are available to their recipients, and for how
// many no deadline runs, since they are not (practice.md C14). From which day on each is available the API says.
type AvailableLetters struct {
	Available  int `json:"available"`
	NoDeadline int `json:"noDeadline"`
}

// Ended is the notice of a shipment that has ended. The numbers stand in its name, so that it is told once, and again
// where a letter is sent again.
func (s *Shipment) Ended(at time.Time) Notice {
	c := s.Counts
	return Notice{Org: s.Org, Kind: ShipmentEnded, At: at,
		About: fmt.Sprintf("%s-%d-%d", s.ID, c.Completed, c.Failed+c.Dismissed+c.Cancelled)}
}

// Spelled returns a notice with what stands in its name.
func (n Notice) Spelled() Notice {
	parts := strings.Split(n.About, "-")
	if n.Kind != ShipmentEnded || len(parts) != 3 {
		return n
	}
	available, err1 := strconv.Atoi(parts[1])
	none, err2 := strconv.Atoi(parts[2])
	if err1 == nil && err2 == nil {
		n.About, n.Letters = parts[0], &AvailableLetters{available, none}
	}
	return n
}
