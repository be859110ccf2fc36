package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/digitalpost/fake"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// plant is an installation at work, whose boundaries fail now and then.
type plant struct {
	*server
	t    *testing.T
	base string
	stop func()
}

// loadTimings is fast, so that what fails is soon tried again.
var loadTimings = post.Timings{
	BackOffFrom:   100 * time.Millisecond,
	BackOffTo:     time.Second,
	RetryFor:      2 * time.Minute,
	ReceiptWithin: time.Minute,
	CheckAfter:    3 * time.Second,
	Sweep:         300 * time.Millisecond,
	Poll:          50 * time.Millisecond,
	Call:          5 * time.Second,
	Upload:        time.Hour,
}

func newPlant(t *testing.T, faults posttest.Faults, also ...func(*App)) *plant {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	posttest.Check(t, err)
	p := &plant{t: t, base: "http://" + listener.Addr().String()}
	p.server, err = build(
		Config{
			Data:        t.TempDir(),
			Timings:     loadTimings,
			UploadLimit: 200 << 20,
			Senders:     8,
			Duplicates:  fake.RefuseDuplicates,
			Delay:       20 * time.Millisecond,
		},
		p.base,
		p.base,
	)
	posttest.Check(t, err)
	for _, f := range []post.NewOrganization{Demo, {ID: "anden", Name: "Anden", CVR: "12345674", User: "anden"}} {
		_, err = p.app.CreateOrganization(context.Background(), f, func(string) error { return nil })
		posttest.Check(t, err)
	}
	if faults > 0 {
		p.app.Store = store.New(storetest.Faulty{Table: p.server.backend.Table(), Faults: faults})
		p.app.Objects = posttest.FaultyObjects{StoredObjects: p.app.Objects, Faults: faults}
		p.app.Queues = posttest.FaultyQueues{Queues: p.app.Queues, Faults: faults}
		p.app.Channel = posttest.FaultyChannel{Channel: p.app.Channel, Faults: faults}
	}
	for _, change := range also {
		change(&p.app)
	}
	handler, err := p.handler()
	posttest.Check(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.run(ctx, handler, listener) }()
	p.stop = func() {
		cancel()
		posttest.Check(t, <-done)
		posttest.Check(t, p.close())
	}
	return p
}

// again makes a call until it succeeds: whoever gets an error presses once more.
func again[T any](t *testing.T, call func() (T, error)) T {
	t.Helper()
	for n := 0; ; n++ {
		v, err := call()
		if err == nil {
			return v
		}
		if n > 100 {
			t.Fatal(err)
		}
	}
}

// ship uploads a document with so many letters, and returns the shipment.
func (p *plant) ship(org string, letters, from int) string {
	p.t.Helper()
	all := make([]pdftest.Letter, letters)
	for i := range all {
		n := from + i
		all[i] = pdftest.Letter{
			Heading: []string{
				"Navn",
				"Vej 1",
				fmt.Sprintf("CPR-nr.: %02d%02d%02d-%04d", n%28+1, n/28%12+1, 40+n/336%50, 1000+n/16800),
			},
			Pages: 1,
		}
	}
	ctx, who := context.Background(), posttest.Person(org, "test")
	order := post.Order{Subject: "Belastning", Document: post.FileOrder{Name: "breve.pdf"}, Repeat: true}
	s := again(p.t, func() (*post.Shipment, error) {
		s, _, err := p.app.ShipmentCommands().Create(ctx, who, order)
		return s, err
	})
	again(p.t, func() ([]post.Object, error) {
		return p.app.Objects.Put(
			ctx,
			post.File{Key: s.Parts[0].Key, Content: pdftest.Merge(pdftest.Options{Footer: org}, all...)},
		)
	})
	posttest.Check(p.t, p.server.backend.Send(ctx, post.SplitQueue, post.Job{Org: org, Object: s.Parts[0].Key}))
	return s.ID
}

// truth is the table as it is, without faults.
func (p *plant) truth() *store.Store { return store.New(p.server.backend.Table()) }

func number(t *testing.T, name string, usual int) int {
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	posttest.Check(t, err)
	return n
}

