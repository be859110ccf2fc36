package post

import (
	"slices"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Shipment (forsendelse) is one upload: a document that becomes 1 to n letters.
type Shipment struct {
	ID              string
	Org             string
	Subject         string
	Sender          Sender
	Rule            Rule
	TypedRecipients []ident.Number // recipients that were typed; each gets the whole document
	Parts           []Part         // the document first, then the attachments
	AllowReply      bool
	Options         Options
	TypedUnits      []string     // P-numbers of typed recipients, "" for none; nil where nobody has one
	TypedNames      []string     // what a recipient list calls them, "" for no name; nil where it has none
	Replaces        string       // id of the shipment whose document is uploaded again with it; "" for none
	Concerns        ident.Number // whom typed recipients are written to about (practice.md E2); zero for themselves
	Case            string       // archive case; "" for one per recipient
	Archives        []string     // outside Brevdue, in which its letters are put as well
	CaseType        string       // the type that a case of one person is for; "" for all of the person's letters
	Review          bool         // wait for Send even when nothing is in doubt
	AllowRepeat     bool         // it is meant that the same file is sent again
	Environment     Environment
	MeMo            MeMoVersion
	By              string // user name, or the name of the API key
	Area            Area   // where it belongs: rights are asked for it
	Created         time.Time
	OwnNumbers      []ident.Number // the organization's own numbers at that time: an input of the split
	RemoveCPR       bool           // the recipient's number is removed from each letter
	Label           string         // of a profile: what stands before the recipient's number
	FirstPageText   string         // of a profile: what stands on first pages only
	NameList        Part           // numbers and names to check letters against; its key is "" where there is none
	Edits           []Edit         // of the review, in order; of a draft those are items of their own
	Drafted         bool           // Send writes its letters; those of versions before were written by the split
	Facts           Object         // what was read of the document; none for typed recipients
	Window          time.Duration  // the undo window that its order asks for; 0 for none

	// Sends is how often the draft was frozen. Letters of an earlier Send were undone: they are removed before the next
	// one writes its own.
	Sends     int
	Frozen    int       // corrections that the last Send has frozen
	Secret    Secret    // that the keys of the last Send's letters are made of; erased when all of them are there
	Words     Words     // what is kept of what the last Send's letters say
	Written   bool      // all letters of the last Send are there
	Waiting   bool      // for SendAfter: nothing has begun to leave, and the Send can be undone
	SendAfter time.Time // the end of the undo window, or the time that was chosen
	Paused    bool      // nothing more leaves until somebody lets it go on
	PausedBy  string

	Asked      *Asked     // a Send that waits for another person's approval; nil for none
	Unsent     bool       // nobody has pressed Send: a cancel after a restore has its senders ask
	Rehearsal  *Rehearsal // what would have happened; nil for what was never tried
	ApprovedBy string     // who has approved the last Send; "" where nobody had to

	State           ShipmentState // as stored; Derived computes the end of a shipment from Counts
	SentAt          time.Time     // when Send was pressed
	SentBy          string        // owner of what they make, who did; "" in what versions before this one wrote
	Version         int           // of the split; letters of older versions are gone
	RemovedVersions int           // letters and files of the versions up to this one are removed
	Pages           int
	Letters         int
	Findings        []Finding
	Outline         string   // SHA-256 of what the split found, letter by letter and page by page
	Content         string   // SHA-256 of its letters' text and recipients, whatever the bytes; "" if not read
	Problem         *Problem // why the split refused it
	Counts          Counts

	Cancels     int    // how often Cancel was pressed while it was being sent: nothing leaves from before the last
	CancelledBy string // who did so last

	FannedOut bool      // its letters are queued or cancelled, as its state asks for: only their end is awaited
	Due       time.Time // when the sweep looks at it; zero when nothing is open
	Revision  int64
}

// Contents are what a shipment is recognized by when it is sent again: its file's bytes, and what its letters say to
// whom.
func (s *Shipment) Contents() []string {
	sums := []string{s.Parts[0].Object.SHA256}
	if s.Content != "" {
		sums = append(sums, "content:"+s.Content)
	}
	return sums
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

// Part is a file that was announced: the document, an attachment or the list of names.
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
	SplitRefused        ShipmentState = "Stopped" // the split refused the document
	Rehearsing          ShipmentState = "Rehearsing"
	Rehearsed           ShipmentState = "Rehearsed" // never sent, and never will be
)

// Derived returns the state as a user sees it: the end of a shipment follows from its counts, also after replay and
// dismissal.
func (s *Shipment) Derived() ShipmentState {
	if s.State != InSending || s.Counts.Open() > 0 || s.Counts.Total() < s.Letters {
		return s.State
	}
	switch {
	case s.Counts.Failed > 0:
		return CompletedWithErrors
	case s.Counts.Completed+s.Counts.Dismissed == 0:
		return ShipmentCancelled
	}
	return ShipmentCompleted
}

// Partitions is in how many partitions the letters of a shipment lie: a hundred pages in each, or a thousand recipients
// who share them.
func (s *Shipment) Partitions() int {
	if !s.Drafted {
		return s.Letters/100 + 1
	}
	if n := len(s.TypedRecipients); n > 0 {
		return n/1000 + 1
	}
	return s.Pages/100 + 1
}

// Over reports whether a shipment has come to its end: nobody needs what was uploaded any more.
func (s *Shipment) Over() bool {
	switch s.Derived() {
	case ShipmentCompleted, CompletedWithErrors, ShipmentCancelled, SplitRefused, Rehearsed:
		return s.FannedOut
	}
	return false
}

// NextCheckAt returns when the sweep looks again at a shipment that is not over: soon at first, later and later.
func (s *Shipment) NextCheckAt(now Clock) time.Time {
	return now.At.Add(max(now.Timings.CheckAfter, now.At.Sub(s.SentAt)/4))
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
		return ErrUnchanged
	}
	part.Object = o
	return nil
}

