// Package posttest has the contract tests of the ports, run on memory, embedded and the cloud, and ports in memory
// for the tests of stages.
package posttest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// StoredLetters is all that a store does with letters.
type StoredLetters interface {
	post.AllLetters
	post.NewLetters
	post.LetterLists
	post.DueLetters
}

// StoredShipments is all that a store does with shipments.
type StoredShipments interface {
	post.AllShipments
	post.DueShipments
}

// StoredObjects is all that a store of files does.
type StoredObjects interface {
	post.Objects
	post.Uploads
}

// Words are the ports that a store offers.
type Words struct {
	Shipments StoredShipments
	Letters   StoredLetters
	Failures  post.Failures
	Files     post.SentFiles
	Cases     post.Cases
	Titles    post.Titles

	FilingPlans   post.FilingPlans
	Inbox         post.Inbox
	Clearances    post.Clearances
	Audit         post.Auditor
	Profiles      post.Profiles
	Requests      post.Requests
	Bulks         post.Bulks
	DueBulks      post.DueBulks
	Containers    post.Containers
	Checks        post.Checks
	LookUps       post.LookUps
	SavedFilters  post.SavedFilters
	Progresses    post.SplitProgresses
	Service       post.ServiceRecord
	Beats         post.Heartbeats
	Stops         post.Stops
	Notices       Notices
	Organizations StoredOrganizations
}

// Start is when tests begin.
var Start = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// Now is Start with the timings of the demo.
var Now = post.Clock{At: Start, Timings: post.DemoTimings}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Number parses a number, or ends the test.
func Number(t *testing.T, text string) ident.Number {
	t.Helper()
	n, err := ident.ParseAny(text)
	must(t, err)
	return n
}

// Shipment returns a shipment with letters that wait to be queued.
func Shipment(t *testing.T, id string, letters int) (*post.Shipment, []*post.Letter) {
	t.Helper()
	s := &post.Shipment{
		ID:      id,
		Org:     "demo",
		Subject: "Emne",
		Sender:  post.Sender{Number: Number(t, "99060816"), Name: "Kommune"},
		Rule:    post.FirstPage,
		Parts: []post.Part{
			{Name: "a.pdf", Type: "application/pdf", Key: "uploads/demo/" + id + "/0", Limit: 1 << 20},
		},
		MeMo:        post.MeMo12,
		Environment: post.Simulator,
		By:          "test",
		Created:     Start,
		State:       post.InSending,
		SentAt:      Start,
		Version:     1,
		Letters:     letters,
		Pages:       letters,
	}
	var all []*post.Letter
	for i := range letters {
		l := &post.Letter{
			ID:        post.NewLetterID(id, 1, i+1, i+1, i+1),
			Org:       "demo",
			First:     i + 1,
			Last:      i + 1,
			Recipient: Number(t, fmt.Sprintf("010190%04d", 1000+i)),
			State:     post.Created,
		}
		l.Note(Start, post.WasSplit, "")
		all = append(all, l)
	}
	return s, all
}

// Store is the contract of the words that a store keeps.
func Store(t *testing.T, open func(t *testing.T) Words) {
	t.Run("shipments", func(t *testing.T) { shipments(t, open(t)) })
	t.Run("letters", func(t *testing.T) { letters(t, open(t)) })
	t.Run("who comes second starts again", func(t *testing.T) { overtaken(t, open(t)) })
	t.Run("counts never drift", func(t *testing.T) { contention(t, open(t)) })
	t.Run("due", func(t *testing.T) { due(t, open(t)) })
	t.Run("backlog", func(t *testing.T) { backlog(t, open(t)) })
	t.Run("backlog of many", func(t *testing.T) { reopened(t, open(t)) })
	t.Run("failures", func(t *testing.T) { failures(t, open(t)) })
	t.Run("another organization's is not there", func(t *testing.T) { foreign(t, open(t)) })
	t.Run("bulks", func(t *testing.T) { bulks(t, open(t)) })
	t.Run("checks", func(t *testing.T) { checks(t, open(t)) })
	t.Run("containers", func(t *testing.T) { containers(t, open(t)) })
	t.Run("organizations", func(t *testing.T) { organizations(t, open(t)) })
	t.Run("users", func(t *testing.T) { users(t, open(t)) })
	t.Run("what is sent on a day", func(t *testing.T) { dayCounts(t, open(t)) })
	t.Run("transfers", func(t *testing.T) { transfers(t, open(t)) })
	t.Run("legal notifications", func(t *testing.T) { legalNotices(t, open(t)) })
	t.Run("pushed messages", func(t *testing.T) { pushedMemos(t, open(t)) })
	t.Run("progress of splits", func(t *testing.T) { splitProgress(t, open(t)) })
	t.Run("service", func(t *testing.T) { service(t, open(t)) })
	t.Run("saved filters", func(t *testing.T) { savedFilters(t, open(t)) })
	t.Run("recipient lists", func(t *testing.T) { recipientLists(t, open(t)) })
	t.Run("what may be done now", func(t *testing.T) { rightsNow(t, open(t)) })
	t.Run("what waits for approval", func(t *testing.T) { proposals(t, open(t)) })
	t.Run("files and cases", func(t *testing.T) { files(t, open(t)) })
	t.Run("titles", func(t *testing.T) { titles(t, open(t)) })
}

