package receipt

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// brittle refuses transactions while it is broken.
type brittle struct {
	*storetest.Memory
	broken bool
}

func (b *brittle) Transact(ctx context.Context, writes ...store.Write) error {
	if b.broken {
		return errors.New("the disk is full")
	}
	return b.Memory.Transact(ctx, writes...)
}

// TestStoredFirstDeletedAfter: while a receipt cannot be stored it stays at Digital Post; then it gives two ticks, and
// one that belongs to nobody is kept.
func TestStoredFirstDeletedAfter(t *testing.T) {
	ctx := context.Background()
	table := &brittle{Memory: storetest.NewMemory()}
	s := store.New(table)
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 2)
	for _, l := range letters {
		posttest.Check(t, l.Queue(posttest.Now))
		posttest.Check(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute)))
		posttest.Check(t, l.HandOver(posttest.Now, l.Current().UUID, "t", "d", false))
	}
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	receipt := func(id string, l *post.Letter, uuid string, status post.ReceiptStatus, code string) post.Receipt {
		r := post.Receipt{
			ID:        id,
			MessageID: l.ID,
			UUID:      uuid,
			Status:    status,
			ErrorCode: code,
			Raw:       []byte(`{"id":"` + id + `"}`),
		}
		r.SetHash()
		return r
	}
	channel := &posttest.MemoryChannel{Waiting: []post.Receipt{
		receipt("1", letters[0], letters[0].Current().UUID, post.ReceiptCompleted, ""),
		receipt("2", letters[1], letters[1].Current().UUID, post.ReceiptInvalid, "recipient.unknown"),
		receipt("3", letters[1], letters[0].Current().UUID, post.ReceiptCompleted, ""), // another letter's UUID
		{ID: "4", MessageID: "not ours", UUID: "x", Raw: []byte("{}")},
	}}
	queues := &posttest.MemoryQueues{}
	h := &Handler{
		Runner:   parallel.Goroutines{},
		Letters:  s.Letters(),
		Failures: s.Failures(),
		Orphans:  s,
		Queues:   queues,
		Channel:  channel,
		Timings:  post.DemoTimings,
		Now:      func() time.Time { return posttest.Start.Add(time.Second) },
	}
	table.broken = true
	if _, err := h.Pull(ctx); err == nil || len(channel.Removed) != 0 {
		t.Fatalf("deleted before it was stored: %v, %v", channel.Removed, err)
	}
	table.broken = false
	shown := channel.Waiting
	if more, err := h.Pull(ctx); err != nil || !more {
		t.Errorf("letters have moved on, and it is not asked again at once: %v", err)
	}
	if len(channel.Removed) != 4 {
		t.Errorf("deleted %v", channel.Removed)
	}
	channel.Waiting = shown
	if more, err := h.Pull(ctx); err != nil || more {
		t.Errorf("what Digital Post shows once more is asked for for ever: %v", err)
	}
	for i, want := range []post.LetterState{post.Completed, post.Failed} {
		l, err := s.Letters().GetAny(ctx, letters[i].ID)
		posttest.Check(t, err)
		if l.State != want || len(l.Receipts) != 1 || !l.Receipts[0].Verify() {
			t.Errorf("letter %d is %s with %d receipts", i+1, l.State, len(l.Receipts))
		}
	}
	if orphans, err := table.Query(ctx, "R#stray", "", "", 9); err != nil || len(orphans) != 2 {
		t.Errorf("%d strays are kept, want 2: %v", len(orphans), err)
	}
	if dead := queues.Take(post.SendQueue.Dead()); len(dead) != 1 || dead[0].Code != post.UnknownRecipient {
		t.Errorf("dead letters %v", dead)
	}
	if n := len(queues.Take(post.ArchiveQueue)); n != 2 {
		t.Errorf("%d letters go to the archive, want 2", n)
	}
}

// lateLetters writes letters when the first receipt of theirs is about to be put aside: they were restored meanwhile.
type lateLetters struct {
	post.OrphanReceipts
	write func()
}

// Keep implements post.OrphanReceipts.
func (o *lateLetters) Keep(ctx context.Context, r post.Receipt, why error) error {
	if o.write != nil {
		o.write()
		o.write = nil
	}
	return o.OrphanReceipts.Keep(ctx, r, why)
}

// TestReceiptOfALetterThatComesMeanwhile is not put aside as nobody's: after a restore a letter may be written again
// between the look for it and that.
func TestReceiptOfALetterThatComesMeanwhile(t *testing.T) {
	ctx, table := t.Context(), storetest.NewMemory()
	s, queues := store.New(table), &posttest.MemoryQueues{}
	var receipts []post.Receipt
	for _, id := range []string{"aaaaaaaaaaaa", "bbbbbbbbbbbb"} {
		shipment, letters := posttest.Shipment(t, id, 1)
		l := letters[0]
		posttest.Check(t, l.Queue(posttest.Now))
		posttest.Check(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute)))
		posttest.Check(t, l.HandOver(posttest.Now, l.Current().UUID, "t", "d", false))
		r := post.Receipt{
			ID: id, MessageID: l.ID, UUID: l.Current().UUID, Status: post.ReceiptCompleted, Raw: []byte(`{}`),
		}
		r.SetHash()
		receipts = append(receipts, r)
		write := func() {
			posttest.Check(t, s.Shipments().Create(ctx, shipment))
			posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
		}
		if id == "aaaaaaaaaaaa" { // it is there, and is taken with the one that comes late
			write()
			continue
		}
		h := &Handler{
			Runner: parallel.Goroutines{}, Letters: s.Letters(), Failures: s.Failures(), Queues: queues,
			Orphans: &lateLetters{s, write}, Timings: post.DemoTimings,
			Now: func() time.Time { return posttest.Start.Add(time.Second) },
		}
		posttest.Check(t, h.Take(ctx, receipts))
	}
	for _, r := range receipts {
		if l, err := s.Letters().GetAny(ctx, r.MessageID); err != nil || l.State != post.Completed {
			t.Errorf("letter %s is %s: %v", r.MessageID, l.State, err)
		}
	}
	if orphans, err := table.Query(ctx, "R#stray", "", "", 9); err != nil || len(orphans) != 0 {
		t.Errorf("%d receipts are put aside: %v", len(orphans), err)
	}
	if n := len(queues.Take(post.ArchiveQueue)); n != 2 {
		t.Errorf("%d letters go to the archive, want 2", n)
	}
}

