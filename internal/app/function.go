package app

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"brevdue/internal/aws/bucket"
	"brevdue/internal/aws/datakey"
	"brevdue/internal/aws/dynamo"
	"brevdue/internal/aws/presign"
	"brevdue/internal/aws/queue"
	"brevdue/internal/aws/secret"
	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/seal/letters"
	"brevdue/internal/store"
)

// function is what one Lambda function is built of: its environment, its backend, and what it fills in of an App.
type function struct {
	env *Env
	aws aws.Config
	App
	table  *dynamo.Table
	bucket *bucket.Objects

	openMail    OpenMail
	secrets     *secret.Cache
	readSecrets func(context.Context) error // nil where no secret is needed
	connect     func(*secret.Secrets) error // nil where Digital Post is not
	digitalPost DigitalPost

	withoutDigitalPost bool // goes on without Digital Post: API and portal are needed most when something is wrong

	mu    sync.Mutex
	built *secret.Secrets // that keys and channel were made of
}

// open connects what every function has: the table and the timings.
func open(e *Env) *function {
	fn := &function{env: e, aws: e.aws()}
	name := e.text("TABLE")
	fn.table = dynamo.New(fn.aws, name)
	table := sealed(fn.aws, fn.table, name)
	if e.optional("SEAL") == "off" { // of a deployment that is followed by another one
		table = table.Openly()
	}
	fn.Store, fn.Timings = store.New(table), e.timings()
	return fn
}

// sealed returns the table of an installation with its items unsealed. Bodies are made smaller before they are sealed.
func sealed(c aws.Config, t *dynamo.Table, name string) store.SealedTable {
	keys := store.NewKeys(t, datakey.New(c, name))
	packing := store.Packing{From: dynamo.PlainLimit + 1, Pack: dynamo.Deflate, Unpack: dynamo.Inflate}
	return store.Sealed(t, keys, packing)
}

// files connects buckets.
func (fn *function) files(c bucket.Config) *function {
	c.Now = time.Now
	fn.bucket = bucket.New(fn.aws, c)
	fn.Objects = letters.Objects{Stored: fn.bucket}
	return fn
}

// links connects the buckets for links alone: no byte passes through here.
func (fn *function) links() *function {
	l := &presign.Links{
		AWS:     fn.aws,
		Uploads: fn.env.text("UPLOADS"),
		Archive: fn.env.text("ARCHIVE"),
		Now:     time.Now,
	}
	if fn.env.meter != nil {
		l.Made = fn.env.meter.Note
	}
	files := letters.Objects{Stored: &presign.Files{Links: l, Client: http.DefaultClient}}
	fn.Links, fn.Objects = letters.Links{Links: l, Objects: files, Now: time.Now}, files
	return fn
}

func (fn *function) queues(names ...post.Queue) *function {
	fn.Queues = queue.New(fn.aws, fn.env.queues(names...))
	return fn
}

// environment reads which Digital Post shipments are for.
func (fn *function) environment() *function {
	fn.Environment = post.Environment(fn.env.text("ENVIRONMENT"))
	return fn
}

// secretTTL is how long a secret is kept before it is asked for again: a new certificate is in use within this time.
const secretTTL = 10 * time.Minute

// secret reads where the secrets are: those that the template makes, and those that an operator lays down beside them.
func (fn *function) secret() *function {
	names := []string{fn.env.text("SECRET")}
	if own := fn.env.optional("SECRET_DIGITAL_POST"); own != "" {
		names = append(names, own)
	}
	fn.secrets = secret.New(fn.aws, secretTTL, names...)
	fn.readSecrets = fn.prepareWithSecrets
	return fn
}

// channel reads the way to Digital Post.
func (fn *function) channel() *function {
	fn.secret().environment()
	fn.digitalPost = DigitalPost{URL: fn.env.text("DIGITAL_POST"), Environment: fn.Environment,
		Rate: int(fn.env.number("DIGITAL_POST_RATE"))}
	fn.connect = fn.connectDigitalPost
	return fn
}

// fingerprint tells the key of message UUIDs from another one, and nothing of it.
func (fn *function) fingerprint() string {
	sum := sha256.Sum256(append([]byte("fingerprint "), fn.UUIDKey...))
	return hex.EncodeToString(sum[:8])
}

// maxConnections is how many calls one function makes to Digital Post at once: a batch.
const maxConnections = 10

// prepare is called at each call of the function: the secrets are read when they are first needed, and again when they
// have changed; what hangs on them is connected then.
func (fn *function) prepare(ctx context.Context) error {
	if err := fn.env.err(); err != nil || fn.readSecrets == nil {
		return err
	}
	return fn.readSecrets(ctx)
}

// prepareWithSecrets is what prepare does where there are secrets. It is a field (readSecrets), as is the connection to
// Digital Post: the linker leaves both out of a function that asks for neither.
func (fn *function) prepareWithSecrets(ctx context.Context) error {
	s, err := fn.secrets.Get(ctx)
	if err != nil {
		return err
	}
	fn.mu.Lock()
	defer fn.mu.Unlock()
	if fn.built != nil && *fn.built == *s {
		return nil
	}
	if fn.UUIDKey, err = keys.Derive(s.Key, "message UUIDs"); err != nil {
		return err
	}
	if fn.CaseKey, err = keys.Derive(s.Key, "archive cases"); err != nil {
		return err
	}
	if fn.connect != nil {
		if err := fn.connect(s); err != nil && !fn.withoutDigitalPost {
			return err
		} else if err != nil {
			slog.Error("held", "error", err)
			fn.Channel = post.NoChannel{Why: err}
		}
	}
	fn.Mails = s.SMTP != ""
	fn.built = s
	return nil
}

// connectDigitalPost makes the client of Digital Post with the certificate of the secret (mutual TLS).
func (fn *function) connectDigitalPost(s *secret.Secrets) error {
	d := fn.digitalPost
	d.SystemID, d.APIKey = s.SystemID, s.SystemKey
	if s.Certificate != "" {
		pair, err := tls.X509KeyPair([]byte(s.Certificate), []byte(s.CertificateKey))
		if err != nil {
			const wrong = "secret: the certificate and its key do not belong together, or are not PEM"
			return errors.New(wrong) // and not its cause, which may quote the key
		}
		d.Certificate = &pair
	}
	if _, err := d.Check(); err != nil {
		return err
	}
	ways := fn.connections(d, d.Channel(fn.Timings, maxConnections), maxConnections)
	fn.Channel, fn.Mass, fn.Ways, fn.Mailboxes = ways, ways, ways, ways.Poll
	fn.Prober, fn.Register, fn.Legal = ways, ways, ways
	return nil
}
