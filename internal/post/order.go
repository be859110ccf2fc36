package post

import (
	"errors"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Order is what somebody asks for who wants to send.
type Order struct {
	Subject     string
	Sender      string // CVR number; "" for the organization's first
	Rule        Rule
	Recipients  []string // typed numbers; none to find them in the document
	List        string   // id of a recipient list that gets the document too
	Concerns    string   // the number of whom it is about, where that is not whom it is typed for
	Document    FileOrder
	Attachments []FileOrder
	AllowReply  bool
	Options     Options
	Case        string
	Archives    []string // outside Brevdue, beside those of the document type
	Unit        string   // id; "" for the caller's own
	Type        string   // id of a document type
	Private     bool     // fortrolig
	Replaces    string   // id of a shipment whose document could not be split; "" for none
	Review      bool
	Repeat      bool
	RemoveCPR   bool
	Profile     string    // name of one of the organization's; what is said above goes first
	Names       FileOrder // a list of numbers and names; its name is "" for none
	Window      bool      // what needs no review can be undone for a while all the same
	At          time.Time // and does not leave before this; zero for at once
	After       string    // where a browser without script goes after the upload; {id} is the shipment's id
}

// FileOrder announces a file.
type FileOrder struct {
	Name string
	Size int64 // bytes; 0 when it is not known
}

// Mistake is something wrong with one field of an order.
type Mistake struct {
	Field string
	Text  sentence.Sentence
}

// Mistakes are all that is wrong with an order, so that the user can mend it at once.
type Mistakes []Mistake

// Error implements error, for the log; users get texts.Mistakes.
func (m Mistakes) Error() string {
	all := make([]string, len(m))
	for i, mistake := range m {
		all[i] = mistake.Field + ": " + mistake.Text.Error()
	}
	return strings.Join(all, "; ")
}

// Say adds a mistake.
func (m *Mistakes) Say(field string, text sentence.Sentence) { *m = append(*m, Mistake{field, text}) }

// SayNumber notes why what was typed is not the number of a recipient; what is how the user knows it.
func (m *Mistakes) SayNumber(field string, what any, err error) {
	if errors.Is(err, ident.ErrLetters) {
		m.Say(field, sentence.Of("number-with-letters", what))
		return
	}
	m.Say(field, sentence.Of("number-of-nobody", what))
}

// Check adds a mistake if there is an error.
func (m *Mistakes) Check(field string, err error) {
	if err != nil {
		m.Say(field, SentenceOf(err))
	}
}

// SentenceOf returns the sentence that an error is.
func SentenceOf(err error) sentence.Sentence {
	var s sentence.Sentence
	if errors.As(err, &s) {
		return s
	}
	return sentence.Sentence(err.Error())
}
