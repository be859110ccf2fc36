package post

import (
	"context"

	"brevdue/internal/sentence"
)

// SavedFilter is a way of looking at the log that somebody has given a name.
type SavedFilter struct {
	Name    string
	Address string // of the log, with the filter in it
}

// SavedFiltersMost is how many one user can have.
const SavedFiltersMost = 20

const savedFilterName = 40

// Check returns what is wrong with a filter.
func (f *SavedFilter) Check() Mistakes {
	var wrong Mistakes
	if IsBlank(f.Name) {
		wrong.Say("name", sentence.Of("filter-name"))
	} else {
		wrong.Check("name", CheckText(`§["place-name"]`, f.Name, savedFilterName))
	}
	return wrong
}

// SavedFilters stores the filters of users.
type SavedFilters interface {
	// PutFilter keeps a filter, or replaces the one of that name.
	PutFilter(ctx context.Context, org, user string, f SavedFilter) error
	// Filters returns a user's filters, by name.
	Filters(ctx context.Context, org, user string) ([]SavedFilter, error)
	RemoveFilter(ctx context.Context, org, user, name string) error
}
