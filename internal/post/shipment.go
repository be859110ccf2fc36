package post

import (
	"errors"
	"slices"
	"time"

	"brevdue/internal/ident"
)

// Shipment (forsendelse) is one upload: a document that becomes 1 to n letters.
type Shipment struct {
	ID          string
	Org         string
	Subject     string
	Sender      Sender
	Rule        Rule
	Given       []ident.Number // recipients that were typed; each gets the whole document
	Parts       []Part         // the document first, then the attachments
	AllowReply  bool
	Case        string // archive case; "" for one per recipient
	Review      bool   // wait for Send even when nothing is in doubt
	Repeat      bool   // it is meant that the same file is sent again
	Environment Environment
	MeMo        MeMoVersion
	By          string // user name, or the name of the API key
	Created     time.Time
	Own         []ident.Number // the organization's own numbers at that time: an input of the split
	RemoveCPR   bool           // the recipient's number is removed from each letter
	Label       string         // of a profile: what stands before the recipient's number
	Begins      string         // of a profile: what stands on first pages only
	NameList    Part           // numbers and names to hold the letters against; its key is "" where none was announced
	Edits       []Edit         // of the review, in order

	State    ShipmentState // as stored; Shown derives the last two from the counts
	Sent     time.Time     // when Send was pressed
	Version  int           // of the split; letters of older versions are gone
	Pages    int
	Letters  int
	Findings []Finding
	Outline  string   // SHA-256 of what the split found, letter by letter and page by page
	Problem  *Problem // why it is Stopped
	Counts   Counts

	Settled  bool      // its letters are queued, cancelled or shown as its state asks for: only their end is waited for
	Due      time.Time // when the sweep looks at it; zero when nothing is open
	Revision int64
}

// Rule says where in a letter the recipient's number stands.
type Rule string

// The two rules of the split.
const (
	FirstPage Rule = "first-page"
	EveryPage Rule = "every-page"
)

// Environment is which Digital Post a shipment goes to. It is fixed when the data folder (or the stage) is made.
type Environment string

// The environments of digital-post.md 3.1, and ours.
const (
	Simulator  Environment = "simulator"
	Test       Environment = "test"
	Production Environment = "production"
)

// MeMoVersion is the version of the message format.
type MeMoVersion string

// Both versions are accepted by Digital Post (digital-post.md 1.3).
const (
	MeMo11 MeMoVersion = "1.1"
	MeMo12 MeMoVersion = "1.2"
)

// Sender (afsender) is one of the organization's approved CVR numbers.
type Sender struct {
	Number ident.Number
	Name   string
}

// Part is a file that was announced: the document or an attachment.
type Part struct {
	Name   string // as the recipient sees it; checked by CheckFileName
	Type   string // media type
	Key    string // where it is uploaded to; ours, never the file name
	Limit  int64  // bytes
	Object Object // the first complete upload; zero until it has arrived
}

// Arrived reports whether the part has been uploaded.
func (p Part) Arrived() bool { return p.Object.Version != "" }

// ShipmentState is where a shipment stands.
type ShipmentState string

// The states of a shipment, in order (data.md, States only move up).
const (
	Uploading           ShipmentState = "Uploading"
	Splitting           ShipmentState = "Splitting"
	InReview            ShipmentState = "Review"
	InSending           ShipmentState = "Sending"
	ShipmentCompleted   ShipmentState = "Completed"           // derived
	CompletedWithErrors ShipmentState = "CompletedWithErrors" // derived
	ShipmentCancelled   ShipmentState = "Cancelled"
	Stopped             ShipmentState = "Stopped" // the split refused the document
)

// Shown returns the state as a user sees it: the end of a shipment follows from its counts, also after replay and
// dismissal.
func (s *Shipment) Shown() ShipmentState {
	if s.State != InSending || s.Counts.Open() > 0 || s.Counts.Total() < s.Letters {
		return s.State
	}
	switch {
	case s.Counts.Failed > 0:
		return CompletedWithErrors
	case s.Counts.Completed == 0:
		return ShipmentCancelled
	}
	return ShipmentCompleted
}

// Over reports whether a shipment has come to its end: nobody needs what was uploaded any more.
func (s *Shipment) Over() bool {
	switch s.Shown() {
	case ShipmentCompleted, CompletedWithErrors, ShipmentCancelled, Stopped:
		return s.Settled
	}
	return false
}

// Patience returns when the sweep looks again at a shipment that is not over: soon at first, later and later.
func (s *Shipment) Patience(m Moment) time.Time {
	return m.At.Add(max(m.Pace.Look, m.At.Sub(s.Sent)/4))
}

