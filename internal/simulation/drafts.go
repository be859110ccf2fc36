package simulation

import (
	"bytes"
	"context"
	"encoding/base64"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/splitter"
)

// What people do with a draft: they correct it, send it later or for a while, take it back, and hold it up.

// drafted is what is known of a draft beside the table.
type drafted struct {
	typed   map[int][]string // recipients that were typed in a review, by their ordinals
	undone  int              // the last Send whose Undo was confirmed
	paused  int              // the step at which a pause was confirmed; 0 while the shipment may go on
	letsGo  int              // how often somebody has let it go on
	letting int              // and how many are doing so just now
}

// planReview lets people correct and take back: two at the same time, now and then.
func (w *world) planReview() {
	minutes := func(most int) time.Duration { return time.Duration(w.rng.IntN(most*60)) * time.Second }
	for range w.rng.IntN(5) {
		w.after(minutes(30), func() { w.press("", w.correctDraft) })
	}
	if w.rng.IntN(10) == 0 {
		at := minutes(240)
		w.after(at, func() { w.press(OperatorPause, w.pause) })
		w.after(at+minutes(300), func() { w.press("", w.continueSending) })
	}
}

// correctDraft makes one correction of the draft as it was a moment ago.
func (w *world) correctDraft(ctx context.Context, a *actor) {
	h := w.worker(a)
	s, err := h.commands.Shipments.Get(ctx, org, w.shipment)
	if err != nil || s.State != post.InReview || !s.Drafted {
		return
	}
	r, err := h.commands.Reviews.Review(ctx, s)
	if w.logged(err); err != nil || len(r.Letters) == 0 {
		return
	}
	l := r.Letters[w.rng.IntN(len(r.Letters))]
	e := post.Edit{Page: l.First}
	switch n := w.rng.IntN(8); {
	case n < 3:
		number := numberOf(300 + 3*(l.First%60) + w.rng.IntN(3))
		e.Do = post.EditRecipient
		if e.Recipient, err = ident.ParseCPR(number); err != nil {
			return
		}
		ordinal := r.Revision + 1
		w.typed[ordinal] = append(w.typed[ordinal], number)
	case n == 3:
		e.Do = post.EditDrop
	case n == 4:
		e.Do = post.EditMerge
	case n == 5 && l.Last > l.First:
		e.Do, e.Page = post.EditCut, l.First+1
	default:
		e.Do, e.Page = post.EditUndo, 1+w.rng.IntN(max(1, r.Revision))
	}
	got, err := h.commands.Edit(ctx, secretary, s.ID, r.Revision, e)
	if w.logged(err); err != nil {
		return
	}
	w.fault(OperatorDraft)
	if n := w.editNumber(s.ID, e, got); n != r.Revision+1 {
		w.violate(6, "a correction of revision %d was made of another one", r.Revision)
	}
}

// editNumber is which correction of a draft one has become.
func (w *world) editNumber(shipment string, e post.Edit, answered *post.Shipment) int {
	s, err := w.truth.Shipments().GetAny(context.Background(), shipment)
	if err != nil || s.State != post.InReview { // it has moved on since
		return len(answered.Edits)
	}
	for i := len(s.Edits) - 1; i >= 0; i-- {
		if was := s.Edits[i]; was.Do == e.Do && was.Page == e.Page && was.Recipient == e.Recipient {
			return i + 1
		}
	}
	return 0
}

// allFrozen is property 6 for a draft: what a Send froze are all corrections that were made of it.
func (w *world) allFrozen(s *post.Shipment) {
	items, err := w.table.Query(context.Background(), "D#"+s.ID, "E#", "", 1000)
	must(err)
	if len(items) != s.Frozen {
		w.violate(6, "a Send froze %d corrections, and there are %d", s.Frozen, len(items))
	}
}

// editWritten is that a correction is noted of a draft only: else nobody would be told that it is not in what was sent.
func (w *world) editWritten(shipment string) {
	s, err := w.truth.Shipments().GetAny(context.Background(), shipment)
	if err == nil && s.State != post.InReview && s.State != post.Splitting {
		w.violate(6, "a correction was noted of a shipment that is %s", s.State)
	}
}

