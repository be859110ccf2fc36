package post

import (
	"context"
	"time"
)

// User is a person who may come into an organization. Names are unique within it.
type User struct {
	Org, Name    string
	Login        string // what is typed at the log-in: the name or, where another one has that, name@organization
	FullName     string
	Mail         string
	Unit         string    // of what they make, where they say nothing else
	Groups       []string  // ids of access groups; nil for one of a version before there were groups
	Closed       time.Time // they may not come in since then; zero while they may
	LoggedIn     time.Time // the last time
	Elsewhere    bool      // they log in at the organization's own place, and have no code
	InvitedUntil time.Time // they have not chosen a code yet, and the one that they were given ends then
}

// CreatedUser is a user with a new code. It is shown once; "" where it was mailed.
type CreatedUser struct {
	User
	Code string
}

// GivenCode is a code that somebody else than its user has made. It works until its time, and is replaced at the
// log-in.
type GivenCode struct {
	Hash  string // argon2id
	Until time.Time
}

// GivenFor is for how long a code that somebody has given works.
const GivenFor = 48 * time.Hour

// Users are the people of organizations.
type Users interface {
	// Users returns an organization's users by name, also the closed ones.
	Users(ctx context.Context, org string) ([]User, error)
	UserOf(ctx context.Context, org, name string) (User, error)
	// AddUser makes a user with a code; one that is there is ErrExists.
	AddUser(ctx context.Context, u User, code GivenCode) error
}

// RightsNow says what may be done now by whoever made or approved something before: a user, or a key (KeyOwner). Who is
// closed, or not there, may do nothing.
type RightsNow interface {
	MayNow(ctx context.Context, org, owner string, r Right, a Area) (bool, error)
}

// UserAdministration is what is done with the users of an organization by whoever may administer it, or runs the
// installation.
type UserAdministration interface {
	Access(ctx context.Context, who Caller) (*Access, error)
	// AddUser makes a user, and mails the code or returns it; one that is there is a sentence.
	AddUser(ctx context.Context, who Caller, u User) (CreatedUser, error)
	// ChangeUser changes full name, mail, unit and groups; what is empty stays as it is.
	ChangeUser(ctx context.Context, who Caller, u User) (User, error)
	// CloseUser keeps a user out from now on, or lets them in again.
	CloseUser(ctx context.Context, who Caller, name string, closed bool) (User, error)
	// NewCode gives a user another code, and ends their sessions.
	NewCode(ctx context.Context, who Caller, name string) (CreatedUser, error)
}

// FactorAdministration is what is done for who has lost a second factor.
type FactorAdministration interface {
	// RemoveFactors takes away the second factors of another user.
	RemoveFactors(ctx context.Context, who Caller, name string) error
}

// GroupAdministration is what is done with access groups.
type GroupAdministration interface {
	// PutGroup makes a group, where its id is "", or changes it.
	PutGroup(ctx context.Context, who Caller, g AccessGroup) (AccessGroup, error)
	// RemoveGroup removes a group that has no members.
	RemoveGroup(ctx context.Context, who Caller, id string) error
}

// UserImport takes users from a list. Each row is done by itself, and a row that was done once is done.
type UserImport interface {
	// Import makes and changes users of a list (CSV); a dry run only says what it would do.
	Import(ctx context.Context, who Caller, list []byte, dryRun bool) ([]ImportedRow, error)
}

// ImportRow is a row of a list of users.
type ImportRow struct {
	Number int // in the file, with its head
	Name   string
	Full   string
	Mail   string
	Groups []string // by name or id
}

// Imported is what becomes of a row.
type Imported string

// What can become of a row.
const (
	ImportAdds    Imported = "added"
	ImportChanges Imported = "changed"
	ImportSame    Imported = "same"
	ImportSkips   Imported = "skipped"
)

// ImportedRow is a row with what becomes of it, and with the code where one was made and not mailed.
type ImportedRow struct {
	ImportRow
	What Imported
	Why  error // it is skipped
	Code string
}

// CodeRequest is that somebody is to get a code by mail: they have forgotten theirs, or were invited.
type CodeRequest struct {
	Login     string    `json:"login"`
	At        time.Time `json:"at"`
	Invited   bool      `json:"invited,omitempty"`
	Tries     int       `json:"tries,omitempty"`
	NotBefore time.Time `json:"notBefore,omitzero"`
}
