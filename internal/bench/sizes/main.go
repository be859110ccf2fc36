// Command sizes prints how large the functions are, and fails when one is larger than it may be.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := check(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sizes:", err)
		os.Exit(1)
	}
}
