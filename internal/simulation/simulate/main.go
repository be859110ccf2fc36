// Simulate plays many runs: `make simulate N=10000000`, `make simulate PLANT=name`, `make simulate SEED=17`.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"

	"brevdue/internal/simulation"
)

func main() {
	debug.SetGCPercent(800) // small heaps, much garbage
	n := flag.Int("n", 100_000, "runs")
	from := flag.Uint64("seed", 0, "the first seed")
	plant := flag.String("plant", "", "a bug that is put in; all for each by itself")
	flag.Parse()
	if *plant == "all" {
		os.Exit(simulation.PrintPlants(os.Stdout, *n))
	}
	again := fmt.Sprintf("make simulate SEED=%%d PLANT=%s", *plant)
	os.Exit(simulation.Report(os.Stdout, os.Stderr, *from, *n, *plant, again))
}
