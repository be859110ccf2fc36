package post

import (
	"context"
	"slices"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// RecipientList (modtagerliste) is recipients that an organization writes to again and again: each of them gets a whole
// document. Whoever opens its area sees them.
type RecipientList struct {
	Org        string
	ID         string
	Name       string
	Area       Area
	By         string // who changed it last
	Changed    time.Time
	Count      int // of recipients; in a list of lists they are not read
	Recipients []ListedRecipient
}

// ListedRecipient is one of them.
type ListedRecipient struct {
	Number ident.Number
	Unit   string // P-number of a company's unit; "" for none
	Name   string // for people only: it is in no message
}

// Typed is how somebody would type a recipient.
func (r ListedRecipient) Typed() string {
	if r.Unit == "" {
		return r.Number.Reveal()
	}
	return r.Number.Reveal() + " P " + r.Unit
}

// Limits of recipient lists.
const (
	RecipientListMost  = 2000 // recipients of one: it is one item of the table
	RecipientListsMost = 100
	RecipientNameLimit = 100 // characters
)

// Add puts a recipient into a list; one that is there keeps its place and gets the name.
func (l *RecipientList) Add(r ListedRecipient) {
	for i, is := range l.Recipients {
		if is.Number == r.Number && is.Unit == r.Unit {
			l.Recipients[i] = r
			return
		}
	}
	l.Recipients = append(l.Recipients, r)
}

// Clone returns a list of its own.
func (l *RecipientList) Clone() *RecipientList {
	c := *l
	c.Recipients = slices.Clone(l.Recipients)
	return &c
}

// RecipientLists stores recipient lists.
type RecipientLists interface {
	// RecipientLists returns those that somebody opens, by name, without their recipients.
	RecipientLists(ctx context.Context, org string, seen Sight) ([]RecipientList, error)
	RecipientList(ctx context.Context, org, id string) (*RecipientList, error)
	PutRecipientList(ctx context.Context, l *RecipientList) error
	RemoveRecipientList(ctx context.Context, org, id string) error
}

// RecipientImport is rows that become a list, or come to one.
type RecipientImport struct {
	List    string // id; "" for a new one
	Name    string
	Unit    string // of a new list; "" for the caller's own
	Replace bool   // the rows are all that the list has from now on
	Rows    []byte // CSV
}

// BadRecipient is a row that is no recipient, and why.
type BadRecipient struct {
	Line  int
	Cells []string // as they came
	Why   sentence.Sentence
}

// ImportedRecipients is what came of an import.
type ImportedRecipients struct {
	List  *RecipientList // as it is now; without an id where it is new and no row was good
	Added int            // rows that are on it
	Head  []string       // the names of the columns; nil where the rows have none
	Bad   []BadRecipient
}

// ToMend are the bad rows with their head, and why each is bad at its end.
func (i *ImportedRecipients) ToMend(why func(sentence.Sentence) string) [][]string {
	var rows [][]string
	if len(i.Bad) > 0 && i.Head != nil {
		rows = append(rows, i.Head)
	}
	for _, b := range i.Bad {
		rows = append(rows, append(slices.Clone(b.Cells), why(b.Why)))
	}
	return rows
}

// RecipientListCommands change lists.
type RecipientListCommands interface {
	// ImportRecipients puts the good rows into a list, and returns the others. Where no row is good nothing changes.
	ImportRecipients(ctx context.Context, who Caller, in RecipientImport) (*ImportedRecipients, error)
	RemoveRecipients(ctx context.Context, who Caller, id string) error
	// Recipients returns a list that the caller opens; it is noted who has read it.
	Recipients(ctx context.Context, who Caller, id string) (*RecipientList, error)
}
