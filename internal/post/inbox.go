package post

import (
	"context"
	"time"

	"brevdue/internal/ident"
)

// InboxMessage is post that somebody sent to an organization.
type InboxMessage struct {
	ID       string // messageUUID: the same message is the same, however often Digital Post offers it
	Org      string
	From     ident.Number
	FromName string
	Subject  string
	Sent     time.Time // as the message says; zero when it says nothing that can be
	Received time.Time
	Files    []InboxFile // the main document first
	Raw      Object      // the message as it came
	Problem  *Problem    // it could not be read: only Raw is there
}

// InboxFile is a document of a message.
type InboxFile struct {
	Name   string
	Type   string
	Object Object
}

// Inbox stores incoming post.
type Inbox interface {
	// Put stores a message; one that is there already stays as it is.
	Put(ctx context.Context, m *InboxMessage) error
	// Get returns a message; another organization's is ErrNotFound.
	Get(ctx context.Context, org, id string) (*InboxMessage, error)
	// List returns an organization's messages, newest first, and the cursor of the next page ("" at the end).
	List(ctx context.Context, org, cursor string, limit int) ([]*InboxMessage, string, error)
}

// Mailbox is the way from Digital Post. What waits there stays until it is confirmed.
type Mailbox interface {
	// Waiting returns a page of the ids of messages that wait, from 0.
	Waiting(ctx context.Context, page, size int) ([]string, error)
	// Fetch returns a message as it is, and ErrNotFound when it does not wait any more.
	Fetch(ctx context.Context, id string) ([]byte, error)
	// Confirm gives the receipt for a message, and takes it out of the mailbox. Twice is once.
	Confirm(ctx context.Context, id, uuid string, status ReceiptStatus) error
}

// PushedMemo is a message that Digital Post has pushed, and that is stored: its receipt is to follow.
type PushedMemo struct {
	Org    string
	ID     string // under which Digital Post has it
	UUID   string
	Status ReceiptStatus
	Since  time.Time
}

// PushedFor is for how long a receipt is tried.
const PushedFor = 7 * 24 * time.Hour

// PushedMemos stores pushed messages whose receipts are to follow.
type PushedMemos interface {
	PutPushed(ctx context.Context, m PushedMemo) error
	// DuePushedMemos returns up to limit that came before then, the oldest first.
	DuePushedMemos(ctx context.Context, by time.Time, limit int) ([]PushedMemo, error)
	DropPushed(ctx context.Context, m PushedMemo) error
}
