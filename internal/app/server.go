package app

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"brevdue/internal/cms"
	"brevdue/internal/edge"
	"brevdue/internal/embedded"
	"brevdue/internal/post"
	"brevdue/internal/remote/clamd"
	"brevdue/internal/remote/digitalpost/container"
	"brevdue/internal/remote/digitalpost/fake"
	"brevdue/internal/remote/oidc"
	"brevdue/internal/remote/tesseract"
	"brevdue/internal/seal/letters"
	"brevdue/internal/store"
)

// server is everything that is built at start.
type server struct {
	config    Config
	base      string // where this machine reaches it
	public    string // where browsers do
	secure    *tls.Config
	backend   *embedded.Backend
	links     *embedded.Links
	simulator *fake.Simulator // nil when another Digital Post is used
	app       App
	proxies   edge.Proxies
	slow      edge.Deadlines // that clients keep
}

// rememberedLetters is how many letters the store keeps at hand: some 2 KB each.
const rememberedLetters = 20_000

// build opens the data folder and connects everything. Nothing runs yet.
func build(c Config, base, public string) (*server, error) {
	environment, err := c.environment()
	if err != nil {
		return nil, err
	}
	proxies, err := edge.ParseProxies(c.Proxies)
	if err != nil {
		return nil, err
	}
	data, err := embedded.Open(c.Data, c.MasterKey)
	if err != nil {
		return nil, explain(err, c.Data)
	}
	srv := &server{config: c, base: base, public: public, backend: data, proxies: proxies, slow: edge.UsualDeadlines}
	if err := srv.connect(environment); err != nil {
		return nil, explain(errors.Join(err, srv.close()), c.Data)
	}
	return srv, nil
}

// connect builds the App over the embedded backend. The environment is fixed by the first start: letters of a simulator
// never leave by the real Digital Post.
func (srv *server) connect(environment post.Environment) error {
	if err := srv.backend.FixEnvironment(environment); err != nil {
		return err
	}
	objects, err := srv.backend.Objects()
	if err != nil {
		return err
	}
	digitalPost, err := srv.digitalPost()
	if err != nil {
		return err
	}
	srv.links = &embedded.Links{
		Objects: objects,
		Key:     srv.backend.Keys.Links,
		Base:    srv.public + "/objects",
		Now:     time.Now,
		Arrived: func(key string) error {
			return srv.backend.Send(context.Background(), post.SplitQueue, post.UploadArrived(key))
		},
	}
	files := letters.Objects{Stored: objects}
	calls := 10 * srv.config.Senders
	digitalPost.pack = container.Write
	channel := digitalPost.Channel(srv.config.Timings, calls)
	srv.app = App{
		Store:       store.New(srv.backend.Table()).Alone(rememberedLetters),
		Objects:     files,
		Links:       letters.Links{Links: srv.links, Objects: files, Now: time.Now},
		Queues:      srv.backend,
		UUIDKey:     srv.backend.Keys.UUID,
		CaseKey:     srv.backend.Keys.Cases,
		Environment: environment,
		Timings:     srv.config.Timings,
		UploadLimit: srv.config.UploadLimit,
		MassFrom:    srv.config.MassFrom,
		Version:     srv.config.Version,
		PushToken:   srv.config.PushToken,
		StatusPage:  srv.config.StatusPage,

		ArchiveFolder: srv.config.Archives, NoFolder: srv.config.Archives == "",

		Base:        srv.public,
		Public:      srv.config.PublicURL != "",
		SignOn:      oidc.New(),
		Certificate: digitalPost.Certificate,
	}
	ways := srv.app.connections(digitalPost, channel, calls)
	srv.app.Channel, srv.app.Mass, srv.app.Ways = ways, ways, ways
	srv.app.Prober, srv.app.Register, srv.app.Legal, srv.app.Mailboxes = ways, ways, ways, ways.Poll
	if srv.app.Restored, err = srv.restorations(); err != nil {
		return err
	}
	srv.app.Trouble = srv.backend.Trouble
	srv.app.Backup = func(w io.Writer) error { return srv.backend.Backup(w, srv.config.Version, time.Now()) }
	if srv.app.Evidence, err = srv.evidence(); err != nil {
		return err
	}
	return srv.connectHelpers(objects)
}

// digitalPost returns where letters go: without an address to the simulator, which is opened then.
func (srv *server) digitalPost() (d DigitalPost, err error) {
	d = srv.config.DigitalPost
	if d.URL == "" {
		d.URL = srv.base + "/simulator/apis/v1"
		path := filepath.Join(srv.config.Data, "simulator.db")
		srv.simulator, err = fake.Open(path, srv.config.Duplicates, srv.config.Delay)
	}
	return d, err
}

