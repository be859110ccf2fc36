package machine

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	mathrand "math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"brevdue/internal/access"
	"brevdue/internal/embedded"
	"brevdue/internal/envelope"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost"
	"brevdue/internal/remote/digitalpost/fake"
	"brevdue/internal/stage/archive"
	"brevdue/internal/stage/receipt"
	"brevdue/internal/stage/send"
	"brevdue/internal/stage/split"
	"brevdue/internal/stage/sweep"
	"brevdue/internal/stage/unhandled"
	"brevdue/internal/stage/upload"
	"brevdue/internal/store"
)

// house is everything that is built at start.
type house struct {
	config      Config
	environment post.Environment
	base        string
	home        *embedded.Home
	store       *store.Store
	links       *embedded.Links
	simulator   *fake.Simulator // nil when another Digital Post is used
	gate        *access.Gate

	desk      *upload.Desk
	split     *split.Handler
	send      *send.Handler
	archive   *archive.Handler
	receipt   *receipt.Handler
	unhandled *unhandled.Handler
	remedies  *unhandled.Remedies
	sweep     *sweep.Handler
}

// rememberedLetters is how many letters the store keeps at hand: some 2 KB each.
const rememberedLetters = 20_000

// build opens the data folder and connects everything. Nothing runs yet.
func build(c Config, base string) (*house, error) {
	environment, err := c.DigitalPost.environment()
	if err != nil {
		return nil, err
	}
	home, err := embedded.Open(c.Data)
	if err != nil {
		return nil, err
	}
	h := &house{config: c, environment: environment, base: base, home: home, store: store.New(home.Table()).Alone(rememberedLetters)}
	if err := h.connect(); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *house) connect() error {
	if err := h.home.FixEnvironment(h.environment); err != nil {
		return err
	}
	objects, err := h.home.Objects()
	if err != nil {
		return err
	}
	address := h.config.DigitalPost.URL
	if h.environment == post.Simulator && address == "" {
		address = h.base + "/simulator/apis/v1"
		if h.simulator, err = fake.Open(filepath.Join(h.config.Data, "simulator.db"), h.config.Duplicates, h.config.Delay); err != nil {
			return err
		}
	}
	channel := digitalpost.New(digitalpost.Config{
		Base: strings.TrimSuffix(address, "/"), SystemID: h.config.DigitalPost.SystemID, APIKey: h.config.DigitalPost.APIKey,
		Certificate: h.config.DigitalPost.Certificate, Timeout: h.config.Pace.Call, Connections: 10 * h.config.Senders,
	})
	h.links = &embedded.Links{Objects: objects, Key: h.home.Keys.Links, Base: h.base + "/objects", Now: time.Now, Arrived: func(key string) error {
		return h.home.Send(context.Background(), post.SplitQueue, post.Errand{Object: key})
	}}
	h.gate = &access.Gate{Accounts: h.store, Sessions: h.store, Now: time.Now}
	h.stages(objects, channel)
	return nil
}

func (h *house) stages(objects post.Objects, channel post.Channel) {
	shipments, letters, failures, pace, keys := h.store.Shipments(), h.store.Letters(), h.store.Failures(), h.config.Pace, h.home.Keys
	h.desk = &upload.Desk{Shipments: shipments, Letters: letters, Organizations: h.store, Files: h.store, Links: h.links, Queues: h.home,
		Environment: h.environment, Limit: h.config.UploadLimit, Pace: pace, Now: time.Now, NewID: newID}
	h.split = &split.Handler{Shipments: shipments, Letters: letters, Files: h.store, Objects: objects, Queues: h.home,
		Environment: h.environment, Pace: pace, Now: time.Now}
	h.send = &send.Handler{Shipments: shipments, Letters: letters, Objects: objects, Queues: h.home, Channel: channel, UUIDKey: keys.UUID,
		Environment: h.environment, Pace: pace, Now: time.Now, Jitter: mathrand.Float64}
	h.archive = &archive.Handler{Shipments: shipments, Letters: letters, Objects: objects, Cases: h.store, CaseKey: keys.Cases, Pace: pace,
		Now: time.Now, Jitter: mathrand.Float64}
	h.receipt = &receipt.Handler{Letters: letters, Failures: failures, Strays: h.store, Queues: h.home, Channel: channel, Pace: pace, Now: time.Now}
	h.unhandled = &unhandled.Handler{Shipments: shipments, Letters: letters, Failures: failures, Operator: demoOrg, Pace: pace, Now: time.Now}
	h.remedies = &unhandled.Remedies{Letters: letters, Failures: failures, Queues: h.home, Channel: channel, UUIDKey: keys.UUID, Pace: pace, Now: time.Now}
	h.sweep = &sweep.Handler{Shipments: shipments, Letters: letters, Objects: objects, Queues: h.home, Pace: pace, Now: time.Now}
}

// newID makes the id of a shipment: 60 random bits as 12 characters.
func newID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return strings.ToLower(base32.HexEncoding.EncodeToString(b))[:12]
}

func (h *house) close() error {
	var errs []error
	if h.simulator != nil {
		errs = append(errs, h.simulator.Close())
	}
	return errors.Join(append(errs, h.home.Close())...)
}

// jobs are the stages at their queues.
func (h *house) jobs() []embedded.Job {
	sending := 3 * h.config.Pace.Call
	jobs := []embedded.Job{
		{Queue: post.SplitQueue, Handle: h.split.Handle, Batch: 1, Workers: 2, Visible: 30 * time.Minute},
		{Queue: post.SendQueue, Handle: h.send.Handle, Batch: 10, Workers: h.config.Senders, Visible: sending},
		{Queue: post.ArchiveQueue, Handle: h.archive.Handle, Batch: 10, Workers: 4, Visible: time.Minute, After: post.SendQueue},
	}
	for _, q := range post.WorkQueues {
		jobs = append(jobs, embedded.Job{Queue: q.Dead(), Handle: h.unhandled.DeadLetters(q), Batch: 10, Workers: 1, Visible: time.Minute})
	}
	return jobs
}

// message returns a letter's message as it was sent, without contents.
func message(s *post.Shipment, l *post.Letter) []byte {
	return envelope.Make(s, l, l.Current()).Skeleton()
}

// pushed takes a receipt that Digital Post sends.
func (h *house) pushed(ctx context.Context, raw []byte) error {
	r, err := digitalpost.ParseReceipt(raw)
	if err != nil {
		return post.Mistakes{{Field: "body", Text: "Det er ikke en kvittering."}}
	}
	return h.receipt.Take(ctx, []post.Receipt{r})
}

func (h *house) mount(mux *http.ServeMux) {
	mux.Handle("/objects", h.links)
	if h.simulator != nil {
		mux.Handle("/simulator/", http.StripPrefix("/simulator", h.simulator.Handler()))
	}
}
