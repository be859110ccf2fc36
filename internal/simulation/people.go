package simulation

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/store"
)

var secretary = post.Caller{Org: org, Name: "sekretær", Person: "sekretær", Kind: post.ByUser,
	Grants: post.Everything().Grants}

// people are those who send: one who uploads and presses Send, and now and then somebody who cancels, corrects, sends
// again or dismisses, twice, or two of them at once.
func (w *world) people() {
	if w.shipment == "" || w.faults[OldItems] == 0 {
		order := post.Order{Subject: "Afgørelse", Document: post.FileOrder{Name: "breve.pdf"}}
		order.Review = w.rng.IntN(3) == 0
		if w.seed%3 == 0 {
			order.Attachments = []post.FileOrder{{Name: "vejledning.txt"}}
		}
		if w.outside != nil {
			order.Archives = []string{outsideID}
		}
		w.upload(order, 1)
	}
	minutes := func(most int) time.Duration { return time.Duration(w.rng.IntN(most*60)) * time.Second }
	for t := minutes(20); t < 29*time.Hour; t += time.Hour + minutes(300) {
		w.after(t, w.pressSend)
		w.after(t+time.Duration(w.seed%50)*time.Minute, w.pressApprove)
	}
	w.planReview()
	w.planRehearsal()
	if w.rng.IntN(5) == 0 {
		w.after(minutes(10), func() { w.press(OperatorCancel, w.cancel) })
	}
	for range w.rng.IntN(4) {
		w.after(minutes(29*60), func() { w.press(OperatorReplay, w.replay) })
	}
	if w.rng.IntN(5) == 0 {
		w.after(minutes(29*60), func() { w.press("", w.dismiss) })
	}
	for range w.rng.IntN(4) {
		w.after(minutes(29*60), func() { w.press("", w.correct) })
	}
	if w.rng.IntN(12) == 0 {
		at := minutes(90)
		w.after(at, func() { w.press(OperatorStop, w.stop) })
		w.after(at+minutes(300), func() { w.press("", w.startAgain) })
	}
}

// meddle is what somebody presses at the moment of sending, once in a run.
func (w *world) meddle() {
	if w.meddled || !w.faulty || w.rng.IntN(24) > 0 {
		return
	}
	w.meddled = true
	soon := time.Duration(w.rng.IntN(200)) * time.Millisecond
	switch w.rng.IntN(3) {
	case 0:
		w.after(soon, func() { w.press(OperatorStop, w.stop) })
		if w.rng.IntN(2) == 0 {
			w.after(soon+time.Minute, func() { w.press(OperatorCancel, w.cancel) })
		}
		w.after(soon+time.Duration(2+w.rng.IntN(60))*time.Minute, func() { w.press("", w.startAgain) })
	default:
		w.after(soon, func() { w.press(OperatorCancel, w.cancel) })
	}
}

// press is a click, or two.
func (w *world) press(f Fault, what func(ctx context.Context, a *actor)) {
	if f != "" && len(w.actors) > 0 {
		w.fault(f)
	}
	w.start("operator", what, func(bool) {})
	switch {
	case w.chance(OperatorTwice, 4), w.chance(OperatorsTwo, 6):
		w.start("operator", what, func(bool) {})
	}
}

// upload hands a document in; whoever gets an error tries again.
func (w *world) upload(order post.Order, try int) {
	var s *post.Shipment
	w.start("upload", func(ctx context.Context, a *actor) {
		var err error
		s, _, err = w.worker(a).commands.Create(ctx, secretary, order)
		w.logged(err)
		if err != nil {
			s = nil
		}
	}, func(died bool) {
		if s == nil {
			if try < 20 {
				w.after(time.Minute, func() { w.upload(order, try+1) })
			}
			return
		}
		w.shipment = s.ID
		for _, p := range s.Parts[1:] {
			w.attachment = []byte("Sådan klager du over " + s.ID)
			_, err := w.objects.MemoryObjects.Put(context.Background(), post.File{Key: p.Key, Content: w.attachment})
			must(err)
		}
		w.file(s.Parts[0].Key)
	})
}

// file puts the document where the link leads, and lets storage say so, if it does.
func (w *world) file(key string) {
	_, err := w.objects.MemoryObjects.Put(context.Background(), post.File{Key: key, Content: w.document.content})
	must(err)
	event := func() { w.queues.add(post.SplitQueue, post.Job{Object: key}) }
	switch n := w.rng.IntN(8); {
	case n == 0:
		w.fault(ObjectEvent) // never
	case n == 1:
		w.fault(ObjectEvent)
		w.after(time.Duration(w.rng.IntN(600))*time.Second, event)
	case n == 2:
		w.fault(ObjectEvent)
		event()
		w.after(time.Duration(w.rng.IntN(600))*time.Second, event)
	default:
		event()
	}
}

func (w *world) pressSend() {
	s, err := w.truth.Shipments().GetAny(context.Background(), w.shipment)
	if err != nil || s.State != post.InReview {
		return
	}
	how := post.SendOrder{Seen: len(s.Edits)}
	if w.faulty {
		how = w.sendOrder(s)
	}
	w.press("", func(ctx context.Context, a *actor) {
		w.eyes.asked[how.Seen] = true
		s, err := w.worker(a).commands.Send(ctx, secretary, s.ID, how)
		if w.logged(err); err == nil {
			w.afterSend(s)
		}
	})
}