func shipments(t *testing.T, w Words) {
	ctx := context.Background()
	for i := range 5 {
		s, _ := Shipment(t, fmt.Sprintf("aaaaaaaaaaa%d", i), 0)
		s.Created = Start.Add(time.Duration(i) * time.Second)
		must(t, w.Shipments.Create(ctx, s))
	}
	again, _ := Shipment(t, "aaaaaaaaaaa0", 0)
	must(t, w.Shipments.Create(ctx, again)) // the answer was lost, and it is written once more
	again.By = "another"
	if err := w.Shipments.Create(ctx, again); !errors.Is(err, post.ErrExists) {
		t.Errorf("a second shipment with the same id: %v", err)
	}
	if _, err := w.Shipments.Get(ctx, "demo", "zzzzzzzzzzzz"); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("a shipment that is not there: %v", err)
	}
	var seen []string
	for cursor := ""; ; {
		page, next, err := w.Shipments.List(ctx, "demo", post.Everything(), cursor, 2)
		must(t, err)
		for _, s := range page {
			seen = append(seen, s.ID[11:])
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if fmt.Sprint(seen) != "[4 3 2 1 0]" {
		t.Errorf("listed %v, want the newest first", seen)
	}
	filtered(t, w)
	other, _, err := w.Shipments.List(ctx, "other", post.Everything(), "", 9)
	if err != nil || len(other) != 0 {
		t.Errorf("another organization sees %d shipments: %v", len(other), err)
	}
	s, err := w.Shipments.Change(ctx, "demo", "aaaaaaaaaaa1", func(s *post.Shipment) error {
		s.Subject = "Nyt"
		return nil
	})
	must(t, err)
	got, err := w.Shipments.Get(ctx, "demo", s.ID)
	if err != nil || got.Subject != "Nyt" || !got.Created.Equal(s.Created) ||
		got.Sender != s.Sender {
		t.Errorf("after a change: %+v, %v", got, err)
	}
}

func letters(t *testing.T, w Words) {
	ctx := context.Background()
	s, all := Shipment(t, "bbbbbbbbbbbb", 230)
	must(t, w.Shipments.Create(ctx, s))
	must(t, w.Letters.Create(ctx, &post.Shipment{}, all))
	must(t, w.Letters.Create(ctx, &post.Shipment{}, all[100:160])) // a split that is run again
	other := *all[20]
	other.Recipient = Number(t, "12345674")
	if err := w.Letters.Create(ctx, &post.Shipment{}, []*post.Letter{&other}); err == nil {
		t.Error("a letter to another recipient was taken for the same one")
	}
	numbers := 0
	must(t, workflow.EachPage(ctx, w.Letters, s, func(page []*post.Letter) error {
		for _, l := range page {
			if numbers++; l.ID.Number() != numbers {
				t.Errorf("letter %d comes at place %d", l.ID.Number(), numbers)
			}
		}
		return nil
	}))
	if numbers != 230 {
		t.Errorf("%d letters in the pages, want 230", numbers)
	}
	if page, err := w.Letters.Page(ctx, s, 199, 3); err != nil || len(page) != 3 || page[2].ID.Number() != 201 {
		t.Errorf("a page across two partitions: %v, %v", page, err)
	}
	got, err := w.Letters.Get(ctx, "demo", all[7].ID)
	must(t, err)
	if got.Recipient != all[7].Recipient || got.State != post.Created || len(got.History) != 1 {
		t.Errorf("read %+v", got)
	}
	some, err := w.Letters.ReadAny(ctx, all[9].ID, post.NewLetterID(s.ID, 1, 999, 999, 999), all[3].ID)
	if err != nil || len(some) != 3 || some[0].ID != all[9].ID || some[1] != nil || some[2].ID != all[3].ID {
		t.Errorf("read together: %v, %v", some, err)
	}
	wrong := post.NewLetterID(s.ID, 1, 8, 9, 9) // the place of letter 8, but other pages
	if _, err := w.Letters.Get(ctx, "demo", wrong); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("a letter with other pages: %v", err)
	}
	ids := []post.LetterID{all[0].ID, wrong, all[1].ID}
	changed, err := w.Letters.Change(ctx, "demo", ids, func(l *post.Letter) error {
		if l.ID == all[1].ID {
			return post.ErrUnchanged
		}
		return l.Queue(Now)
	})
	must(t, err)
	if !changed[0].Wrote || !errors.Is(changed[1].Err, post.ErrNotFound) || changed[2].Wrote || changed[2].Err != nil {
		t.Errorf("changed %+v", changed)
	}
	if s, err = w.Shipments.Get(ctx, "demo", s.ID); err != nil || s.Counts.Created != 229 || s.Counts.Queued != 1 ||
		s.Counts.Total() != 230 {
		t.Errorf("counts %+v, %v", s.Counts, err)
	}
}

