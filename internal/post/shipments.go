package post

import (
	"context"
	"time"
)

// Shipments stores an organization's shipments. Another organization's is ErrNotFound.
type Shipments interface {
	ShipmentLists
	// Create returns ErrExists when the id is taken by another one; the same again is harmless.
	Create(ctx context.Context, s *Shipment) error
	// Get returns the shipment with its counts.
	Get(ctx context.Context, org, id string) (*Shipment, error)
	// Change reads, changes and writes; a concurrent change makes it start again.
	Change(ctx context.Context, org, id string, change func(*Shipment) error) (*Shipment, error)
}

// ShipmentLists list the shipments of an organization.
type ShipmentLists interface {
	// List returns the shipments of an organization that somebody sees, newest first, and the cursor of the next page
	// ("" at the end). Who sees few of many may get less than a page, or nothing of it.
	List(ctx context.Context, org string, seen Sight, cursor string, limit int) ([]*Shipment, string, error)
	// Filtered is List for those that a filter takes.
	Filtered(ctx context.Context, org string, seen Sight, f ShipmentFilter, cursor string, limit int) (
		[]*Shipment, string, error)
	// Unfinished returns a page of the shipments of an organization of which something stands at a point of the way,
	// in no order, and the cursor of the next page ("" at the end).
	Unfinished(ctx context.Context, org, cursor string, limit int) ([]*Shipment, string, error)
}

// AllShipments is Shipments for who acts across organizations: the id comes out of a queue, and never from a caller.
type AllShipments interface {
	Shipments
	// GetAny is Get for whatever organization's.
	GetAny(ctx context.Context, id string) (*Shipment, error)
}

// DueShipments finds the shipments that the sweep looks at, across organizations.
type DueShipments interface {
	// Due returns shipments that should have moved on by then.
	Due(ctx context.Context, by time.Time, limit int) ([]*Shipment, error)
}
