package split

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"brevdue/internal/post"
)

// progressEvery is how often it is noted how far a split has come: never of one that takes less, as most do.
const progressEvery = time.Second

// progress notes how far the split of one shipment has come. It is told by several readers at once; nil notes nothing.
type progress struct {
	h     *Handler
	s     *post.Shipment
	mutex sync.Mutex
	last  time.Time
	at    post.SplitProgress
}

// progressOf begins to note, where somebody wants to know.
func (h *Handler) progressOf(s *post.Shipment) *progress {
	if h.Progresses == nil {
		return nil
	}
	return &progress{h: h, s: s, last: h.Now()}
}

// read notes that so many pages of all were read.
func (p *progress) read(ctx context.Context, done, all int) {
	p.note(ctx, func(at *post.SplitProgress) { at.Read, at.Pages = max(done, at.Read), all })
}

// recognized notes that a machine has read one more of the pages that are pictures.
func (p *progress) recognized(ctx context.Context, all int) {
	p.note(ctx, func(at *post.SplitProgress) { at.Recognized, at.Scanned = at.Recognized+1, all })
}

// note keeps what is so now, at most once in progressEvery. Whoever comes while it is kept does not wait.
func (p *progress) note(ctx context.Context, change func(*post.SplitProgress)) {
	if p == nil {
		return
	}
	p.mutex.Lock()
	change(&p.at)
	now := p.h.Now()
	due := now.Sub(p.last) >= progressEvery
	if due {
		p.last, p.at.At = now, now
	}
	at := p.at
	p.mutex.Unlock()
	if !due {
		return
	}
	if err := p.h.Progresses.PutProgress(ctx, p.s.Org, p.s.ID, at); err != nil {
		slog.Warn("how far a split has come is not noted", "shipment", p.s.ID, "error", err) // which stops nothing
	}
}
