package simulation

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/store"
)

// checks hold the safety properties against everything that is written and everything that leaves.
type checks struct {
	known     map[post.LetterID]*post.Letter // as the table had them last
	places    map[post.LetterID]post.Place
	cancelled map[post.LetterID]bool // a cancel of these was confirmed
	dismissed map[post.LetterID]bool
	meant     map[post.LetterID][]string // recipients that a person has typed
}

func newChecks() checks {
	return checks{places: map[post.LetterID]post.Place{}, known: map[post.LetterID]*post.Letter{}, cancelled: map[post.LetterID]bool{}, dismissed: map[post.LetterID]bool{}, meant: map[post.LetterID][]string{}}
}

// mustNotName is property 7, for anything that is not a letter.
func (w *world) mustNotName(property int, what, text string) {
	if at := strings.Index(text, birthday); at >= 0 && at+10 <= len(text) && isNumber(text[at:at+10]) {
		w.violate(property, "%s names a person: %s", what, text)
	}
}

// wrote looks at a transaction that was made.
func (w *world) wrote(writes []store.Write) {
	w.nextDueKnown = false
	shipments := map[string]bool{}
	for _, write := range writes {
		if write.Put == nil {
			continue
		}
		switch kind, rest, _ := strings.Cut(write.Put.PK, "#"); kind {
		case "L":
			l, kept := write.Put.Word.(*post.Letter)
			if !kept {
				l = w.letterAt(rest, write.Put.SK)
			}
			w.letter(l)
			shipments[l.ID.Shipment()] = true
		case "S":
			shipments[rest] = true
		case "F":
			if f, ok := write.Put.Word.(*post.Failure); ok {
				w.mustNotName(7, "a row of Ubehandlet", f.Recipient+f.Subject+f.Problem.Text+f.Problem.Detail)
			}
			w.mustNotName(7, "a row of Ubehandlet", string(write.Put.Body))
		}
	}
	for id := range shipments {
		w.counts(id)
	}
}

// letterAt reads a letter by its place: <shipment>#<version>#<hundred>, <number>.
func (w *world) letterAt(rest, sk string) *post.Letter {
	parts := strings.Split(rest, "#")
	version, err := strconv.Atoi(parts[1])
	must(err)
	number, err := strconv.Atoi(sk)
	must(err)
	letters, err := w.truth.Letters().Page(context.Background(), parts[0], version, number, 1)
	must(err)
	return letters[0]
}

// letter holds a letter as it was written against what it was before.
func (w *world) letter(l *post.Letter) {
	was := w.known[l.ID]
	w.known[l.ID] = l
	if was == nil {
		w.places[l.ID], _ = l.ID.Place()
	}
	if w.tracing {
		w.note("  %s is %s %s", l.ID, l.State, l.Archiving.State)
	}
	defer w.swept(l)
	w.ticks(l)
	if l.Archiving.State == post.Archived {
		w.archived(l)
	}
	if was == nil {
		return
	}
	if len(l.History) < len(was.History) || !slices.Equal(l.History[:len(was.History)], was.History) {
		w.violate(5, "the history of %s was rewritten", l.ID)
	}
	if was.State != l.State && !w.may(was, l) {
		w.violate(5, "%s went from %s to %s", l.ID, was.State, l.State)
	}
}

// swept is what property 9 rests on: everything that is open is in some sweep's query.
func (w *world) swept(l *post.Letter) {
	archived := l.Archiving.State == post.Archived || l.Archiving.State == post.ArchiveFailed && l.Archiving.Shown
	open := l.State == post.Queued || l.State == post.Sending || l.State == post.HandedOver || l.State == post.Failed && !l.Shown ||
		(l.State == post.Completed || l.State == post.Failed) && !archived
	if open && l.Due.IsZero() {
		w.violate(9, "%s is %s, and no sweep looks at it", l.ID, l.State)
	}
}

var rank = map[post.LetterState]int{post.Created: 1, post.Queued: 2, post.Sending: 3, post.HandedOver: 4, post.Completed: 5}

// may reports whether a letter may go from one state to another.
func (w *world) may(was, is *post.Letter) bool {
	added := is.History[len(was.History):]
	said := func(what post.EventCode) bool {
		return slices.ContainsFunc(added, func(e post.Event) bool { return e.What == what })
	}
	switch {
	case was.State == post.Completed, was.State == post.Cancelled:
		return false
	case is.State == post.Failed:
		return said(post.WasFailed)
	case is.State == post.Cancelled:
		return rank[was.State] < rank[post.Sending]
	case was.State == post.Failed:
		return is.State == post.Queued && (said(post.WasReplayed) || said(post.WasCorrected)) || is.State == post.HandedOver && said(post.WasFound) || is.State == post.Completed
	}
	return rank[is.State] > rank[was.State]
}

