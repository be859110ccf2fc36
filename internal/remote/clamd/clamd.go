// Package clamd asks ClamAV's daemon whether a file holds malware (clamd(8), INSTREAM).
//
// Invariant: whatever is not a clear answer is an error, never a clean file.
//
// file -> [clamd] -> name of what was found
package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"brevdue/internal/post"
)

// Scanner implements post.Scanner.
type Scanner struct {
	network, address string
	objects          post.Objects
}

// New reads an address: unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310.
func New(address string, objects post.Objects) (*Scanner, error) {
	network, at, ok := strings.Cut(address, ":")
	if !ok || network != "unix" && network != "tcp" {
		return nil, fmt.Errorf("clamd: the address %q is neither unix:PATH nor tcp:HOST:PORT", address)
	}
	return &Scanner{network, at, objects}, nil
}

// Limits of one scan. clamd itself refuses streams longer than its StreamMaxLength.
const (
	timeout = 5 * time.Minute
	chunk   = 1 << 20
)

// Scan implements post.Scanner.
func (s *Scanner) Scan(ctx context.Context, o post.Object) (string, error) {
	content, done, err := s.objects.Open(ctx, o)
	if err != nil {
		return "", err
	}
	defer done()
	d := net.Dialer{Timeout: 10 * time.Second}
	c, err := d.DialContext(ctx, s.network, s.address)
	if err != nil {
		return "", fmt.Errorf("clamd: %w", err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(timeout)); err != nil {
		return "", fmt.Errorf("clamd: %w", err)
	}
	sent := stream(c, content)
	answer, err := io.ReadAll(io.LimitReader(c, 4096)) // it may have answered before it had all
	if err = errors.Join(err, sent); err != nil && len(answer) == 0 {
		return "", fmt.Errorf("clamd: %w", err)
	}
	return verdict(string(bytes.Trim(answer, "\x00\n ")))
}

func stream(w io.Writer, content []byte) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	for len(content) > 0 {
		n := min(chunk, len(content))
		if _, err := w.Write(binary.BigEndian.AppendUint32(nil, uint32(n))); err != nil {
			return err
		}
		if _, err := w.Write(content[:n]); err != nil {
			return err
		}
		content = content[n:]
	}
	_, err := w.Write([]byte{0, 0, 0, 0})
	return err
}

// verdict reads "stream: OK" and "stream: Eicar-Signature FOUND".
func verdict(answer string) (string, error) {
	text, _ := strings.CutPrefix(answer, "stream: ")
	if text == "OK" {
		return "", nil
	}
	if threat, found := strings.CutSuffix(text, " FOUND"); found && threat != "" {
		return threat, nil
	}
	if strings.Contains(text, "size limit exceeded") {
		return "", fmt.Errorf("clamd: %w", post.ErrCannotScan)
	}
	return "", fmt.Errorf("clamd: no verdict: %q", answer)
}
