package post

import (
	"context"
	"slices"
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
	Rules   Rules         // for who comes in
	SSO     *SingleSignOn // nil where there is none

	Archives []ArchiveConnection // outside Brevdue

	Connections []Connection // its own into Digital Post, with those that have ended: see Connect

	Units []Unit
	Types []DocumentType
	// FourEyes is from how many letters of one writer and day on another person approves; 0 for never.
	FourEyes int
	Daily    int // letters that may leave a day; 0 for any number
	KeyDaily int // and that one API key may send a day
	// HideNames has lists show recipients by their masked number alone (practice.md D2).
	HideNames bool
	// FourEyesAsked waits for a second administrator; zero for nothing.
	FourEyesAsked FourEyesAsked
}

// Unit (enhed) is a part of an organization.
type Unit struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// UnitName is what a unit is called; "" for none.
func (o *Organization) UnitName(id string) string {
	for _, u := range o.Units {
		if u.ID == id {
			return u.Name
		}
	}
	return id
}

// DocumentType (dokumenttype) is what a shipment's letters are, with its number in KLE, the filing plan, and with what
// holds for every letter of the type, whatever its sender chooses.
type DocumentType struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	KLE          string `json:"kle,omitempty"`
	Confidential bool   `json:"confidential,omitempty"`
	Mandatory    bool   `json:"mandatory,omitempty"` // mandatory post reaches those too who are exempt
	NoReply      bool   `json:"noReply,omitempty"`   // its recipient cannot answer

	Archives []string `json:"archives,omitempty"` // outside Brevdue, in which its letters are put as well
	Cases    CaseRule `json:"cases,omitempty"`
}

// Unit returns a unit by its id.
func (o *Organization) Unit(id string) (Unit, bool) {
	i := slices.IndexFunc(o.Units, func(u Unit) bool { return u.ID == id })
	if i < 0 {
		return Unit{}, false
	}
	return o.Units[i], true
}

// Type returns a document type by its id.
func (o *Organization) Type(id string) (DocumentType, bool) {
	i := slices.IndexFunc(o.Types, func(t DocumentType) bool { return t.ID == id })
	if i < 0 {
		return DocumentType{}, false
	}
	return o.Types[i], true
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
//
// Who comes in first is written with it: a name that is another organization's is ErrUserTaken.
type NewOrganizations interface {
	CreateOrganization(ctx context.Context, o *Organization, first ...Account) error
}

// OrganizationChanges changes organizations, and lists those of an installation by id. A number that another one has is
// ErrNumberTaken.
type OrganizationChanges interface {
	AllOrganizations(ctx context.Context) ([]*Organization, error)
	ChangeOrganization(ctx context.Context, org string, change func(*Organization) error) (*Organization, error)
}

// NewOrganization is what an operator says of a new organization and its first user.
type NewOrganization struct {
	ID, Name, CVR, User string
	Undo                time.Duration // how long a Send can be undone; 0 for the usual time
	UndoAlways          bool          // also that of a program
}

// CreatedOrganization is a new organization with what its first user and first program come in by. It is shown once.
type CreatedOrganization struct {
	Organization string `json:"organization"`
	User         string `json:"user"`
	Code         string `json:"code"`
	Key          string `json:"key"`
}

// OrganizationChange is what an operator changes of an organization; what is nil or empty stays as it is.
type OrganizationChange struct {
	Name       string             `json:"name,omitempty"`
	Senders    map[string]string  `json:"senders,omitempty"` // names by CVR number: new ones, and new names of known ones
	Remove     []string           `json:"remove,omitempty"`  // CVR numbers that send no more
	Undo       *time.Duration     `json:"undo,omitempty"`
	UndoAlways *bool              `json:"undoAlways,omitempty"`
	Settings   SettingsChange     `json:"-"` // the rest of them
	SSO        *SingleSignOn      `json:"-"` // one without an issuer is none
	Connection *Connection        `json:"-"` // one without a system is that of the installation
	Archive    *ArchiveConnection `json:"-"` // a new one, or the one with that id
	EndArchive string             `json:"-"` // takes no more letters
	Forget     string             `json:"-"` // the system of a former connection, which is not asked any more
}

// Operation is what is done by whoever runs an installation, and belongs to no organization. An operator is who can
// read the data folder, or has access to the table.
type Operation interface {
	// AddOrganization makes an organization; one that is there is ErrExists.
	AddOrganization(ctx context.Context, o NewOrganization) (CreatedOrganization, error)
	Organizations(ctx context.Context) ([]*Organization, error)
	// ChangeOrganization changes an organization. One of its numbers stays, or it could send nothing.
	ChangeOrganization(ctx context.Context, org string, c OrganizationChange) (*Organization, error)
	// NewAccess gives a user of an organization a new code, makes the user if need be, and makes a new key.
	NewAccess(ctx context.Context, org, user string) (CreatedOrganization, error)
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
