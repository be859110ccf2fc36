package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"brevdue/internal/aws/awstest"
	"brevdue/internal/keys"
	"brevdue/internal/message"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/folder"
	"brevdue/internal/seal/letters"
	"brevdue/internal/stage/archive"
	"brevdue/internal/store"
	"brevdue/internal/workflow"
)

// shelf is what lies in an archive: how often each kind of document of a letter lies in which case, and what is said of
// the letter.
type shelf map[string]int

// rig is the archive stage with an archive of one kind.
type rig struct {
	*archive.Handler
	t       *testing.T
	store   *store.Store
	objects letters.Stored
	now     time.Time
	mu      sync.Mutex // of chance
	chance  *rand.Rand
	calm    bool // nothing fails any more
	outside bool
	person  string
	look    func() shelf
	letters []post.LetterID
}

// fault is one call in five that fails: before anything happens, after it has happened, or done twice.
func (r *rig) fault() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calm || r.chance.IntN(5) > 0 {
		return ""
	}
	return []string{"before", "after", "twice"}[r.chance.IntN(3)]
}

var errLost = errors.New("the answer is lost")

// RoundTrip implements http.RoundTripper with faults.
func (r *rig) RoundTrip(q *http.Request) (*http.Response, error) {
	fault := r.fault()
	if fault == "before" {
		return nil, errLost
	}
	if fault == "twice" && q.GetBody != nil && (q.Method == http.MethodPut || strings.Contains(q.URL.Path, "/poe/")) {
		again := q.Clone(q.Context()) // only what both sides say can be answered twice
		again.Body, _ = q.GetBody()
		answer, err := http.DefaultTransport.RoundTrip(again)
		if err == nil {
			_ = answer.Body.Close()
		}
	}
	answer, err := http.DefaultTransport.RoundTrip(q)
	if err == nil && fault == "after" {
		_ = answer.Body.Close()
		return nil, errLost
	}
	return answer, err
}

// faultyFiles is a folder with faults.
type faultyFiles struct {
	folder.Files
	*rig
}

func (f faultyFiles) Write(ctx context.Context, name string, content []byte) error {
	fault := f.fault()
	if fault == "before" {
		return errLost
	}
	err := f.Files.Write(ctx, name, content)
	if fault == "after" {
		return errLost
	}
	return err
}

// faultyCases and faultyObjects are Brevdue's own archive with faults.
type faultyCases struct {
	post.Cases
	*rig
}

func (f faultyCases) File(ctx context.Context, is post.Filing) error {
	fault := f.fault()
	if fault == "before" {
		return errLost
	}
	err := f.Cases.File(ctx, is)
	if fault == "after" {
		return errLost
	}
	return err
}

type faultyObjects struct {
	letters.Stored
	*rig
}

func (f faultyObjects) Copy(ctx context.Context, from post.Object, key string, day time.Time) (post.Object, error) {
	fault := f.fault()
	if fault == "before" {
		return post.Object{}, errLost
	}
	is, err := f.Stored.Copy(ctx, from, key, day)
	if fault == "after" {
		return post.Object{}, errLost
	}
	return is, err
}

// nothing is a Queues that loses every job: whoever waits for one is found by what is due.
type nothing struct{}

func (nothing) Send(context.Context, post.Queue, ...post.Job) error { return nil }
func (nothing) Return(context.Context, post.DeadMessage) error      { return nil }

const lettersToOne = 20

