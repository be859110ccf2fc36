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
	"errors"
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

// Auth lets people in.
type Auth interface {
	// Login lets somebody in who asks from an address. ErrDenied, ErrLocked and ErrBusy are: not let in.
	Login(ctx context.Context, from, name, code string) (token string, err error)
	// Session returns who it is, or ErrDenied.
	Session(ctx context.Context, token string) (post.Caller, error)
	Logout(ctx context.Context, token string) error
}

// ErrLocked is what Auth says to whoever tried too often.
var ErrLocked = errors.New("locked for a while")

// ErrBusy is what Auth says where too many ask from one address at once.
var ErrBusy = errors.New("too many at once")

// ErrDenied is what Auth says to whoever does not prove who they are.
var ErrDenied = errors.New("not let in")

// Config is what the portal needs of the program.
type Config struct {
	Auth            Auth
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
	static fs.FS
	npm    bool // npm's files are there
	zone   *time.Location
}

// New parses the pages.
func New(h Config) (http.Handler, error) {
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, err
	}
	p := &Portal{Config: h, static: static, zone: post.Denmark()}
	_, err = fs.Stat(static, "npm/dkfds.css")
	p.npm = err == nil
	if p.pages, err = template.New("").Funcs(p.functions()).ParseFS(pageFiles, "pages/*.html"); err != nil {
		return nil, err
	}
	return p.routes(), nil
}

// routes returns the portal's pages. All but log-in need a session; what changes something is a POST, which
// internal/app refuses from another site.
func (p *Portal) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", http.StripPrefix("/static/", cached(http.FileServerFS(filesOnly{p.static}))))
	mux.HandleFunc("GET /log-ind", p.showLogin)
	mux.HandleFunc("POST /log-ind", p.login)
	mux.HandleFunc("POST /log-af", p.logout)
	for pattern, h := range map[string]func(*visit) error{
		"GET /{$}":                                       func(v *visit) error { return v.redirect("/afsend") },
		"GET /afsend":                                    p.showAfsend,
		"POST /afsend":                                   p.afsend,
		"GET /afsend/{id}":                               p.showGennemse,
		"POST /afsend/{id}/send":                         p.pressSend,
		"POST /afsend/{id}/annuller":                     p.pressCancel,
		"GET /afsend/{id}/brev/{number}":                 p.showBrev,
		"GET /afsend/{id}/brev/{number}/vis":             p.preview,
		"POST /afsend/{id}/ret":                          p.pressRet,
		"POST /forsendelse/{id}/fortryd":                 p.pressFortryd,
		"POST /forsendelse/{id}/pause":                   p.pressPause,
		"POST /forsendelse/{id}/fortsaet":                p.pressFortsaet,
		"GET /log":                                       p.showLog,
		"GET /log/ubehandlet":                            p.showUbehandlet,
		"POST /log/ubehandlet":                           p.pressUbehandlet,
		"GET /log/ubehandlet/samlet":                     p.showSamlet,
		"POST /log/ubehandlet/samlet/{id}/stop":          p.pressSamletStop,
		"GET /forsendelse/{id}":                          p.showForsendelse,
		"GET /forsendelse/{id}/brev/{number}/pdf":        p.downloadLetter,
		"GET /forsendelse/{id}/brev/{number}/kvittering": p.downloadReceipt,
		"POST /forsendelse/{id}/dokumentation":           p.evidence,
		"GET /profiler":                                  p.showProfiler,
		"POST /profiler":                                 p.pressProfil,
		"POST /profiler/fjern":                           p.removeProfil,
		"GET /drift":                                     p.showDrift,
		"POST /drift/stop":                               p.pressStop,
		"POST /drift/start":                              p.pressStart,
		"POST /drift/besked":                             p.pressSubscribe,
		"POST /drift/besked/opsig":                       p.pressUnsubscribe,
		"POST /drift/besked/igen":                        p.pressResend,
		"GET /":                                          func(*visit) error { return post.ErrNotFound },
	} {
		mux.HandleFunc(pattern, p.visited(h))
	}
	return headers(p.FilesOrigin, mux)
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
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=300")
		next.ServeHTTP(w, r)
	})
}

// visit is one request of somebody who is logged in.
type visit struct {
	*http.Request
	w   http.ResponseWriter
	who post.Caller
	org *post.Organization

	rows *unhandledRows // what waits in Ubehandlet; nil until somebody asks
}

// base is the portal's address as the browser has it: only names that are ours get here.
func (v *visit) base() string {
	if v.TLS != nil {
		return "https://" + v.Host
	}
	return "http://" + v.Host
}

func (v *visit) redirect(to string) error {
	http.Redirect(v.w, v.Request, to, http.StatusSeeOther)
	return nil
}

// formLimit bounds a form; files go to their presigned addresses.
const formLimit = 1 << 20

// visited lets in who is logged in, and turns errors into pages.
func (p *Portal) visited(h func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := p.session(r)
		if errors.Is(err, ErrDenied) {
			http.Redirect(w, r, "/log-ind", http.StatusSeeOther)
			return
		}
		if err != nil {
			p.unavailable(w, r, err)
			return
		}
		v := &visit{Request: r, w: w, who: who}
		if err = readForm(w, r); err == nil {
			v.org, err = p.Organizations.Organization(r.Context(), who.Org)
		}
		if err == nil {
			err = h(v)
		}
		if err != nil {
			p.showError(v, err)
		}
	}
}

// page is what every template gets.
type page struct {
	Title      string
	Menu       string // the item that is current
	User, Org  string
	Unhandled  string // how many rows wait, for the menu
	Simulator  bool
	Version    string
	NPM        bool
	Page       any // of the template itself
	LoggedIn   bool
	RefreshURL string
	Banner     *banner
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
			Title:     title,
			Menu:      menu,
			User:      v.who.Name,
			Org:       v.org.Name,
			Unhandled: waiting,
			Simulator: p.Environment == post.Simulator,
			Version:   p.Version,
			NPM:       p.npm,
			Page:      data,
			LoggedIn:  true,
			Banner:    held,
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
