package container

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ulikunitz/xz/lzma"

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

// TestSmallMessagesAreReadAhead: a message whose reading has to wait holds up none behind it, they are packed in their
// order, and no more of them are begun than may wait.
func TestSmallMessagesAreReadAhead(t *testing.T) {
	const letters = 100
	var begun atomic.Int64
	c := post.OutgoingContainer{ID: "c"}
	for i := range letters {
		text := strings.Repeat(fmt.Sprint(i%10), 1000+i)
		body := func() io.Reader {
			begun.Add(1)
			for begin := time.Now(); i == 0 && begun.Load() < aheadMessages && time.Since(begin) < time.Minute; {
				time.Sleep(time.Millisecond)
			}
			if n := begun.Load(); i == 0 && n != aheadMessages {
				t.Errorf("%d messages were begun while the first was read, want %d", n, aheadMessages)
			}
			return strings.NewReader(text)
		}
		c.Messages = append(c.Messages, post.Outgoing{UUID: fmt.Sprint(i), Length: int64(len(text)), Body: body})
	}
	var out bytes.Buffer
	if err := Write(&out, c); err != nil {
		t.Fatal(err)
	}
	packed, err := lzma.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	entries := tar.NewReader(packed)
	for i := range letters {
		h, err := entries.Next()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(entries)
		want := strings.Repeat(fmt.Sprint(i%10), 1000+i)
		if err != nil || h.Name != fmt.Sprint(i)+".xml" || string(content) != want {
			t.Fatalf("entry %d is %s with %d bytes: %v", i, h.Name, len(content), err)
		}
	}
}

// TestAMessageThatCannotBeReadEndsIt: the cause is told, whatever is being read beside it, also where reading it breaks
// our code.
func TestAMessageThatCannotBeReadEndsIt(t *testing.T) {
	broken := errors.New("the file is damaged")
	for name, body := range map[string]func() io.Reader{
		"error": func() io.Reader { return iotest.ErrReader(broken) },
		"panic": func() io.Reader { panic(broken.Error()) },
		"short": func() io.Reader { return strings.NewReader("abc") },
	} {
		c := post.OutgoingContainer{ID: "c"}
		for i := range 40 {
			c.Messages = append(c.Messages, post.Outgoing{
				UUID: fmt.Sprint(i), Length: 4, Body: func() io.Reader { return strings.NewReader("brev") },
			})
		}
		c.Messages[20].Body = body
		err := Write(io.Discard, c)
		if want := map[bool]string{true: "has 3 bytes, not 4", false: broken.Error()}[name == "short"]; err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
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
