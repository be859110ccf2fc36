package simulation

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/store"
)

// checks hold the safety properties against everything that is written and everything that leaves.
type checks struct {
	latest     map[post.LetterID]*post.Letter // as the table had them last
	places     map[post.LetterID]post.Place
	cancelled  map[post.LetterID]bool // a cancel of these was confirmed
	dismissed  map[post.LetterID]bool
	closed     map[post.FailureKey]time.Time // rows whose dismissal was confirmed, and since when they were
	meant      map[post.LetterID][]string    // recipients that a person has typed
	states     map[string]post.ShipmentState // as the table had them last
	broke      map[string]bool               // shipments that were stopped
	acts       map[post.Action]bool          // that stand in the audit log
	rehearsals map[string]post.ShipmentState // shipments that were tried out
	refusals   map[post.LetterID]int         // letters that can be sent again, and how many messages they have had
	caseOf     map[string]string             // the case of a recipient
}

func newChecks() checks {
	return checks{places: map[post.LetterID]post.Place{}, latest: map[post.LetterID]*post.Letter{},
		cancelled: map[post.LetterID]bool{},
		dismissed: map[post.LetterID]bool{}, closed: map[post.FailureKey]time.Time{},
		meant:  map[post.LetterID][]string{},
		states: map[string]post.ShipmentState{}, broke: map[string]bool{}, acts: map[post.Action]bool{},
		refusals: map[post.LetterID]int{}, rehearsals: map[string]post.ShipmentState{},
		caseOf: map[string]string{}}
}

// mustNotName is property 7, for anything that is not a letter.
func (w *world) mustNotName(property int, what, text string) {
	if at := strings.Index(text, birthday); at >= 0 && at+10 <= len(text) && isNumber(text[at:at+10]) {
		w.violate(property, "%s names a person: %s", what, text)
	}
}

// wrote looks at a transaction that was made.
func (w *world) wrote(a *actor, writes []store.Write) {
	w.nextDueKnown = false
	shipments := map[string]bool{}
	for _, write := range writes {
		if write.Delete != nil {
			w.removed(*write.Delete)
		}
		if write.Put == nil {
			continue
		}
		switch kind, rest, _ := strings.Cut(write.Put.PK, "#"); kind {
		case "L":
			l, kept := w.words.word(write.Put.Body).(*post.Letter)
			if !kept {
				l = w.letterAt(rest, write.Put.SK)
			}
			if w.letter(a, l) {
				shipments[l.ID.Shipment()] = true
			}
		case "S":
			shipments[rest] = true
		case "D":
			if a != nil { // else it comes out of a backup
				w.editWritten(rest)
			}
		case "F":
			if f, ok := w.words.word(write.Put.Body).(*post.Failure); ok {
				w.rowWritten(a, f)
				w.mustNotName(7, "a row of Ubehandlet", f.Recipient+f.Subject+string(f.Problem.Text)+f.Problem.Detail)
			}
			w.mustNotName(7, "a row of Ubehandlet", string(write.Put.Body))
		case "J":
			w.bulkWritten(a, write.Put)
		case "K":
			w.filed(write.Put)
		case "R":
			w.putAside(write.Put.SK)
		case "Z":
			w.entry(a, write.Put)
		}
	}
	for id := range shipments {
		w.counts(a, id)
	}
}

// removed forgets a letter that is no longer in the table, which nobody may remove that could have left.
func (w *world) removed(k store.Key) {
	rest, ok := strings.CutPrefix(k.PK, "L#")
	if !ok {
		return
	}
	shipment, _, _ := strings.Cut(rest, "#")
	for id, l := range w.latest {
		p := w.places[id]
		sk := fmt.Sprintf("%06d.%05d", p.Number, p.Ordinal)
		if p.Version > 0 {
			sk = fmt.Sprintf("%06d", p.Number)
		}
		if p.Shipment != shipment || sk != k.SK || p.Version > 0 && !strings.HasPrefix(rest,
			fmt.Sprintf("%s#%d#", shipment, p.Version)) {
			continue
		}
		if len(l.Messages) > 0 {
			w.violate(1, "%s was removed, and may have left", id)
		}
		delete(w.latest, id)
		delete(w.cancelled, id) // what is written in its place is another one, held back by its shipment
	}
}

// letterAt reads a letter by its key, L#<rest> and sk.
func (w *world) letterAt(rest, sk string) *post.Letter {
	items, err := w.table.Get(context.Background(), store.Key{PK: "L#" + rest, SK: sk})
	must(err)
	l := &post.Letter{}
	must(store.JSON.Decode(items[0].Body, l))
	l, err = w.truth.Letters().GetAny(context.Background(), l.ID)
	must(err)
	return l
}

