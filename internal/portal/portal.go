// Package portal is the Danish portal: the pages that a user sees, rendered on the server, complete without script.
// A handler decides what a page says, its template only shows it; every Danish sentence that is not in a page is in
// da.go. It has no rule of its own.
//
// browser -> [portal] -> ShipmentCommands, Remedies, OrganizationCommands
package portal

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"brevdue/internal/post"
)

//go:embed pages/*.html
var pageFiles embed.FS

// staticFiles holds our own style sheet always, and npm's files where they were fetched (make portal).
//
//go:embed static
var staticFiles embed.FS

// Auth lets people in. What it says to those who are not is in package auth.
type Auth interface {
	// Login lets somebody in, and says what the session lacks still.
	Login(ctx context.Context, from post.Client, name, code string) (token string, s post.Session, err error)
	// Session returns who it is; active for what a person does, and not for a page that refreshes itself.
	Session(ctx context.Context, token string, active bool) (post.Session, error)
	Logout(ctx context.Context, token string) error
	// Forgotten notes that somebody wants a code by mail.
	Forgotten(ctx context.Context, from post.Client, login string) error
	// ChooseCode sets a code of one's own. known is the one before.
	ChooseCode(ctx context.Context, s post.Session, known, code, again string) error
}

// SignOns let people in who log in at their organization's own place.
type SignOns interface {
	BeginSignOn(ctx context.Context, org, redirect, back string) (address, state string, err error)
	FinishSignOn(
		ctx context.Context,
		from post.Client,
		org, redirect, state, kept, code string,
	) (token, back string, err error)
}

// OwnSessions are the sessions of whoever is logged in.
type OwnSessions interface {
	SessionsOf(ctx context.Context, who post.Caller) ([]post.Session, error)
	Revoke(ctx context.Context, who post.Caller, id string) error
}

// Config is what the portal needs of the program.
type Config struct {
	Auth           Auth
	OwnSessions    OwnSessions
	SignOns        SignOns
	SignOnPlaces   func(ctx context.Context) (map[string]string, error) // names of organizations that have one, by id
	Factors        Factors
	Administration post.Administration
	Mails          bool // codes are mailed
	Approvals      post.ApprovalCommands
	// what waits for another person of Ubehandlet
	CorrectionApprovals   post.CorrectionApprovals
	Proposals             post.Proposals
	Settings              post.SettingsCommands
	CheckCommands         post.CheckCommands
	Checks                post.Checks
	LookUps               post.LookUps
	LookUpCommands        post.LookUpCommands
	RehearsalCommands     post.RehearsalCommands
	RecipientLists        post.RecipientLists
	RecipientListCommands post.RecipientListCommands
	// when the certificate of an organization's own connection ends; zero without one
	CertificateEnd  func(*post.Connection) time.Time
	Commands        post.ShipmentCommands
	ProfileCommands post.ProfileCommands
	Profiles        post.Profiles
	Reviews         post.Reviews
	Lists           post.LetterLists
	Pauses          post.PauseCommands
	Remedies        post.Remedies
	Bulks           post.Bulks
	Organizations   post.Organizations
	Shipments       post.Shipments
	Failures        post.Failures
	Links           post.Links
	Audit           post.Auditor
	Seen            post.Readers
	Archive         post.ArchiveReading
	Names           post.LetterNames
	LogReading      post.LogReading
	SavedFilters    post.SavedFilters
	Progresses      post.SplitProgresses
	Service         post.ServiceRecord
	Beats           post.Heartbeats
	StatusPage      bool // everybody may see it
	Inbox           post.Inbox
	Transfers       post.Transfers
	ArchiveExports  post.ArchiveExports
	FilingPlans     post.FilingPlans
	Breakers        post.Breakers
	Stops           post.Stops
	Notices         post.Notifier
	Organization    post.OrganizationCommands
	// nil where there is no key for it
	Incident func(ctx context.Context, who post.Caller, shipment string) (post.Link, error)
	Timings  post.Timings
	// what the machine has run out of; nil where AWS sees to that
	Trouble     func() string
	Restored    post.Restorations                       // nil where a table cannot be restored without its keys
	Reference   func(r *http.Request, err error) string // logs an internal error and names it
	Now         func() time.Time
	Environment post.Environment
	UploadLimit int64
	UploadLife  time.Duration
	FilesOrigin string // where files are sent to and fetched from, when that is not the portal itself
	Version     string
}

// Portal serves the pages.
type Portal struct {
	Config
	pages  *template.Template
	static assets
	npm    bool // npm's files are there
	status statusCache
	zone   *time.Location
}

// New parses the pages.
func New(h Config) (http.Handler, error) {
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, err
	}
	p := &Portal{Config: h, zone: post.Denmark()}
	if p.static, err = newAssets(static); err != nil {
		return nil, err
	}
	_, err = fs.Stat(static, "npm/dkfds.css")
	p.npm = err == nil
	if p.pages, err = template.New("").Funcs(p.functions()).ParseFS(pageFiles, "pages/*.html"); err != nil {
		return nil, err
	}
	return compressed(p.routes())
}

// headers are the same for every page: nothing but our own files runs or is shown (design principle 9).
func headers(files string, next http.Handler) http.Handler {
	policy := strings.ReplaceAll(
		"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src "+
			"'self'{files}; "+
			"frame-src 'self'{files}; form-action 'self'{files}; frame-ancestors 'none'; base-uri 'none'",
		"{files}",
		strings.TrimRight(" "+files, " "),
	)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		if strings.HasPrefix(r.URL.Path, "/static/") { // our own files: they say of themselves how long they are kept
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		strict(h, r.TLS != nil)
		next.ServeHTTP(w, r)
	})
}

// page is what every template gets.
type page struct {
	Title      string
	Called     string // the title, whether or not something is wrong
	Menu       string // the item that is current
	User, Org  string
	Unhandled  string // how many rows wait, for the menu
	Simulator  bool
	Version    string
	NPM        bool
	Page       any // of the template itself
	LoggedIn   bool
	May        map[string]bool // rights that the visitor has, for whatever area
	RefreshURL string
	Banner     *banner
	Said       string // what has come of what was pressed
}

func rightsOf(who post.Caller) map[string]bool {
	may := map[string]bool{}
	for _, g := range who.Grants {
		may[string(g.Right)] = true
	}
	return may
}

// show renders a page whole before a byte of it is sent.
func (p *Portal) show(v *visit, status int, name, menu, title string, data any) error {
	waiting, err := p.waiting(v)
	if err != nil {
		return err
	}
	held, err := p.banner(v)
	if err != nil {
		return err
	}
	return p.render(
		v.w,
		status,
		name,
		page{
			Title:     titled(status, title),
			Called:    title,
			Menu:      menu,
			User:      v.who.Name,
			Org:       v.org.Name,
			Unhandled: waiting,
			Simulator: p.Environment == post.Simulator,
			Version:   p.Version,
			NPM:       p.npm,
			Page:      data,
			LoggedIn:  true,
			May:       rightsOf(v.who),
			Banner:    held,
			Said:      v.told(),
		},
	)
}

func (p *Portal) render(w http.ResponseWriter, status int, name string, data any) error {
	var b bytes.Buffer
	if err := p.pages.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the browser is gone
	return nil
}
