// Package container writes what Digital Post's mass interface takes: a tar of {messageUUID}.xml, packed by LZMA
// (digital-post.md 2, Container). It is a package of its own, so that only what sends links it.
//
// messages -> [container] -> bytes
package container

import (
	"archive/tar"
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/ulikunitz/xz/lzma"

	"brevdue/internal/post"
)

// dictionary is how far LZMA looks back: over some letters, which mostly share fonts and pictures. More is slower, less
// is larger and slower too (make bench-memo).
const dictionary = 256 << 10

// Write writes a container: its messages one after the other. No more than a piece of a large one, and a few small
// ones, stand in memory.
func Write(out io.Writer, m post.OutgoingContainer) error {
	buffered := bufio.NewWriterSize(out, 64<<10)
	packed, err := lzma.WriterConfig{DictCap: dictionary}.NewWriter(buffered)
	if err != nil {
		return err
	}
	t := tar.NewWriter(packed)
	next := readAhead(m.Messages)
	defer next.stop()
	for i, one := range m.Messages {
		header := &tar.Header{
			Name: one.UUID + ".xml", Mode: 0o600, Size: one.Length, Typeflag: tar.TypeReg, Format: tar.FormatUSTAR,
		}
		if err := t.WriteHeader(header); err != nil {
			return err
		}
		if n, err := next.write(t, i); err != nil || n != one.Length {
			return errors.Join(err, fmt.Errorf("a message of container %s has %d bytes, not %d", m.ID, n, one.Length))
		}
	}
	return errors.Join(t.Close(), packed.Close(), buffered.Flush())
}