// Errors that a shipment's owner can be told.
var (
	ErrNotInReview  = sentence.Sentence(`§["not-in-review"]`)
	ErrAlreadySent  = sentence.Sentence(`§["sent-meanwhile"]`)
	ErrNotCancelled = sentence.Sentence(`§["nothing-to-cancel"]`)
)

// WindowEnd is when a shipment leaves that is sent without a person: at once, after the undo window that its order asks
// for, or at the time that it names.
func (s *Shipment) WindowEnd(at time.Time) time.Time {
	after := s.SendAfter
	if end := at.Add(s.Window); s.Window > 0 && end.After(after) {
		after = end
	}
	return after
}

// StartSending moves a shipment on from Splitting or Review: its draft is frozen as it is. Nothing leaves before after,
// and until then it can be undone; the zero time is for at once.
func (s *Shipment) StartSending(by string, at, after time.Time) error {
	switch s.State {
	case Splitting, InReview:
		s.State, s.SentAt, s.Due, s.Asked = InSending, at, at, nil
		s.SentBy, s.Unsent = by, false
		s.Waiting, s.SendAfter = after.After(at), time.Time{}
		if s.Waiting {
			s.SendAfter = after
		}
		if s.Drafted {
			s.Sends, s.Frozen, s.Written = s.Sends+1, len(s.Edits), false
		}
		return nil
	case InSending:
		return ErrUnchanged
	}
	return ErrNotInReview
}

// SplitAgainWithin is for how long after its upload a shipment that broke down can be split again.
const SplitAgainWithin = 30 * 24 * time.Hour

// MaySplitAgain reports whether a shipment broke down in the split, and can be split again.
func (s *Shipment) MaySplitAgain(at time.Time) bool {
	return s.State == SplitRefused && s.Rehearsal == nil && s.Problem != nil && s.Problem.Code == Unknown &&
		at.Sub(s.Created) < SplitAgainWithin
}

// SplitAgain is the way back for a shipment that broke down in the split. Letters of the split that broke down are
// cancelled, so this is a new version of it.
func (s *Shipment) SplitAgain(now Clock) error {
	if !s.MaySplitAgain(now.At) {
		return ErrUnchanged
	}
	if s.Version > 0 {
		s.Version++
	}
	s.State, s.Problem, s.FannedOut, s.Letters, s.Findings, s.Due = Splitting, nil, false, 0, nil, now.NextCheck()
	if !s.Arrived() {
		s.State = Uploading
	}
	return nil
}

// CancelNeeds is the right that it takes to cancel a shipment: who may write throws a draft away.
func (s *Shipment) CancelNeeds() Right {
	if s.State == Uploading || s.State == Splitting || s.State == InReview {
		return RightWrite
	}
	return RightSend
}

// Withhold takes away what only those read who open what is confidential.
func (s *Shipment) Withhold() {
	s.Subject, s.TypedRecipients, s.TypedUnits, s.TypedNames = "", nil, nil, nil
	s.Parts, s.NameList = nil, Part{}
	s.Options = Options{}
	s.Findings, s.Edits, s.Case, s.Label, s.FirstPageText = nil, nil, "", "", ""
}

// Withheld reports whether that was taken away.
func (s *Shipment) Withheld() bool { return s.Area.Confidential && s.Subject == "" }

// Clone returns a shipment of its own. Counts are not in it: they are counted by its letters.
func (s *Shipment) Clone() *Shipment {
	c := *s
	c.Counts = Counts{}
	c.Detach()
	return &c
}

// Detach gives a copied shipment its own of what a change may change in place.
func (s *Shipment) Detach() {
	s.Parts, s.Findings, s.Edits = slices.Clone(s.Parts), slices.Clone(s.Findings), slices.Clone(s.Edits)
	s.TypedRecipients, s.OwnNumbers = slices.Clone(s.TypedRecipients), slices.Clone(s.OwnNumbers)
	s.TypedUnits, s.TypedNames = slices.Clone(s.TypedUnits), slices.Clone(s.TypedNames)
	s.Archives = slices.Clone(s.Archives)
	for i := range s.Findings {
		s.Findings[i].Pages = slices.Clone(s.Findings[i].Pages)
	}
	if s.Problem != nil {
		p := *s.Problem
		s.Problem = &p
	}
	if s.Rehearsal != nil {
		r := *s.Rehearsal
		r.Held = slices.Clone(r.Held)
		s.Rehearsal = &r
	}
	if s.Asked != nil {
		a := *s.Asked
		s.Asked = &a
	}
}
