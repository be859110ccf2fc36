// Memo measures how fast messages are written and read, beside nothing but base64 on the same bytes in the same run,
// and how much memory the largest takes.
//
// sizes of a file -> [memo] -> a table
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
