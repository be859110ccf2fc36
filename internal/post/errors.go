package post

import (
	"errors"
)

// Errors that ports return.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("already there")
	// ErrUserTaken means that a user's name is another organization's.
	ErrUserTaken = errors.New("the user's name is another organization's")
	// ErrNumberTaken means that a number is another organization's.
	ErrNumberTaken = errors.New("the number is another organization's")
	// ErrDamaged means that a file's bytes are not those that were stored: they were changed or cut short by somebody
	// else.
	ErrDamaged = errors.New("its bytes are not those that were stored")
	// ErrUnreadable means that what is stored cannot be read. It stands in Ubehandlet; lists go on without it.
	ErrUnreadable = errors.New("cannot be read")
	// ErrOvertaken means that what a write was made from has changed since it was read: read it again.
	ErrOvertaken = errors.New("changed by somebody else")
	// Unchanged is returned by a change to say that there is nothing to write; it is no error.
	ErrUnchanged = errors.New("unchanged")
)