func newRig(t *testing.T, table store.Table, objects letters.Stored, seed uint64) *rig {
	t.Helper()
	ctx, s := context.Background(), store.New(table)
	r := &rig{t: t, store: s, objects: objects, now: posttest.Start, chance: rand.New(rand.NewPCG(seed, 1))}
	n := 0
	r.Handler = &archive.Handler{
		Runner: parallel.Goroutines{}, Shipments: s.Shipments(), Letters: s.Letters(), Titles: s,
		Names:     &workflow.Names{Outlines: s},
		Transfers: s,
		Cases:     faultyCases{s, r}, Objects: faultyObjects{objects, r}, Queues: nothing{},
		CaseKey: []byte("key"), UUIDKey: []byte("key"), Timings: post.ProductionTimings,
		Now: func() time.Time { return r.now }, Jitter: func() float64 { return 1 },
		NewID: func() string { n++; return fmt.Sprint("holder-", n) },
		Archives: func(context.Context, string, string) (post.Archive, post.ArchiveConnection, error) {
			return nil, post.ArchiveConnection{}, post.ErrNotFound
		},
	}
	id := awstest.Name("s")[2:14]
	shipment, letters := posttest.Shipment(t, id, lettersToOne)
	shipment.Options.TypeName, shipment.Area.KLE = "Afgørelse", "27.12.03"
	r.person = letters[0].Recipient.Reveal()
	var files []post.File
	for i := range letters {
		files = append(files, post.File{Org: "demo", Key: fmt.Sprintf("letters/%s/%d.pdf", id, i),
			Content: fmt.Appendf(nil, "%%PDF brev %d", i)})
	}
	files = append(files, post.File{Org: "demo", Key: "letters/" + id + "/attachment-1.pdf",
		Content: []byte("%PDF bilag")})
	stored, err := objects.Put(ctx, files...)
	posttest.Check(t, err)
	shipment.Parts = append(shipment.Parts[:1], post.Part{Name: "bilag.pdf", Type: "application/pdf",
		Object: stored[lettersToOne]})
	for i, l := range letters {
		l.Document, l.Number, l.Recipient = stored[i], i+1, letters[0].Recipient
		r.letters = append(r.letters, l.ID)
	}
	posttest.Check(t, s.Shipments().Create(ctx, shipment))
	posttest.Check(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	return r
}

// into has the letters put into an archive outside as well.
func (r *rig) into(is post.Archive, c post.ArchiveConnection) {
	r.outside = true
	_, err := r.store.Shipments().Change(context.Background(), "demo", r.letters[0].Shipment(),
		func(s *post.Shipment) error {
			s.Archives = []string{c.ID}
			return nil
		})
	posttest.Check(r.t, err)
	r.Archives = func(context.Context, string, string) (post.Archive, post.ArchiveConnection, error) {
		return is, c, nil
	}
}

// work does the jobs of all letters, as often as it takes, a minute apart.
func (r *rig) work(done func() bool) {
	r.t.Helper()
	ctx := context.Background()
	for range 400 {
		var jobs []post.Job
		for _, l := range r.letters {
			jobs = append(jobs, post.Job{Org: "demo", Letter: l})
			if r.outside {
				jobs = append(jobs, post.Job{Org: "demo", Letter: l, Archive: "arkiv"})
			}
		}
		for some := range slices.Chunk(jobs, 10) {
			_ = r.Handle(ctx, some) // what fails is tried again
		}
		if done() {
			return
		}
		r.now = r.now.Add(time.Minute)
	}
	r.t.Fatalf("not done: %v", r.look())
}

// solve presses "Arkivér igen" for what a person has to see to, having looked.
func (r *rig) solve() {
	for _, id := range r.letters {
		all, err := r.store.Transfers(context.Background(), "demo", id)
		posttest.Check(r.t, err)
		for _, is := range all {
			if is.State != post.TransferFailed {
				continue
			}
			_, err := r.store.ChangeTransfer(context.Background(), "demo", is.Key(), func(now *post.Transfer) error {
				return now.Again(post.Clock{At: r.now, Timings: post.ProductionTimings}, "")
			})
			posttest.Check(r.t, err)
		}
	}
}

func (r *rig) each(change func(i int, l *post.Letter) error) {
	r.t.Helper()
	for i, id := range r.letters {
		_, err := r.store.Letters().ChangeAny(context.Background(), []post.LetterID{id}, func(l *post.Letter) error {
			return change(i, l)
		})
		posttest.Check(r.t, err)
	}
}

// wants returns what of a shelf is not as it should be.
func (r *rig) wants(kinds map[string]int) error {
	is := r.look()
	for kind, n := range kinds {
		if is[kind] != n {
			return fmt.Errorf("%s: %d, want %d; all: %v", kind, is[kind], n, is)
		}
	}
	return nil
}

// contract is what every archive keeps: 20 letters to one person lie in one case, each with its attachment and message,
// once, though one call in five fails; receipts join them; of the letter that was refused it says so (practice.md E1,
// E3).
func contract(t *testing.T, r *rig) {
	clock := func() post.Clock { return post.Clock{At: r.now, Timings: post.ProductionTimings} }
	r.each(func(_ int, l *post.Letter) error { return l.Queue(clock()) })
	filed := map[string]int{"cases": 1, "letter": lettersToOne, "attachment": lettersToOne, "message": lettersToOne,
		"receipt": 0, "IKKE AFSENDT": 0, "Afsendt": 0}
	r.work(func() bool { return r.wants(filed) == nil })
	r.now = r.now.Add(time.Hour)
	r.each(func(i int, l *post.Letter) error {
		err := l.Begin(keys.UUIDs([]byte("key")), clock(), r.now.Add(time.Minute))
		if i == 0 {
			return errors.Join(err, l.Refuse(clock(), l.Current().UUID, false,
				post.Problem{Code: post.MessageRefused}))
		}
		s, own := r.store.Shipments().Get(context.Background(), "demo", l.ID.Shipment())
		posttest.Check(t, own)
		digest := message.Make(s, l, l.Current()).Digest()
		err = errors.Join(err, l.HandOver(clock(), l.Current().UUID, "t", digest, false))
		k := post.Receipt{UUID: l.Current().UUID, Status: post.ReceiptCompleted, Raw: []byte("{}")}
		k.SetHash()
		return errors.Join(err, l.Take(k, clock()))
	})
	ended := map[string]int{"cases": 1, "letter": lettersToOne, "attachment": lettersToOne, "message": lettersToOne,
		"receipt": lettersToOne - 1, "IKKE AFSENDT": 1, "Afsendt": lettersToOne - 1}
	r.work(func() bool { return r.wants(ended) == nil })
	r.calm = true
	for range 3 { // twice is once
		r.now = r.now.Add(time.Hour)
		r.solve()
		r.work(func() bool { return true })
	}
	if err := r.wants(ended); err != nil {
		t.Error(err)
	}
}
