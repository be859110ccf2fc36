package simulation

import (
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
)

// playFor is for how long TestRuns plays, and from which seed on. CI says both: a tree has runs of its own, and the
// same ones each time, so that a red CI can be played again. Without that it is short, and always the same runs.
func playFor(t *testing.T) (time.Duration, uint64) {
	text := os.Getenv("BREVDUE_SIMULATE")
	if text == "" {
		if testing.Short() {
			return 5 * time.Second, 0
		}
		return 20 * time.Second, 0
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("BREVDUE_SIMULATE: %v", err)
	}
	from, err := strconv.ParseUint(os.Getenv("BREVDUE_SEED"), 10, 64)
	if err != nil {
		t.Fatalf("BREVDUE_SEED: %v", err)
	}
	return d, from
}

// TestRuns plays runs with faults for a time, and prints how many those were.
func TestRuns(t *testing.T) {
	d, from := playFor(t)
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	sum := For(d, from)
	var b strings.Builder
	sum.Print(&b)
	t.Logf("from seed %d on:\n%s", from, b.String())
	if v := sum.Violation; v != nil {
		t.Fatalf("%v\nPlay it again: make simulate SEED=%d", v, v.Seed)
	}
	if sum.Fewest < fewest {
		t.Errorf("a run had %d faults", sum.Fewest)
	}
	for _, f := range menu {
		if sum.Faults[f] == 0 && sum.Runs > 2_000 {
			t.Errorf("in %d runs it never happened: %s", sum.Runs, f)
		}
	}
}

// menu is every fault.
var menu = []Fault{
	QueueTwice, QueueLate, QueueOrder, QueueNotSent, QueueSent, QueueHalf, QueueVisible, QueueDead, ObjectEvent,
	ObjectNotPut, ObjectPut,
	TableThrottled, TableWritten, TableRefused, IndexBehind, FunctionDied, FunctionFrozen, FunctionTwice, ClockSkew,
	ClockDaylight,
	PostError, PostTimeout, PostDuplicate, PostBehind, PostSilent, PostEarly, PostTwice, PostReversed, PostChangedMind,
	PostOut,
	PostLax, PostForgets, PostNotOne, PostDenies, PostOrphan, PostOld, PostRelents,
	OperatorDraft, OperatorUndo, OperatorPause,
	OperatorTwice, OperatorReplay, OperatorCancel, OperatorsTwo, OperatorCorrect, OperatorStop, OperatorRestore,
	ArchiveError, ArchiveTimeout, ArchiveLate, OldItems,
}

// TestOneSeedIsOneRun: the same seed does the same again, also when the run before was another one.
func TestOneSeedIsOneRun(t *testing.T) {
	slog.SetDefault(slog.New(listener{}))
	c := &workers{}
	defer c.leave()
	for seed := range uint64(150) {
		first, second := c.run(Options{Seed: seed}), Run(Options{Seed: seed, Trace: true})
		if first.Digest != second.Digest || first.Steps != second.Steps {
			t.Fatalf("seed %d: %d steps, then %d", seed, first.Steps, second.Steps)
		}
	}
}

// TestPlantedBugsAreFound: a simulation that finds nothing proves nothing. Each bug is played from the seed that has
// found it; a seed may find nothing any more when anything in a run's way has changed, and is looked for anew then.
func TestPlantedBugsAreFound(t *testing.T) {
	slog.SetDefault(slog.New(listener{}))
	c := &workers{}
	defer c.leave()
	broken, known := map[int]bool{}, map[string]bool{}
	for _, s := range seeds {
		known[s.plant] = true
		if _, ok := plants[s.plant]; !ok {
			t.Errorf("there is no bug %q to plant", s.plant)
			continue
		}
		v := c.run(Options{Seed: s.seed, Plant: s.plant}).Violation
		if v == nil {
			t.Errorf(
				"seed %d does not find %s any more: make simulate PLANT=all N=40000 prints the seeds for seeds.go",
				s.seed,
				s.plant,
			)
			continue
		}
		broken[v.Property] = true
		if v := c.run(Options{Seed: s.seed}).Violation; v != nil {
			t.Errorf("seed %d finds something without %s, too: %v", s.seed, s.plant, v)
		}
	}
	for name := range plants {
		if !known[name] {
			t.Errorf("%s has no seed: make simulate PLANT=all N=40000 prints the seeds for seeds.go", name)
		}
	}
	for property := 1; property <= 10; property++ {
		if !broken[property] {
			t.Errorf("no planted bug breaks property %d", property)
		}
	}
	t.Logf("%d planted bugs were found", len(seeds))
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
		w := newWorld(Options{Seed: seed}, &workers{})
		must(w.truth.CreateOrganization(t.Context(), kommune))
		document := kept * 3
		w.document, w.letters = documents()[document], len(documents()[document].segments)
		w.fetchers()
		w.people()
		w.run(w.now.Add([]time.Duration{3 * time.Minute, 20 * time.Minute, 2 * time.Hour, 26 * time.Hour}[kept]))
		states := map[post.LetterState]int{}
		for _, l := range w.latest {
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
