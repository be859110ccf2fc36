package simulation

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/store"
)

var secretary = post.Caller{Org: org, Name: "sekretær", Kind: post.ByUser}

// people are those who send: one who uploads and presses Send, and now and then somebody who cancels, sends again or
// dismisses, twice, or two of them at once.
func (w *world) people() {
	if w.shipment == "" || w.faults[OldItems] == 0 {
		w.upload(post.Order{Subject: "Afgørelse", Document: post.FileOrder{Name: "breve.pdf"}, Review: w.rng.IntN(3) == 0}, 1)
	}
	minutes := func(most int) time.Duration { return time.Duration(w.rng.IntN(most*60)) * time.Second }
	for t := minutes(20); t < 29*time.Hour; t += time.Hour + minutes(300) {
		w.after(t, w.pressSend)
	}
	if w.rng.IntN(5) == 0 {
		w.after(minutes(10), func() { w.press(OperatorCancel, w.cancel) })
	}
	for range w.rng.IntN(4) {
		w.after(minutes(29*60), func() { w.press(OperatorReplay, w.replay) })
	}
	if w.rng.IntN(5) == 0 {
		w.after(minutes(29*60), func() { w.press("", w.dismiss) })
	}
	if w.rng.IntN(3) == 0 {
		w.after(minutes(29*60), func() { w.press(OperatorCorrect, w.correct) })
	}
	if w.rng.IntN(8) == 0 {
		at := minutes(90)
		w.after(at, func() { w.press(OperatorStop, w.stop) })
		w.after(at+minutes(300), func() { w.press("", w.startAgain) })
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
		s, _, err = w.hands(a).desk.Create(ctx, secretary, order)
		w.told(err)
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
		w.file(s.Parts[0].Key)
	})
}

// file puts the document where the link leads, and lets storage say so, if it does.
func (w *world) file(key string) {
	_, err := w.objects.MemoryObjects.Put(context.Background(), post.File{Key: key, Content: w.document.content})
	must(err)
	event := func() { w.queues.add(post.SplitQueue, post.Errand{Object: key}) }
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
	s, err := w.truth.Shipments().Get(context.Background(), w.shipment)
	if err != nil || s.State != post.InReview {
		return
	}
	w.press("", func(ctx context.Context, a *actor) {
		_, err := w.hands(a).desk.Send(ctx, secretary, s.ID)
		w.told(err)
	})
}

func (w *world) cancel(ctx context.Context, a *actor) {
	if w.shipment == "" {
		return
	}
	_, err := w.hands(a).desk.Cancel(ctx, secretary, w.shipment)
	w.told(err)
	if err == nil {
		w.confirmed()
	}
}

// stop stops the organization's sending. What is begun after that was confirmed must not leave.
func (w *world) stop(ctx context.Context, a *actor) {
	err := store.New(table{w}).Stop(ctx, org, post.Stop{At: a.now(), By: "sekretær", Reason: "forkert flettefil"})
	if w.told(err); err == nil {
		w.halted = w.steps
	}
}

func (w *world) startAgain(ctx context.Context, _ *actor) {
	w.halted = 0
	w.told(store.New(table{w}).Start(ctx, org))
	w.halted = 0 // whoever has pressed stop meanwhile was faster: it is started now, also where the answer was lost
}

func (w *world) replay(ctx context.Context, a *actor) {
	_, err := w.hands(a).remedies.Replay(ctx, secretary, post.FailureFilter{}, post.Replay{})
	w.told(err)
}

// correct gives a failed letter another recipient.
func (w *world) correct(ctx context.Context, a *actor) {
	rows := w.rows()
	if len(rows) == 0 || rows[len(rows)-1].Letter == "" {
		return
	}
	id := rows[len(rows)-1].Letter
	number := numberOf(500 + w.rng.IntN(100))
	w.meant[id] = append(w.meant[id], number)
	w.told(w.hands(a).remedies.Correct(ctx, secretary, id, number, ""))
}

func (w *world) dismiss(ctx context.Context, a *actor) {
	rows, _, err := w.truth.Failures().List(context.Background(), org, post.FailureFilter{}, "", 50)
	if err != nil || len(rows) == 0 {
		return
	}
	f := rows[w.rng.IntN(len(rows))]
	w.dismissed[f.Letter] = true
	_, err = w.hands(a).remedies.Dismiss(ctx, secretary, post.FailureFilter{Shipment: f.Shipment, Letter: f.Letter, Code: f.Problem.Code}, "afleveret i hånden")
	w.told(err)
}

// settle is what happens when the faults have stopped: what waits for Send is sent.
func (w *world) settle() {
	if w.shipment == "" {
		w.upload(post.Order{Subject: "Afgørelse", Document: post.FileOrder{Name: "breve.pdf"}}, 1)
	}
	w.halted = 0
	must(w.truth.Start(context.Background(), org))
	for _, wait := range []time.Duration{time.Minute, 25 * time.Hour, 26 * time.Hour} {
		w.after(wait, w.pressSend)
	}
}

func (w *world) replayAll() {
	w.start("operator", func(ctx context.Context, a *actor) {
		_, err := w.hands(a).remedies.Replay(ctx, secretary, post.FailureFilter{}, post.Replay{})
		var told *post.Problem
		if err != nil && !errors.As(err, &told) {
			w.violate(10, "nothing is wrong any more, and replay says %v", err)
		}
	}, func(bool) {})
}
