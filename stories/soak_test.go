package stories

import (
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// soakEvery is how often a shipment is uploaded: a steady rate of 50 letters a second.
const soakEvery = 20 * time.Second

// TestSoak runs for as long as BREVDUE_SOAK says (make soak: an hour): shipments at a steady rate, and kill -9 in every
// one of them. Every letter arrives exactly once.
func TestSoak(t *testing.T) {
	dur, err := time.ParseDuration(os.Getenv("BREVDUE_SOAK"))
	if err != nil {
		t.Skip("only with BREVDUE_SOAK (make soak)")
	}
	dir := t.TempDir()
	s, run := newServer(t, dir)
	c, ships, restarts := crash{letters: 1000}, 0, 0
	for begun := time.Now(); time.Since(begun) < dur; ships++ {
		next := time.Now().Add(soakEvery)
		id := upload(t, dir, ships, c.letters, run)
		time.Sleep(time.Duration(100+rand.IntN(1500)) * time.Millisecond)
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		if err := s.start("--look", "2s"); err != nil {
			t.Fatal(err)
		}
		restarts++
		c.settled(t, run, id)
		time.Sleep(time.Until(next))
	}
	rows, err := messages("http://" + s.addr + "/simulator")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Accepted != 1 {
			t.Errorf("message %s was taken in %d times", r.UUID, r.Accepted)
		}
	}
	if want := c.letters * ships; len(rows) != want {
		t.Errorf("%d messages, want %d", len(rows), want)
	}
	t.Logf(
		"%v: %d letters in %d shipments, %d restarts by kill -9: each arrived once",
		dur,
		c.letters*ships,
		ships,
		restarts,
	)
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}
