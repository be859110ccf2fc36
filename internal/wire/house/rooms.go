package house

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"brevdue/internal/access"
	"brevdue/internal/api"
	"brevdue/internal/ident"
	"brevdue/internal/portal"
	"brevdue/internal/post"
)

// API is the English room.
func (h *House) API() http.Handler {
	room := &api.Room{
		Key: h.Gate().Key, Desk: h.Desk(), Profiles: h.Store, Outlines: h.Store, Remedies: h.Remedies(), Shipments: h.Store.Shipments(), Letters: h.Store.Letters(), Failures: h.Store.Failures(),
		Audit: h.Store.Trail(time.Now), Cases: h.Store, Breakers: h.Store, Stops: h.Store, Notices: h.Store.Notices(), Switches: h.Switches(), Environment: h.Environment, Pace: h.Pace, Now: time.Now,
		Person: func(org string, n ident.Number) string { return post.Person(h.CaseKey, org, n) }, Incident: h.incident(), Backup: h.Backup, Operator: h.Operator,
		Inbox: h.Store.Inbox(), Links: h.Links, Message: message, PushToken: h.PushToken, Push: h.Pushed, Reference: reference,
	}
	return room.Handler()
}

// Portal is the Danish room.
func (h *House) Portal() (http.Handler, error) {
	return portal.New(portal.House{
		Gate: gate{h.Gate()}, Desk: h.Desk(), Profiles: h.Store, Outlines: h.Store, Remedies: h.Remedies(), Organizations: h.Store, Shipments: h.Store.Shipments(), Letters: h.Store.Letters(),
		Audit: h.Store.Trail(time.Now), Breakers: h.Store, Stops: h.Store, Notices: h.Store.Notices(), Switches: h.Switches(), Incident: h.incident(), Pace: h.Pace, Restored: h.Restored,
		Failures: h.Store.Failures(), Links: h.Links, Reference: reference, Now: time.Now, Environment: h.Environment,
		UploadLimit: h.UploadLimit, UploadLife: h.Pace.Upload, FilesOrigin: h.FilesOrigin, Version: h.Version,
	})
}

// gate tells the portal in its own word that somebody tried too often.
type gate struct{ *access.Gate }

// Login implements portal.Gate.
func (g gate) Login(ctx context.Context, name, code string) (string, error) {
	token, err := g.Gate.Login(ctx, name, code)
	switch {
	case errors.Is(err, access.ErrLocked):
		err = portal.ErrLocked
	case errors.Is(err, access.ErrDenied):
		err = portal.ErrDenied
	}
	return token, err
}

// KnownHosts refuses requests under a name that is not ours, so that no other site's name can be pointed at us, and
// requests that another site's page makes.
func KnownHosts(hosts func(*http.Request) []string, next http.Handler) http.Handler {
	safe := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(hosts(r), r.Host) {
			http.Error(w, "Ukendt værtsnavn. Tillad det med serve --host.", http.StatusMisdirectedRequest)
			return
		}
		safe.ServeHTTP(w, r)
	})
}

// reference logs an internal error and returns the name under which it stands in the log.
func reference(r *http.Request, err error) string {
	b := make([]byte, 4)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	name := hex.EncodeToString(b)
	slog.Error("internal error", "reference", name, "method", r.Method, "pattern", r.Pattern, "error", err)
	return name
}
