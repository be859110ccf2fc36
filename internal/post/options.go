package post

import (
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Options are what a sender chooses for the messages of a shipment (digital-post.md 1.3). Days are days in Denmark,
// written 2026-12-24; "" is none.
type Options struct {
	ReplyBy      string `json:"replyBy,omitempty"`      // until when a reply is asked for
	DeliverOn    string `json:"deliverOn,omitempty"`    // Digital Post delivers nothing before it
	Mandatory    bool   `json:"mandatory,omitempty"`    // it reaches those too who are exempt
	Legal        bool   `json:"legal,omitempty"`        // legal notification (forkyndelse)
	LegalReason  string `json:"legalReason,omitempty"`  // why; for the audit log and whoever approves
	Notification string `json:"notification,omitempty"` // what the notice of the message says
	TypeName     string `json:"typeName,omitempty"`     // of the document type, as it was then
}

// Limits of options. NotificationLimit is the schema's (digital-post.md 1.2); how far ahead a day may lie is ours: for
// do-not-deliver-until the limit is not known (digital-post.md 11).
const (
	NotificationLimit = 160
	aheadMost         = 366 * 24 * time.Hour
	reasonMost        = 250
)

// Check notes what is wrong with the options of an order.
func (o *Options) Check(reply bool, now time.Time, wrong *Mistakes) {
	if o.ReplyBy != "" {
		if !reply {
			wrong.Say("replyBy", sentence.Of("reply-by-without-reply"))
		}
		wrong.Check("replyBy", checkAhead(`§["place-reply-by"]`, o.ReplyBy, now))
	}
	if o.DeliverOn != "" {
		wrong.Check("deliverOn", checkAhead(`§["place-deliver-on"]`, o.DeliverOn, now))
	}
	if o.ReplyBy != "" && o.DeliverOn != "" && o.ReplyBy <= o.DeliverOn {
		wrong.Say("replyBy", sentence.Of("reply-before-delivery"))
	}
	if o.Notification != "" {
		if ident.ContainsCPR(o.Notification) {
			wrong.Say("notification", sentence.Of("notification-with-number"))
		}
		wrong.Check("notification", CheckText(`§["place-notification"]`, o.Notification, NotificationLimit))
	}
	if o.Legal && IsBlank(o.LegalReason) {
		wrong.Say("legalReason", sentence.Of("legal-without-reason"))
	}
	if o.LegalReason != "" {
		if ident.ContainsCPR(o.LegalReason) {
			wrong.Say("legalReason", sentence.Of("notification-with-number"))
		}
		wrong.Check("legalReason", CheckText(`§["place-legal-reason"]`, o.LegalReason, reasonMost))
	}
}

// UnitOf returns the P-number of a typed recipient by the ordinal of its letter; "" for none.
func (s *Shipment) UnitOf(ordinal int) string {
	if len(s.TypedRecipients) == 0 || ordinal < 1 || ordinal > len(s.TypedUnits) {
		return ""
	}
	return s.TypedUnits[ordinal-1]
}

// TypedName is what a recipient list calls the recipient of a letter; "" for no name, and where the letter is for
// another one by now.
func (s *Shipment) TypedName(l *Letter) string {
	place, _ := l.ID.Place()
	i := place.Ordinal - 1
	if i < 0 || i >= len(s.TypedNames) || i >= len(s.TypedRecipients) ||
		s.TypedRecipients[i].Key() != l.Recipient.Key() {
		return ""
	}
	return s.TypedNames[i]
}

// CheckDays notes which days have passed by the time that a shipment leaves.
func (o *Options) CheckDays(leaves time.Time, wrong *Mistakes) {
	for _, day := range []struct{ field, is string }{{"deliverOn", o.DeliverOn}, {"replyBy", o.ReplyBy}} {
		if day.is != "" && day.is < DayOf(leaves) {
			wrong.Say(day.field, sentence.Of("option-day-passed"))
		}
	}
}

// checkAhead returns why a day cannot be one that lies ahead.
func checkAhead(place sentence.Sentence, day string, now time.Time) error {
	at, err := time.ParseInLocation(time.DateOnly, day, Denmark())
	if err != nil {
		return sentence.Of("option-day", place)
	}
	if day <= DayOf(now) || at.After(now.Add(aheadMost)) {
		return sentence.Of("option-day-range", place)
	}
	return nil
}

// DeliveryDay is when Digital Post delivers what it is told to keep until a day; zero for at once.
func (o *Options) DeliveryDay() time.Time {
	at, err := time.ParseInLocation(time.DateOnly, o.DeliverOn, Denmark())
	if err != nil {
		return time.Time{}
	}
	return at
}

// AwaitDelivery counts the deadline of a letter's receipt from the day on that Digital Post delivers it (practice.md
// C9).
func (l *Letter) AwaitDelivery(now Clock, day time.Time) {
	if due := day.Add(now.Timings.ReceiptWithin); l.State == HandedOver && due.After(l.Due) {
		l.Due = due
	}
}

// Available is the day on which a letter became available to its recipient: only that starts a deadline (practice.md
// C14). It is zero while nobody knows that it has.
func (l *Letter) Available(o *Options) time.Time {
	if l.State != Completed {
		return time.Time{}
	}
	at := time.Time{}
	for _, r := range l.Receipts {
		m := l.message(r.UUID)
		before := m != nil && l.corrected(m) // what somebody else got
		if r.Status == ReceiptCompleted && !before && (at.IsZero() || r.Issued.Before(at)) {
			at = r.Issued
		}
	}
	if day := o.DeliveryDay(); !at.IsZero() && day.After(at) {
		return day
	}
	return at
}

// Revealing is the finding of a subject or a notification that says more than a lock screen should.
var Revealing = Finding{Code: FindingRevealing, Text: `§["revealing-subject"]`}
