package simulation

import (
	"slices"
	"strings"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/store"
)

// What people must be able to rely on beside the letters themselves: who did what, who was told, what a row says.

// did reports whether an actor has put something into the audit log.
func (a *actor) did(act post.Action) bool { return slices.Contains(a.acts, act) }

// entry notes what was put into the audit log, and by whom.
func (w *world) entry(a *actor, item *store.Item) {
	_, after, found := strings.Cut(string(item.Body), `"action":"`)
	if !found || a == nil {
		return // the end of a chain
	}
	act, _, _ := strings.Cut(after, `"`)
	a.acts = append(a.acts, post.Action(act))
	w.acts[post.Action(act)] = true
}

// pressed are the lines of a letter's history that say that a person has done something, and what stands in the audit
// log for it.
var pressed = map[post.EventCode]post.Action{
	post.WasReplayed: post.ActReplay, post.WasCorrected: post.ActCorrect, post.WasDismissed: post.ActDismiss,
	post.RowDismissed: post.ActDismiss, post.WasCancelled: post.ActCancel,
}

// audited is that what a person does stands in the audit log before it is done, under a name.
func (w *world) audited(a *actor, l *post.Letter, added []post.Event) {
	if a == nil {
		return // what comes out of a backup
	}
	for _, e := range added {
		act, ok := pressed[e.What]
		switch {
		case !ok:
		case e.What == post.WasCancelled && e.Note == "" && w.broke[l.ID.Shipment()]: // nobody has pressed that
		case !strings.HasPrefix(e.Note, secretary.Name):
			w.violate(8, "%s: %s, and nobody knows by whom", l.ID, e.What)
		case a.name == "operator" && !a.did(act) || !w.acts[act]:
			w.violate(8, "%s: %s, and that is not in the audit log", l.ID, e.What)
		}
	}
}

// putAside is that a true receipt is not taken for one that belongs to nobody: its UUID says whose it is, also in a
// table that comes out of a backup.
func (w *world) putAside(sum string) {
	t := w.post.ever[w.post.issued[sum]]
	if t == nil {
		return
	}
	if l := w.latest[t.letter]; l != nil && len(l.Messages) == 0 && len(l.Corrections) == 0 &&
		w.places[l.ID].Ordinal == 0 && t.uuid == keys.MessageUUID(key, string(l.ID), "", 0) {
		w.violate(9, "a receipt of %s is put aside as nobody's", l.ID)
	}
}

// shipmentWritten holds a shipment as it was written against what it was before.
func (w *world) shipmentWritten(a *actor, s *post.Shipment) {
	was := w.states[s.ID]
	w.states[s.ID] = s.State
	w.letGo(a, s)
	w.tried(s)
	w.broke[s.ID] = w.broke[s.ID] || s.State == post.SplitRefused
	if !s.Paused {
		w.paused = 0
	}
	if s.State == post.InSending && was == post.InReview && s.Drafted {
		w.allFrozen(s)
	}
	if a == nil || was == s.State {
		return
	}
	switch {
	case s.State == post.InReview && !w.acts[post.ActSplit], s.State == post.InSending && was == post.Splitting &&
		!w.acts[post.ActSplit],
		s.State == post.InSending && was == post.InReview && !a.did(post.ActSend) &&
			!a.did(post.ActApprove) && !(s.Cancels > 0 &&
			a.did(post.ActCancel)),
		s.State == post.InReview && was == post.InSending && !a.did(post.ActUndo) && a.name != "split",
		s.State == post.ShipmentCancelled && s.CancelledBy != "" && !a.did(post.ActCancel):
		w.violate(8, "shipment %s went from %s to %s, and that is not in the audit log", s.ID, was, s.State)
	}
}

// rowWritten is that whoever gets a row is told that there is one, and that a row which a person has dismissed stays
// away.
func (w *world) rowWritten(a *actor, f *post.Failure) {
	if a == nil || !f.Closed.IsZero() {
		return
	}
	if f.Shipment != "" && !w.there("M#"+org, "P#"+string(post.ShipmentErrors)+"#"+f.Shipment) {
		w.violate(9, "a row of %s %s stands in Ubehandlet, and nobody is told", f.Shipment, f.Letter)
	}
	if since, ok := w.closed[f.Key()]; ok && since.Equal(f.Since) {
		w.violate(9, "the row %s of %s was dismissed, and has come back", f.Problem.Code, f.Letter)
	}
}

// matching is that rows say what is: of a letter with two ticks nothing is open but what is about something else; after
// everything was replayed, no row is about what has solved itself.
func (w *world) matching(all bool) {
	for _, f := range w.rows() {
		l := w.latest[f.Letter]
		if l == nil || !all && l.State != post.Completed {
			continue
		}
		if !f.About(l) {
			w.violate(9, "a row says that %s is %s, and it is %s", f.Letter, f.Problem.Code, l.State)
		}
	}
}

// answered reports whether a late delivery failed its letter, so that it stood in a row, and a person then corrected
// the letter in that row, or sent it again. A cancel after that says nothing about what was delivered before.
func answered(l *post.Letter, uuid string) bool {
	late := slices.IndexFunc(l.History, func(e post.Event) bool {
		return e.What == post.LateDelivery && e.Note == uuid
	})
	if late < 0 || late+1 == len(l.History) || l.History[late+1].What != post.WasFailed {
		return false
	}
	return slices.ContainsFunc(l.History[late+1:], func(e post.Event) bool {
		return e.What == post.WasCorrected || e.What == post.WasReplayed
	})
}

// doubtful is that what Digital Post says against its own word reaches a person.
func (w *world) doubtful(l *post.Letter, rows []*post.Failure) {
	done := map[string]bool{}
	contradicted := false
	for _, r := range l.Receipts {
		done[r.UUID] = done[r.UUID] || r.Status == post.ReceiptCompleted
		contradicted = contradicted || r.Status == post.ReceiptInvalid && done[r.UUID]
		contradicted = contradicted ||
			r.Status == post.ReceiptCompleted && l.State == post.Cancelled && !answered(l, r.UUID)
	}
	told := slices.ContainsFunc(rows, func(f *post.Failure) bool {
		return f.Letter == l.ID && f.Problem.Code == post.ChangedAnswer
	})
	old := w.faults[OldItems] > 0 // a version before has told nobody
	if contradicted && !told && !old && !w.dismissed[l.ID] {
		w.violate(9, "Digital Post said something else about %s, and nobody is told", l.ID)
	}
}
