package app

import (
	mathrand "math/rand/v2"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/stage/archive"
	"brevdue/internal/workflow"
)

// Archive archives.
func (a *App) Archive() *archive.Handler {
	return &archive.Handler{
		Runner:    parallel.Goroutines{},
		Shipments: a.Store.Shipments(),
		Letters:   a.Store.Letters(),
		Objects:   a.Objects,
		Cases:     a.Store,
		Titles:    a.Store,
		Names:     a.names(),
		Transfers: a.Store,
		Archives:  (&archives{organizations: a.Store, folder: a.ArchiveFolder, timeout: archiveTimeout}).open,
		Queues:    a.Queues,
		CaseKey:   a.CaseKey,
		UUIDKey:   a.UUIDKey,
		Timings:   a.Timings,
		Now:       time.Now,
		Jitter:    mathrand.Float64,
		NewID:     newID,
	}
}

// names say who letters are for.
func (a *App) names() *workflow.Names { return &workflow.Names{Outlines: a.Store} }

// ArchiveReader shows what is archived.
func (a *App) ArchiveReader() *archive.Reader {
	return &archive.Reader{
		Shipments: a.Store.Shipments(),
		Letters:   a.Store.Letters(),
		Objects:   a.Objects,
		Cases:     a.Store,
		Titles:    a.Store,
		Lists:     a.Store.Letters(),
		Failures:  a.Store.Failures(),
		Names:     a.names(),
		Reviews:   a.Reviews(),
		Audit:     a.Store.AuditLog(time.Now),
		CaseKey:   a.CaseKey,
	}
}
