package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"brevdue/internal/embedded"
	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/memo"
	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost"
	"brevdue/internal/splitter"
	"brevdue/internal/store"
)

// The floor does what nobody can do without, in the batches, with the syncing and the client of the way, and nothing
// else: it writes each letter's PDF, posts its message to the simulator, and commits its state changes. What it sends
// is cut and made before the clock starts.
const (
	writtenAtOnce = 50
	sentAtOnce    = 10
	senders       = 8
	// created, queued, sending, handed over, completed with receipt; archiving comes after the second tick
	changes = 5
)

type bare struct {
	objects   *embedded.Objects
	table     store.Table
	channel   *digitalpost.Client
	documents [][]byte
	messages  []*memo.Message
	body      json.RawMessage // of an item, as large as a letter's
}

func floor(ctx context.Context, file, data, simulator string) (measured, error) {
	var m measured
	content, err := os.ReadFile(file)
	if err != nil {
		return m, err
	}
	backend, err := embedded.Open(data, "")
	if err != nil {
		return m, err
	}
	defer backend.Close()
	b := &bare{
		table: backend.Table(),
		channel: digitalpost.New(
			digitalpost.Config{
				Base:        simulator,
				Timeout:     time.Minute,
				Connections: 10 * senders,
			},
		),
	}
	if b.objects, err = backend.Objects(); err != nil {
		return m, err
	}
	if err := b.prepare(ctx, content); err != nil {
		return m, err
	}
	m.Letters = len(b.documents)
	before, err := processorTime(os.Getpid())
	if err != nil {
		return m, err
	}
	begun := time.Now()
	if err := b.run(ctx); err != nil {
		return m, err
	}
	m.Seconds = time.Since(begun).Seconds()
	m.CPU, err = processorTime(os.Getpid())
	if m.CPU -= before; err != nil {
		return m, err
	}
	m.PeakMB, err = peak(os.Getpid())
	return m, err
}

// prepare cuts the letters and makes their messages.
func (b *bare) prepare(ctx context.Context, content []byte) error {
	plan, err := splitter.Make(ctx, content, splitter.Options{})
	if err != nil {
		return err
	}
	cutter := plan.Cutter()
	s := &post.Shipment{
		ID:      "aaaaaaaaaaaa",
		Subject: "Måling",
		MeMo:    post.MeMo12,
		Parts:   make([]post.Part, 1),
		Sender:  post.Sender{Name: "Nordøby Kommune"},
	}
	if s.Sender.Number, err = ident.ParseCVR("99060816"); err != nil {
		return err
	}
	for i, segment := range plan.Segments {
		document := bytes.Clone(cutter.Cut(segment))
		id := post.NewLetterID(s.ID, 1, i+1, segment.First, segment.Last)
		l := &post.Letter{
			ID:        id,
			Recipient: segment.Recipient,
			Document:  post.Object{SHA256: fmt.Sprintf("%064x", i), Size: int64(len(document))},
		}
		message := message.Make(
			s,
			l,
			&post.Message{UUID: keys.MessageUUID([]byte("bench"), string(id), "", 0), Created: time.Now()},
		)
		message.Files()[0].Content.Bytes = document
		b.documents, b.messages = append(b.documents, document), append(b.messages, message)
	}
	b.body, err = json.Marshal(map[string]string{"letter": string(bytes.Repeat([]byte("x"), 900))})
	return err
}

// run writes, commits and posts, as many at a time as the way does.
func (b *bare) run(ctx context.Context) error {
	err := each(len(b.documents), writtenAtOnce, 4, func(from, to int) error {
		var files []post.File
		for i := from; i < to; i++ {
			files = append(
				files,
				post.File{
					Key:     fmt.Sprintf("letters/aaaaaaaaaaaa/1/%04d/%06d.pdf", (i+1)/100, i+1),
					Content: b.documents[i],
				},
			)
		}
		_, err := b.objects.Put(ctx, files...)
		return errors.Join(err, b.commit(ctx, from, to, 1))
	})
	if err != nil {
		return err
	}
	if err := each(len(b.documents), writtenAtOnce, 1, func(from,
		to int) error {
		return b.commit(ctx, from, to, 2)
	}); err != nil {
		return err
	}
	return each(len(b.documents), sentAtOnce, senders, func(from, to int) error {
		if err := b.commit(ctx, from, to, 3); err != nil {
			return err
		}
		err := sideBySide(from, to, func(i int) error {
			m := b.messages[i]
			answer, err := b.channel.Send(
				ctx,
				post.Outgoing{UUID: string(m.Header.UUID), Length: m.Length(), Body: m.Reader},
			)
			if err == nil && !answer.Accepted {
				err = fmt.Errorf("letter %d was not accepted", i)
			}
			return err
		})
		for change := 4; change <= changes; change++ {
			err = errors.Join(err, b.commit(ctx, from, to, change))
		}
		return err
	})
}

// commit writes the items of some letters and a counter in one transaction.
func (b *bare) commit(ctx context.Context, from, to, revision int) error {
	writes := make([]store.Write, 0, to-from+1)
	for i := from; i < to; i++ {
		k := store.Key{PK: fmt.Sprintf("L#aaaaaaaaaaaa#1#%04d", i/100), SK: fmt.Sprintf("%06d", i)}
		w := store.Write{Put: &store.Item{Key: k, Revision: int64(revision), Body: b.body}, If: store.IfMissing}
		if revision > 1 {
			w.If, w.Was = store.IfRevision, int64(revision-1)
		}
		writes = append(writes, w)
	}
	counter := store.Key{PK: "S#aaaaaaaaaaaa", SK: fmt.Sprintf("C#%x", from/10%16)}
	writes = append(writes, store.Write{Add: &store.Item{Key: counter, Numbers: map[string]int64{"n": 1}}})
	return b.table.Transact(ctx, writes...)
}

// each calls do for parts of 0..n, on some workers.
func each(n, size, workers int, do func(from, to int) error) error {
	work := make(chan int)
	errs := make(chan error, workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for from := range work {
				if err := do(from, min(from+size, n)); err != nil {
					select {
					case errs <- err:
					default:
					}
				}
			}
		})
	}
	for from := 0; from < n; from += size {
		work <- from
	}
	close(work)
	wg.Wait()
	close(errs)
	return <-errs
}

// sideBySide calls do for from..to at the same time.
func sideBySide(from, to int, do func(i int) error) error {
	errs := make([]error, to-from)
	var wg sync.WaitGroup
	for i := from; i < to; i++ {
		wg.Go(func() { errs[i-from] = do(i) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
