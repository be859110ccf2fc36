package post

import (
	"context"
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
	Day      time.Time // on which it was made
	Letters  int       // that Digital Post has taken
	Prompt   int       // of them, within PromptWithin
}

// PromptWithin is how long a letter that may leave has to be with Digital Post.
const PromptWithin = 10 * time.Second

// ServiceRecord keeps how the installation has worked, for its status page: figures of all organizations together.
type ServiceRecord interface {
	// PutOutage notes an outage; that of the same place from the same moment is replaced.
	PutOutage(ctx context.Context, o Outage) error
	// Outages returns those that began since a moment, the newest first.
	Outages(ctx context.Context, since time.Time) ([]Outage, error)
	// PutService notes a shipment, once however often it is noted.
	PutService(ctx context.Context, s ShipmentService) error
	// Service adds up the shipments that were made since a day.
	Service(ctx context.Context, since time.Time) (ShipmentService, error)
	// Beat notes that Brevdue works, and returns when it was noted last; zero for never.
	Beat(ctx context.Context, at time.Time) (last time.Time, err error)
}

// Prompt reports whether Digital Post had a letter within PromptWithin from when it might leave.
func (l *Letter) Prompt() bool {
	m := l.Current()
	if m == nil || m.Accepted.IsZero() || l.State != HandedOver && l.State != Completed {
		return false
	}
	queued := l.QueuedAt()
	return !queued.IsZero() && m.Accepted.Sub(queued) <= PromptWithin
}
