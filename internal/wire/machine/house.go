package machine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"brevdue/internal/embedded"
	"brevdue/internal/post"
	"brevdue/internal/remote/clamd"
	"brevdue/internal/remote/digitalpost/fake"
	"brevdue/internal/remote/mail"
	"brevdue/internal/remote/tesseract"
	"brevdue/internal/seal"
	"brevdue/internal/store"
	"brevdue/internal/wire/house"
)

// home is everything that is built at start.
type home struct {
	config    Config
	base      string
	home      *embedded.Home
	links     *embedded.Links
	simulator *fake.Simulator // nil when another Digital Post is used
	house     house.House
}

// rememberedLetters is how many letters the store keeps at hand: some 2 KB each.
const rememberedLetters = 20_000

// build opens the data folder and connects everything. Nothing runs yet.
func build(c Config, base string) (*home, error) {
	environment, err := c.environment()
	if err != nil {
		return nil, err
	}
	data, err := embedded.Open(c.Data)
	if err != nil {
		return nil, err
	}
	h := &home{config: c, base: base, home: data}
	if err := h.connect(environment); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *home) connect(environment post.Environment) error {
	if err := h.home.FixEnvironment(environment); err != nil {
		return err
	}
	objects, err := h.home.Objects()
	if err != nil {
		return err
	}
	digitalPost := h.config.DigitalPost
	if digitalPost.URL == "" {
		digitalPost.URL = h.base + "/simulator/apis/v1"
		if h.simulator, err = fake.Open(filepath.Join(h.config.Data, "simulator.db"), h.config.Duplicates, h.config.Delay); err != nil {
			return err
		}
	}
	h.links = &embedded.Links{Objects: objects, Key: h.home.Keys.Links, Base: h.base + "/objects", Now: time.Now, Arrived: func(key string) error {
		return h.home.Send(context.Background(), post.SplitQueue, post.Errand{Object: key})
	}}
	channel := digitalPost.Channel(h.config.Pace.Call, 10*h.config.Senders)
	h.house = house.House{
		Store: store.New(h.home.Table()).Alone(rememberedLetters), Objects: objects, Links: h.links, Queues: h.home,
		Channel: channel, Mailbox: channel, UUIDKey: h.home.Keys.UUID, CaseKey: h.home.Keys.Cases,
		Environment: environment, Operator: house.Demo.ID, Pace: h.config.Pace, UploadLimit: h.config.UploadLimit, Version: h.config.Version,
		PushToken: h.config.PushToken, Base: h.base, Certificate: digitalPost.Certificate,
	}
	if h.house.Restored, err = h.restorations(); err != nil {
		return err
	}
	h.house.Backup = func(w io.Writer) error { return h.home.Backup(w, h.config.Version, time.Now()) }
	if h.house.Evidence, err = h.evidence(); err != nil {
		return err
	}
	if h.config.Clamd != "" {
		if h.house.Scanner, err = clamd.New(h.config.Clamd, objects); err != nil {
			return err
		}
	}
	if h.config.OCR != "" {
		if h.house.Recognizer, err = tesseract.New(h.config.OCR); err != nil {
			return err
		}
	}
	if h.config.Mail != "" {
		h.house.Mail, err = mail.New(h.config.Mail, h.config.MailFrom)
	}
	return err
}

// restorations finds out a folder that came out of a backup: until an operator says so, nothing leaves it. A folder of a
// version that gave no identities gets one.
func (h *home) restorations() (post.Restorations, error) {
	r := h.restored()
	if !h.home.New {
		return r, nil
	}
	return r, r.Register(context.Background())
}

func (h *home) restored() store.Restorations {
	return store.Restorations{Store: h.house.Store, Table: h.home, Fingerprint: func() string {
		sum := sha256.Sum256(append([]byte("fingerprint "), h.home.Keys.UUID...))
		return hex.EncodeToString(sum[:8])
	}}
}

// Resume lets letters leave a folder that was restored from a backup. Digital Post is asked about each letter of the time
// before.
func Resume(ctx context.Context, data string) error {
	folder, err := embedded.Open(data)
	if err != nil {
		return err
	}
	h := &home{home: folder, house: house.House{Store: store.New(folder.Table())}}
	return errors.Join(h.restored().Release(ctx, time.Now()), folder.Close())
}

// ErrNotEmpty means that something would be overwritten by a restoration.
var ErrNotEmpty = embedded.ErrNotEmpty

// Restore makes a data folder of a backup.
func Restore(r io.Reader, data string) (*embedded.Restored, error) { return embedded.Restore(r, data) }

// evidence reads the key that signs packages for the data protection officer, or makes it. No stage that handles letters
// gets it.
func (h *home) evidence() (*seal.Key, error) {
	const name = "evidence.pem"
	return house.EvidenceKey(func() ([]byte, error) { return h.home.ReadSecret(name) }, func(text []byte) error { return h.home.WriteSecret(name, text) })
}

func (h *home) close() error {
	var errs []error
	if h.simulator != nil {
		errs = append(errs, h.simulator.Close())
	}
	return errors.Join(append(errs, h.home.Close())...)
}

// jobs are the stages at their queues.
func (h *home) jobs() []embedded.Job {
	sending := 3 * h.config.Pace.Call
	jobs := []embedded.Job{
		{Queue: post.SplitQueue, Handle: h.house.Split().Handle, Batch: 1, Workers: 2, Visible: 30 * time.Minute},
		{Queue: post.SendQueue, Handle: h.house.Send().Handle, Batch: 10, Workers: h.config.Senders, Visible: sending},
		{Queue: post.ArchiveQueue, Handle: h.house.Archive().Handle, Batch: 10, Workers: 4, Visible: time.Minute, After: post.SendQueue},
	}
	jobs = append(jobs, embedded.Job{Queue: post.ReceiptQueue, Handle: h.house.Receipt().Ask, Batch: 10, Workers: 1, Visible: 10 * sending})
	unhandled := h.house.Unhandled()
	for _, q := range post.WorkQueues {
		jobs = append(jobs, embedded.Job{Queue: q.Dead(), Handle: unhandled.DeadLetters(q), Batch: 10, Workers: 1, Visible: time.Minute})
	}
	return jobs
}

func (h *home) mount(mux *http.ServeMux) {
	mux.Handle("/objects", h.links)
	if h.simulator != nil {
		mux.Handle("/simulator/", http.StripPrefix("/simulator", fake.LoopbackOnly(h.simulator.Handler())))
	}
}
