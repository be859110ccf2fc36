package post

import (
	"context"
	"errors"
	"io"
	"time"

	"brevdue/internal/ident"
)

// Errors that ports return.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("already there")
	// Unchanged is returned by a change to say that there is nothing to write; it is no error.
	Unchanged = errors.New("unchanged")
)

// Object is one version of a stored file. Bytes never change under a version.
type Object struct {
	Key     string `json:"key,omitempty"`
	Version string `json:"version,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
	Size    int64  `json:"size,omitempty"`
}

// File is content on its way into Objects.
type File struct {
	Key      string
	Content  []byte
	Disposal time.Time // it is locked, and never for longer than to this day; zero for what is not locked
}

// Objects stores files. They are on disk when Put or Copy returns. Putting the same bytes under the same key again is
// harmless.
type Objects interface {
	// Put stores files together, and returns their objects in that order.
	Put(ctx context.Context, files ...File) ([]Object, error)
	// Open returns the bytes of that version, and ErrNotFound when there are none. close must be called.
	Open(ctx context.Context, o Object) (content []byte, close func(), err error)
	// Copy keeps the bytes under another key as well, and locks them where they are not to be disposed of before a day.
	Copy(ctx context.Context, from Object, key string, disposal time.Time) (Object, error)
	// Has reports whether anything complete lies under a key.
	Has(ctx context.Context, key string) (bool, error)
	// First returns the oldest complete version under a key, and ErrNotFound while there is none.
	First(ctx context.Context, key string) (Object, error)
	// Release says that nobody needs what lies under the keys any more: every version may be disposed of at any time.
	// Twice is once, and one that is gone already is no error.
	Release(ctx context.Context, keys ...string) error
}

// Terms are what an upload link allows, and nothing else.
type Terms struct {
	Org   string
	Key   string
	Type  string
	Limit int64
	After string // where a browser without script goes when the upload is done
	Life  time.Duration
}

// Link is a presigned request: whoever has it may make it until it expires. It is never logged.
type Link struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Fields  map[string]string `json:"fields,omitempty"` // of a multipart form; the file goes last, as "file"
	Expires time.Time         `json:"expires"`
}

// Links makes presigned links, so that bytes go around the functions.
type Links interface {
	Upload(ctx context.Context, t Terms) (Link, error)
	Download(ctx context.Context, org string, o Object, name string) (Link, error) // lives 60 seconds
	// Preview is for a PDF that is shown in a page of ours, and not saved. It lives as long.
	Preview(ctx context.Context, org string, o Object) (Link, error)
}

// Shipments stores shipments.
type Shipments interface {
	// Create returns ErrExists when the id is taken by another one; the same again is harmless.
	Create(ctx context.Context, s *Shipment) error
	// Get returns the shipment with its counts.
	Get(ctx context.Context, id string) (*Shipment, error)
	// List returns an organization's shipments, newest first, and the cursor of the next page ("" at the end).
	List(ctx context.Context, org, cursor string, limit int) ([]*Shipment, string, error)
	// Change reads, changes and writes; a concurrent change makes it start again.
	Change(ctx context.Context, id string, change func(*Shipment) error) (*Shipment, error)
	// Due returns shipments that should have moved on by then.
	Due(ctx context.Context, by time.Time, limit int) ([]*Shipment, error)
}

// Changed is what became of one letter of a Change.
type Changed struct {
	Letter *Letter
	Wrote  bool
	Err    error // of the change; nil for Unchanged
}

// Letters stores letters, and counts them by state in the same transaction, so that counts cannot drift.
type Letters interface {
	// Create writes letters that are not there yet; one that is there already stays as it is.
	Create(ctx context.Context, letters []*Letter) error
	Get(ctx context.Context, id LetterID) (*Letter, error)
	// Read returns letters in the order of their ids, nil for one that is not there.
	Read(ctx context.Context, ids ...LetterID) ([]*Letter, error)
	// Page returns up to limit letters of a split from the given place in the list on.
	Page(ctx context.Context, shipment string, version, from, limit int) ([]*Letter, error)
	// Change changes up to ten letters, in one transaction where nothing stands in the way, else one by one.
	Change(ctx context.Context, ids []LetterID, change func(*Letter) error) ([]Changed, error)
	// ChangeRead is Change for letters that were read or written a moment ago: they are read again only where somebody
	// was faster.
	ChangeRead(ctx context.Context, letters []*Letter, change func(*Letter) error) ([]Changed, error)
	// Due returns letters that should have moved on by then.
	Due(ctx context.Context, by time.Time, limit int) ([]*Letter, error)
}

// FailureFilter chooses rows of Ubehandlet; empty fields choose all.
type FailureFilter struct {
	Shipment string
	Letter   LetterID
	Message  string // id of a message that is about nothing that we know
	Code     Code
}

// Failures stores the rows of Ubehandlet.
type Failures interface {
	// Put shows a row; one that is open already since the same moment stays as it is, any other one is opened anew.
	Put(ctx context.Context, f *Failure) error
	// List returns open rows of an organization, by code and age.
	List(ctx context.Context, org string, filter FailureFilter, cursor string, limit int) ([]*Failure, string, error)
	// Close takes a row out of Ubehandlet: dismissed with a reason, or solved (""). A row that has come anew since
	// the given one was read stays.
	Close(ctx context.Context, f *Failure, reason, by string, at time.Time) error
}

// Cases stores archive cases.
type Cases interface {
	// Ensure opens the cases that are missing, and puts letters into them.
	Ensure(ctx context.Context, cases ...Case) error
	// LettersOf returns the letters to a person, or those in a case.
	LettersOf(ctx context.Context, org, person string) ([]LetterID, error)
}

// SentFiles remembers the files that were sent, to warn before one is sent again.
type SentFiles interface {
	// SentSince returns the shipment that sent the file since then, or "".
	SentSince(ctx context.Context, org, sha256 string, since time.Time) (shipment string, err error)
	// Claim notes that a shipment sends the file, and returns the shipment that has it: this one, or with force
	// false another one that claimed it since then. Of two at the same time one wins.
	Claim(ctx context.Context, org, sha256, shipment string, at, since time.Time, force bool) (owner string, err error)
}

// Queues takes errands. An errand is on disk when Send returns; it may be given out more than once.
type Queues interface {
	Send(ctx context.Context, q Queue, errands ...Errand) error
	// Return puts a message back as it came.
	Return(ctx context.Context, m DeadMessage) error
}

// Outgoing is a message on its way to Digital Post.
type Outgoing struct {
	UUID   string
	Length int64
	Body   func() io.Reader // may be asked for again
}

// Answer is what Digital Post said to an attempt.
type Answer struct {
	Accepted     bool
	Transmission string
	Duplicate    bool     // refused because the UUID is known
	Refused      *Problem // refused for good
}

// Channel is the way to Digital Post. An error means that nobody knows whether the letter arrived, or that it did
// not: try later, and ask first.
type Channel interface {
	Send(ctx context.Context, m Outgoing) (Answer, error)
	// Find asks whether Digital Post has taken in a message, and when that was asked for.
	Find(ctx context.Context, uuid string, since time.Time) (bool, error)
	// Receipts returns waiting business receipts, oldest first; they stay there until they are removed.
	Receipts(ctx context.Context, limit int) ([]Receipt, error)
	RemoveReceipts(ctx context.Context, ids []string) error
}

// NoChannel is the way to Digital Post when there is none: every question is answered with why.
type NoChannel struct{ Why error }

// Send implements Channel.
func (c NoChannel) Send(context.Context, Outgoing) (Answer, error) { return Answer{}, c.Why }

// Find implements Channel.
func (c NoChannel) Find(context.Context, string, time.Time) (bool, error) { return false, c.Why }

// Receipts implements Channel.
func (c NoChannel) Receipts(context.Context, int) ([]Receipt, error) { return nil, c.Why }

// RemoveReceipts implements Channel.
func (c NoChannel) RemoveReceipts(context.Context, []string) error { return c.Why }

// Strays keeps receipts that belong to no letter, so that none is lost.
type Strays interface {
	Keep(ctx context.Context, r Receipt, why string) error
}

// Organization is who sends.
type Organization struct {
	ID      string
	Name    string
	Senders []Sender // approved; the first is the default
	MeMo    MeMoVersion
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

// Desk takes orders.
type Desk interface {
	Create(ctx context.Context, who Caller, o Order) (*Shipment, []Link, error)
	Send(ctx context.Context, who Caller, id string) (*Shipment, error)
	Cancel(ctx context.Context, who Caller, id string) (*Shipment, error)
	// Edit corrects the split of a shipment that waits for review, which is split anew then.
	Edit(ctx context.Context, who Caller, id string, e Edit) (*Shipment, error)
	// PutProfile and RemoveProfile change what source systems' letters look like.
	PutProfile(ctx context.Context, who Caller, p Profile) error
	RemoveProfile(ctx context.Context, who Caller, name string) error
}

// Remedies are what is pressed in Ubehandlet.
type Remedies interface {
	Replay(ctx context.Context, who Caller, filter FailureFilter, how Replay) (Replayed, error)
	Dismiss(ctx context.Context, who Caller, filter FailureFilter, reason string) (int, error)
	// Correct sets recipient or subject of one letter right, and sends it.
	Correct(ctx context.Context, who Caller, id LetterID, recipient, subject string) error
}

// Switches are what is pressed about all of an organization's post: whether anything leaves, and who is told.
type Switches interface {
	// Stop stops the organization's sending at once. It needs a reason, and nothing else.
	Stop(ctx context.Context, who Caller, reason string) error
	// Start lets the organization send again.
	Start(ctx context.Context, who Caller) error
	// Subscribe adds somebody who is told: an address, and what of; nothing said is everything. The secret that signs a
	// hook is made here and shown once.
	Subscribe(ctx context.Context, who Caller, wanted Subscription) (Subscription, error)
	Unsubscribe(ctx context.Context, who Caller, id string) error
}

// Caller is who does something: a person, or a program with an API key.
type Caller struct {
	Org  string    `json:"org"`
	Name string    `json:"name"`
	Kind ActorKind `json:"-"` // how they came in
}
