package post

import (
	"context"
	"time"

	"brevdue/internal/ident"
)

// Organization is who sends.
type Organization struct {
	ID      string
	Name    string
	Senders []Sender // approved; the first is the default
	MeMo    MeMoVersion
	Undo    time.Duration // how long a Send can be undone; 0 for UsualUndo
	Demands bool          // each Send has the undo window, also those of programs
}

// UsualUndo is how long a Send can be undone where the organization has said nothing.
const UsualUndo = 5 * time.Minute

// UndoWindow is how long a Send of the organization can be undone.
func (o *Organization) UndoWindow() time.Duration {
	if o.Undo > 0 {
		return o.Undo
	}
	return UsualUndo
}

// Numbers returns the organization's own CVR numbers.
func (o *Organization) Numbers() []ident.Number {
	numbers := make([]ident.Number, len(o.Senders))
	for i, s := range o.Senders {
		numbers[i] = s.Number
	}
	return numbers
}

// Sender returns the approved sender with that number; "" is the default.
func (o *Organization) Sender(number string) (Sender, bool) {
	for _, s := range o.Senders {
		if number == "" || ident.Digits(number) == s.Number.Reveal() {
			return s, true
		}
	}
	return Sender{}, false
}

// Organizations stores organizations.
type Organizations interface {
	Organization(ctx context.Context, id string) (*Organization, error)
	// ByNumber returns the id of the organization that a number belongs to.
	ByNumber(ctx context.Context, n ident.Number) (string, error)
}

// NewOrganizations creates organizations. It never touches what is another one's: an id that is taken is ErrExists, a
// number ErrNumberTaken, and nothing is written. The same again is harmless.
type NewOrganizations interface {
	CreateOrganization(ctx context.Context, o *Organization) error
}

// OrganizationCommands are what is pressed about all of an organization's post: whether anything leaves, and who is
// told.
type OrganizationCommands interface {
	// Stop stops the organization's sending at once. It needs a reason, and nothing else.
	Stop(ctx context.Context, who Caller, reason string) error
	// Start lets the organization send again.
	Start(ctx context.Context, who Caller) error
	// Subscribe adds somebody who is told: an address, and what of; nothing said is everything. The secret that signs a
	// hook is made here and shown once.
	Subscribe(ctx context.Context, who Caller, wanted Subscription) (Subscription, error)
	Unsubscribe(ctx context.Context, who Caller, id string) error
}
