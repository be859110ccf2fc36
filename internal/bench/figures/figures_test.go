package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReport counts a small module: what stands in it is known.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module brev\n",
		"functions/a/a.go": "// Command a.\npackage main\n\nimport \"brev/b\"\n\nfunc main() {\n\tb.B() // calls\n}\n",
		"b/b.go":           "package b\n\nfunc B() {}\n",
		"b/b_test.go":      "package b\n\n// " + strings.Repeat("å", 118) + "\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	if err := report(&out, dir); err != nil {
		t.Fatal(err)
	}
	want := `functions      2, of 3 lines (median), 1 (90th percentile), 3 (longest)
files          2, of 8 lines (median), 3 (90th percentile), 8 (longest)
comments    12.5 % of the lines that are not empty, 25.0 % with those behind code
columns        1 lines over 120, tests included
depth          1 below functions/ and cmd/: brev/functions/a -> brev/b
`
	if out.String() != want {
		t.Errorf("printed\n%s\nnot\n%s", &out, want)
	}
	if err := report(&out, t.TempDir()); err == nil {
		t.Error("a folder without a module has figures")
	}
}
