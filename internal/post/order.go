package post

import "strings"

// Order is what somebody asks for who wants to send.
type Order struct {
	Subject     string
	Sender      string // CVR number; "" for the organization's first
	Rule        Rule
	Recipients  []string // typed numbers; none to find them in the document
	Document    FileOrder
	Attachments []FileOrder
	AllowReply  bool
	Case        string
	Review      bool
	Repeat      bool
	RemoveCPR   bool
	Profile     string    // name of one of the organization's; what is said above goes first
	Names       FileOrder // a list of numbers and names; its name is "" for none
	After       string    // where a browser without script goes after the upload; {id} is the shipment's id
}

// FileOrder announces a file.
type FileOrder struct {
	Name string
	Size int64 // bytes; 0 when it is not known
}

// Mistake is something wrong with one field of an order, in Danish.
type Mistake struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Mistakes are all that is wrong with an order, so that the user can mend it at once.
type Mistakes []Mistake

func (m Mistakes) Error() string {
	texts := make([]string, len(m))
	for i, mistake := range m {
		texts[i] = mistake.Text
	}
	return strings.Join(texts, " ")
}

// Say adds a mistake.
func (m *Mistakes) Say(field, text string) { *m = append(*m, Mistake{field, text}) }

// Check adds a mistake if there is an error.
func (m *Mistakes) Check(field string, err error) {
	if err != nil {
		m.Say(field, err.Error())
	}
}
