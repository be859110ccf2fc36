package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Limits of a function's file, in bytes (a MB is 2^20 here). A larger one starts later.
const (
	functionMost = 15 << 20
	portalMost   = 20 << 20
)

// check prints a row for each bootstrap, and returns what is too large.
func check(out io.Writer, paths []string) error {
	var wrong []error
	fmt.Fprintf(out, "%-12s %7s %6s\n", "function", "MB", "most")
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		name, most := filepath.Base(filepath.Dir(path)), int64(functionMost)
		if name == "portal" {
			most = portalMost
		}
		fmt.Fprintf(out, "%-12s %7.2f %6d\n", name, float64(info.Size())/(1<<20), most>>20)
		if info.Size() > most {
			wrong = append(wrong, fmt.Errorf("%s has %d bytes, at most %d", name, info.Size(), most))
		}
	}
	return errors.Join(wrong...)
}