// connectHelpers connects what an installation may go without: a virus scanner, a reader of pictures, a mail server.
func (srv *server) connectHelpers(objects *embedded.Objects) (err error) {
	if srv.config.Clamd != "" {
		if srv.app.Scanner, err = clamd.New(srv.config.Clamd, objects); err != nil {
			return err
		}
	}
	if srv.config.OCR != "" {
		if srv.app.Recognizer, err = tesseract.New(srv.config.OCR); err != nil {
			return err
		}
	}
	if srv.config.Mail != "" {
		srv.app.Mail, err = srv.config.OpenMail(srv.config.Mail, srv.config.MailFrom)
		srv.app.Mails = true
	}
	return err
}

// restorations finds out a folder that came out of a backup: until an operator says so, nothing leaves it. A folder of
// a version that gave no identities gets one.
func (srv *server) restorations() (post.Restorations, error) {
	r := srv.restored()
	if !srv.backend.New {
		return r, nil
	}
	return r, r.Register(context.Background())
}

func (srv *server) restored() store.Restorations {
	return store.Restorations{
		Store: srv.app.Store,
		Table: srv.backend,
		Fingerprint: func() string {
			sum := sha256.Sum256(append([]byte("fingerprint "), srv.backend.Keys.UUID...))
			return hex.EncodeToString(sum[:8])
		},
	}
}

// Resume lets letters leave a folder that was restored from a backup. Digital Post is asked about each letter of the
// time before.
func Resume(ctx context.Context, data, masterKey string) error {
	folder, err := embedded.Open(data, masterKey)
	if err != nil {
		return explain(err, data)
	}
	srv := &server{backend: folder, app: App{Store: store.New(folder.Table())}}
	return explain(errors.Join(srv.restored().Release(ctx, time.Now()), folder.Close()), data)
}

// ErrNotEmpty means that something would be overwritten by a restoration.
var ErrNotEmpty = embedded.ErrNotEmpty

// Restore makes a data folder of a backup, whose master key is in a file.
func Restore(r io.Reader, data, masterKey string) (*embedded.Restored, error) {
	done, err := embedded.Restore(r, data, masterKey)
	return done, explain(err, data)
}

// evidence reads the key that signs packages for the data protection officer, or makes it. No stage that handles
// letters gets it.
func (srv *server) evidence() (*cms.Key, error) {
	const name = "evidence.pem"
	return EvidenceKey(
		func() ([]byte, error) { return srv.backend.ReadSecret(name) },
		func(text []byte) error { return srv.backend.WriteSecret(name, text) },
	)
}

func (srv *server) close() error {
	var errs []error
	if srv.simulator != nil {
		errs = append(errs, srv.simulator.Close())
	}
	return errors.Join(append(errs, srv.backend.Close())...)
}

// jobs are the stages at their queues.
func (srv *server) jobs() []embedded.Worker {
	sending := 3*srv.config.Timings.Call + 2*srv.config.Timings.CallMass
	jobs := []embedded.Worker{
		{Queue: post.SplitQueue, Handle: srv.app.Split().Handle, Batch: 1, Workers: 2, Visible: 30 * time.Minute},
		{
			Queue:   post.SendQueue,
			Handle:  srv.app.Send().Handle,
			Batch:   10,
			Workers: srv.config.Senders,
			Visible: sending,
		},
		{
			Queue:   post.ArchiveQueue,
			Handle:  srv.app.Archive().Handle,
			Batch:   10,
			Workers: 4,
			Visible: 5 * time.Minute,
			After:   post.SendQueue,
		},
	}
	jobs = append(
		jobs,
		embedded.Worker{
			Queue:   post.ReceiptQueue,
			Handle:  srv.app.Receipt().Ask,
			Batch:   10,
			Workers: 1,
			Visible: 10 * sending,
		},
		embedded.Worker{
			Queue:   post.BulkQueue,
			Handle:  srv.app.Remedies().Handle,
			Batch:   1,
			Workers: 1,
			Visible: 10 * time.Minute,
		},
	)
	unhandled := srv.app.Unhandled()
	for _, q := range post.WorkQueues {
		jobs = append(
			jobs,
			embedded.Worker{
				Queue:   q.Dead(),
				Handle:  unhandled.DeadLetters(q),
				Batch:   10,
				Workers: 1,
				Visible: time.Minute,
			},
		)
	}
	return jobs
}

func (srv *server) mount(mux *http.ServeMux) {
	mux.Handle("/objects", srv.links)
	if srv.simulator != nil {
		mux.Handle("/simulator/", http.StripPrefix("/simulator", fake.LoopbackOnly(srv.simulator.Handler())))
	}
}
