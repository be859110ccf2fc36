package simulation

import (
	"context"

	"brevdue/internal/post"
	"brevdue/internal/store"
)

// bulkWritten notes which cancels somebody could know who has pressed a replay of many rows.
func (w *world) bulkWritten(a *actor, item *store.Item) {
	if a == nil || item.Revision != 1 { // else it goes on, or comes out of a backup
		return
	}
	if s, err := w.truth.Shipments().GetAny(context.Background(), w.shipment); err == nil {
		w.bulks = max(w.bulks, s.Cancels)
	}
}

// sentAgain is property 8 for a replay of many rows: what is cancelled after it was pressed holds its letters back.
func (w *world) sentAgain(a *actor, was, l *post.Letter) {
	if a != nil && a.name == string(post.BulkQueue) && l.Cancels > was.Cancels && l.Cancels > w.bulks {
		w.violate(8, "%s is sent again by a replay that was pressed before its cancel", l.ID)
	}
}

// bulksEnded is property 9 for what people have pressed for many rows at once.
func (w *world) bulksEnded() {
	bulks, err := w.truth.Bulks().List(context.Background(), org, 1000)
	must(err)
	for _, b := range bulks {
		if !b.Over() {
			w.violate(9, "a replay of %d rows is still being done, %d are", b.Total, b.Done)
		}
	}
}
