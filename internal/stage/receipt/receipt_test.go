package receipt

import (
	"context"
	"errors"
	"testing"
	"time"

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
		posttest.Check(t, l.Begin([]byte("key"), posttest.Now, posttest.Start.Add(time.Minute)))
		posttest.Check(t, l.HandOver(posttest.Now, l.Current().UUID, "t", "d", false))
	}
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, letters))
	receipt := func(id string, l *post.Letter, uuid string, status post.ReceiptStatus, code string) post.Receipt {
		r := post.Receipt{ID: id, MessageID: l.ID, UUID: uuid, Status: status, ErrorCode: code, Raw: []byte(`{"id":"` + id + `"}`)}
		r.Seal()
		return r
	}
	channel := &posttest.MemoryChannel{Waiting: []post.Receipt{
		receipt("1", letters[0], letters[0].Current().UUID, post.ReceiptCompleted, ""),
		receipt("2", letters[1], letters[1].Current().UUID, post.ReceiptInvalid, "recipient.unknown"),
		receipt("3", letters[1], letters[0].Current().UUID, post.ReceiptCompleted, ""), // another letter's UUID
		{ID: "4", MessageID: "not ours", UUID: "x", Raw: []byte("{}")},
	}}
	queues := &posttest.MemoryQueues{}
	h := &Handler{Letters: s.Letters(), Failures: s.Failures(), Strays: s, Queues: queues, Channel: channel, Pace: post.DemoPace, Now: func() time.Time { return posttest.Start.Add(time.Second) }}
	table.broken = true
	if _, err := h.Pull(ctx); err == nil || len(channel.Removed) != 0 {
		t.Fatalf("deleted before it was stored: %v, %v", channel.Removed, err)
	}
	table.broken = false
	_, err := h.Pull(ctx)
	posttest.Check(t, err)
	if len(channel.Removed) != 4 {
		t.Errorf("deleted %v", channel.Removed)
	}
	for i, want := range []post.LetterState{post.Completed, post.Failed} {
		l, err := s.Letters().Get(ctx, letters[i].ID)
		posttest.Check(t, err)
		if l.State != want || len(l.Receipts) != 1 || !l.Receipts[0].Verify() {
			t.Errorf("letter %d is %s with %d receipts", i+1, l.State, len(l.Receipts))
		}
	}
	if strays, err := table.Query(ctx, "R#stray", "", "", 9); err != nil || len(strays) != 2 {
		t.Errorf("%d strays are kept, want 2: %v", len(strays), err)
	}
	if dead := queues.Take(post.SendQueue.Dead()); len(dead) != 1 || dead[0].Code != post.UnknownRecipient {
		t.Errorf("dead letters %v", dead)
	}
	if n := len(queues.Take(post.ArchiveQueue)); n != 2 {
		t.Errorf("%d letters go to the archive, want 2", n)
	}
}
