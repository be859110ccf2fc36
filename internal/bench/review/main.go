// Command review measures what a correction of a draft takes, beside what one took when the letters were written anew
// for it: time, writes and bytes, on files that it is given or makes.
package main

import (
	"context"
	"fmt"
	"os"
)

func main() {
	if err := measureAll(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "review:", err)
		os.Exit(1)
	}
}
