package post

import (
	"context"
	"time"
)

// ShipmentCommands take orders (upload.Commands).
type ShipmentCommands interface {
	Create(ctx context.Context, who Caller, o Order) (*Shipment, []Link, error)
	// Edit corrects a shipment that waits for review. seen is the revision of the draft that the caller has seen
	// (Review.Revision); AnyRevision for whatever it is. Of another one ErrDraftChanged says so.
	Edit(ctx context.Context, who Caller, id string, seen int, e Edit) (*Shipment, error)
	Send(ctx context.Context, who Caller, id string, how SendOrder) (*Shipment, error)
	// Undo takes a Send back before anything has begun to leave.
	Undo(ctx context.Context, who Caller, id string) (*Shipment, error)
	Cancel(ctx context.Context, who Caller, id string) (*Shipment, error)
}

// AnyRevision stands for whatever revision a draft has.
const AnyRevision = -1

// SendOrder (afsendelse) is how a reviewed shipment is to leave.
type SendOrder struct {
	Seen   int       // revision of the draft that the caller has seen, or AnyRevision
	Window bool      // with the undo window of the organization
	At     time.Time // not before this; zero for at once
	// AskDates has letters ask first that are old when they leave: it is for whoever can be asked.
	AskDates bool
}

// PauseCommands hold a shipment back that is being sent, and let it go on.
type PauseCommands interface {
	Pause(ctx context.Context, who Caller, id string) (*Shipment, error)
	Continue(ctx context.Context, who Caller, id string) (*Shipment, error)
}

// ProfileCommands change what source systems' letters look like.
type ProfileCommands interface {
	PutProfile(ctx context.Context, who Caller, p Profile) error
	RemoveProfile(ctx context.Context, who Caller, name string) error
}

// Remedies are what is pressed in Ubehandlet. Few rows are done at once, and the answer is their result; of more than
// BulkRows the answer has an id, and they are done in the background.
type Remedies interface {
	Replay(ctx context.Context, who Caller, chosen []FailureFilter, how Replay) (*Bulk, error)
	Dismiss(ctx context.Context, who Caller, chosen []FailureFilter, reason string) (*Bulk, error)
	// StopBulk ends what was pressed for many rows. What was done is done.
	StopBulk(ctx context.Context, who Caller, id string) (*Bulk, error)
	// Correct sets recipient or subject of one letter right, and sends it.
	Correct(ctx context.Context, who Caller, id LetterID, recipient, subject string) error
}
