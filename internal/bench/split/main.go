// Command split measures reading and splitting against the tools that everybody has, in one run: CPU seconds and peak
// memory of whole processes, on the files that it is given.
package main

import (
	"fmt"
	"os"
)

func main() {
	run := compare
	if len(os.Args) > 1 { // a process of ours to be measured: it must not grow this one
		switch os.Args[1] {
		case "text":
			run = readText
		case "first":
			run = firstPage
		}
	}
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "split:", err)
		os.Exit(1)
	}
}