// cancels is what was confirmed to whoever cancelled.
type cancels struct {
	pressed bool // confirmed or not
	at      int  // the step; 0 for never
	count   int  // as the shipment counts them
}

func (w *world) cancel(ctx context.Context, a *actor) {
	if w.shipment == "" {
		return
	}
	w.cancels.pressed = true
	s, err := w.worker(a).commands.Cancel(ctx, secretary, w.shipment)
	if w.logged(err); err != nil {
		return
	}
	if s.Cancels > w.cancels.count {
		w.cancels.at, w.cancels.count = w.steps, s.Cancels
	}
	for id, l := range w.latest {
		if l.State == post.Cancelled && id.Shipment() == w.shipment {
			w.cancelled[id] = true
		}
	}
}

// stop stops the organization's sending. What is begun after that was confirmed must not leave.
func (w *world) stop(ctx context.Context, a *actor) {
	starts, idle := w.starts, w.starting == 0
	err := w.worker(a).organization.Stop(ctx, secretary, "forkert flettefil")
	if w.logged(err); err != nil {
		return
	}
	if idle && starts == w.starts { // else somebody may have let it send again since
		w.halted = w.steps
	}
	if !a.did(post.ActStop) {
		w.violate(8, "a stop was confirmed that is not in the audit log")
	}
	if !w.there("M#"+org, "P#"+string(post.SendingStopped)+"#") {
		w.violate(9, "a stop was confirmed, and nobody is told")
	}
}

// startAgain lets the organization send. Until it is over, or when it died, nobody knows whether it may.
func (w *world) startAgain(ctx context.Context, a *actor) {
	w.starts++
	w.starting++
	w.halted = 0
	w.logged(w.worker(a).organization.Start(ctx, secretary))
	w.starting--
	w.halted = 0
}

func (w *world) replay(ctx context.Context, a *actor) {
	b, err := w.worker(a).remedies.Replay(ctx, secretary, []post.FailureFilter{{}}, post.Replay{})
	w.logged(err)
	if err == nil && !b.Over() && w.faulty && w.rng.IntN(3) == 0 { // somebody thinks better of it
		w.after(time.Duration(w.rng.IntN(20))*time.Second, func() { w.press(OperatorCancel, w.cancel) })
	}
}

// correct gives a failed letter another recipient: one of three, so that the same one is typed again now and then.
func (w *world) correct(ctx context.Context, a *actor) {
	rows := w.rows()
	if len(rows) == 0 {
		return
	}
	id := rows[w.rng.IntN(len(rows))].Letter
	if id == "" {
		return
	}
	number := numberOf(500 + 3*(id.Number()%100) + w.rng.IntN(3))
	w.meant[id] = append(w.meant[id], number)
	err := w.worker(a).corrections.Correct(ctx, secretary, id, number, "")
	if w.logged(err); err == nil {
		w.fault(OperatorCorrect)
	}
}

func (w *world) dismiss(ctx context.Context, a *actor) {
	rows, _, err := w.truth.Failures().List(context.Background(), org, post.EveryRow(), "", 50)
	if err != nil || len(rows) == 0 {
		return
	}
	f := rows[w.rng.IntN(len(rows))]
	w.dismissed[f.Letter] = true
	_, err = w.worker(a).remedies.Dismiss(
		ctx,
		secretary,
		[]post.FailureFilter{{Shipment: f.Shipment, Letter: f.Letter, Code: f.Problem.Code, Archive: f.Archive}},
		"afleveret i hånden",
	)
	if w.logged(err); err == nil {
		w.closed[f.Key()] = f.Since
	}
}

// settle is what happens when the faults have stopped: what waits for Send is sent.
func (w *world) settle() {
	if w.shipment == "" {
		w.upload(post.Order{Subject: "Afgørelse", Document: post.FileOrder{Name: "breve.pdf"}}, 1)
	}
	w.halted = 0
	must(w.truth.Start(context.Background(), org))
	w.paused = 0
	_, _ = w.truth.Shipments().Change(context.Background(), org, w.shipment, func(s *post.Shipment) error {
		return s.Continue(w.now)
	})
	w.resume()
	for _, wait := range []time.Duration{time.Minute, 25 * time.Hour, 26 * time.Hour} {
		w.after(wait, w.pressSend)
		w.after(wait+time.Minute, w.pressApprove)
	}
}

func (w *world) replayAll() {
	w.start("operator", func(ctx context.Context, a *actor) {
		_, err := w.worker(a).remedies.Replay(ctx, secretary, []post.FailureFilter{{}}, post.Replay{})
		var told *post.Problem
		if err != nil && !errors.As(err, &told) {
			w.violate(10, "nothing is wrong any more, and replay says %v", err)
		}
	}, func(bool) {})
}

// there reports whether an item is in the table.
func (w *world) there(pk, sk string) bool {
	items, err := w.table.Get(context.Background(), store.Key{PK: pk, SK: sk})
	must(err)
	return items[0] != nil
}
