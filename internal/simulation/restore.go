package simulation

import (
	"context"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// backup is the table and the files as they were.
type backup struct {
	items []*store.Item
	files []post.File
}

// planRestore lets a backup be made, and some time later be put in the place of what is there. Nothing leaves before
// somebody says so.
func (w *world) planRestore() (planned bool) {
	if w.rng.IntN(6) > 0 {
		return false
	}
	minutes := func(most int) time.Duration { return time.Duration(1+w.rng.IntN(most*60)) * time.Second }
	correct := func() { w.press("", w.correct) }
	at := minutes(240)
	w.after(at, w.backUp)
	lost, again := at+minutes(300), w.rng.IntN(2) == 0 // what was corrected since the backup is corrected once more
	at += minutes(600)
	w.after(at, w.restore)
	w.after(at+minutes(120), w.resume)
	if again {
		w.after(lost, correct)
		for range 3 {
			w.after(at+minutes(600), correct)
		}
	}
	if w.rng.IntN(2) == 0 { // what was wrong with it is seen only now
		w.after(at+minutes(120), func() { w.press(OperatorCancel, w.cancel) })
	}
	return true
}

func (w *world) backUp() {
	if _, err := w.truth.Shipments().GetAny(context.Background(), w.shipment); err != nil {
		return // before the upload
	}
	w.backup = &backup{w.table.Items(), w.objects.All()}
	w.note("BACKUP")
}

// restore ends whoever is at work, and goes on from the backup. What Digital Post has taken in and deleted since is
// gone from the table; what was cancelled, corrected or dismissed since was never pressed, as far as the table knows.
func (w *world) restore() {
	if w.backup == nil || !w.faulty {
		return
	}
	w.count(OperatorRestore)
	w.clean()
	for _, h := range w.workers.idle {
		h.stage = nil // nobody remembers what he knew
	}
	clear(w.queues.messages)
	w.table = storetest.NewMemory()
	w.truth = w.truthOf(w.table)
	var writes []store.Write
	for _, item := range w.backup.items {
		own := *item
		w.table.Load(&own)
		writes = append(writes, store.Write{Put: &own})
	}
	for _, f := range w.backup.files {
		if has, err := w.objects.MemoryObjects.Has(context.Background(), f.Key); err != nil || !has {
			_, err := w.objects.MemoryObjects.Put(context.Background(), f)
			must(err)
		}
	}
	w.restored, w.returned = post.Restored{Held: true}, true
	w.undone, w.paused, w.letting = 0, 0, 0
	w.halted, w.starting, w.cancels.at, w.cancels.count = 0, 0, 0, 0
	clear(w.latest)
	clear(w.cancelled)
	clear(w.closed)
	w.wrote(nil, writes)
	w.fileless = w.withoutFile()
}

// withoutFile are the letters that came out of a backup without their document: those of an undone Send whose removal
// had come as far as the file. Nobody can file them, and Ubehandlet says so.
func (w *world) withoutFile() map[post.LetterID]bool {
	without := map[post.LetterID]bool{}
	for id, l := range w.latest {
		has, err := w.objects.MemoryObjects.Has(context.Background(), l.Document.Key)
		without[id] = err == nil && !has
	}
	return without
}

// resume lets letters leave a restored table again.
func (w *world) resume() {
	if w.restored.Held {
		w.restored = post.Restored{Before: w.now}
		w.note("RESUMED")
	}
}

// Restored implements post.Restorations.
func (w *world) Restored(context.Context) (post.Restored, error) { return w.restored, nil }
