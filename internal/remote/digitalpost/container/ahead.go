package container

import (
	"bytes"
	"io"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
)

// Bounds of what is read ahead: a letter lies in S3, and the time to its first byte is longer than the time to pack it.
const (
	aheadMessages = 16
	aheadBytes    = 256 << 10 // of a message; a larger one is read when its turn comes
)

// ahead reads the next small messages while one is being packed.
type ahead struct {
	messages []post.Outgoing
	read     []chan struct{} // closed when a message is in contents, or its error in errs
	contents [][]byte
	errs     []error
	slots    chan struct{}
	stopped  chan struct{}
}

func readAhead(messages []post.Outgoing) *ahead {
	a := &ahead{
		messages: messages, read: make([]chan struct{}, len(messages)), contents: make([][]byte, len(messages)),
		errs: make([]error, len(messages)), slots: make(chan struct{}, aheadMessages), stopped: make(chan struct{}),
	}
	for i := range a.read {
		a.read[i] = make(chan struct{})
	}
	go a.start()
	return a
}

// start begins to read each small message in its order, as long as not too many wait to be packed.
func (a *ahead) start() {
	for i, m := range a.messages {
		if m.Length > aheadBytes {
			continue
		}
		select {
		case a.slots <- struct{}{}:
			go a.one(i)
		case <-a.stopped:
			return
		}
	}
}

func (a *ahead) one(i int) {
	defer close(a.read[i])
	defer parallel.Recover(&a.errs[i])
	a.contents[i], a.errs[i] = io.ReadAll(a.messages[i].Body())
}

// write writes a message, and lets another one be read in its place.
func (a *ahead) write(into io.Writer, i int) (int64, error) {
	if a.messages[i].Length > aheadBytes {
		return io.Copy(into, a.messages[i].Body())
	}
	<-a.read[i]
	content, err := a.contents[i], a.errs[i]
	a.contents[i] = nil
	<-a.slots
	if err != nil {
		return 0, err
	}
	return io.Copy(into, bytes.NewReader(content))
}

// stop begins to read nothing more.
func (a *ahead) stop() { close(a.stopped) }
