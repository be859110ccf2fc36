package app

import (
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/stage/receipt"
)

// Receipt takes receipts.
func (a *App) Receipt() *receipt.Handler {
	return &receipt.Handler{
		Runner:       parallel.Goroutines{},
		Letters:      a.Store.Letters(),
		Failures:     a.Store.Failures(),
		Orphans:      a.Store,
		Queues:       a.Queues,
		Channel:      a.Channel,
		Legal:        a.Legal,
		LegalNotices: a.Store,
		UUIDKey:      a.UUIDKey,
		Timings:      a.Timings,
		Now:          time.Now,
		Breakers:     a.breakers(),
		Notices:      a.Store.Notices(),
		Environment:  a.Environment,
	}
}
