package stories

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/pdftest"
)

// lookAtSources looks at every file of the product. go test knows a test's answer again by the files it looked at, and
// the compiler looks on its own account: without this, a changed product got the old product's "ok (cached)".
func lookAtSources() error {
	for _, root := range []string{"../cmd", "../internal", "../go.mod", "../go.sum"} {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// binary is built once for all tests of the package.
var binary = sync.OnceValues(func() (string, error) {
	if err := lookAtSources(); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "brevdue-stories-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "brevdue")
	out, err := exec.Command("go", "build", "-o", path, "../cmd/brevdue").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// fast is a pace at which a story takes seconds.
var fast = []string{"--back-off-from", "200ms", "--back-off-to", "500ms", "--retry-for", "3s", "--receipt-within", "2s",
	"--look", "3s", "--sweep", "200ms", "--poll", "50ms", "--call", "1s", "--delay", "50ms"}

// server is a running brevdue.
type server struct {
	data, log, addr string
	cmd             *exec.Cmd
	started         int
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start starts a server on a data folder and waits until it is ready.
func (s *server) start(extra ...string) error {
	path, err := binary()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = exec.Command(path, append(append([]string{"serve", "--addr", s.addr, "--data", s.data}, fast...), extra...)...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.started++
	for range 500 {
		if res, err := http.Get("http://" + s.addr + "/healthz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("the server is not ready; see %s", s.log)
}

// stop ends the server as Ctrl-C does, and checks that it ends in time.
func (s *server) stop() error {
	if s.cmd == nil {
		return nil
	}
	begun := time.Now()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	err := s.cmd.Wait()
	s.cmd = nil
	if took := time.Since(begun); took > 5*time.Second {
		return fmt.Errorf("the server took %v to stop", took)
	}
	return err
}

func TestStories(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "scripts",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			s := &server{data: filepath.Join(env.WorkDir, "data"), log: filepath.Join(env.WorkDir, "server.log"), addr: freeAddr(t)}
			env.Values["server"] = s
			env.Setenv("PATH", filepath.Dir(path)+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("BREVDUE_SERVER", "http://"+s.addr)
			env.Setenv("BREVDUE_DATA", s.data)
			env.Defer(func() {
				if s.started == 0 {
					return
				}
				if err := s.stop(); err != nil {
					t.Errorf("stop: %v", err)
				}
				checkRedaction(t, s, filepath.Join(env.WorkDir, "numbers"))
			})
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serve, "restart": restart, "merge": merge, "keep": keep, "accepted": accepted, "get": get,
		},
	})
}

// serve [FLAG …] starts the story's server.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Value("server").(*server).start(args...))
}

// restart [FLAG …] stops the server and starts it again on the same data.
func restart(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value("server").(*server)
	ts.Check(s.stop())
	ts.Check(s.start(args...))
}

// merge PDF LETTERS writes a merged PDF. Each line of LETTERS is "NUMBER PAGES NAME", with - for no number.
func merge(ts *testscript.TestScript, _ bool, args []string) {
	options := pdftest.Options{Footer: "Nordøby Kommune  ·  CVR-nr. 99 06 08 16"}
	var letters []pdftest.Letter
	var numbers []string
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		number, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		pages, name, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(pages)
		if err != nil {
			ts.Fatalf("%s: %v", line, err)
		}
		heading := []string{name, "Møllevej 1", "9999 Nordøby"}
		if number != "-" {
			label := "CPR-nr.: "
			if len(ident.Digits(number)) == 8 {
				label = "CVR-nr.: "
			}
			heading = append(heading, label+number)
			numbers = append(numbers, number)
		}
		letters = append(letters, pdftest.Letter{Heading: heading, Pages: n})
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pdftest.Merge(options, letters...), 0o600))
	f, err := os.OpenFile(ts.MkAbs("numbers"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	defer f.Close()
	fmt.Fprintln(f, strings.Join(numbers, "\n"))
}

// keep NAME PATTERN sets a variable to the first group of PATTERN in the last standard output.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	out := ts.ReadFile("stdout")
	_, rest, found := strings.Cut(out, args[1])
	if !found {
		ts.Fatalf("%q is not in %s", args[1], out)
	}
	end := strings.IndexAny(rest, "\",\n }")
	ts.Setenv(args[0], rest[:max(end, 0)])
}

// accepted N checks that the simulator took in N messages, each once.
func accepted(ts *testscript.TestScript, _ bool, args []string) {
	rows, err := messages(ts.Value("server").(*server).addr)
	ts.Check(err)
	for _, r := range rows {
		if r.Accepted != 1 {
			ts.Fatalf("message %s was taken in %d times", r.UUID, r.Accepted)
		}
	}
	if fmt.Sprint(len(rows)) != args[0] {
		ts.Fatalf("the simulator took in %d messages, want %s", len(rows), args[0])
	}
}

// get PATH [HEADER: VALUE] prints status and body of a request to the server.
func get(ts *testscript.TestScript, _ bool, args []string) {
	req, err := http.NewRequest(http.MethodGet, "http://"+ts.Value("server").(*server).addr+args[0], nil)
	ts.Check(err)
	if len(args) > 1 {
		name, value, _ := strings.Cut(args[1], ": ")
		if name == "Host" {
			req.Host = value
		}
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	var b strings.Builder
	scanner := bufio.NewScanner(res.Body)
	for scanner.Scan() {
		b.WriteString(scanner.Text() + "\n")
	}
	fmt.Fprintf(ts.Stdout(), "%d\n%s", res.StatusCode, b.String())
}
