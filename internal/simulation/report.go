package simulation

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
)

// Report plays runs, prints what happened, and returns the exit code: 1 with a violation. again is the command that
// plays a seed again.
func Report(out, problems io.Writer, from uint64, n int, plant, again string) int {
	if _, known := plants[plant]; plant != "" && !known {
		fmt.Fprintf(problems, "simulate: there is no bug %q to plant; there are %v\n", plant, slices.Sorted(maps.Keys(plants)))
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

// PrintPlants looks for every planted bug and prints after how many runs each was found. The exit code is 1 when one
// was not.
func PrintPlants(out io.Writer, n int) int {
	restore := slog.Default()
	slog.SetDefault(slog.New(listener{}))
	defer slog.SetDefault(restore)
	code := 0
	fmt.Fprintf(out, "| bug | property | runs until found | what was seen |\n| --- | --- | --- | --- |\n")
	for _, name := range slices.Sorted(maps.Keys(plants)) {
		runs, v := Until(name, n)
		if v == nil {
			fmt.Fprintf(out, "| %s: %s | %d | **not found in %d** | |\n", name, plants[name].what, plants[name].property, n)
			code = 1
			continue
		}
		fmt.Fprintf(out, "| %s: %s | %d | %d | %d: %s |\n", name, plants[name].what, plants[name].property, runs, v.Property, v.Text)
	}
	return code
}

// Until plays one run after the other until a planted bug is found.
func Until(plant string, n int) (runs int, v *Violation) {
	c := &crew{}
	defer c.leave()
	for seed := range uint64(n) {
		if v := c.run(Options{Seed: seed, Plant: plant}).Violation; v != nil {
			return int(seed) + 1, v
		}
	}
	return n, nil
}
