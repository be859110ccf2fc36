// Command cold measures how fast the functions start: from the start of the process to its first request for work.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := measureAll(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cold:", err)
		os.Exit(1)
	}
}
