package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/message"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
)

// brittle loses its disk now and then.
type brittle struct {
	*posttest.MemoryObjects
	broken bool
}

func (b *brittle) Put(ctx context.Context, files ...post.File) ([]post.Object, error) {
	if b.broken {
		return nil, errors.New("the disk is full")
	}
	return b.MemoryObjects.Put(ctx, files...)
}

// TestArchivedOnlyWithEverything: a letter shows as archived when document, receipt and message lie in its case; until
// then it is tried again, and after that somebody is asked. The receipt there is the one that came.
func TestArchivedOnlyWithEverything(t *testing.T) {
	ctx := context.Background()
	s, objects := store.New(storetest.NewMemory()), &brittle{MemoryObjects: &posttest.MemoryObjects{}}
	now := posttest.Start
	h := &Handler{
		Runner:    parallel.Goroutines{},
		Shipments: s.Shipments(),
		Letters:   s.Letters(),
		Objects:   objects,
		Cases:     s,
		Titles:    s,
		Names:     &workflow.Names{Outlines: s},
		CaseKey:   []byte("key"),
		UUIDKey:   []byte("key"),
		Timings:   post.DemoTimings,
		Now:       func() time.Time { return now },
		Jitter:    func() float64 { return 1 },
	}
	shipment, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	l := letters[0]
	document, err := objects.Put(ctx, post.File{Key: "letters/1.pdf", Content: []byte("%PDF")})
	posttest.Check(t, err)
	l.Document = document[0]
	posttest.Check(t, l.Queue(posttest.Now))
	posttest.Check(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, now.Add(time.Minute)))
	raw := []byte("{ \"receiptStatus\": \"COMPLETED\",\n \"errorMessage\": \"a & b <c>\" }")
	posttest.Check(
		t,
		l.HandOver(posttest.Now, l.Current().UUID, "t", message.Make(shipment, l, l.Current()).Digest(), false),
	)
	r := post.Receipt{UUID: l.Current().UUID, Status: post.ReceiptCompleted, Raw: raw}
	r.SetHash()
	posttest.Check(t, l.Take(r, posttest.Now))
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	job := []post.Job{{Letter: l.ID}, {Letter: l.ID}}
	objects.broken = true
	posttest.Check(t, errors.Join(h.Handle(ctx, job)...))
	got, err := s.Letters().GetAny(ctx, l.ID)
	posttest.Check(t, err)
	if got.Archiving.State != "" || got.Archiving.Tries != 1 || got.State != post.Completed || got.Due.IsZero() {
		t.Fatalf("after a failure: %+v", got.Archiving)
	}
	objects.broken = false
	posttest.Check(t, errors.Join(h.Handle(ctx, job)...))
	got, err = s.Letters().GetAny(ctx, l.ID)
	posttest.Check(t, err)
	if got.Archiving.State != post.Archived || !got.Due.IsZero() {
		t.Fatalf("%+v, due %v", got.Archiving, got.Due)
	}
	content, done, err := objects.Open(ctx, got.Archiving.Record)
	posttest.Check(t, err)
	defer done()
	var record Record
	posttest.Check(t, json.Unmarshal(content, &record))
	sum := sha256.Sum256(record.Receipts[0].Raw)
	if string(record.Receipts[0].Raw) != string(raw) || hex.EncodeToString(sum[:]) != record.Receipts[0].SHA256 {
		t.Error("the archived receipt is not the one that came")
	}
	if !strings.Contains(record.Message, "sha256:"+l.Document.SHA256) ||
		!strings.Contains(record.Message, l.Current().UUID) ||
		strings.Contains(got.Archiving.Case, "0101901000") {
		t.Errorf("record %s in case %s", content, got.Archiving.Case)
	}
	if _, err := objects.First(ctx, "archive/demo/"+got.Archiving.Case+"/"+string(l.ID)+".pdf"); err != nil {
		t.Error(err)
	}
}
