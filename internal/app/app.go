package app

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base32"
	"io"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/cms"
	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/message"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost"
	"brevdue/internal/remote/hook"
	"brevdue/internal/seal/letters"
	"brevdue/internal/sentence"
	"brevdue/internal/splitter"
	"brevdue/internal/stage/inbox"
	"brevdue/internal/stage/organization"
	"brevdue/internal/stage/send"
	"brevdue/internal/stage/split"
	"brevdue/internal/stage/sweep"
	"brevdue/internal/stage/unhandled"
	"brevdue/internal/stage/upload"
	"brevdue/internal/store"
	"brevdue/internal/workflow"
)

// Mail hands a message to a mail server.
type Mail = interface {
	Send(ctx context.Context, id, to, subject, text string) error
}

// OpenMail connects a mail server by its address and the sender of the mails. It is passed in by the programs that send
// mail, so that no other function links a mail client.
type OpenMail func(address, from string) (Mail, error)

// App is what a backend offers to the stages. A function fills in what its stage needs.
type App struct {
	Store   *store.Store
	Objects letters.Stored // what is a letter's own is sealed by its key
	Links   post.Links
	Queues  post.Queues
	Channel post.Channel
	Ways    post.Ways
	Mass    post.MassChannel
	Legal   post.LegalChannel
	Prober  post.Prober

	Register post.Register
	// Mailboxes does something with each mailbox that incoming post lies in
	Mailboxes func(ctx context.Context, take workflow.TakeIn) (more bool, err error)

	Restored    post.Restorations // nil where a table cannot be restored without its keys
	UUIDKey     []byte
	CaseKey     []byte
	Environment post.Environment
	Operator    string // organization that sees what belongs to nobody
	Timings     post.Timings
	UploadLimit int64
	MassFrom    int // from so many letters of a shipment on they go in containers
	Version     string
	Mail        Mail                    // nil where no mail can be sent
	Mails       bool                    // some function of the installation sends mail
	SignOn      auth.Provider           // asks organizations' own log-ins; nil where nobody logs in
	Public      bool                    // the portal has an address that everybody reaches
	Trouble     func() string           // what the machine has run out of, in Danish; nil where AWS sees to that
	Backup      func(w io.Writer) error // nil where AWS keeps backups
	Recognizer  post.Recognizer         // nil where no machine reads pictures
	Scanner     post.Scanner            // nil where nothing is scanned
	Base        string                  // address of the portal, for links in notices
	Evidence    *cms.Key                // signs packages for the data protection officer; nil where it is not kept
	Certificate *tls.Certificate        // for Digital Post, to warn of its end
	FilesOrigin string                  // where presigned links lead, when that is not the portal itself
	PushToken   string
	StatusPage  bool // everybody may see how the installation works

	ArchiveFolder string // in which organizations' archive folders lie; "" for none
	NoFolder      bool   // an organization cannot have an archive that is a folder

	OperatorToken string // of whoever can read the data folder; "" where nobody operates over HTTP
}

// Seen tells who has seen what.
func (a *App) Seen() workflow.Seen {
	return workflow.Seen{Audit: a.Store.AuditLog(time.Now), Cases: a.Store, Person: a.person}
}

// person names somebody within an organization. The key is read when it is used: functions get theirs after this.
func (a *App) person(org string, n ident.Number) string { return keys.Person(a.CaseKey, org, n.Key()) }

// ShipmentCommands implements post.ShipmentCommands: it takes orders.
func (a *App) ShipmentCommands() *upload.Commands {
	return &upload.Commands{
		Restored:       a.Restored,
		Shipments:      a.Store.Shipments(),
		Letters:        a.Store.Letters(),
		Organizations:  a.Store,
		Days:           a.Store,
		Users:          a.Store,
		Files:          a.Store,
		Profiles:       a.Store,
		Reviews:        a.Reviews(),
		LookUps:        a.Store,
		Checks:         a.Checks(),
		RecipientLists: a.Store,
		Drafts:         a.Store,
		Lists:          a.Store.Letters(),
		Links:          a.Links,
		Queues:         a.Queues,
		Audit:          a.Store.AuditLog(time.Now),
		Environment:    a.Environment,
		Limit:          a.UploadLimit,
		Timings:        a.Timings,
		Now:            time.Now,
		NewID:          newID,
	}
}

