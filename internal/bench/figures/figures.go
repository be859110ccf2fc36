package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// module is what is counted of a tree of Go files. Tests count for the width only.
type module struct {
	functions, files []int // lines of each
	own, trailing    int   // comments on lines of their own, and behind code
	code             int   // lines with code
	wide             int   // lines over 120 columns, a tab being four
	imports          map[string][]string
}

// report prints the figures of the module whose go.mod is in dir.
func report(out io.Writer, dir string) error {
	m, err := read(dir)
	if err != nil {
		return err
	}
	slices.Sort(m.functions)
	slices.Sort(m.files)
	for _, row := range []struct {
		what  string
		lines []int
	}{{"functions", m.functions}, {"files", m.files}} {
		n := len(row.lines)
		if n == 0 {
			return fmt.Errorf("%s has no %s", dir, row.what)
		}
		fmt.Fprintf(out, "%-10s %5d, of %d lines (median), %d (90th percentile), %d (longest)\n",
			row.what, n, row.lines[n/2], row.lines[(n-1)*9/10], row.lines[n-1])
	}
	all := m.own + m.code
	fmt.Fprintf(out, "comments   %5.1f %% of the lines that are not empty, %.1f %% with those behind code\n",
		share(m.own, all), share(m.own+m.trailing, all))
	fmt.Fprintf(out, "columns    %5d lines over 120, tests included\n", m.wide)
	chain := m.deepest()
	fmt.Fprintf(out, "depth      %5d below functions/ and cmd/: %s\n", len(chain)-1, strings.Join(chain, " -> "))
	return nil
}

func share(n, of int) float64 { return 100 * float64(n) / float64(of) }

// skipped are folders without Go of ours.
var skipped = []string{".git", "node_modules", "docs", "build", ".localstack", "testdata"}

func read(dir string) (*module, error) {
	m := &module{imports: map[string][]string{}}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	_, name, _ := strings.Cut(strings.SplitN(string(mod), "\n", 2)[0], "module ")
	return m, filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(skipped, d.Name()):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go"):
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		return m.add(path.Join(name, filepath.ToSlash(filepath.Dir(rel))), rel, string(text))
	})
}

// add counts a file of a package.
func (m *module) add(pkg, file, text string) error {
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		if utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    ")) > 120 {
			m.wide++
		}
	}
	if strings.HasSuffix(file, "_test.go") {
		return nil
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, parser.ParseComments)
	if err != nil {
		return err
	}
	m.files = append(m.files, len(lines)-1)
	m.countLines(set, parsed, lines)
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			m.functions = append(m.functions, set.Position(f.End()).Line-set.Position(f.Pos()).Line+1)
		}
	}
	if m.imports[pkg] == nil {
		m.imports[pkg] = []string{}
	}
	for _, i := range parsed.Imports {
		m.imports[pkg] = append(m.imports[pkg], strings.Trim(i.Path.Value, `"`))
	}
	return nil
}

func (m *module) countLines(set *token.FileSet, file *ast.File, lines []string) {
	own := 0
	for _, group := range file.Comments {
		for _, c := range group.List {
			from, to := set.Position(c.Pos()), set.Position(c.End())
			if strings.TrimSpace(lines[from.Line-1][:from.Column-1]) != "" {
				m.trailing++
				continue
			}
			own += to.Line - from.Line + 1
		}
	}
	m.own += own
	m.code -= own
	for _, line := range lines {
		if strings.TrimSpace(line) != "" {
			m.code++
		}
	}
}

// deepest returns the longest chain of imports that begins at a program.
func (m *module) deepest() []string {
	known := map[string][]string{}
	var chain func(pkg string) []string
	chain = func(pkg string) []string {
		if c, ok := known[pkg]; ok {
			return c
		}
		var longest []string
		for _, next := range m.imports[pkg] {
			if c := chain(next); m.imports[next] != nil && len(c) > len(longest) {
				longest = c
			}
		}
		known[pkg] = append([]string{pkg}, longest...)
		return known[pkg]
	}
	var longest []string
	for pkg := range m.imports {
		if c := chain(pkg); (strings.Contains(pkg, "/functions/") || strings.Contains(pkg, "/cmd/")) &&
			(len(c) > len(longest) || len(c) == len(longest) && slices.Compare(c, longest) < 0) {
			longest = c
		}
	}
	return longest
}
