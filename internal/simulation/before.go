package simulation

import (
	"context"
	"embed"
	"encoding/json"
	"path"
	"sync"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/store"
)

// snapshot is a run in the middle, as a version before has left it: items as that version wrote them, and the world
// around. It is read and moved on by this one.
type snapshot struct {
	Document int
	Now      time.Time
	Shipment string
	Items    []*store.Item
	Files    []post.File
	Jobs     map[post.Queue][]post.Job `json:"Errands"` // as it was called when the snapshots were made
	Taken    []keptMessage
	Receipts []keptReceipt
	Issued   []string
	Refused  []post.LetterID
	Done     []string
}

type keptMessage struct {
	UUID         string
	Letter       post.LetterID
	At           time.Time
	RefusedLater bool
}

type keptReceipt struct {
	At      time.Time
	Receipt post.Receipt
}

//go:embed before/*.json
var beforeFiles embed.FS

// before are the snapshots of versions before.
var before = sync.OnceValue(func() []*snapshot {
	names, err := beforeFiles.ReadDir("before")
	must(err)
	var all []*snapshot
	for _, n := range names {
		b, err := beforeFiles.ReadFile(path.Join("before", n.Name()))
		must(err)
		s := &snapshot{}
		must(json.Unmarshal(b, s))
		all = append(all, s)
	}
	return all
})

// keep takes a snapshot.
func (w *world) keep(document int) *snapshot {
	s := &snapshot{
		Document: document,
		Now:      w.now,
		Shipment: w.shipment,
		Items:    w.table.Items(),
		Files:    w.objects.All(),
		Jobs:     map[post.Queue][]post.Job{},
	}
	for name, all := range w.queues.messages {
		for _, m := range all {
			s.Jobs[name] = append(s.Jobs[name], m.job)
		}
	}
	for _, t := range w.post.taken {
		s.Taken = append(s.Taken, keptMessage{t.uuid, t.letter, t.at, t.refusedLater})
	}
	for _, r := range w.post.receipts {
		s.Receipts = append(s.Receipts, keptReceipt{r.at, r.receipt})
	}
	for sum := range w.post.issued {
		s.Issued = append(s.Issued, sum)
	}
	for id := range w.post.refused {
		s.Refused = append(s.Refused, id)
	}
	for uuid := range w.post.completed {
		s.Done = append(s.Done, uuid)
	}
	return s
}

// takeOver goes on where a version before has stopped.
func (w *world) takeOver(s *snapshot) {
	w.count(OldItems)
	w.document, w.now, w.shipment = documents()[s.Document], s.Now, s.Shipment
	var writes []store.Write
	for _, item := range s.Items {
		item := *item
		w.table.Load(&item)
		writes = append(writes, store.Write{Put: &item})
	}
	_, err := w.objects.MemoryObjects.Put(context.Background(), s.Files...)
	must(err)
	for _, t := range s.Taken {
		m := &taken{uuid: t.UUID, letter: t.Letter, at: t.At, refusedLater: t.RefusedLater}
		w.post.taken[t.UUID], w.post.ever[t.UUID] = m, m
		w.post.letters[t.Letter] = append(w.post.letters[t.Letter], m)
	}
	for _, r := range s.Receipts {
		w.post.receipts = append(w.post.receipts, &waitingReceipt{r.At, r.Receipt})
	}
	for _, sum := range s.Issued {
		w.post.issued[sum] = "" // whose it is was not kept
	}
	for _, id := range s.Refused {
		w.post.refused[id] = true
	}
	for _, uuid := range s.Done {
		w.post.completed[uuid] = true
	}
	w.post.number = 1_000_000
	for _, name := range w.queues.names {
		for _, e := range s.Jobs[name] {
			w.queues.add(name, e)
		}
	}
	w.wrote(nil, writes)
}