// letter holds a letter as it was written against what it was before, and reports whether it counts otherwise now.
func (w *world) letter(a *actor, l *post.Letter) (counts bool) {
	was := w.latest[l.ID]
	w.latest[l.ID] = l
	w.onlyTried(l.ID)
	if was == nil {
		w.places[l.ID], _ = l.ID.Place()
	}
	if w.tracing {
		w.note("  %s is %s %s", l.ID, l.State, l.Archiving.State)
	}
	defer w.swept(l)
	w.ticks(l)
	if l.Archiving.State == post.Archived && (was == nil || was.Archiving.Record != l.Archiving.Record ||
		was.State != l.State || len(was.Receipts) != len(l.Receipts)) {
		w.archived(l)
	}
	if was == nil {
		return true
	}
	counts = was.State != l.State || was.Archiving.State != l.Archiving.State
	if len(l.History) < len(was.History) || !slices.Equal(l.History[:len(was.History)], was.History) {
		w.violate(5, "the history of %s was rewritten", l.ID)
		return counts
	}
	w.audited(a, l, l.History[len(was.History):])
	w.sentAgain(a, was, l)
	if len(l.Corrections) > len(was.Corrections) {
		w.correctedByTwo(l)
	}
	if len(l.Corrections) > len(was.Corrections) && !slices.Contains(w.meant[l.ID], l.Recipient.Reveal()) {
		w.violate(2, "%s was corrected, and is not for whom was typed", l.ID)
	}
	if l.State == post.Failed && was.State != post.Failed && l.Problem.Code == post.EnrollmentChanged {
		w.heldForChange(a, l)
	}
	if l.State == post.Cancelled && was.State != post.Cancelled {
		w.notThere(l)
	}
	if was.State != l.State && !w.may(was, l) {
		w.violate(5, "%s went from %s to %s", l.ID, was.State, l.State)
	}
	return counts
}

// swept is what property 9 rests on: everything that is open is in some sweep's query.
func (w *world) swept(l *post.Letter) {
	archived := l.Archiving.State == post.Archived || l.Archiving.State == post.Unfiled ||
		l.Archiving.State == post.ArchiveFailed && l.Archiving.Reported
	open := l.State == post.Queued || l.State == post.Sending || l.State == post.HandedOver ||
		l.State == post.Failed && !l.Reported ||
		l.Archivable() && !archived ||
		l.Doubted()
	if open && l.Due.IsZero() {
		w.violate(9, "%s is %s, and no sweep looks at it", l.ID, l.State)
	}
}

var rank = map[post.LetterState]int{
	post.Created:    1,
	post.Queued:     2,
	post.Sending:    3,
	post.HandedOver: 4,
	post.Completed:  5,
}

// may reports whether a letter may go from one state to another.
func (w *world) may(was, is *post.Letter) bool {
	added := is.History[len(was.History):]
	said := func(what post.EventCode) bool {
		return slices.ContainsFunc(added, func(e post.Event) bool { return e.What == what })
	}
	switch {
	case was.State == post.Cancelled && is.State == post.Created:
		return is.Round > was.Round && len(is.Messages) > 0 // a later Send has taken it over
	case was.State == post.Completed, was.State == post.Cancelled:
		return false
	case is.State == post.Failed:
		return said(post.WasFailed)
	case is.State == post.Dismissed:
		return was.State == post.Failed && said(post.WasDismissed)
	case is.State == post.Cancelled:
		return rank[was.State] < rank[post.Sending] || was.State == post.Sending && !is.Current().Unanswered()
	case was.State.NotSent():
		return is.State == post.Queued && (said(post.WasReplayed) || said(post.WasCorrected)) ||
			is.State == post.HandedOver &&
				(said(post.WasFound) || said(post.WasHandedOver)) || is.State == post.Completed
	}
	return rank[is.State] > rank[was.State]
}

// ticks is property 3: a tick only for what Digital Post did, and a refusal only for what it refused.
func (w *world) ticks(l *post.Letter) {
	m := l.Current()
	switch l.State {
	case post.Failed, post.Dismissed:
		held := l.Problem.Code == post.EnrollmentChanged // heldForChange looks at that
		if m != nil && !held && post.ResponseTo(l.Problem.Code).Class == post.Permanent && !w.post.refused[l.ID] &&
			!w.post.doubted[l.ID] && !w.tookBack(l.ID) {
			w.violate(3, "%s is called %s, and Digital Post never refused it", l.ID, l.Problem.Code)
		}
	case post.HandedOver:
		var t *taken
		if m != nil {
			t = w.post.ever[m.UUID]
		}
		switch {
		case t == nil || m.Accepted.IsZero():
			w.violate(3, "%s has a tick, and Digital Post never took it in", l.ID)
		case t.recipient != "" && t.recipient != l.Recipient.Reveal():
			w.violate(3, "%s has a tick for what went to somebody else", l.ID)
		}
	case post.Completed:
		if !slices.ContainsFunc(l.Receipts, func(r post.Receipt) bool {
			uuid, issued := w.post.issued[r.SHA256]
			t := w.post.ever[r.UUID]
			return r.Status == post.ReceiptCompleted && r.Verify() && issued && (uuid == "" || uuid == r.UUID) &&
				t != nil && t.letter == l.ID && (t.recipient == "" || t.recipient == l.Recipient.Reveal())
		}) {
			w.violate(3, "%s has two ticks without a receipt", l.ID)
		}
	}
}

