package post

import (
	"context"
	"slices"
	"time"

	"brevdue/internal/sentence"
)

// Check (afprøvning) tries all that sending needs, without a letter. It is a job of the send function: only that has
// the certificate.
type Check struct {
	ID    string      `json:"id"`
	Org   string      `json:"org"`
	Made  time.Time   `json:"made"`
	Ended time.Time   `json:"ended,omitzero"`
	Lines []CheckLine `json:"lines,omitempty"`
}

// CheckFor is for how long a check is kept.
const CheckFor = 24 * time.Hour

// CheckPart is what a line of a check is about.
type CheckPart string

// The parts, in their order.
const (
	CheckAddress     CheckPart = "address"
	CheckCertificate CheckPart = "certificate"
	CheckSystem      CheckPart = "system" // system id and key
	CheckClock       CheckPart = "clock"
	CheckReceipts    CheckPart = "receipts"
	CheckMailbox     CheckPart = "mailbox"
	CheckLookUp      CheckPart = "look-up"
	CheckArchive     CheckPart = "archive"
	CheckMail        CheckPart = "mail"
)

// CheckState is how a part is.
type CheckState string

// The states.
const (
	CheckOK      CheckState = "ok"
	CheckWarning CheckState = "warning" // it works, and should be looked at
	CheckWrong   CheckState = "wrong"   // letters do not leave, or do not come back
)

// CheckLine is what a check has found out about one part, and what to do.
type CheckLine struct {
	Part  CheckPart         `json:"part"`
	State CheckState        `json:"state"`
	Text  sentence.Sentence `json:"text"`
	Do    sentence.Sentence `json:"do,omitempty"`
}

// Wrong reports whether something keeps letters from leaving.
func (c *Check) Wrong() bool {
	return slices.ContainsFunc(c.Lines, func(l CheckLine) bool { return l.State == CheckWrong })
}

// Checks stores checks.
type Checks interface {
	PutCheck(ctx context.Context, c *Check) error
	// Check returns one; another organization's is ErrNotFound.
	Check(ctx context.Context, org, id string) (*Check, error)
}

// CheckCommands start checks.
type CheckCommands interface {
	StartCheck(ctx context.Context, who Caller) (*Check, error)
}

// Probe is what Digital Post answers to somebody who sends nothing. A status is HTTP's, 0 for no answer.
type Probe struct {
	SystemID       string
	Certificate    bool
	CertificateEnd time.Time
	Unreachable    error // why there was no connection; nil where there was one
	Skew           time.Duration
	Receipts       int
	Mailbox        int
	LookUp         int
}

// Prober tries the way of an organization's letters.
type Prober interface {
	Probe(ctx context.Context, org string) (Probe, error)
}
