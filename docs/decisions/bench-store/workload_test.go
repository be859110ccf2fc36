package benchstore

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const (
	callers            = 16
	lettersInPartition = 100
	queuedAtStart      = 1000
)

var letterCount = flag.Int("letters", 10_000, "letters in the store; a multiple of 100, at least 1600")

var filler = strings.Repeat("Dear reader, this is the text of a letter. ", 30)

// workload remembers the revision of every letter. Each caller keeps to the
// partitions it owns, so no change is stale by accident.
type workload struct {
	revisions []int64
	random    [callers]*rand.Rand
	choose    func(load *workload, caller int) []int
}

func newWorkload(choose func(*workload, int) []int) *workload {
	load := &workload{revisions: make([]int64, *letterCount), choose: choose}
	for i := range load.random {
		load.random[i] = rand.New(rand.NewPCG(uint64(i), 7))
	}
	return load
}

// run has all callers submit n changes between them.
func (load *workload) run(t testing.TB, w *writer, n int) {
	var started atomic.Int64
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for started.Add(1) <= int64(n) {
				if err := w.submit(load.change(caller)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

func (load *workload) change(caller int) *change {
	c := &change{counter: counterName(load.random[caller].IntN(counters))}
	for _, n := range load.choose(load, caller) {
		expected := load.revisions[n]
		load.revisions[n]++
		c.letters = append(c.letters, item{partitionOf(n), sortOf(n), expected, bodyOf(n, expected+1)})
		c.messages = append(c.messages, messageFor(n))
	}
	return c
}

func (load *workload) neighbours(caller int) []int {
	first := load.anyLetter(caller) / lettersPerChange * lettersPerChange
	chosen := make([]int, lettersPerChange)
	for i := range chosen {
		chosen[i] = first + i
	}
	return chosen
}

func (load *workload) scattered(caller int) []int {
	var chosen []int
	for len(chosen) < lettersPerChange {
		if n := load.anyLetter(caller); !slices.Contains(chosen, n) {
			chosen = append(chosen, n)
		}
	}
	return chosen
}

func (load *workload) anyLetter(caller int) int {
	random := load.random[caller]
	partitions := *letterCount / lettersInPartition
	owned := (partitions - caller + callers - 1) / callers
	return (random.IntN(owned)*callers+caller)*lettersInPartition + random.IntN(lettersInPartition)
}

// openSeeded makes a store with all letters, the counters and a short queue.
func openSeeded(t testing.TB, path string, open func(string) (store, error)) store {
	s, err := open(path)
	must(t, err)
	var letters []item
	for n := range *letterCount {
		letters = append(letters, item{partitionOf(n), sortOf(n), 0, bodyOf(n, 0)})
	}
	for some := range slices.Chunk(letters, 1000) {
		must(t, s.seed(some, nil))
	}
	var totals []item
	for i := range counters {
		totals = append(totals, item{counterPartition, counterName(i), 0, []byte("0")})
	}
	var messages [][]byte
	for n := range queuedAtStart {
		messages = append(messages, messageFor(n))
	}
	must(t, s.seed(totals, messages))
	debug.FreeOSMemory()
	return s
}

func partitionOf(n int) string { return fmt.Sprintf("L#7#%d", n/lettersInPartition) }

func sortOf(n int) string { return fmt.Sprintf("%02d", n%lettersInPartition) }

func counterName(i int) string { return fmt.Sprintf("%02d", i) }

// bodyOf is 880 to 920 bytes long and differs from one revision to the next.
func bodyOf(n int, revision int64) []byte {
	length := 880 + (n+int(revision)*7)%41
	body := fmt.Appendf(nil, `{"letter":%d,"revision":%d,"text":"`, n, revision)
	body = append(body, filler[:length-len(body)-2]...)
	return append(body, `"}`...)
}

func messageFor(n int) []byte {
	return fmt.Appendf(nil, `{"kind":"send","shipment":7,"letter":%8d,"try":1,"to":"printer-north-03"}`, n)
}

// TestStores checks that both stores do what the benchmarks assume.
func TestStores(t *testing.T) {
	const changes = 500
	for _, db := range databases {
		t.Run(db.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			s := openSeeded(t, path, db.open)
			w := startWriter(s)
			load := newWorkload((*workload).scattered)
			load.run(t, w, changes)
			before := slices.Clone(load.revisions)
			stale := load.change(0)
			stale.letters[lettersPerChange-1].revision++
			if err := w.submit(stale); !errors.Is(err, errStale) {
				t.Errorf("stale change: got %v", err)
			}
			w.stop()
			must(t, s.close())
			load.revisions = before
			s, err := db.open(path)
			must(t, err)
			load.check(t, s, changes)
			must(t, s.close())
		})
	}
}

// check compares the store with what the workload remembers.
func (load *workload) check(t *testing.T, s store, changes int) {
	for first := 0; first < *letterCount; first += lettersInPartition {
		found, err := s.page(partitionOf(first))
		must(t, err)
		for i, it := range found {
			want := load.revisions[first+i]
			if it.revision != want || !bytes.Equal(it.body, bodyOf(first+i, want)) {
				t.Errorf("letter %d has revision %d, not %d", first+i, it.revision, want)
			}
		}
	}
	found, err := s.page(counterPartition)
	must(t, err)
	total := 0
	for _, it := range found {
		n, err := strconv.Atoi(string(it.body))
		must(t, err)
		total += n
	}
	queued, err := s.queueLength()
	must(t, err)
	if total != changes*lettersPerChange || queued != queuedAtStart {
		t.Errorf("counters hold %d, queue holds %d", total, queued)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
