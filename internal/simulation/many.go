package simulation

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Summary is what many runs were.
type Summary struct {
	Runs      int
	Letters   int
	Fewest    int // faults in a run
	Faults    map[Fault]int
	Took      time.Duration
	CPU       time.Duration // of all cores
	Violation *Violation    // of the lowest seed that has one; its history is there
}

// unknown is the fewest faults of no run.
const unknown = 1 << 30

// Many plays runs from a seed on, on all cores, until one has a violation.
func Many(from uint64, n int, plant string) Summary {
	return many(from, plant, func(seed uint64) bool { return seed-from < uint64(n) })
}

// For plays runs from a seed on, on all cores, for a time or until one has a violation.
func For(d time.Duration, from uint64) Summary {
	end := time.Now().Add(d)
	return many(from, "", func(uint64) bool { return time.Now().Before(end) })
}

func many(from uint64, plant string, wanted func(seed uint64) bool) Summary {
	documents()
	leaked.Store(nil)
	restore := slog.Default()
	slog.SetDefault(slog.New(listener{}))
	defer slog.SetDefault(restore)
	start, used := time.Now(), processorTime()
	var next atomic.Uint64
	next.Store(from)
	var stop atomic.Bool
	sums := make([]Summary, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range sums {
		wg.Go(func() {
			c := &workers{}
			defer c.leave()
			sum := Summary{Faults: map[Fault]int{}, Fewest: unknown}
			for !stop.Load() {
				seed := next.Add(1) - 1
				if !wanted(seed) {
					break
				}
				r := c.run(Options{Seed: seed, Plant: plant})
				sum.add(r)
				if r.Violation != nil {
					stop.Store(true)
				}
			}
			sums[i] = sum
		})
	}
	wg.Wait()
	total := Summary{Faults: map[Fault]int{}, Fewest: unknown}
	for _, sum := range sums {
		total.join(sum)
	}
	total.Took, total.CPU = time.Since(start), processorTime()-used
	if v := total.Violation; v != nil {
		if again := Run(Options{Seed: v.Seed, Plant: plant, Trace: true}).Violation; again != nil {
			total.Violation = again
		}
	}
	return total
}

func (s *Summary) add(r Result) {
	s.Runs++
	s.Letters += r.Letters
	n := 0
	for f, k := range r.Faults {
		s.Faults[f] += k
		if !natural[f] {
			n += k
		}
	}
	if r.Violation == nil {
		s.Fewest = min(s.Fewest, n)
	}
	if r.Violation != nil && (s.Violation == nil || r.Violation.Seed < s.Violation.Seed) {
		s.Violation = r.Violation
	}
}

func (s *Summary) join(o Summary) {
	s.Runs, s.Letters, s.Fewest = s.Runs+o.Runs, s.Letters+o.Letters, min(s.Fewest, o.Fewest)
	for f, k := range o.Faults {
		s.Faults[f] += k
	}
	if o.Violation != nil && (s.Violation == nil || o.Violation.Seed < s.Violation.Seed) {
		s.Violation = o.Violation
	}
}

// Print writes how often each kind of fault happened, and how fast it went.
func (s *Summary) Print(w io.Writer) {
	for _, f := range slices.Sorted(maps.Keys(s.Faults)) {
		fmt.Fprintf(w, "%10d  %s\n", s.Faults[f], f)
	}
	faults := ""
	if s.Fewest < unknown {
		faults = fmt.Sprintf(", at least %d faults in each", s.Fewest)
	}
	fmt.Fprintf(w, "%d runs, %d letters%s, in %.0f s: %.0f runs per CPU second\n", s.Runs, s.Letters, faults,
		s.Took.Seconds(), float64(s.Runs)/s.CPU.Seconds())
}

// leaked is a log line that names a person.
var leaked atomic.Pointer[string]

// listener reads every log line, as property 7 asks for.
type listener struct{}

// Enabled implements slog.Handler.
func (listener) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (listener) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool {
		text += " " + a.Value.String()
		return true
	})
	if at := strings.Index(text, birthday); at >= 0 && at+10 <= len(text) && isNumber(text[at:at+10]) {
		leaked.Store(&text)
	}
	return nil
}

// WithAttrs implements slog.Handler.
func (l listener) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup implements slog.Handler.
func (l listener) WithGroup(string) slog.Handler { return l }

// isNumber reports whether ten characters that begin with the birthday are the number of somebody.
func isNumber(text string) bool {
	n, err := strconv.Atoi(text[len(birthday):])
	return err == nil && n >= 1000 && n < 1600 // those of documents, and those that are typed
}

// processorTime is what this process has used of all processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
