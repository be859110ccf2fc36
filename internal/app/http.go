package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"brevdue/internal/api"
	"brevdue/internal/portal"
	"brevdue/internal/texts"
)

// API is the English API.
func (a *App) API() http.Handler {
	handler := &api.API{
		Key:                   a.Auth().Key,
		Commands:              a.ShipmentCommands(),
		ProfileCommands:       a.ShipmentCommands(),
		Profiles:              a.Store,
		Outlines:              a.Store,
		Reviews:               a.Reviews(),
		Lists:                 a.Store.Letters(),
		Pauses:                a.ShipmentCommands(),
		Requests:              a.Store,
		Remedies:              a.Remedies(),
		Bulks:                 a.Store.Bulks(),
		Shipments:             a.Store.Shipments(),
		Letters:               a.Store.Letters(),
		Failures:              a.Store.Failures(),
		Audit:                 a.Store.AuditLog(time.Now),
		Cases:                 a.Store,
		Archive:               a.ArchiveReader(),
		Transfers:             a.Store,
		ArchiveExports:        a.ArchiveReader(),
		FilingPlans:           a.Store,
		Breakers:              a.Store,
		Stops:                 a.Store,
		Notices:               a.Store.Notices(),
		Organization:          a.OrganizationCommands(),
		Environment:           a.Environment,
		Timings:               a.Timings,
		Now:                   time.Now,
		Person:                a.person,
		Seen:                  a.Seen(),
		Incident:              a.incident(),
		Backup:                a.Backup,
		Operator:              a.Operator,
		Operation:             operation{App: a},
		Administration:        a.Administration(),
		Login:                 a.Auth(),
		Approvals:             a.ShipmentCommands(),
		CorrectionApprovals:   a.Remedies(),
		Proposals:             a.Store,
		Organizations:         a.Store,
		Settings:              a.Settings(),
		CheckCommands:         a.Checks(),
		Checks:                a.Store,
		LookUps:               a.Store,
		LookUpCommands:        a.ShipmentCommands(),
		RehearsalCommands:     a.ShipmentCommands(),
		RecipientLists:        a.Store,
		RecipientListCommands: a.ShipmentCommands(),
		OperatorToken:         a.OperatorToken,
		Restored:              a.Restored,
		Trouble:               a.Trouble,
		Inbox:                 a.Store.Inbox(),
		Links:                 a.Links,
		Message:               messageOf,
		PushToken:             a.PushToken,
		Push:                  a.Pushed,
		PushMemo:              a.PushedMemo,
		Reference:             Reference,
	}
	return handler.Handler()
}

// Portal is the Danish portal.
func (a *App) Portal() (http.Handler, error) {
	return portal.New(portal.Config{
		Seen:                  a.Seen(),
		Archive:               a.ArchiveReader(),
		Names:                 a.names(),
		LogReading:            a.ArchiveReader(),
		Service:               a.Store,
		Beats:                 a.Store,
		StatusPage:            a.StatusPage,
		SavedFilters:          a.Store,
		Progresses:            a.Store,
		Inbox:                 a.Store.Inbox(),
		Transfers:             a.Store,
		ArchiveExports:        a.ArchiveReader(),
		FilingPlans:           a.Store,
		CertificateEnd:        certificateEnd,
		Auth:                  a.Auth(),
		OwnSessions:           a.Auth(),
		SignOns:               a.Auth(),
		SignOnPlaces:          a.Store.SignOnPlaces,
		Factors:               a.Auth(),
		Administration:        a.Administration(),
		Mails:                 a.Mails,
		Approvals:             a.ShipmentCommands(),
		CorrectionApprovals:   a.Remedies(),
		Proposals:             a.Store,
		Settings:              a.Settings(),
		CheckCommands:         a.Checks(),
		Checks:                a.Store,
		LookUps:               a.Store,
		LookUpCommands:        a.ShipmentCommands(),
		RehearsalCommands:     a.ShipmentCommands(),
		RecipientLists:        a.Store,
		RecipientListCommands: a.ShipmentCommands(),
		Commands:              a.ShipmentCommands(),
		ProfileCommands:       a.ShipmentCommands(),
		Profiles:              a.Store,
		Reviews:               a.Reviews(),
		Lists:                 a.Store.Letters(),
		Pauses:                a.ShipmentCommands(),
		Remedies:              a.Remedies(),
		Bulks:                 a.Store.Bulks(),
		Organizations:         a.Store,
		Shipments:             a.Store.Shipments(),
		Audit:                 a.Store.AuditLog(time.Now),
		Breakers:              a.Store,
		Stops:                 a.Store,
		Notices:               a.Store.Notices(),
		Organization:          a.OrganizationCommands(),
		Incident:              a.incident(),
		Timings:               a.Timings,
		Restored:              a.Restored,
		Failures:              a.Store.Failures(),
		Links:                 a.Links,
		Reference:             Reference,
		Now:                   time.Now,
		Environment:           a.Environment,
		Trouble:               a.Trouble,
		UploadLimit:           a.UploadLimit,
		UploadLife:            a.Timings.Upload,
		FilesOrigin:           a.FilesOrigin,
		Version:               a.Version,
	})
}

// OnlyHosts refuses requests under a name that is not ours, so that no other site's name can be pointed at us, and
// requests that another site's page makes.
func OnlyHosts(hosts func(*http.Request) []string, next http.Handler) http.Handler {
	safe := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(hosts(r), r.Host) {
			http.Error(w, texts.Say("host-unknown"), http.StatusMisdirectedRequest)
			return
		}
		safe.ServeHTTP(w, r)
	})
}

// Reference logs an internal error and returns the name under which it stands in the log. A request that its client
// broke off is nobody's error.
func Reference(r *http.Request, err error) string {
	b := make([]byte, 4)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	name := hex.EncodeToString(b)
	log := slog.Error
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		log = slog.Debug
	}
	log("internal error", "reference", name, "method", r.Method, "pattern", r.Pattern, "error", err)
	return name
}
