// Command figures prints how long the functions and files of a Go module are, how many of its lines are comments, how
// wide its lines are and how deep its packages import each other: make figures, or make figures DIR=… for another tree.
package main

import (
	"fmt"
	"os"
)

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := report(os.Stdout, dir); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}