// sendOrder is how somebody sends who has seen the draft as it is now.
func (w *world) sendOrder(s *post.Shipment) post.SendOrder {
	how := post.SendOrder{Seen: len(s.Edits)}
	switch w.rng.IntN(6) {
	case 0, 1:
		how.Window = true
	case 2:
		at := w.now.Add(time.Duration(1+w.rng.IntN(20*60)) * time.Minute).In(w.zone)
		if at, err := post.ParseMoment(at.Format("2006-01-02T15:04")); err == nil { // as a person types it
			how.At = at
		}
	}
	return how
}

// afterSend is what follows a Send that waits: somebody takes it back, mostly when there is time, now and then when it
// has begun to leave.
func (w *world) afterSend(s *post.Shipment) {
	if s.WaitsUntil().IsZero() || !w.faulty || w.rng.IntN(2) == 0 {
		return
	}
	wait := s.SendAfter.Sub(w.now)
	at := time.Duration(w.rng.Int64N(int64(max(wait, time.Second))))
	switch w.rng.IntN(3) {
	case 0: // at the last moment
		at = wait + time.Duration(w.rng.IntN(90_000)-30_000)*time.Millisecond
	case 1: // while its letters are written
		at = time.Duration(w.rng.IntN(1_000)) * time.Millisecond
	}
	w.after(max(0, at), func() {
		if w.faulty { // else nobody would send it once more
			w.press(OperatorUndo, w.undo)
		}
	})
}

func (w *world) undo(ctx context.Context, a *actor) {
	s, err := w.worker(a).commands.Undo(ctx, secretary, w.shipment)
	if w.logged(err); err == nil {
		w.undone = max(w.undone, s.Sends)
		if w.rng.IntN(2) == 0 { // it was sent too early: one more correction, and again
			w.after(time.Duration(w.rng.IntN(3_000))*time.Millisecond, func() { w.press("", w.correctDraft) })
			w.after(time.Duration(w.rng.IntN(6_000))*time.Millisecond, w.pressSend)
		}
	}
}

// pause holds the shipment back. What begins after that was confirmed must not leave.
func (w *world) pause(ctx context.Context, a *actor) {
	goes, idle := w.letsGo, w.letting == 0
	_, err := w.worker(a).commands.Pause(ctx, secretary, w.shipment)
	if w.logged(err); err == nil && idle && goes == w.letsGo {
		w.paused = w.steps
	}
}

func (w *world) continueSending(ctx context.Context, a *actor) {
	w.letsGo++
	w.letting++
	w.paused = 0
	_, err := w.worker(a).commands.Continue(ctx, secretary, w.shipment)
	w.logged(err)
	w.letting--
	w.paused = 0
}

// inTime is property 8 for what waits: nothing leaves before its time, nor after its Send was taken back or paused.
func (w *world) inTime(a *actor, l *post.Letter) {
	s, err := w.truth.Shipments().GetAny(context.Background(), l.ID.Shipment())
	if err != nil || !s.Drafted {
		return
	}
	const skewed = 5 * time.Second
	switch {
	case l.Round <= w.undone:
		w.violate(8, "%s left after its Send was undone", l.ID)
	case s.State != post.InSending || s.Waiting:
		w.violate(8, "%s left while its Send could be undone", l.ID)
	// What a person corrects in Ubehandlet after a restore leaves by itself, whichever Send it came back with.
	case l.Round != s.Sends && !(w.returned && len(l.Corrections) > 0):
		w.violate(8, "%s is of Send %d and left with Send %d", l.ID, l.Round, s.Sends)
	case w.now.Add(skewed).Before(s.SendAfter):
		w.violate(8, "%s left before %s", l.ID, s.SendAfter)
	case w.paused > 0 && a.before > w.paused:
		w.violate(8, "%s left after its shipment was paused", l.ID)
	}
}

// cutAnew makes the segment of pages that a person has put together, or taken apart.
func (d *document) cutAnew(first, last int) *segment {
	if first < 1 || last > d.pages || last < first {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.anew[[2]int{first, last}]; p != nil {
		return p
	}
	p := &segment{first: first, last: last}
	for i := range d.segments {
		s := &d.segments[i]
		if s.first >= first && s.first <= last && s.number != "" { // it stands on first pages
			if p.number != "" {
				p.number = "" // two of them: only a person can say
				break
			}
			p.number = s.number
		}
	}
	p.pdf = bytes.Clone(d.plan.Cutter().Cut(splitter.Segment{First: first, Last: last}))
	p.encoded = []byte(base64.StdEncoding.EncodeToString(p.pdf))
	if d.anew == nil {
		d.anew = map[[2]int]*segment{}
	}
	d.anew[[2]int{first, last}] = p
	return p
}
