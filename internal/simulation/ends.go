package simulation

import (
	"context"
	"maps"
	"slices"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// rows are the open rows of Ubehandlet.
func (w *world) rows() []*post.Failure {
	rows, _, err := w.truth.Failures().List(context.Background(), org, post.EveryRow(), "", 1000)
	must(err)
	return rows
}

func (w *world) hasRow(rows []*post.Failure, id post.LetterID, archiving bool) bool {
	return w.dismissed[id] || slices.ContainsFunc(rows, func(f *post.Failure) bool {
		e, words := post.ResponseTo(f.Problem.Code), texts.Explain(f.Problem.Code)
		return f.Letter == id && (f.Problem.Code == post.ArchiveFailedCode) == archiving && words.Why != "" &&
			words.Do != "" &&
			len(e.Remedies) > 0
	})
}

// checkEnds are the liveness properties: a while after the faults have stopped everything has come to an end.
func (w *world) checkEnds() {
	if w.violation != nil {
		return
	}
	rows := w.rows()
	s, err := w.truth.Shipments().GetAny(context.Background(), w.shipment)
	if err != nil {
		w.violate(9, "the shipment is not there: %v", err)
		return
	}
	switch s.State {
	case post.InSending:
		w.conserved(s)
	case post.SplitRefused:
		if !w.dismissed[""] &&
			!slices.ContainsFunc(rows, func(f *post.Failure) bool { return f.Shipment == s.ID && f.Letter == "" }) {
			w.violate(9, "the shipment stopped, and nobody is told")
		}
	case post.ShipmentCancelled:
		if !w.cancels.pressed && w.faults[OldItems] == 0 {
			w.violate(9, "the shipment was cancelled by nobody")
		}
	case post.Rehearsed:
		if s.Rehearsal == nil || s.Rehearsal.Ended.IsZero() {
			w.violate(9, "the shipment was tried out, and nobody knows what came of it")
		}
	default:
		w.violate(9, "the shipment is still %s", s.State)
	}
	w.version, w.stopped = s.Version, s.State == post.SplitRefused
	for _, id := range slices.Sorted(maps.Keys(w.latest)) {
		l := w.latest[id]
		w.ended(l, rows)
		w.doubtful(l, rows)
	}
	w.matching(false)
	w.bulksEnded()
	w.drained()
}

// conserved is the other half of property 2: every page is in exactly one letter.
func (w *world) conserved(s *post.Shipment) {
	seen := map[int]int{}
	for _, l := range w.latest {
		if p, err := l.ID.Place(); err == nil && p.Shipment == s.ID && p.Version == s.Version && l.Round == s.Sends {
			for page := l.First; page <= l.Last; page++ {
				seen[page]++
			}
		}
	}
	for page := 1; page <= w.document.pages; page++ {
		if seen[page] != 1 {
			w.violate(2, "page %d is in %d letters", page, seen[page])
		}
	}
}

// ended is property 9 for a letter.
func (w *world) ended(l *post.Letter, rows []*post.Failure) {
	switch l.State {
	case post.Completed, post.Cancelled, post.Dismissed:
	case post.Failed, post.HandedOver:
		if !w.hasRow(rows, l.ID, false) {
			w.violate(9, "%s is %s, and nobody is told", l.ID, l.State)
		}
	default:
		if p := w.places[l.ID]; p.Shipment == w.shipment && p.Version == w.version &&
			!w.stopped { // else its shipment has a row
			w.violate(9, "%s is still %s", l.ID, l.State)
		}
	}
	if !l.Archivable() || l.Archiving.State == post.Unfiled && !l.Begun() {
		return
	}
	if l.Archiving.State != post.Archived && !(l.Archiving.State == post.ArchiveFailed && w.hasRow(rows, l.ID, true)) {
		w.violate(9, "%s is not archived, and nobody is told", l.ID)
	}
}

// drained is the first half of property 10.
func (w *world) drained() {
	if n := w.queues.waiting(); n > 0 {
		w.violate(10, "%d messages are left on the queues", n)
	}
	for _, id := range slices.Sorted(maps.Keys(w.post.letters)) {
		all := w.post.letters[id]
		l := w.latest[id]
		for _, r := range w.post.receipts {
			if r.receipt.MessageID == id {
				w.violate(9, "a receipt of %s was never fetched", id)
			}
		}
		last := all[len(all)-1]
		switch {
		case last.refusedLater && w.faults[OldItems] > 0: // when that was said was not kept
		case l == nil || l.Doubt != nil || l.Current() == nil || l.Current().UUID != last.uuid:
			// it is about what was before
		case l.State != post.Completed && w.post.completed[last.uuid] && !w.returned:
			w.violate(9, "%s has a receipt, and is %s", id, l.State)
		}
	}
}

// resendable notes which letters a person can send again: Digital Post was asked once, and has refused.
func (w *world) resendable() {
	for id, l := range w.latest {
		m := l.Current()
		if m == nil || l.State != post.Failed || m.Attempts != 1 || w.post.doubted[id] ||
			!post.ResponseTo(l.Problem.Code).Offers(post.OfferReplay) || w.dismissed[id] {
			continue
		}
		t := w.post.ever[m.UUID]
		refused := slices.ContainsFunc(l.Receipts, func(r post.Receipt) bool {
			return r.UUID == m.UUID && r.Status == post.ReceiptInvalid
		})
		if t != nil && t.refusedLater && refused {
			w.refusals[id] = len(l.Messages)
		}
	}
}

// checkReplayed is the rest of property 10: after two replays of everything nothing temporary is open, and what is
// called refused was refused.
func (w *world) checkReplayed() {
	if w.violation != nil {
		return
	}
	w.drained()
	w.matching(true)
	for _, f := range w.rows() {
		if w.neverSent(f.Shipment) {
			continue
		}
		switch post.ResponseTo(f.Problem.Code).Class {
		case post.Temporary, post.Ours:
			w.violate(10, "%s %s is open after two replays: %s", f.Shipment, f.Letter, f.Problem.Code)
		}
		if f.Problem.Code == post.ArchiveFailedCode && !w.fileless[f.Letter] {
			w.violate(10, "%s is not archived after two replays", f.Letter)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.latest)) {
		l := w.latest[id]
		if l.State == post.Failed && l.Current() != nil && !w.post.refused[id] && !w.post.doubted[id] &&
			!w.tookBack(id) &&
			!w.dismissed[id] && !w.neverSent(id.Shipment()) {
			w.violate(10, "%s failed with %s, and Digital Post never refused it", id, l.Problem.Code)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.refusals)) {
		if l := w.latest[id]; len(l.Messages) <= w.refusals[id] && !w.neverSent(id.Shipment()) {
			w.violate(10, "%s was refused, and cannot be sent again", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.latest)) {
		w.transferred(w.latest[id])
	}
}
