package stories

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

const (
	kills      = 20 // that count
	crashLimit = 2 * time.Minute
)

// crash is what is killed: shipments of so many letters, each at most so many times.
type crash struct {
	letters, kills int
	flags          []string
}

// TestKill ends the server with kill -9 at random moments while letters are open, and starts it again. Every letter
// arrives exactly once.
func TestKill(t *testing.T) {
	crash{letters: 1000, kills: kills, flags: []string{"--mass-from", "0"}}.test(t)
}

// TestKillWithContainers is the same where letters go in containers. What nobody knows of the post that was cut short a
// person sends again, once Digital Post had time to say something about it: post.ReplaysAMinute at a time, so no
// shipment has more letters.
func TestKillWithContainers(t *testing.T) {
	crash{letters: post.ReplaysAMinute, kills: 5, flags: []string{"--mass-from", "50"}}.test(t)
}

func (c crash) test(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	dir := t.TempDir()
	flags := append(c.flags, "--look", "2s")
	s, run := newServer(t, dir, flags...)
	begun, counted, ships := time.Now(), 0, []string{}
	for counted < kills && time.Since(begun) < crashLimit {
		id := upload(t, dir, len(ships), c.letters, run)
		ships = append(ships, id)
		for open, n := true, 0; open && n < c.kills && counted < kills; n++ {
			time.Sleep(time.Duration(20+rand.IntN(150)) * time.Millisecond)
			if open = s.open(run, id); open {
				counted++
			}
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
			if err := eachJob(s.data, func(queue, job string) {
				if ident.ContainsCPR(job) {
					t.Errorf("a CPR number on %s: %s", queue, ident.Mask(job))
				}
			}); err != nil {
				t.Error(err)
			}
			if err := s.start(flags...); err != nil {
				t.Fatal(err)
			}
		}
	}
	if counted < kills {
		t.Fatalf("only %d kills while a letter was open", counted)
	}
	for _, id := range ships {
		c.settled(t, run, id)
	}
	rows, err := messages("http://" + s.addr + "/simulator")
	if err != nil {
		t.Fatal(err)
	}
	perPerson := map[string]int{}
	for _, r := range rows {
		perPerson[r.Recipient] += r.Accepted
	}
	for person, n := range perPerson {
		if n != len(ships) {
			t.Errorf("%s has %d letters, want %d", ident.Mask(person), n, len(ships))
		}
	}
	if want := c.letters * len(ships); len(rows) != want {
		t.Errorf("%d messages, want %d", len(rows), want)
	} else if !t.Failed() {
		t.Logf("%d kills during %d letters: each arrived once", counted, want)
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}

// newServer starts a server in a folder, and returns the command line to it.
func newServer(t *testing.T, dir string, flags ...string) (*server, func(args ...string) []byte) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{data: filepath.Join(dir, "data"), log: filepath.Join(dir, "log"), addr: freeAddr(t)}
	if err := s.start(flags...); err != nil {
		t.Fatal(err)
	}
	return s, func(args ...string) []byte {
		cmd := exec.Command(path, append(args, "--json", "--server", "http://"+s.addr, "--data", s.data)...)
		out, err := cmd.Output()
		if err != nil && cmd.ProcessState.ExitCode() != 3 {
			t.Fatalf("%v: %v %s", args, err, out)
		}
		return out
	}
}

func upload(t *testing.T, dir string, n, letters int, run func(...string) []byte) string {
	t.Helper()
	file := filepath.Join(dir, fmt.Sprintf("%d.pdf", n))
	if err := os.WriteFile(file, manyLetters(letters, fmt.Sprint("Forsendelse ", n)), 0o600); err != nil {
		t.Fatal(err)
	}
	var s struct{ ID string }
	if err := json.Unmarshal(run("upload", file, "--subject", "Strømmen går"), &s); err != nil {
		t.Fatal(err)
	}
	return s.ID
}

func unhandledIn(t *testing.T, run func(...string) []byte, id string) (rows []struct{ Code post.Code }) {
	t.Helper()
	if err := json.Unmarshal(run("unhandled", "--shipment", id), &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

type shipmentState struct {
	ID, State                            string
	Letters, Completed, Failed, Archived int
}

func state(run func(...string) []byte, id string) (found shipmentState) {
	var all []shipmentState
	_ = json.Unmarshal(run("shipments", "--limit", "200"), &all)
	for _, s := range all {
		if s.ID == id {
			return s
		}
	}
	return found
}

// open reports whether a letter of the shipment is open now.
func (s *server) open(run func(...string) []byte, id string) bool {
	st := state(run, id)
	return st.State != "Completed" && st.State != "CompletedWithErrors"
}

// settled waits until every letter of a shipment has completed.
func (c crash) settled(t *testing.T, run func(...string) []byte, id string) {
	t.Helper()
	var st shipmentState
	// Who died with a container has it for two of Timings.CallMass and more; what is sent again leaves bit by bit.
	for i := range 1800 + 600*c.letters/post.ReplaysAMinute {
		if st = state(run, id); st.State == "Completed" && st.Completed == c.letters {
			return
		}
		if i%20 == 19 {
			for _, row := range unhandledIn(t, run, id) {
				if row.Code != post.Unconfirmed && row.Code != post.NoReceipt {
					t.Fatalf("a kill has left %s in Ubehandlet", row.Code)
				}
			}
			run("replay", "--shipment", id)
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("shipment %s ends as %+v, where letters stand: %s", id, st, run("status"))
}