// Split splits.
func (a *App) Split() *split.Handler {
	return &split.Handler{
		NewLetters:    a.Store.Letters(),
		Uploads:       a.Objects,
		Runner:        parallel.Goroutines{},
		Split:         splitter.Make,
		Replan:        splitter.Replan,
		Cut:           splitter.CutOne,
		Lists:         a.Store.Letters(),
		Drafts:        a.Store,
		Restored:      a.Restored,
		Scanner:       a.Scanner,
		Recognizer:    a.Recognizer,
		Audit:         a.Store.AuditLog(time.Now),
		Shipments:     a.Store.Shipments(),
		Letters:       a.Store.Letters(),
		Organizations: a.Store,
		RightsNow:     a.Store,
		Notices:       a.Store.Notices(),
		Days:          a.Store,
		Files:         a.Store,
		Outlines:      a.Store,
		Containers:    a.Store,
		LookUps:       a.Store,
		MassFrom:      a.MassFrom,
		Objects:       a.Objects,
		Queues:        a.Queues,
		Versions:      a.Store,
		Progresses:    a.Store,
		Environment:   a.Environment,
		Timings:       a.Timings,
		Now:           time.Now,
		NewSecret:     newSecret,
	}
}

// Reviews shows what waits for review. It is the splitter without what splits.
func (a *App) Reviews() post.Reviews {
	return &split.Handler{
		Uploads:    a.Objects,
		Replan:     splitter.Replan,
		Cut:        splitter.CutOne,
		Recognizer: a.Recognizer,
		Lists:      a.Store.Letters(),
		Outlines:   a.Store,
		Drafts:     a.Store,
		Objects:    a.Objects,
		Now:        time.Now,
	}
}

// Send sends.
func (a *App) Send() *send.Handler {
	return &send.Handler{
		Runner:      parallel.Goroutines{},
		Restored:    a.Restored,
		Breakers:    a.breakers(),
		Stops:       a.Store,
		Clearances:  a.Store,
		Notices:     a.Store.Notices(),
		Audit:       a.Store.AuditLog(time.Now),
		Shipments:   a.Store.Shipments(),
		Letters:     a.Store.Letters(),
		Objects:     a.Objects,
		Queues:      a.Queues,
		Channel:     a.Channel,
		Mass:        a.Mass,
		Containers:  a.Store,
		Checker:     a.checker(),
		LookUps:     a.Store,
		Register:    a.Register,
		Legal:       a.Store,
		Ways:        a.Ways,
		UUIDKey:     a.UUIDKey,
		Environment: a.Environment,
		Timings:     a.Timings,
		Now:         time.Now,
		Jitter:      mathrand.Float64,
	}
}

// Unhandled shows failures.
func (a *App) Unhandled() *unhandled.Handler {
	return &unhandled.Handler{
		Restored:  a.Restored,
		Shipments: a.Store.Shipments(),
		Letters:   a.Store.Letters(),
		Lists:     a.Store.Letters(),
		Failures:  a.Store.Failures(),
		Bulks:     a.Store.Bulks(),
		Notices:   a.Store.Notices(),

		Containers: a.Store,
		Transfers:  a.Store,
		Operator:   a.Operator,
		Timings:    a.Timings,
		Now:        time.Now,
	}
}

// Remedies solve them.
func (a *App) Remedies() *unhandled.Remedies {
	return &unhandled.Remedies{
		Audit:     a.Store.AuditLog(time.Now),
		Shipments: a.Store.Shipments(),
		Letters:   a.Store.Letters(),
		Failures:  a.Store.Failures(),
		Bulks:     a.Store.Bulks(),
		Queues:    a.Queues,
		Transfers: a.Store,
		Channel:   a.Channel,
		UUIDKey:   a.UUIDKey,
		Timings:   a.Timings,
		Now:       time.Now,
		NewID:     newID,
		Runner:    parallel.Goroutines{},
		Restored:  a.Restored,

		Organizations: a.Store,
		Proposals:     a.Store,
	}
}

// Settings change what an organization says of itself.
func (a *App) Settings() *organization.Settings {
	return &organization.Settings{
		Organizations: a.Store, FilingPlans: a.Store, Audit: a.Store.AuditLog(time.Now), Now: time.Now,
	}
}

