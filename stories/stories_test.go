package stories

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	s.cmd = exec.Command(
		path,
		append(append([]string{"serve", "--addr", s.addr, "--data", s.data}, fast...), extra...)...)
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

func (s *server) environment() map[string]string {
	return map[string]string{"BREVDUE_SERVER": "http://" + s.addr, "BREVDUE_DATA": s.data,
		"org": "demo", "data": s.data}
}

func (s *server) restart(flags ...string) error {
	if err := s.stop(); err != nil {
		return err
	}
	return s.start(flags...)
}

func (s *server) finish(t *testing.T, numbers string) {
	if s.started == 0 {
		return
	}
	if err := s.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	checkRedaction(t, s, numbers)
}

func (s *server) get(path string, header http.Header) (int, string, error) {
	req, err := http.NewRequest(http.MethodGet, "http://"+s.addr+path, nil)
	if err != nil {
		return 0, "", err
	}
	req.Header, req.Host = header, header.Get("Host")
	return do(req)
}

// do makes a request and returns status and body.
func do(req *http.Request) (int, string, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, string(body), err
}

func (s *server) accepted() ([]messageRow, error) { return messages(s.simulator()) }

func (s *server) simulator() string { return "http://" + s.addr + "/simulator" }

func (s *server) archived(folder string) ([]string, error) {
	return filepath.Glob(filepath.Join(s.data, "objects", "archive", "demo", folder, "*"))
}

func (s *server) cvr() string { return "99060816" }

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

// backend is where a story happens: on one machine, or on AWS. The scripts do not know which.
type backend interface {
	// start gets the backend ready; flags are those of brevdue serve. It returns what the command line needs to find
	// it.
	start(flags ...string) error
	environment() map[string]string
	restart(flags ...string) error
	// finish ends the story, and looks for numbers where none may be.
	finish(t *testing.T, numbers string)
	// get makes a request to the backend, perhaps under another host's name.
	get(path string, header http.Header) (int, string, error)
	// accepted returns the messages of the story that the simulator took in.
	accepted() ([]messageRow, error)
	// simulator is the address of Digital Post's simulator.
	simulator() string
	// archived returns the file names in an archive case.
	archived(folder string) ([]string, error)
	// stored gives everything that is kept, as it lies.
	stored(do func(name string, content []byte)) error
	cvr() string
}

func TestStories(t *testing.T) {
	run(t, func(dir string) backend {
		return &server{data: filepath.Join(dir, "data"), log: filepath.Join(dir, "server.log"), addr: freeAddr(t)}
	})
}

// run runs the scripts, each in a backend of its own.
func run(t *testing.T, open func(dir string) backend) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "scripts",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			h := open(env.WorkDir)
			env.Values["home"] = h
			env.Setenv("PATH", filepath.Dir(path)+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Defer(func() { h.finish(t, filepath.Join(env.WorkDir, "numbers")) })
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serve, "restart": restart, "merge": merge, "keep": keep, "accepted": accepted, "get": get,
			"waiting": waiting, "archived": archived, "soon": soon, "waiting-again": waitingAgain,
			"moment": moment, "unreadable": unreadable, "tell": tell, "many": many,
		},
		Condition: func(name string) (bool, error) {
			if name != "one-machine" {
				return false, fmt.Errorf("no condition %q", name)
			}
			_, is := open("").(*server)
			return is, nil
		},
	})
}

func backendOf(ts *testscript.TestScript) backend { return ts.Value("home").(backend) }

// serve [FLAG …] starts the story's backend.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	h := backendOf(ts)
	ts.Check(h.start(args...))
	for name, value := range h.environment() {
		ts.Setenv(name, value)
	}
}

// moment NAME WAIT keeps a time that is so long from now, as a command takes it.
func moment(ts *testscript.TestScript, _ bool, args []string) {
	wait, err := time.ParseDuration(args[1])
	ts.Check(err)
	ts.Setenv(args[0], time.Now().Add(wait).UTC().Format(time.RFC3339))
}

// restart [FLAG …] stops what runs and starts it again on the same data.
func restart(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(backendOf(ts).restart(args...))
}

// merge PDF LETTERS writes a merged PDF. Each line of LETTERS is "NUMBER PAGES NAME", with - for no number.
func merge(ts *testscript.TestScript, _ bool, args []string) {
	options := pdftest.Options{Footer: "Nordøby Kommune  ·  CVR-nr. " + backendOf(ts).cvr()}
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

// accepted N checks that the simulator took in N messages of the story, each once.
func accepted(ts *testscript.TestScript, _ bool, args []string) {
	rows, err := backendOf(ts).accepted()
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

// get PATH [HEADER: VALUE] prints status and body of a request to the backend.
func get(ts *testscript.TestScript, _ bool, args []string) {
	header := http.Header{}
	if len(args) > 1 {
		name, value, _ := strings.Cut(args[1], ": ")
		header.Set(name, value)
	}
	status, body, err := backendOf(ts).get(args[0], header)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d\n%s", status, body)
}

// waiting FROM SUBJECT has post waiting for the organization.
func waiting(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(
		putWaiting(
			backendOf(ts).simulator(),
			map[string]string{"to": backendOf(ts).cvr(), "from": args[0], "subject": args[1]},
		),
	)
}

// waitingAgain (waiting-again MESSAGE) has a message waiting that came before, and waits until it is taken out of the
// mailbox.
func waitingAgain(ts *testscript.TestScript, _ bool, args []string) {
	simulator := backendOf(ts).simulator()
	res, err := http.Post(simulator+"/waiting", "application/xml", strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	defer res.Body.Close()
	var put struct{ ID string }
	ts.Check(json.NewDecoder(res.Body).Decode(&put))
	for begun := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		res, err := http.Get(simulator + "/apis/v1/memos/" + put.ID)
		ts.Check(err)
		_ = res.Body.Close()
		if res.StatusCode == http.StatusNotFound {
			return
		}
		if time.Since(begun) > soonWithin {
			ts.Fatalf("message %s still waits", put.ID)
		}
	}
}

// archived CASE N waits until N files lie in an archive case.
func archived(ts *testscript.TestScript, _ bool, args []string) {
	for begun := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		files, err := backendOf(ts).archived(args[0])
		ts.Check(err)
		files = slices.DeleteFunc(files, func(name string) bool { // a letter that ends at once may have none
			return strings.Contains(name, "-sending.json")
		})
		if fmt.Sprint(len(files)) == args[1] {
			return
		}
		if time.Since(begun) > soonWithin {
			ts.Fatalf("case %s has %d files, want %s: %v", args[0], len(files), args[1], files)
		}
	}
}

// soonWithin is how long soon waits: more than a schedule of one minute.
const soonWithin = 90 * time.Second

// soon TEXT COMMAND … runs a command until its output has a text. With ! the command fails with it: something waits for
// a person.
func soon(ts *testscript.TestScript, fails bool, args []string) {
	for begun := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		err := ts.Exec(args[1], args[2:]...)
		if (err != nil) == fails && strings.Contains(ts.ReadFile("stdout"), args[0]) {
			return
		}
		if time.Since(begun) > soonWithin {
			ts.Fatalf("%q is not in what %v prints", args[0], args[1:])
		}
	}
}
