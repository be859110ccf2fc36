// Package house joins the stages with the ports of either home. It connects, and decides nothing.
//
// Ports -> [house] -> stages, API, portal
package house

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base32"
	"io"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"brevdue/internal/access"
	"brevdue/internal/envelope"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost"
	"brevdue/internal/remote/mail"
	"brevdue/internal/seal"
	"brevdue/internal/stage/archive"
	"brevdue/internal/stage/inbox"
	"brevdue/internal/stage/receipt"
	"brevdue/internal/stage/send"
	"brevdue/internal/stage/split"
	"brevdue/internal/stage/sweep"
	"brevdue/internal/stage/switches"
	"brevdue/internal/stage/unhandled"
	"brevdue/internal/stage/upload"
	"brevdue/internal/store"
)

// House is what a home offers to the stages. A function fills in what its stage needs.
type House struct {
	Store       *store.Store
	Objects     post.Objects
	Links       post.Links
	Queues      post.Queues
	Channel     post.Channel
	Mailbox     post.Mailbox
	Restored    post.Restorations // nil where a table cannot be restored without its keys
	UUIDKey     []byte
	CaseKey     []byte
	Environment post.Environment
	Operator    string // organization that sees what belongs to nobody
	Pace        post.Pace
	UploadLimit int64
	Version     string
	Mail        *mail.Server            // nil where no mail can be sent
	Backup      func(w io.Writer) error // nil where AWS keeps backups
	Recognizer  post.Recognizer         // nil where no machine reads pictures
	Scanner     post.Scanner            // nil where nothing is scanned
	Base        string                  // address of the portal, for links in notices
	Evidence    *seal.Key               // signs packages for the data protection officer; nil where it is not kept
	Certificate *tls.Certificate        // for Digital Post, to warn of its end
	FilesOrigin string                  // where presigned links lead, when that is not the portal itself
	PushToken   string
}

// Desk takes orders.
func (h *House) Desk() *upload.Desk {
	return &upload.Desk{Shipments: h.Store.Shipments(), Letters: h.Store.Letters(), Organizations: h.Store, Files: h.Store, Profiles: h.Store, Outlines: h.Store, Links: h.Links, Queues: h.Queues, Audit: h.Store.Trail(time.Now),
		Environment: h.Environment, Limit: h.UploadLimit, Pace: h.Pace, Now: time.Now, NewID: newID}
}

// Split splits.
func (h *House) Split() *split.Handler {
	return &split.Handler{Scanner: h.Scanner, Recognizer: h.Recognizer, Audit: h.Store.Trail(time.Now), Shipments: h.Store.Shipments(), Letters: h.Store.Letters(), Files: h.Store, Outlines: h.Store, Objects: h.Objects, Queues: h.Queues,
		Environment: h.Environment, Pace: h.Pace, Now: time.Now}
}

// Send sends.
func (h *House) Send() *send.Handler {
	return &send.Handler{Restored: h.Restored, Breakers: h.Store, Stops: h.Store, Notices: h.Store.Notices(), Audit: h.Store.Trail(time.Now), Shipments: h.Store.Shipments(), Letters: h.Store.Letters(), Objects: h.Objects, Queues: h.Queues, Channel: h.Channel, UUIDKey: h.UUIDKey,
		Environment: h.Environment, Pace: h.Pace, Now: time.Now, Jitter: mathrand.Float64}
}

// Archive archives.
func (h *House) Archive() *archive.Handler {
	return &archive.Handler{Shipments: h.Store.Shipments(), Letters: h.Store.Letters(), Objects: h.Objects, Cases: h.Store, CaseKey: h.CaseKey, Pace: h.Pace,
		Now: time.Now, Jitter: mathrand.Float64}
}

// Receipt takes receipts.
func (h *House) Receipt() *receipt.Handler {
	return &receipt.Handler{Letters: h.Store.Letters(), Failures: h.Store.Failures(), Strays: h.Store, Queues: h.Queues, Channel: h.Channel, UUIDKey: h.UUIDKey, Pace: h.Pace, Now: time.Now}
}

// Unhandled shows failures.
func (h *House) Unhandled() *unhandled.Handler {
	return &unhandled.Handler{Shipments: h.Store.Shipments(), Letters: h.Store.Letters(), Failures: h.Store.Failures(), Notices: h.Store.Notices(), Operator: h.Operator, Pace: h.Pace, Now: time.Now}
}

// Remedies solve them.
func (h *House) Remedies() *unhandled.Remedies {
	return &unhandled.Remedies{Audit: h.Store.Trail(time.Now), Shipments: h.Store.Shipments(), Letters: h.Store.Letters(), Failures: h.Store.Failures(), Queues: h.Queues, Channel: h.Channel, UUIDKey: h.UUIDKey, Pace: h.Pace, Now: time.Now}
}

// Switches stop and start, and say who is told.
func (h *House) Switches() *switches.Board {
	return &switches.Board{Audit: h.Store.Trail(time.Now), Stops: h.Store, Notices: h.Store.Notices(), Now: time.Now}
}

// Sweep sweeps.
func (h *House) Sweep() *sweep.Handler {
	return &sweep.Handler{Shipments: h.Store.Shipments(), Letters: h.Store.Letters(), Objects: h.Objects, Queues: h.Queues, Notices: h.Store.Notices(), Stops: h.Store, Pace: h.Pace, Now: time.Now}
}

// Inbox fetches incoming post.
func (h *House) Inbox() *inbox.Handler {
	return &inbox.Handler{Scanner: h.Scanner, Mailbox: h.Mailbox, Inbox: h.Store.Inbox(), Objects: h.Objects, Organizations: h.Store, Operator: h.Operator, Now: time.Now}
}

// Gate lets people and programs in.
func (h *House) Gate() *access.Gate {
	return &access.Gate{Accounts: h.Store, Sessions: h.Store, Attempts: h.Store, Audit: h.Store.Trail(time.Now), Now: time.Now}
}

// Open lets repeated work happen only while the installation is open: one that was restored from a backup takes nothing
// from Digital Post and tells nobody anything before it is resumed. A copy that is tried out must not do so beside the
// real one.
func (h *House) Open(do func(context.Context) (bool, error)) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		if h.Restored != nil {
			if r, err := h.Restored.Restored(ctx); err != nil || r.Held {
				return false, err
			}
		}
		return do(ctx)
	}
}

// newID makes the id of a shipment: 60 random bits as 12 characters.
func newID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return strings.ToLower(base32.HexEncoding.EncodeToString(b))[:12]
}

// message returns a letter's message as it was sent, without contents.
func message(s *post.Shipment, l *post.Letter) []byte {
	return envelope.Make(s, l, l.Current()).Skeleton()
}

// Pushed takes a receipt that Digital Post sends.
func (h *House) Pushed(ctx context.Context, raw []byte) error {
	r, err := digitalpost.ParseReceipt(raw)
	if err != nil {
		return post.Mistakes{{Field: "body", Text: "Det er ikke en kvittering."}}
	}
	return h.Receipt().Take(ctx, []post.Receipt{r})
}
