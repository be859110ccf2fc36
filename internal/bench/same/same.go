package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// ways are how each file is split: as it is, and with what the product does to letters.
var ways = [][]string{nil, {"--remove-cpr"}, {"--rule", "every-page"}}

// compare splits each file with both binaries, and reports whether they did the same.
func compare(w io.Writer, base, now string, files []string) bool {
	letters, different := 0, 0
	for _, file := range files {
		for _, way := range ways {
			want, wrong := split(base, file, way)
			got, err := split(now, file, way)
			if wrong != nil || err != nil {
				fmt.Fprintf(w, "%s %v: %v, %v\n", file, way, wrong, err)
				different++
				continue
			}
			letters += len(want.letters)
			if what := want.differsFrom(got); what != "" {
				fmt.Fprintf(w, "%s %v: %s\n", file, way, what)
				different++
			}
		}
	}
	fmt.Fprintf(w, "%d letters of %d files, split in %d ways: %d differ\n", letters, len(files), len(ways), different)
	return different == 0
}

// result is what one run of split did.
type result struct {
	exit           int
	stdout, stderr []byte
	letters        map[string][sha256.Size]byte
}

func split(binary, file string, way []string) (*result, error) {
	out, err := os.MkdirTemp("", "brevdue-same-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(out)
	r := &result{letters: map[string][sha256.Size]byte{}}
	cmd := exec.Command(binary, append([]string{"split", file, "--out", out, "--json"}, way...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		return nil, err
	}
	r.exit, r.stdout, r.stderr = cmd.ProcessState.ExitCode(), stdout.Bytes(), stderr.Bytes()
	paths, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		r.letters[filepath.Base(path)] = sha256.Sum256(content)
	}
	return r, nil
}

// differsFrom says what is different; "" where nothing is.
func (r *result) differsFrom(o *result) string {
	switch {
	case r.exit != o.exit:
		return fmt.Sprintf("exit code %d, and now %d: %s", r.exit, o.exit, o.stderr)
	case !bytes.Equal(r.stdout, o.stdout):
		return "it prints something else"
	case !bytes.Equal(r.stderr, o.stderr):
		return "it complains otherwise"
	case len(r.letters) != len(o.letters):
		return fmt.Sprintf("%d letters, and now %d", len(r.letters), len(o.letters))
	}
	for name, sum := range r.letters {
		if o.letters[name] != sum {
			return name + " has other bytes"
		}
	}
	return ""
}
