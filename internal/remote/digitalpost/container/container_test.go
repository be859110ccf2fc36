package container

import (
	"fmt"
	"io"
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
			Body: func() io.Reader { return io.LimitReader(&pattern{i}, each) },
		})
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := Write(io.Discard, c); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("%d bytes were allocated for %d", used, each*letters)
	}
}

// pattern repeats itself, but not at once.
type pattern struct{ at int }

func (n *pattern) Read(p []byte) (int, error) {
	for i := range p {
		n.at++
		p[i] = byte(n.at * n.at >> 8)
	}
	return len(p), nil
}