// ticks is property 3: a tick only for what Digital Post did, and a refusal only for what it refused.
func (w *world) ticks(l *post.Letter) {
	m := l.Current()
	switch l.State {
	case post.Failed:
		if m != nil && post.Explain(l.Problem.Code).Class == post.Permanent && !w.post.refused[l.ID] && !w.post.doubted[l.ID] {
			w.violate(3, "%s is called %s, and Digital Post never refused it", l.ID, l.Problem.Code)
		}
	case post.HandedOver:
		if m == nil || m.Accepted.IsZero() || w.post.taken[m.UUID] == nil {
			w.violate(3, "%s has a tick, and Digital Post never took it in", l.ID)
		}
	case post.Completed:
		if !slices.ContainsFunc(l.Receipts, func(r post.Receipt) bool {
			return r.Status == post.ReceiptCompleted && r.Verify() && w.post.issued[r.SHA256] && w.post.taken[r.UUID] != nil
		}) {
			w.violate(3, "%s has two ticks without a receipt", l.ID)
		}
	}
}

// archived is property 4.
func (w *world) archived(l *post.Letter) {
	folder := "archive/" + l.Org + "/" + l.Archiving.Case + "/"
	document, err := w.objects.MemoryObjects.Has(context.Background(), folder+string(l.ID)+".pdf")
	must(err)
	record, _, err := w.objects.MemoryObjects.Open(context.Background(), l.Archiving.Record)
	if !document || err != nil {
		w.violate(4, "%s is archived without its document or its record", l.ID)
		return
	}
	if !bytes.Contains(record, []byte(`"noReceipt":"`)) && !bytes.Contains(record, []byte(`"receipts":[`)) {
		w.violate(4, "%s is archived without a receipt and without the reason", l.ID)
	}
}

// counts is property 6.
func (w *world) counts(id string) {
	s, err := w.truth.Shipments().Get(context.Background(), id)
	if err != nil {
		return // not there yet
	}
	var real post.Counts
	for _, l := range w.known {
		if p := w.places[l.ID]; p.Shipment == id && p.Version == max(1, s.Version) {
			real.Add(l, 1)
		}
	}
	if real != s.Counts {
		w.violate(6, "shipment %s counts %+v, and there are %+v", id, s.Counts, real)
	}
	if s.State != post.InReview && !s.Settled && s.Due.IsZero() {
		w.violate(9, "shipment %s is %s, and no sweep looks at it", id, s.State)
	}
	if s.State == post.InSending && s.Counts.Total() != s.Letters {
		w.violate(6, "shipment %s has %d letters and counts %d", id, s.Letters, s.Counts.Total())
	}
}

// tookIn is what must hold whenever Digital Post has accepted a message.
func (w *world) tookIn(a *actor, t *taken, body []byte) {
	if w.halted > 0 && a.began > w.halted {
		w.violate(8, "%s left after its organization's sending was stopped", t.letter)
	}
	standing := 0
	for _, other := range w.post.letters[t.letter] {
		if !other.refusedLater {
			standing++
		}
	}
	if standing > 1 {
		w.violate(1, "Digital Post has %s %d times", t.letter, standing)
	}
	l := w.known[t.letter]
	switch {
	case l == nil:
		w.violate(2, "Digital Post has a letter that is not in the table: %s", t.letter)
		return
	case w.cancelled[t.letter], l.State == post.Cancelled:
		w.violate(8, "%s left after it was cancelled", t.letter)
	case l.Current() == nil || l.Current().UUID != t.uuid:
		w.violate(1, "%s left under a UUID that is not stored", t.letter)
	}
	w.person(l, body)
}

// person is property 2: whose page it was is who gets it.
func (w *world) person(l *post.Letter, body []byte) {
	for i := range w.document.pieces {
		p := &w.document.pieces[i]
		if p.first != l.First || p.last != l.Last {
			continue
		}
		if got := between(body, "recipientID"); got != p.number && !slices.Contains(w.meant[l.ID], got) {
			w.violate(2, "pages %d-%d are not for whom they went to", l.First, l.Last)
		}
		if !bytes.Contains(body, p.encoded) {
			w.violate(2, "pages %d-%d left with the content of others", l.First, l.Last)
		}
		return
	}
	w.violate(2, "pages %d-%d are no letter of the document", l.First, l.Last)
}

// confirmed notes what must not leave any more.
func (w *world) confirmed() {
	for id, l := range w.known {
		if l.State == post.Cancelled && id.Shipment() == w.shipment {
			w.cancelled[id] = true
		}
	}
}