// TestAnsweredAfterTheLastLetter: a breaker that no letter tries any more closes when receipts can be fetched again,
// and who was told is told. While letters wait for their try it is theirs to find out.
func TestAnsweredAfterTheLastLetter(t *testing.T) {
	ctx, s := context.Background(), store.New(storetest.NewMemory())
	now := post.Clock{At: posttest.Start, Timings: post.DemoTimings}
	_, err := s.ChangeBreaker(ctx, post.Simulator, func(b *post.Breaker) error {
		for range post.BreakAfter {
			posttest.Check(t, b.Failed(now, post.Silence{NoConnection: true}, 1))
		}
		return nil
	})
	posttest.Check(t, err)
	posttest.Check(t, s.Notices().Note(ctx, post.Notice{Org: "demo", Kind: post.DigitalPostDown, At: now.At}))
	posttest.Check(t, s.Notices().Digest(ctx, "demo", now.At))
	channel := &brokenChannel{MemoryChannel: &posttest.MemoryChannel{}, err: errors.New("HTTP 503")}
	h := &Handler{
		Runner:      parallel.Goroutines{},
		Channel:     channel,
		Timings:     post.DemoTimings,
		Breakers:    s,
		Notices:     s.Notices(),
		Environment: post.Simulator,
	}
	for _, step := range []struct {
		after time.Duration
		err   error
		open  bool
	}{{post.DemoTimings.BackOffFrom, nil, true}, {time.Hour, channel.err, true}, {time.Hour, nil, false}} {
		channel.err = step.err
		h.Now = func() time.Time { return posttest.Start.Add(step.after) }
		if _, err := h.Pull(ctx); !errors.Is(err, step.err) {
			t.Fatal(err)
		}
		if b, err := s.Breaker(ctx, post.Simulator); err != nil || b.Open != step.open {
			t.Errorf("after %v and %v: %+v, %v", step.after, step.err, b, err)
		}
	}
	if orgs, err := s.Notices().DueOrganizations(ctx, posttest.Start.Add(24*time.Hour)); err != nil || len(orgs) != 1 {
		t.Errorf("told that it answers again: %v, %v", orgs, err)
	}
}

// brokenChannel is one whose receipts cannot always be fetched.
type brokenChannel struct {
	*posttest.MemoryChannel
	err error
}

func (b *brokenChannel) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
	if b.err != nil {
		return nil, b.err
	}
	return b.MemoryChannel.Receipts(ctx, limit)
}

// TestAChangedAnswerReachesAPerson at once, also where the letter itself has not come to its end.
func TestAChangedAnswerReachesAPerson(t *testing.T) {
	ctx := context.Background()
	s, queues := store.New(storetest.NewMemory()), &posttest.MemoryQueues{}
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	l := letters[0]
	receipt := func(uuid string, status post.ReceiptStatus) []post.Receipt {
		r := post.Receipt{MessageID: l.ID, UUID: uuid, Status: status, Raw: []byte(uuid + string(status))}
		r.SetHash()
		return []post.Receipt{r}
	}
	posttest.Check(t, l.Queue(posttest.Now))
	posttest.Check(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute)))
	old := l.Current().UUID
	posttest.Check(t, l.Take(receipt(old, post.ReceiptInvalid)[0], posttest.Now))
	posttest.Check(t, l.Correct(keys.UUIDs([]byte("key")), posttest.Now, "eva", post.Correction{Subject: "Nyt"}))
	posttest.Check(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute)))
	posttest.Check(t, l.HandOver(posttest.Now, l.Current().UUID, "t", "d", false))
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	h := &Handler{
		Runner:   parallel.Goroutines{},
		Letters:  s.Letters(),
		Failures: s.Failures(),
		Orphans:  s,
		Queues:   queues,
		Timings:  post.DemoTimings,
		Now: func() time.Time {
			return posttest.Start
		},
	}
	for _, step := range []struct {
		uuid   string
		status post.ReceiptStatus
		want   post.LetterState
		dead   int
	}{{old, post.ReceiptCompleted, post.HandedOver, 1}, {l.Current().UUID, post.ReceiptCompleted, post.Completed, 1},
		{l.Current().UUID, post.ReceiptInvalid, post.Completed, 1}} {
		posttest.Check(t, h.Take(ctx, receipt(step.uuid, step.status)))
		is, err := s.Letters().GetAny(ctx, l.ID)
		posttest.Check(t, err)
		dead := queues.Take(post.SendQueue.Dead())
		if is.State != step.want || len(dead) != step.dead || dead[0].Code != post.ChangedAnswer {
			t.Errorf("after %s of %s it is %s, dead letters %v", step.status, step.uuid, is.State, dead)
		}
	}
}
