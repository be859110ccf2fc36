package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"
)

type panics struct{}

func (panics) Read([]byte) (int, error) { panic("page 7 of 010190-1234 is broken") }

// TestAPanicIsAnError: with a sentence, the stack, and an exit code that is not 0.
func TestAPanicIsAnError(t *testing.T) {
	for _, flags := range [][]string{nil, {"--json"}} {
		var out, err bytes.Buffer
		args := append([]string{"audit", "--person", "--key", "k"}, flags...)
		code := run(context.Background(), args, terminal{in: panics{}, out: &out, err: &err})
		if code != 1 {
			t.Errorf("exit %d", code)
		}
		for _, want := range []string{"en fejl i Brevdue selv", "page 7 of", "run_test.go"} {
			if !strings.Contains(err.String(), want) {
				t.Errorf("%q is not said:\n%s", want, err.String())
			}
		}
		if strings.Contains(err.String()+out.String(), "010190-1234") {
			t.Error("it shows a person's number")
		}
		var told struct{ Error struct{ Text string } }
		if flags != nil && (json.Unmarshal(out.Bytes(), &told) != nil || told.Error.Text == "") {
			t.Errorf("no JSON: %s", out.String())
		}
	}
}

// TestExitCodesOfTheCommandLine: help is no error, what cannot be read is one.
func TestExitCodesOfTheCommandLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		want int
		out  string
	}{
		{[]string{"--help"}, 0, "upload"},
		{[]string{"upload", "--help"}, 0, "--subject"},
		{nil, 1, ""},
		{[]string{"uplaod"}, 1, ""},
		{[]string{"status", "--data", "/does/not/exist"}, 1, ""},
		{[]string{"serve", "--trust-proxy", "proxy.example", "--addr", "127.0.0.1:0", "--data", t.TempDir()}, 1, ""},
	} {
		var out, err bytes.Buffer
		if code := run(context.Background(), c.args, terminal{in: &bytes.Buffer{}, out: &out,
			err: &err}); code != c.want ||
			!strings.Contains(out.String(), c.out) ||
			(code != 0) != (err.Len() > 0) {
			t.Errorf("%v: exit %d\n%s%s", c.args, code, out.String(), err.String())
		}
	}
}

// TestAnAddressThatIsTaken is named, with what to do.
func TestAnAddressThatIsTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, command := range []string{"serve", "simulator"} {
		var out, errOut bytes.Buffer
		code := run(
			context.Background(),
			[]string{command, "--addr", l.Addr().String(), "--data", t.TempDir()},
			terminal{out: &out, err: &errOut},
		)
		if text := errOut.String(); code != 1 || !strings.Contains(text, l.Addr().String()) ||
			!strings.Contains(text, "--addr") {
			t.Errorf("%s: exit %d %s", command, code, text)
		}
	}
}

// waits is input that never comes.
type waits struct{}

func (waits) Read([]byte) (int, error) { select {} }

// TestACommandEndsWhenItIsTold: with an error, as it did not do what it was asked.
func TestACommandEndsWhenItIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	var out, err bytes.Buffer
	go func() {
		ended <- run(ctx, []string{"audit", "--person", "--key", "k"}, terminal{in: waits{}, out: &out, err: &err})
	}()
	select {
	case code := <-ended:
		t.Fatalf("exit %d before it was told", code)
	case <-time.After(100 * time.Millisecond):
	}
	cancel()
	select {
	case code := <-ended:
		if code != 1 || !strings.Contains(err.String(), "afbrudt") {
			t.Errorf("exit %d: %s", code, err.String())
		}
	case <-time.After(10 * time.Second):
		t.Error("it goes on")
	}
}
