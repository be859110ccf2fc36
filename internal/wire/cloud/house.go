package cloud

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"brevdue/internal/aws/bucket"
	"brevdue/internal/aws/dynamo"
	"brevdue/internal/aws/presign"
	"brevdue/internal/aws/queue"
	"brevdue/internal/aws/secret"
	"brevdue/internal/post"
	"brevdue/internal/store"
	"brevdue/internal/wire/house"
)

// home is one function's part of the house.
type home struct {
	env *Env
	aws aws.Config
	house.House
	table *dynamo.Table

	secrets     *secret.Cache
	digitalPost house.DigitalPost

	soft bool // goes on without Digital Post: the rooms are needed most when something is wrong

	mu    sync.Mutex
	known *secret.Secrets // what the house was built with
}

// open connects what every function has: the table and the pace.
func open(e *Env) *home {
	h := &home{env: e, aws: e.aws()}
	h.table = dynamo.New(h.aws, e.text("TABLE"))
	h.Store, h.Pace = store.New(h.table), e.pace()
	return h
}

// files connects buckets.
func (h *home) files(c bucket.Config) *home {
	c.Now = time.Now
	h.Objects = bucket.New(h.aws, c)
	return h
}

// links connects the buckets for links alone: no byte passes through here.
func (h *home) links() *home {
	l := &presign.Links{AWS: h.aws, Uploads: h.env.text("UPLOADS"), Archive: h.env.text("ARCHIVE"), Now: time.Now}
	if h.env.meter != nil {
		l.Made = h.env.meter.Note
	}
	h.Links = l
	return h
}

func (h *home) queues(names ...post.Queue) *home {
	h.Queues = queue.New(h.aws, h.env.queues(names...))
	return h
}

// environment reads which Digital Post shipments are for.
func (h *home) environment() *home {
	h.Environment = post.Environment(h.env.text("ENVIRONMENT"))
	return h
}

// keep is how long a secret is kept before it is asked for again: a new certificate is in use within this time.
const keep = 10 * time.Minute

// secret reads where the secrets are: those that the template makes, and those that an operator lays down beside them.
func (h *home) secret() *home {
	names := []string{h.env.text("SECRET")}
	if own := h.env.optional("SECRET_DIGITAL_POST"); own != "" {
		names = append(names, own)
	}
	h.secrets = secret.New(h.aws, keep, names...)
	return h
}

// channel reads the way to Digital Post.
func (h *home) channel() *home {
	h.secret().environment()
	h.digitalPost = house.DigitalPost{URL: h.env.text("DIGITAL_POST"), Environment: h.Environment}
	return h
}

// fingerprint tells the key of message UUIDs from another one, and nothing of it.
func (h *home) fingerprint() string {
	sum := sha256.Sum256(append([]byte("fingerprint "), h.UUIDKey...))
	return hex.EncodeToString(sum[:8])
}

// connections is how many calls one function makes to Digital Post at once: a batch.
const connections = 10

// enter lets a call in: the secrets are read when they are first needed, and what hangs on them is connected then.
func (h *home) enter(ctx context.Context) error {
	if err := h.env.err(); err != nil || h.secrets == nil {
		return err
	}
	s, err := h.secrets.Get(ctx)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.known != nil && *h.known == *s {
		return nil
	}
	if h.UUIDKey, err = s.Derive("message UUIDs"); err != nil {
		return err
	}
	if h.CaseKey, err = s.Derive("archive cases"); err != nil {
		return err
	}
	if h.digitalPost.URL != "" {
		if err := h.connect(s); err != nil && !h.soft {
			return err
		} else if err != nil {
			slog.Error("held", "error", err)
			h.Channel = post.NoChannel{Why: err}
		}
	}
	h.known = s
	return nil
}

func (h *home) connect(s *secret.Secrets) error {
	d := h.digitalPost
	d.SystemID, d.APIKey = s.SystemID, s.SystemKey
	if s.Certificate != "" {
		pair, err := tls.X509KeyPair([]byte(s.Certificate), []byte(s.CertificateKey))
		if err != nil {
			return errors.New("secret: the certificate and its key do not belong together, or are not PEM") // the cause may quote the key
		}
		d.Certificate = &pair
	}
	if _, err := d.Check(); err != nil {
		return err
	}
	channel := d.Channel(h.Pace.Call, connections)
	h.Channel, h.Mailbox = channel, channel
	return nil
}