// tookBack reports whether, in a table out of a backup, Digital Post has taken back what the table does not know any
// more.
func (w *world) tookBack(id post.LetterID) bool {
	return w.returned && slices.ContainsFunc(w.post.letters[id], func(t *taken) bool { return t.invalid })
}

// notThere is the other half of property 8: what is called cancelled had not left before.
func (w *world) notThere(l *post.Letter) {
	for _, t := range w.post.letters[l.ID] {
		lost := w.returned && (t.recipient != l.Recipient.Reveal() || t.invalid)
		if !t.refusedLater && !t.forgotten && !lost {
			w.violate(8, "%s is called cancelled, and Digital Post has it", l.ID)
		}
	}
	s, err := w.truth.Shipments().GetAny(context.Background(), l.ID.Shipment())
	if err == nil && s.State == post.InSending && s.Cancels <= l.Cancels && w.places[l.ID].Version == s.Version {
		w.violate(8, "%s is cancelled, and nobody has cancelled since it was sent again", l.ID)
	}
}

// counts is property 6.
func (w *world) counts(a *actor, id string) {
	s, err := w.truth.Shipments().GetAny(context.Background(), id)
	if err != nil {
		return // not there yet
	}
	w.shipmentWritten(a, s)
	var real post.Counts
	for _, l := range w.latest {
		if p := w.places[l.ID]; p.Shipment == id && (s.Drafted && p.Version == 0 ||
			!s.Drafted && p.Version == max(1, s.Version)) {
			real.Add(l, 1)
		}
	}
	if w.faults[OldItems] > 0 { // a version before counted none
		real.Prompt = s.Counts.Prompt
	}
	if real != s.Counts {
		w.violate(6, "shipment %s counts %+v, and there are %+v", id, s.Counts, real)
	}
	if s.State != post.InReview && !s.FannedOut && s.Due.IsZero() {
		w.violate(9, "shipment %s is %s, and no sweep looks at it", id, s.State)
	}
	if more := s.Counts.Total() - s.Letters; s.State == post.InSending && s.HasLetters() &&
		(more < 0 || more > 0 && !w.returned) { // what left in a time that was lost is there too
		w.violate(6, "shipment %s has %d letters and counts %d", id, s.Letters, s.Counts.Total())
	}
}

// tookIn is what must hold whenever Digital Post has accepted a message. What an actor knew when it made its last call
// before the post, it must have minded.
func (w *world) tookIn(a *actor, t *taken, body []byte) {
	if w.halted > 0 && a.before > w.halted {
		w.violate(8, "%s left after its organization's sending was stopped", t.letter)
	}
	if w.restored.Held {
		w.violate(8, "%s left while the installation was held", t.letter)
	}
	entry := 0
	for _, other := range w.post.letters[t.letter] {
		// What was corrected between a backup and its return was not corrected, as far as the table knows; and a
		// receipt that came between is lost, so that the one that takes it back says all.
		lost := w.returned && (other.recipient != t.recipient || other.invalid)
		if !other.refusedLater && !other.forgotten && !lost {
			entry++
		}
	}
	if entry > 1 {
		w.violate(1, "Digital Post has %s %d times", t.letter, entry)
	}
	l := w.latest[t.letter]
	if l != nil {
		w.inTime(a, l)
	}
	switch {
	case l == nil:
		w.violate(2, "Digital Post has a letter that is not in the table: %s", t.letter)
		return
	case w.cancelled[t.letter], l.State == post.Cancelled:
		w.violate(8, "%s left after it was cancelled", t.letter)
	case w.cancels.at > 0 && a.before > w.cancels.at && l.Cancels < w.cancels.count:
		w.violate(8, "%s left after its shipment was cancelled", t.letter)
	case l.Current() == nil || l.Current().UUID != t.uuid:
		w.violate(1, "%s left under a UUID that is not stored", t.letter)
	}
	w.askedAgain(a, l)
	w.person(l, body)
}

// person is property 2: whose page it was is who gets it, or whom a person has typed last.
func (w *world) person(l *post.Letter, body []byte) {
	p := w.segment(l)
	if p == nil {
		w.violate(2, "pages %d-%d are no letter of the document", l.First, l.Last)
		return
	}
	got := between(body, "recipientID")
	known := got == p.number || slices.Contains(w.meant[l.ID], got) ||
		slices.Contains(w.typed[w.places[l.ID].Ordinal], got)
	if !known || got != l.Recipient.Reveal() {
		w.violate(2, "pages %d-%d are not for whom they went to", l.First, l.Last)
	}
	if w.attachment != nil && !bytes.Contains(body, []byte(base64.StdEncoding.EncodeToString(w.attachment))) {
		w.violate(2, "%s left without its attachment", l.ID)
	}
	if !bytes.Contains(body, p.encoded) {
		w.violate(2, "pages %d-%d left with the content of others", l.First, l.Last)
	}
}
