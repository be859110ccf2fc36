// Command same splits files with two binaries and tells where they differ: in a letter's bytes, in what is printed, or
// in the exit code.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "same BASE-BINARY BINARY FILE …")
		os.Exit(2)
	}
	if !compare(os.Stdout, os.Args[1], os.Args[2], os.Args[3:]) {
		os.Exit(1)
	}
}
