package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// eicar is the test file of the antivirus makers, written so that this file is none.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}` + `$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

func objects(t *testing.T) (*posttest.MemoryObjects, post.Object, post.Object) {
	t.Helper()
	m := &posttest.MemoryObjects{}
	all, err := m.Put(
		context.Background(),
		post.File{Key: "clean", Content: bytes.Repeat([]byte("%PDF-1.7 "), 400_000)},
		post.File{Key: "eicar", Content: []byte(eicar)},
	)
	posttest.Check(t, err)
	return m, all[0], all[1]
}

// daemon answers as clamd does.
func daemon(t *testing.T, answer func(content []byte) string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	posttest.Check(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			command := make([]byte, len("zINSTREAM\x00"))
			_, _ = io.ReadFull(c, command)
			var content []byte
			for {
				var n uint32
				if binary.Read(c, binary.BigEndian, &n) != nil || n == 0 {
					break
				}
				part := make([]byte, n)
				_, _ = io.ReadFull(c, part)
				content = append(content, part...)
			}
			_, _ = io.WriteString(c, answer(content))
			_ = c.Close()
		}
	}()
	return "tcp:" + l.Addr().String()
}

func TestVerdicts(t *testing.T) {
	m, clean, infected := objects(t)
	ctx := context.Background()
	s, err := New(daemon(t, func(content []byte) string {
		if bytes.Contains(content, []byte(eicar)) {
			return "stream: Eicar-Signature FOUND\x00"
		}
		return "stream: OK\x00"
	}), m)
	posttest.Check(t, err)
	if threat, err := s.Scan(ctx, clean); threat != "" || err != nil {
		t.Errorf("clean: %q %v", threat, err)
	}
	if threat, err := s.Scan(ctx, infected); threat != "Eicar-Signature" || err != nil {
		t.Errorf("EICAR: %q %v", threat, err)
	}
	for _, answer := range []string{"", "INSTREAM size limit exceeded. ERROR", "stream: ", "stream: FOUND", "OK?"} {
		s, err := New(daemon(t, func([]byte) string { return answer }), m)
		posttest.Check(t, err)
		if threat, err := s.Scan(ctx, clean); err == nil {
			t.Errorf("%q passes as %q", answer, threat)
		}
	}
	if s, err = New("tcp:127.0.0.1:1", m); err == nil {
		if _, err := s.Scan(ctx, clean); err == nil {
			t.Error("nobody there passes")
		}
	}
	if _, err := New("localhost:3310", m); err == nil {
		t.Error("an address without its kind")
	}
}

// TestRealClamd: ClamAV itself, with a data base that knows EICAR alone.
func TestRealClamd(t *testing.T) {
	if _, err := exec.LookPath("clamd"); err != nil {
		t.Skip("clamd is not here (Debian: clamav-daemon)")
	}
	dir := t.TempDir()
	socket := filepath.Join(dir, "clamd.ctl")
	posttest.Check(
		t,
		os.WriteFile(
			filepath.Join(dir, "eicar.ndb"),
			[]byte("Eicar-Test:0:*:"+hex.EncodeToString([]byte(eicar))+"\n"),
			0o600,
		),
	)
	config := fmt.Sprintf("DatabaseDirectory %s\nLocalSocket %s\nForeground yes\nUser root\n", dir, socket)
	posttest.Check(t, os.WriteFile(filepath.Join(dir, "clamd.conf"), []byte(config), 0o600))
	cmd := exec.Command("clamd", "--config-file", filepath.Join(dir, "clamd.conf"))
	posttest.Check(t, cmd.Start())
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	for range 300 {
		if c, err := net.Dial("unix", socket); err == nil {
			_ = c.Close()
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	m, clean, infected := objects(t)
	s, err := New("unix:"+socket, m)
	posttest.Check(t, err)
	if threat, err := s.Scan(context.Background(), clean); threat != "" || err != nil {
		t.Errorf("clean: %q %v", threat, err)
	}
	if threat, err := s.Scan(context.Background(), infected); !strings.HasPrefix(threat, "Eicar-Test") || err != nil {
		t.Errorf("EICAR: %q %v", threat, err)
	}
}
