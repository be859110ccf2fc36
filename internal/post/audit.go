package post

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"brevdue/internal/ident"
)

// ActorKind says what kind of somebody did something.
type ActorKind string

// Who can do something.
const (
	ByUser   ActorKind = "user"
	ByKey    ActorKind = "key"
	BySystem ActorKind = "system"
	// ByOperator is who runs the installation: whoever can read its data folder or its table.
	ByOperator ActorKind = "operator"
)

// Action is what somebody saw or did.
type Action string

// What is kept in the audit log.
const (
	ActCreate     Action = "create"
	ActSend       Action = "send"
	ActCancel     Action = "cancel"
	ActUndo       Action = "undo" // of a Send
	ActPause      Action = "pause"
	ActContinue   Action = "continue"
	ActSee        Action = "see"      // a letter's document, or its number in the clear
	ActReplay     Action = "replay"   // from Ubehandlet
	ActCorrect    Action = "correct"  // recipient or subject
	ActDismiss    Action = "dismiss"  // with reason
	ActStop       Action = "stop"     // of the organization's sending
	ActStart      Action = "start"    // again
	ActIncident   Action = "incident" // package for the data protection officer
	ActLogin      Action = "login"
	ActRefused    Action = "login-refused"
	ActLocked     Action = "login-locked"
	ActExport     Action = "export" // of what is known about a person
	ActErase      Action = "erase"  // of texts
	ActSubscribe  Action = "subscribe"
	ActSplit      Action = "split"
	ActEdit       Action = "edit" // of the split, in the review
	ActProfile    Action = "profile"
	ActFailed     Action = "failed" // a whole shipment
	ActBackup     Action = "backup"
	ActOrganize   Action = "organization" // made or changed
	ActAccess     Action = "access"       // a new code, or a new key
	ActUser       Action = "user"         // made, changed or closed; a group too
	ActKey        Action = "key"          // made or closed
	ActLogout     Action = "logout"       // a session ended from another one
	ActFactor     Action = "factor"       // a second factor set up or removed
	ActSettings   Action = "settings"     // of the organization
	ActApprove    Action = "approve"      // what another person wants to send
	ActDecline    Action = "decline"      // the same, with a reason
	ActAsk        Action = "ask-approval" // a Send waits for another person
	ActRecipients Action = "recipients"   // a list of recipients was changed
	ActRehearse   Action = "rehearse"     // a shipment is tried, and never sent
	ActSearch     Action = "search"       // for a person
	ActAudit      Action = "audit"        // the audit log was read
)

// Actions returns all actions.
func Actions() []Action {
	return []Action{
		ActCreate, ActSend, ActCancel, ActUndo, ActPause, ActContinue, ActSee, ActReplay, ActCorrect,
		ActDismiss, ActStop, ActStart, ActIncident, ActLogin, ActRefused, ActLocked, ActExport, ActErase,
		ActSubscribe, ActSplit, ActEdit, ActProfile, ActFailed, ActBackup, ActOrganize, ActAccess, ActUser,
		ActKey, ActLogout, ActFactor, ActSettings, ActApprove, ActDecline, ActAsk, ActSearch, ActAudit,
		ActRehearse, ActRecipients,
	}
}

// Entry is a line of the audit log. There is a chain for each shipment, and one for everything else of an organization.
type Entry struct {
	Org, Shipment string // Shipment is "" for what is about none
	Number        int64  // in its chain, from 1
	At            time.Time
	Kind          ActorKind
	Action        Action
	Letter        LetterID
	Name          string // of who did it: erasable, and not in an export
	Text          string // what was said or chosen: erasable
	Erased        bool
	Salt          []byte
	Digest        string // of salt, name and text
	Previous      string // hash of the entry before
	Hash          string // of all that cannot be erased
}

// Chain fills in what binds an entry to the one before.
func (e *Entry) Chain(number int64, previous string, salt []byte) {
	e.Number, e.Previous, e.Salt = number, previous, salt
	e.At = e.At.Truncate(time.Millisecond).UTC()
	e.Digest = e.digest()
	e.Hash = e.hash()
}

// digest is salted, so that an erased text cannot be guessed from it.
func (e *Entry) digest() string {
	sum := sha256.New()
	sum.Write(e.Salt)
	_ = json.NewEncoder(sum).Encode([]string{e.Name, e.Text}) // texts, into a hash: cannot fail
	return hex.EncodeToString(sum.Sum(nil))
}

func (e *Entry) hash() string {
	sum := sha256.New()
	_ = json.NewEncoder(sum).
		Encode([]any{e.Org, e.Shipment, e.Number, e.At.UTC().UnixMilli(), e.Kind, e.Action, e.Letter, e.Digest,
			e.Previous})
	return hex.EncodeToString(sum.Sum(nil))
}

// VerifyChain reports the first thing that is wrong with a whole chain, given from its first entry on.
func VerifyChain(entries []*Entry) error {
	previous := ""
	for i, e := range entries {
		switch {
		case e.Number != int64(i+1):
			return fmt.Errorf("entry %d is missing", i+1)
		case e.Previous != previous || e.hash() != e.Hash:
			return fmt.Errorf("entry %d does not follow from the one before", e.Number)
		case !e.Erased && e.digest() != e.Digest:
			return fmt.Errorf("the text of entry %d was changed", e.Number)
		}
		previous = e.Hash
	}
	return nil
}

// AuditKept is for how long nobody can erase names and texts of the audit log.
const AuditKept = 365 * 24 * time.Hour

// Auditor keeps the audit log. It is only added to.
type Auditor interface {
	// Record adds an entry to its chain. What cannot be recorded must not be done.
	Record(ctx context.Context, e Entry) error
	// Entries returns a chain from a number on, and 0 or the number to go on from.
	Entries(ctx context.Context, org, shipment string, from int64, limit int) ([]*Entry, int64, error)
	// EntriesBy returns the newest entries of somebody with that name, whatever they are about.
	EntriesBy(ctx context.Context, org, name string, limit int) ([]*Entry, error)
	// Erase takes away names and texts of entries from before; the chain stays whole.
	Erase(ctx context.Context, org, shipment string, before time.Time) (int, error)
}

// Readers tells who has seen what, the newest first. Asking is in the audit log itself.
type Readers interface {
	// OfPerson returns what people and programs have seen and done of a person's letters.
	OfPerson(ctx context.Context, who Caller, n ident.Number) ([]*Entry, error)
	// OfUser returns what somebody has seen and done.
	OfUser(ctx context.Context, who Caller, name string) ([]*Entry, error)
}

// Did is an entry about what a caller does.
func (c Caller) Did(a Action, shipment string, letter LetterID, text string) Entry {
	kind := c.Kind
	if kind == "" {
		kind = BySystem
	}
	return Entry{Org: c.Org, Shipment: shipment, Kind: kind, Name: c.Name, Action: a, Letter: letter, Text: text}
}

// ErrAlreadyWritten means that somebody was faster at the end of a chain, again and again.
var ErrAlreadyWritten = errors.New("the end of the audit chain keeps moving")