// TestLoadWithFaults: 5 % of all calls at every boundary fail, half of them after the work was done. Nothing is lost,
// nothing goes twice, and everything comes to an end or stands in Ubehandlet. make load does it with 10,000 letters.
func TestLoadWithFaults(t *testing.T) {
	n := number(t, "BREVDUE_LOAD", 300)
	p := newPlant(t, 20)
	defer p.stop()
	id := p.ship("demo", n, 0)
	ctx := context.Background()
	var s *post.Shipment
	for until := time.Now().Add(time.Minute +
		time.Duration(n)*20*time.Millisecond); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		var err error
		s, err = p.truth().Shipments().GetAny(ctx, id)
		posttest.Check(t, err)
		if s.State == post.SplitRefused { // it broke down five times: a person lets it be split again
			_, err := p.app.Remedies().
				Replay(ctx, posttest.Person("demo", "test"), []post.FailureFilter{{}}, post.Replay{})
			t.Logf("split again: %v", err)
		}
		if c := s.Counts; s.Letters == n && c.Completed+c.Failed == n && c.Archived+c.ArchiveFailed == n {
			break
		}
	}
	time.Sleep(2 * loadTimings.CheckAfter) // rows of those that failed last
	rows, _, err := p.truth().Failures().List(ctx, "demo", post.EveryRow(), "", n)
	posttest.Check(t, err)
	if c := s.Counts; c.Completed+c.Failed != n || c.Open() != 0 || c.Failed > len(rows) {
		t.Errorf("%d letters: %+v, %d rows in Ubehandlet", n, c, len(rows))
	}
	p.onceEach(id, n-s.Counts.Failed)
	t.Logf("%d letters: %+v, %d rows in Ubehandlet", n, s.Counts, len(rows))
}

// onceEach asks the simulator: no letter was taken in twice, and as many as have two ticks were taken in.
func (p *plant) onceEach(shipment string, atLeast int) {
	p.t.Helper()
	res, err := http.Get(p.base + "/simulator/messages")
	posttest.Check(p.t, err)
	defer res.Body.Close()
	var rows []struct {
		UUID      string `json:"messageUUID"`
		MessageID string `json:"messageId"`
		Accepted  int    `json:"accepted"`
	}
	posttest.Check(p.t, json.NewDecoder(res.Body).Decode(&rows))
	perLetter := map[string]int{}
	for _, r := range rows {
		if strings.HasPrefix(r.MessageID, shipment) {
			perLetter[r.MessageID] += r.Accepted
		}
	}
	for id, times := range perLetter {
		if times > 1 {
			p.t.Errorf("%s was taken in %d times", id, times)
		}
	}
	if len(perLetter) < atLeast {
		p.t.Errorf("Digital Post has %d letters, %d have two ticks", len(perLetter), atLeast)
	}
}

// TestFairness: while one organization's shipment of thousands is on its way, another one's single letters are handed
// over soon. make load prints how soon.
func TestFairness(t *testing.T) {
	n := number(t, "BREVDUE_FAIRNESS", 2000)
	p := newPlant(t, 0)
	defer p.stop()
	ctx := context.Background()
	big := p.ship("demo", n, 0)
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if s, err := p.truth().Shipments().GetAny(ctx, big); err == nil && s.State == post.InSending &&
			s.Counts.Queued > n/2 {
			break
		}
	}
	var took []time.Duration
	left := 0 // of the big one, when the first single letter is handed over
	for i := range 10 {
		begun := time.Now()
		id := p.ship("anden", 1, 1_000_000+i)
		for {
			s, err := p.truth().Shipments().GetAny(ctx, id)
			posttest.Check(t, err)
			if s.Counts.Accepted() == 1 {
				break
			}
			if time.Since(begun) > time.Minute {
				t.Fatal("a single letter waits for more than a minute")
			}
			time.Sleep(10 * time.Millisecond)
		}
		took = append(took, time.Since(begun))
		if i == 0 {
			s, err := p.truth().Shipments().GetAny(ctx, big)
			posttest.Check(t, err)
			left = s.Counts.Queued
		}
	}
	s, err := p.truth().Shipments().GetAny(ctx, big)
	posttest.Check(t, err)
	if left < n/4 {
		t.Errorf("the first single letter waited for all but %d of the %d before it", left, n)
	}
	slices.Sort(took)
	t.Logf(
		"a single letter beside %d others (%d queued after the first, %d at the end): median %v, p95 %v",
		n,
		left,
		s.Counts.Queued,
		took[len(took)/2].Round(time.Millisecond),
		took[len(took)-1].Round(time.Millisecond),
	)
}
