package embedded

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// trouble is what the machine ran out of last, and when.
type trouble struct {
	mu   sync.Mutex
	text string
	at   time.Time
}

// suffering is for how long a fault is told after it was met last.
const suffering = 2 * time.Minute

// met notes what the machine has run out of, where that is what an error says, and returns the error.
func (h *Backend) met(err error) error {
	if text := post.OwnFault(err); text != "" {
		h.suffers(texts.Of(text))
	}
	return err
}

func (h *Backend) suffers(text string) {
	h.trouble.mu.Lock()
	defer h.trouble.mu.Unlock()
	h.trouble.text, h.trouble.at = text, time.Now()
}

// spaceNeeded is how much of a disk must be free: below it people are told, while there still is room for telling them.
const spaceNeeded = 256 << 20

// Trouble says in Danish what the machine has run out of, or soon will; "" when all is well.
func (h *Backend) Trouble() string {
	h.trouble.mu.Lock()
	text, at := h.trouble.text, h.trouble.at
	h.trouble.mu.Unlock()
	if time.Since(at) < suffering {
		return text
	}
	var disk unix.Statfs_t
	if err := unix.Statfs(h.Dir, &disk); err != nil {
		return texts.Of(post.OwnFault(err))
	}
	size := int64(disk.Bsize)
	return space(int64(disk.Bavail)*size, min(spaceNeeded, int64(disk.Blocks)*size/20))
}

// space says that a disk is full, or nearly so.
func space(free, needed int64) string {
	switch {
	case free < 1<<20:
		return texts.Of(post.DiskFull)
	case free < needed:
		return texts.Say("disk-nearly-full",
			free>>20,
		)
	}
	return ""
}
