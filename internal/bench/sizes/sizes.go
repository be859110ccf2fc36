package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// functionMost is how large a function's file may be, in bytes (a MB is 2^20 here). A larger one starts later.
const functionMost = 15 << 20

// most are the limits of those that hold the API or the pages.
var most = map[string]int64{"portal": 24 << 20, "upload": 16 << 20, "receipt": 16 << 20}

// check prints a row for each bootstrap, and returns what is too large.
func check(out io.Writer, paths []string) error {
	var wrong []error
	fmt.Fprintf(out, "%-12s %7s %6s\n", "function", "MB", "most")
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		name := filepath.Base(filepath.Dir(path))
		limit := cmp.Or(most[name], functionMost)
		fmt.Fprintf(out, "%-12s %7.2f %6d\n", name, float64(info.Size())/(1<<20), limit>>20)
		if info.Size() > limit {
			wrong = append(wrong, fmt.Errorf("%s has %d bytes, at most %d", name, info.Size(), limit))
		}
	}
	return errors.Join(wrong...)
}