// Arrived reports whether everything that was announced has been uploaded.
func (s *Shipment) Arrived() bool {
	for _, p := range s.Uploads() {
		if !p.Arrived() {
			return false
		}
	}
	return true
}

// Uploads returns everything that was announced: the document, the attachments, the list of names.
func (s *Shipment) Uploads() []Part {
	uploads := slices.Clone(s.Parts)
	if s.NameList.Key != "" {
		uploads = append(uploads, s.NameList)
	}
	return uploads
}

// Pin notes the first complete upload of a part. A later one changes nothing: what is reviewed is what is sent.
func (s *Shipment) Pin(o Object) error {
	part := &s.NameList
	for i := range s.Parts {
		if s.Parts[i].Key == o.Key {
			part = &s.Parts[i]
		}
	}
	switch {
	case part.Key != o.Key:
		return ErrNotFound
	case s.State != Uploading || part.Arrived():
		return Unchanged
	}
	part.Object = o
	return nil
}

// Errors that a shipment's owner can be told.
var (
	ErrNotInReview  = errors.New("forsendelsen venter ikke på gennemsyn, så den kan ikke sendes eller rettes her")
	ErrAlreadySent  = errors.New("den samme fil er sendt i mellemtiden; se advarslen, og tryk Send igen, hvis det er meningen")
	ErrNotCancelled = errors.New("forsendelsen er allerede færdig, så der er intet at annullere")
)

// StartSending moves a shipment on from Splitting or Review.
func (s *Shipment) StartSending(at time.Time) error {
	switch s.State {
	case Splitting, InReview:
		s.State, s.Sent, s.Due = InSending, at, at
		return nil
	case InSending:
		return Unchanged
	}
	return ErrNotInReview
}

// SplitAgainWithin is for how long after its upload a shipment that broke down can be split again.
const SplitAgainWithin = 30 * 24 * time.Hour

// MaySplitAgain reports whether a shipment broke down in the split, and can be split again.
func (s *Shipment) MaySplitAgain(at time.Time) bool {
	return s.State == Stopped && s.Problem != nil && s.Problem.Code == Unknown && at.Sub(s.Created) < SplitAgainWithin
}

// SplitAgain is the way back for a shipment that broke down in the split. Letters of the split that broke down are
// cancelled, so this is a new version of it.
func (s *Shipment) SplitAgain(now Moment) error {
	if !s.MaySplitAgain(now.At) {
		return Unchanged
	}
	if s.Version > 0 {
		s.Version++
	}
	s.State, s.Problem, s.Settled, s.Letters, s.Findings, s.Due = Splitting, nil, false, 0, nil, now.Look()
	if !s.Arrived() {
		s.State = Uploading
	}
	return nil
}

// Cancel stops what has not left. Letters before Sending are cancelled one by one after it.
func (s *Shipment) Cancel(at time.Time) error {
	switch s.State {
	case Uploading, Splitting, InReview:
		s.State, s.Due = ShipmentCancelled, at
		return nil
	case ShipmentCancelled:
		return Unchanged
	case InSending:
		if s.Counts.Created+s.Counts.Queued == 0 && s.Counts.Total() >= s.Letters {
			return ErrNotCancelled
		}
		return nil
	}
	return ErrNotCancelled
}

// Counts are the letters of a shipment by state. Queued are those that are being sent just now as well: telling them
// apart for some seconds would cost a write of the counter for each batch.
type Counts struct {
	Created, Queued, HandedOver, Completed, Failed, Cancelled int
	Archived, ArchiveFailed                                   int
}

// Total is the number of letters that are counted.
func (c Counts) Total() int {
	return c.Created + c.Queued + c.HandedOver + c.Completed + c.Failed + c.Cancelled
}

// Open is the number of letters that have not come to an end.
func (c Counts) Open() int { return c.Created + c.Queued + c.HandedOver }

// TakenIn ("afleveret") is the number of letters that Digital Post has taken: with one tick or with two.
func (c Counts) TakenIn() int { return c.HandedOver + c.Completed }

// Handled ("behandlet") is the number of letters that were handed over or failed.
func (c Counts) Handled() int { return c.TakenIn() + c.Failed }

// Add adds n letters in the state of l, as far as counting goes.
func (c *Counts) Add(l *Letter, n int) {
	switch l.State {
	case Created:
		c.Created += n
	case Queued, Sending:
		c.Queued += n
	case HandedOver:
		c.HandedOver += n
	case Completed:
		c.Completed += n
	case Failed:
		c.Failed += n
	case Cancelled:
		c.Cancelled += n
	}
	switch l.Archiving.State {
	case Archived:
		c.Archived += n
	case ArchiveFailed:
		c.ArchiveFailed += n
	}
}
