package post

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Errors of what waits for, or needs, another person's approval (practice D3).
const (
	ErrNeedsApproval   sentence.Sentence = `§["needs-approval"]`
	ErrNotAsked        sentence.Sentence = `§["not-asked"]`
	ErrOwnWork         sentence.Sentence = `§["own-work"]`
	ErrCorrectionAsked sentence.Sentence = `§["correction-asked"]`
	ErrDailyLimit      sentence.Sentence = `§["daily-limit"]`
)

// Asked is a Send that waits for another person's approval. It is of one draft: any change voids it.
type Asked struct {
	Hash    string
	By      string // owner of what they make: the person, or the key of nobody
	At      time.Time
	Letters int
	Window  bool
	SendAt  time.Time // not before this; zero for at once
}

// How is the Send as it was asked for.
func (a *Asked) How() SendOrder { return SendOrder{Seen: AnyRevision, Window: a.Window, At: a.SendAt} }

// DraftHash names what somebody approves: the draft with its corrections, its options and its recipients.
func (s *Shipment) DraftHash() string {
	type edit struct {
		Do        EditKind
		Page      int
		Recipient string
	}
	var edits []edit
	for _, e := range s.Edits {
		edits = append(edits, edit{e.Do, e.Page, e.Recipient.Key()})
	}
	var typed, files []string
	for _, n := range s.TypedRecipients {
		typed = append(typed, n.Key())
	}
	for _, p := range s.Uploads() {
		files = append(files, p.Name, p.Object.SHA256)
	}
	all := []any{
		s.ID, s.Sends, s.Subject, s.Sender.Number.Key(), s.Sender.Name, s.Rule, typed, files, edits, s.AllowReply,
		s.Case, s.RemoveCPR, s.Label, s.FirstPageText, s.Area, s.Environment,
	}
	if s.Options != (Options{}) || len(s.TypedUnits) > 0 { // else the hash is that of versions before
		all = append(all, s.Options, s.TypedUnits)
	}
	sum := sha256.New()
	// Texts and numbers, into a hash: it cannot fail.
	_ = json.NewEncoder(sum).Encode(all)
	return hex.EncodeToString(sum.Sum(nil))
}

// WaitsForApproval returns the Send that waits for approval; nil where none does, or the draft has changed since.
func (s *Shipment) WaitsForApproval() *Asked {
	if s.State != InReview || s.Asked == nil || s.Asked.Hash != s.DraftHash() {
		return nil
	}
	return s.Asked
}

// Ask notes a Send that another person has to approve.
func (s *Shipment) Ask(by string, how SendOrder, at time.Time) error {
	switch s.State {
	case Splitting, InReview:
	case InSending:
		return ErrUnchanged
	default:
		return ErrNotInReview
	}
	s.State, s.Due = InReview, time.Time{}
	s.Asked = &Asked{Hash: s.DraftHash(), By: by, At: at, Letters: s.Letters, Window: how.Window, SendAt: how.At}
	return nil
}

// Wrote reports whether somebody has a hand in a draft: it is theirs, they want to send it, or they have corrected it.
// They do not approve it.
func (s *Shipment) Wrote(owner string) bool {
	if owner == s.Area.Owner || s.Asked != nil && owner == s.Asked.By {
		return true
	}
	for _, e := range s.Edits {
		if e.Owner == owner || e.By == owner {
			return true
		}
	}
	return false
}

// DayCounts counts what one writer, or all of an organization, sends on a day.
type DayCounts interface {
	// Count notes how many letters a shipment has, and reports whether it is more than most together with the others of
	// the day; then it is not counted. A shipment counts once, with what was said of it last.
	Count(ctx context.Context, org, whose, day, shipment string, letters, most int) (over bool, err error)
	// WouldCount reports the same, and notes nothing.
	WouldCount(ctx context.Context, org, whose, day, shipment string, letters, most int) (over bool, err error)
}

// WholeOrganization is whose day it is where all of an organization's letters are counted.
const WholeOrganization = "*"

// DayOf is the day in Denmark at a moment.
func DayOf(at time.Time) string { return at.In(Denmark()).Format(time.DateOnly) }

// Proposal is a correction with a new recipient that another person has to approve. It is of one state of a letter: any
// change voids it.
type Proposal struct {
	Org       string
	ID        string // of this proposal; "" in what versions before this one wrote
	Letter    LetterID
	Number    int // of the letter in its list
	Area      Area
	Recipient ident.Number
	Subject   string // "" for the one that it has
	By        string // owner of what they make
	At        time.Time
	Revision  int64 // of the letter
}

// Proposals stores what waits for approval.
type Proposals interface {
	PutProposal(ctx context.Context, p Proposal) error
	Proposal(ctx context.Context, org string, id LetterID) (Proposal, error)
	Proposals(ctx context.Context, org string, seen Sight) ([]Proposal, error)
	DropProposal(ctx context.Context, org string, id LetterID) error
}

// ApprovalCommands are what another person presses than who has written.
type ApprovalCommands interface {
	// Approve lets a shipment leave as it was asked for. seen is the revision of the draft that the caller has seen.
	Approve(ctx context.Context, who Caller, id string, seen int) (*Shipment, error)
	// Decline gives it back to whoever has written it, with a reason.
	Decline(ctx context.Context, who Caller, id, reason string) (*Shipment, error)
}

// CorrectionApprovals are the same for the correction of a letter in Ubehandlet. seen is the proposal that the caller
// has seen, or "" for whichever waits; another one is ErrNotAsked.
type CorrectionApprovals interface {
	ApproveCorrection(ctx context.Context, who Caller, id LetterID, seen string) error
	DeclineCorrection(ctx context.Context, who Caller, id LetterID, seen string) error
}
