package simulation

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Report plays runs, prints what happened, and returns the exit code: 1 with a violation. again is the command that
// plays a seed again.
func Report(out, problems io.Writer, from uint64, n int, plant, again string) int {
	if _, known := plants[plant]; plant != "" && !known {
		fmt.Fprintf(
			problems,
			"simulate: there is no bug %q to plant; there are %v\n",
			plant,
			slices.Sorted(maps.Keys(plants)),
		)
		return 2
	}
	sum := Many(from, n, plant)
	sum.Print(out)
	v := sum.Violation
	if v == nil {
		fmt.Fprintln(out, "no violation")
		return 0
	}
	for _, line := range v.History {
		fmt.Fprintln(problems, line)
	}
	fmt.Fprintf(problems, "\n%v\nafter %d runs. Play it again: %s\n", v, sum.Runs, fmt.Sprintf(again, v.Seed))
	return 1
}

// found is where a planted bug was seen first.
type found struct {
	name      string
	runs      int
	violation *Violation // nil when it was not
}

// hunt looks for every planted bug, several at the same time, in the order of their names.
func hunt(n int) []found {
	names := slices.Sorted(maps.Keys(plants))
	all := make([]found, len(names))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1) - 1); i < len(names); i = int(next.Add(1) - 1) {
				runs, v := Until(names[i], n)
				all[i] = found{names[i], runs, v}
			}
		})
	}
	wg.Wait()
	return all
}

// PrintPlants looks for every planted bug and prints which seed found each: as the table of docs/simulation.md, and as
// that of seeds.go. The exit code is 1 when one was not found.
func PrintPlants(out io.Writer, n int) int {
	documents()
	restore := slog.Default()
	slog.SetDefault(slog.New(listener{}))
	defer slog.SetDefault(restore)
	code := 0
	all := hunt(n)
	fmt.Fprintf(out, "| bug | property | seed | what was seen |\n| --- | --- | --- | --- |\n")
	for _, f := range all {
		if f.violation == nil {
			fmt.Fprintf(
				out,
				"| %s: %s | %d | **not found in %d** | |\n",
				f.name,
				plants[f.name].what,
				plants[f.name].property,
				n,
			)
			code = 1
			continue
		}
		text, _, _ := strings.Cut(f.violation.Text, "\n")
		fmt.Fprintf(out, "| %s: %s | %d | %d | %d: %s |\n", f.name, plants[f.name].what, plants[f.name].property,
			f.violation.Seed, f.violation.Property, text)
	}
	fmt.Fprintf(out, "\nFor internal/simulation/seeds.go:\n\n")
	for _, f := range all {
		if f.violation != nil {
			fmt.Fprintf(out, "\t{%q, %d},\n", f.name, f.violation.Seed)
		}
	}
	return code
}

// Until plays one run after the other until a planted bug is found.
func Until(plant string, n int) (runs int, v *Violation) {
	c := &workers{}
	defer c.leave()
	for seed := range uint64(n) {
		if v := c.run(Options{Seed: seed, Plant: plant}).Violation; v != nil {
			return int(seed) + 1, v
		}
	}
	return n, nil
}