// contention: many change the same letters at once, and the counts still are those of the letters.
func contention(t *testing.T, w Words) {
	ctx := context.Background()
	s, all := Shipment(t, "cccccccccccc", 40)
	must(t, w.Shipments.Create(ctx, s))
	must(t, w.Letters.Create(ctx, &post.Shipment{}, all))
	const many = 6
	var wg, met sync.WaitGroup
	met.Add(many) // they meet with the same letters in their hands, so that all but one of them are too late
	for k := range many {
		wg.Go(func() {
			meet := sync.OnceFunc(func() { met.Done(); met.Wait() })
			for i := 0; i < len(all); i += 10 {
				ids := post.IDs(all[i : i+10])
				_, err := w.Letters.Change(ctx, "demo", ids, func(l *post.Letter) error {
					meet()
					switch {
					case l.State == post.Created:
						return l.Queue(Now)
					case k%2 == 0:
						return l.Cancel(Start, "test")
					}
					return post.ErrUnchanged
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var want post.Counts
	must(t, workflow.EachPage(ctx, w.Letters, s, func(page []*post.Letter) error {
		for _, l := range page {
			want.Add(l, 1)
		}
		return nil
	}))
	if s, err := w.Shipments.Get(ctx, "demo", s.ID); err != nil || s.Counts != want {
		t.Errorf("counts %+v, letters %+v: %v", s.Counts, want, err)
	}
}

func due(t *testing.T, w Words) {
	ctx := context.Background()
	s, all := Shipment(t, "dddddddddddd", 30)
	s.Due = Start.Add(time.Minute)
	must(t, w.Shipments.Create(ctx, s))
	for i, l := range all {
		l.Due = Start.Add(time.Duration(i) * time.Second)
	}
	all[3].Due = time.Time{}
	must(t, w.Letters.Create(ctx, &post.Shipment{}, all))
	found, err := w.Letters.Due(ctx, Start.Add(9*time.Second), 100)
	if err != nil || len(found) != 9 {
		t.Errorf("%d letters are due, want 9: %v", len(found), err)
	}
	if found, err = w.Letters.Due(ctx, Start.Add(time.Hour), 5); err != nil || len(found) != 5 {
		t.Errorf("%d letters within the limit, want 5: %v", len(found), err)
	}
	if early, err := w.Shipments.Due(ctx, Start, 9); err != nil || len(early) != 0 {
		t.Errorf("%d shipments are due too early: %v", len(early), err)
	}
	if now, err := w.Shipments.Due(ctx, Start.Add(time.Minute), 9); err != nil || len(now) != 1 ||
		now[0].Counts.Created != 30 {
		t.Errorf("due shipments %v: %v", now, err)
	}
}
