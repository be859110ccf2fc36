package simulation

import (
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
)

// TestRuns plays 100,000 runs with faults; -short plays fewer.
func TestRuns(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 5_000
	}
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	sum := Many(0, n, "")
	var b strings.Builder
	sum.Print(&b)
	t.Log("\n" + b.String())
	if v := sum.Violation; v != nil {
		t.Fatalf("%v\nPlay it again: make simulate SEED=%d", v, v.Seed)
	}
	if sum.Fewest < fewest {
		t.Errorf("a run had %d faults", sum.Fewest)
	}
	for _, f := range []Fault{QueueTwice, QueueLate, QueueOrder, QueueNotSent, QueueSent, QueueHalf, QueueVisible, QueueDead, ObjectEvent, ObjectNotPut, ObjectPut,
		TableThrottled, TableWritten, TableRefused, IndexBehind, FunctionDied, FunctionFrozen, FunctionTwice, ClockSkew, ClockDaylight, PostError, PostTimeout,
		PostDuplicate, PostBehind, PostSilent, PostEarly, PostTwice, PostReversed, PostChangedMind, PostOut, OperatorTwice, OperatorReplay, OperatorCancel, OperatorsTwo, OperatorCorrect, OperatorStop, OldItems} {
		if sum.Faults[f] == 0 {
			t.Errorf("it never happened: %s", f)
		}
	}
}

// TestOneSeedIsOneRun: the same seed does the same again, also when the run before was another one.
func TestOneSeedIsOneRun(t *testing.T) {
	slog.SetDefault(slog.New(listener{}))
	c := &crew{}
	defer c.leave()
	for seed := range uint64(300) {
		first, second := c.run(Options{Seed: seed}), Run(Options{Seed: seed, Trace: true})
		if first.Digest != second.Digest || first.Steps != second.Steps {
			t.Fatalf("seed %d: %d steps, then %d", seed, first.Steps, second.Steps)
		}
	}
}

// TestPlantedBugsAreFound: a simulation that finds nothing proves nothing.
func TestPlantedBugsAreFound(t *testing.T) {
	slog.SetDefault(slog.New(listener{}))
	broken := map[int]bool{}
	for name, p := range plants {
		if runs, v := Until(name, 20_000); v == nil {
			t.Errorf("%s was not found in %d runs", name, runs)
		} else {
			broken[v.Property] = true
			t.Logf("%s: found after %d runs as property %d", name, runs, v.Property)
		}
		broken[p.property] = true
	}
	for property := 1; property <= 10; property++ {
		if !broken[property] {
			t.Errorf("no planted bug breaks property %d", property)
		}
	}
}

var keepAs = flag.String("keep", "", "keep snapshots of this version under before/, with this name")

// TestKeepSnapshots writes what the next version has to read: go test ./internal/simulation -run Keep -keep 2026-11.
func TestKeepSnapshots(t *testing.T) {
	if *keepAs == "" {
		t.Skip("only with -keep")
	}
	slog.SetDefault(slog.New(listener{}))
	kept := 0
	for seed := uint64(64); kept < 4; seed += 64 { // words are encoded in these
		w := newWorld(Options{Seed: seed}, &crew{})
		must(w.truth.PutOrganization(t.Context(), organization))
		document := kept * 3
		w.document, w.letters = documents()[document], len(documents()[document].pieces)
		w.fetchers()
		w.people()
		w.run(w.now.Add([]time.Duration{3 * time.Minute, 20 * time.Minute, 2 * time.Hour, 26 * time.Hour}[kept]))
		states := map[post.LetterState]int{}
		for _, l := range w.known {
			states[l.State]++
		}
		w.clean()
		if len(states) < 2 {
			continue
		}
		b, err := json.Marshal(w.keep(document))
		must(err)
		must(os.MkdirAll("before", 0o755))
		must(os.WriteFile(fmt.Sprintf("before/%s-%d.json", *keepAs, kept+1), b, 0o644))
		t.Log(seed, states)
		kept++
	}
}
