package digitalpost

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"

	"brevdue/internal/post"
)

// TestAContainerIsAStream: what it holds passes through; nothing of it is kept.
func TestAContainerIsAStream(t *testing.T) {
	const each, letters = 1 << 20, 24
	c := post.OutgoingContainer{ID: "c"}
	for i := range letters {
		c.Messages = append(c.Messages, post.Outgoing{
			UUID: fmt.Sprint(i), Length: each,
			Body: func() io.Reader { return io.LimitReader(noise{rand.New(rand.NewPCG(1, uint64(i)))}, each) },
		})
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := writeContainer(io.Discard, c); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("%d bytes were allocated for %d", used, each*letters)
	}
}

// noise is nothing that LZMA could make smaller.
type noise struct{ *rand.Rand }

func (n noise) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(n.Uint32())
	}
	return len(p), nil
}
