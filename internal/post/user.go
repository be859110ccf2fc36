package post

import (
	"context"
	"time"
)

// User is a person who may come into an organization. Names are unique within it.
type User struct {
	Org, Name string
	Login     string // what is typed at the log-in: the name or, where another organization has that, name@organization
	FullName  string
	Mail      string
	Closed    time.Time // they may not come in since then; zero while they may
}

// CreatedUser is a user with a new code. It is shown once.
type CreatedUser struct {
	User
	Code string
}

// Users are the people of organizations.
type Users interface {
	// Users returns an organization's users by name, also the closed ones.
	Users(ctx context.Context, org string) ([]User, error)
	UserOf(ctx context.Context, org, name string) (User, error)
	// AddUser makes a user with the hash of a code; one that is there is ErrExists.
	AddUser(ctx context.Context, u User, codeHash string) error
	// ChangeUser changes what is known of a user; one that is not there is ErrNotFound.
	ChangeUser(ctx context.Context, org, name string, change func(*User) error) (User, error)
}

// Operator is all that is done by whoever runs an installation.
type Operator interface {
	Operation
	UserOperation
}

// UserOperation is what an operator does with the users of an organization.
type UserOperation interface {
	Users(ctx context.Context, org string) ([]User, error)
	// AddUser makes a user with a code; one that is there is ErrExists.
	AddUser(ctx context.Context, u User) (CreatedUser, error)
	// ChangeUser changes full name and mail; "" stays as it is.
	ChangeUser(ctx context.Context, u User) (User, error)
	// CloseUser keeps a user out from now on, or lets them in again. The last one who may come in is not closed.
	CloseUser(ctx context.Context, org, name string, closed bool) (User, error)
	// NewCode gives a user another code, and ends their sessions.
	NewCode(ctx context.Context, org, name string) (CreatedUser, error)
}
