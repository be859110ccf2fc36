package post

import (
	"context"
	"time"
)

// IDs returns the ids of letters.
func IDs(letters []*Letter) []LetterID {
	ids := make([]LetterID, len(letters))
	for i, l := range letters {
		ids[i] = l.ID
	}
	return ids
}

// Changed is what became of one letter of a Change.
type Changed struct {
	Letter *Letter
	Wrote  bool
	Err    error // of the change; nil for Unchanged
}

// Letters stores an organization's letters, and counts them by state in the same transaction, so that counts cannot
// drift. Another organization's letter is ErrNotFound.
type Letters interface {
	Get(ctx context.Context, org string, id LetterID) (*Letter, error)
	// Change changes letters, 50 at a time in one transaction where nothing stands in the way, else one by one.
	Change(ctx context.Context, org string, ids []LetterID, change func(*Letter) error) ([]Changed, error)
}

// AllLetters is Letters for who acts across organizations: the ids come out of a queue, a receipt or the sweep, and
// never from a caller.
type AllLetters interface {
	Letters
	// GetAny is Get for whatever organization's.
	GetAny(ctx context.Context, id LetterID) (*Letter, error)
	// ReadAny returns letters in the order of their ids, nil for one that is not there.
	ReadAny(ctx context.Context, ids ...LetterID) ([]*Letter, error)
	// ChangeAny is Change for letters of several organizations.
	ChangeAny(ctx context.Context, ids []LetterID, change func(*Letter) error) ([]Changed, error)
	// ChangeRead is ChangeAny for letters that were read or written a moment ago: they are read again only where
	// somebody was faster.
	ChangeRead(ctx context.Context, letters []*Letter, change func(*Letter) error) ([]Changed, error)
}

// LetterLists returns the letters of a shipment, in the order of their pages.
type LetterLists interface {
	// Page returns up to limit letters from the given place in the list on.
	Page(ctx context.Context, s *Shipment, from, limit int) ([]*Letter, error)
	// Partition returns the letters of one of Shipment.Partitions, those of a Send that was undone among them.
	Partition(ctx context.Context, s *Shipment, part int) ([]*Letter, error)
}

// NewLetters takes the letters that a Send makes.
type NewLetters interface {
	// Create writes letters that are not there yet, as long as the shipment is as it was read, else ErrOvertaken. One
	// that is there already stays as it is, and gives the one that was to be written its key and its file.
	Create(ctx context.Context, s *Shipment, letters []*Letter) error
	// RemoveUndone removes letters of a Send that was undone, and their counts, as long as the shipment is as it was
	// read, else ErrOvertaken. What may have left becomes a letter of the Send that is being written.
	RemoveUndone(ctx context.Context, s *Shipment, letters []*Letter) error
}

// DueLetters finds the letters that the sweep looks at, across organizations.
type DueLetters interface {
	// Due returns letters that should have moved on by then.
	Due(ctx context.Context, by time.Time, limit int) ([]*Letter, error)
}

// LetterNames say who letters are for.
type LetterNames interface {
	// NameOf returns the name in a letter, or on the recipient list; "" where nobody has read one.
	NameOf(ctx context.Context, s *Shipment, l *Letter) (string, error)
}
