package post

import (
	"context"
	"slices"
	"time"
)

// Outage is a time in which something did not work for anybody.
type Outage struct {
	Of       Affected
	From, To time.Time // To is zero while it lasts
}

// Affected is what did not work.
type Affected string

// What can be out of order.
const (
	DigitalPostOut Affected = "digital-post"
	BrevdueOut     Affected = "brevdue"
)

// Lasted is how long an outage has lasted.
func (o Outage) Lasted(now time.Time) time.Duration {
	if o.To.IsZero() {
		return now.Sub(o.From)
	}
	return o.To.Sub(o.From)
}

// ShipmentService is how fast the letters of a shipment left.
type ShipmentService struct {
	Shipment string
	Sent     time.Time // when its letters might leave
	Letters  int       // that Digital Post has taken
	Prompt   int       // of them, within PromptWithin
}

// PromptWithin is how long a letter that is queued has to be with Digital Post.
const PromptWithin = 10 * time.Second

// ServiceRecord keeps how the installation has worked, for its status page: figures of all organizations together.
type ServiceRecord interface {
	// PutOutage notes an outage; that of the same place from the same moment is replaced.
	PutOutage(ctx context.Context, o Outage) error
	// Outages returns those that began since a moment, the newest first.
	Outages(ctx context.Context, since time.Time) ([]Outage, error)
	// PutService notes a shipment, as it was when it was noted first. One that was sent before Brevdue was first noted
	// to work, by a version before this one, is not: nobody knows how fast its letters left.
	PutService(ctx context.Context, s ShipmentService) error
	// Service adds up the shipments that were sent since a day.
	Service(ctx context.Context, since time.Time) (ShipmentService, error)
}

// Heartbeats keep when Brevdue was at work.
type Heartbeats interface {
	// LastBeat is when it was noted last; zero for never.
	LastBeat(ctx context.Context) (time.Time, error)
	PutBeat(ctx context.Context, at time.Time) error
}

// Prompt reports whether Digital Post had a letter within PromptWithin from when it was queued. One that a person had
// to send again was not.
func (l *Letter) Prompt() bool {
	m := l.Current()
	if m == nil || m.Accepted.IsZero() || l.State != HandedOver && l.State != Completed {
		return false
	}
	again := func(e Event) bool { return e.What == WasReplayed || e.What == WasCorrected }
	if slices.ContainsFunc(l.History, again) {
		return false
	}
	queued := l.QueuedAt()
	return !queued.IsZero() && m.Accepted.Sub(queued) <= PromptWithin
}
