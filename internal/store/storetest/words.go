package storetest

import (
	"time"

	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
)

// Words are the ports of a store, for their contract tests.
func Words(s *store.Store) posttest.Words {
	return posttest.Words{
		Shipments:     s.Shipments(),
		Letters:       s.Letters(),
		Failures:      s.Failures(),
		Files:         s,
		Cases:         s,
		Titles:        s,
		FilingPlans:   s,
		Inbox:         s.Inbox(),
		Clearances:    s,
		Audit:         s.AuditLog(time.Now),
		Profiles:      s,
		Requests:      s,
		Bulks:         s.Bulks(),
		DueBulks:      s.Bulks(),
		Containers:    s,
		Checks:        s,
		LookUps:       s,
		SavedFilters:  s,
		Progresses:    s,
		Service:       s,
		Beats:         s,
		Stops:         s,
		Notices:       s.Notices(),
		Organizations: s,
	}
}
