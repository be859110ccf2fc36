// Command split measures reading and splitting against the tools that everybody has, in one run: CPU seconds and peak
// memory of whole processes, on the files that it is given.
package main

import (
	"fmt"
	"os"
)

func main() {
	run := compare
	if len(os.Args) > 1 && os.Args[1] == "text" { // a process of ours to be measured
		run = readText
	}
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "split:", err)
		os.Exit(1)
	}
}