// Checks try the connection.
func (a *App) Checks() *organization.Checks {
	return &organization.Checks{Checks: a.Store, Queues: a.Queues, Now: time.Now, NewID: newID}
}

// checker does them.
func (a *App) checker() send.Checker {
	return send.Checker{
		Checks: a.Store,
		Prober: a.Prober,
		Archive: func(ctx context.Context, org string) error {
			_, err := a.Store.LettersOf(ctx, org, "check") // nobody is called that
			return err
		},
		Mails: func() bool { return a.Mails },
		Now:   time.Now,
	}
}

// OrganizationCommands stop and start, and say who is told.
func (a *App) OrganizationCommands() *organization.Commands {
	return &organization.Commands{
		Audit:     a.Store.AuditLog(time.Now),
		Stops:     a.Store,
		Notices:   a.Store.Notices(),
		Now:       time.Now,
		Reachable: hook.New(time.Now, nil).Check,
		NoMail:    !a.Mails,
	}
}

// Sweep sweeps.
func (a *App) Sweep() *sweep.Handler {
	return &sweep.Handler{
		DueLetters:   a.Store.Letters(),
		DueShipments: a.Store.Shipments(),
		DueBulks:     a.Store.Bulks(),
		Bulks:        a.Store.Bulks(),
		Transfers:    a.Store,
		Shipments:    a.Store.Shipments(),
		Letters:      a.Store.Letters(),
		Objects:      a.Objects,
		Uploads:      a.Objects,
		Queues:       a.Queues,
		Notices:      a.Store.Notices(),
		Stops:        a.Store,
		Service:      a.Store,
		Timings:      a.Timings,
		Now:          time.Now,
	}
}

// Inbox fetches incoming post.
func (a *App) Inbox() *inbox.Handler {
	return &inbox.Handler{
		Scanner:       a.Scanner,
		Inbox:         a.Store.Inbox(),
		Pushed:        a.Store,
		Objects:       a.Objects,
		Organizations: a.Store,
		Operator:      a.Operator,
		Now:           time.Now,
	}
}

// Auth lets people and programs in.
func (a *App) Auth() *auth.Auth {
	return &auth.Auth{
		Accounts:      a.Store,
		Changes:       a.Store,
		Sessions:      a.Store,
		Attempts:      a.Store,
		Requests:      a.Store,
		Ceremonies:    a.Store,
		SignOns:       a.Store,
		Provider:      a.SignOn,
		Alarm:         a.Store.Notices().Note,
		Public:        a.Public,
		Organizations: a.Store,
		Audit:         a.Store.AuditLog(time.Now),
		Now:           time.Now,
		Refusals:      auth.UsualRefusals,
	}
}

// WhileOpen lets repeated work happen only while the installation is open: one that was restored from a backup takes
// nothing from Digital Post and tells nobody anything before it is resumed. A copy that is tried out must not do so
// beside the real one.
func (a *App) WhileOpen(do func(context.Context) (bool, error)) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		if a.Restored != nil {
			if r, err := a.Restored.Restored(ctx); err != nil || r.Held {
				return false, err
			}
		}
		return do(ctx)
	}
}

// newID makes the id of a shipment or a bulk: 60 random bits as 12 characters.
func newID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return strings.ToLower(base32.HexEncoding.EncodeToString(b))[:12]
}

// noSecret is of a deployment that is followed by another one: functions of the version before lose a key that they
// do not know when they write the letter.
func noSecret() post.Secret { return "" }

// newSecret draws what the keys of a Send's letters are made of.
func newSecret() post.Secret {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return post.Secret(b)
}

// messageOf returns a letter's message as it was sent, without contents.
func messageOf(s *post.Shipment, l *post.Letter) []byte {
	return message.Make(s, l, l.Current()).Skeleton()
}

// PushedMemo takes a message that Digital Post sends by itself.
func (a *App) PushedMemo(ctx context.Context, id string, raw []byte) error {
	return a.Inbox().Push(ctx, id, raw)
}

// Pushed takes a receipt that Digital Post sends.
func (a *App) Pushed(ctx context.Context, raw []byte) error {
	r, err := digitalpost.ParseReceipt(raw)
	if err != nil {
		return post.Mistakes{{Field: "body", Text: sentence.Of("not-a-receipt")}}
	}
	return a.Receipt().Take(ctx, []post.Receipt{r})
}
