package arch

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// Limits of what one has to hold in one's head.
const (
	columnsMost    = 120
	depthMost      = 5  // packages of ours below functions/ and cmd/
	interfaceMost  = 5  // methods of an interface
	shortestReason = 10 // characters of a why
)

// quoted is what stands between back quotes, or after one that a later line closes.
var quoted = regexp.MustCompile("`[^`]*(`|$)")

// TestLineWidth: a tab is four columns. What stands between back quotes cannot be broken (the help of a flag, a list of
// words that are read), and does not count; the code around it does.
func TestLineWidth(t *testing.T) {
	for _, s := range sources(t) {
		for i, line := range strings.Split(s.text, "\n") {
			line = quoted.ReplaceAllString(strings.ReplaceAll(line, "\t", "    "), "")
			if n := utf8.RuneCountInString(line); n > columnsMost {
				t.Errorf("%s:%d has %d columns, at most %d", s.path, i+1, n, columnsMost)
			}
		}
	}
}

// inPlaceOfALibrary are packages that do what a module of others did before (docs/decisions/0005-throughput.md): nobody
// has to know them to read what stands on them.
var inPlaceOfALibrary = map[string]bool{"brevdue/internal/pdf/inflate": true}

// TestDepth: how many packages of ours one has to know to read one of the mains down to its end.
func TestDepth(t *testing.T) {
	imports := map[string][]string{}
	for _, p := range packages(t) {
		imports[p.ImportPath] = p.Imports
	}
	known := map[string][]string{}
	var chain func(path string) []string
	chain = func(path string) []string {
		if c, ok := known[path]; ok {
			return c
		}
		var longest []string
		for _, next := range imports[path] {
			if strings.HasPrefix(next, "brevdue/") && !inPlaceOfALibrary[next] {
				if c := chain(next); len(c) > len(longest) {
					longest = c
				}
			}
		}
		known[path] = append([]string{strings.TrimPrefix(path, "brevdue/")}, longest...)
		return known[path]
	}
	for path := range imports {
		if strings.HasPrefix(path, "brevdue/functions/") || strings.HasPrefix(path, "brevdue/cmd/") {
			if c := chain(path)[1:]; len(c) > depthMost {
				t.Errorf("%s: %d packages deep, at most %d: %s", path, len(c), depthMost, strings.Join(c, " -> "))
			}
		}
	}
}

// TestInterfacesAreSmall: a port has at most five methods (models.md, rule 7).
func TestInterfacesAreSmall(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if i, ok := spec.Type.(*ast.InterfaceType); ok && len(i.Methods.List) > interfaceMost {
				t.Errorf("%s: %s has %d methods, at most %d", s.path, spec.Name, len(i.Methods.List), interfaceMost)
			}
			return true
		})
	}
}

// TestEveryRowSaysWhy in words that a stranger understands.
func TestEveryRowSaysWhy(t *testing.T) {
	for _, r := range layout {
		if len(r.why) < shortestReason {
			t.Errorf("%s: %q says nothing", r.dir, r.why)
		}
	}
}

// TestImportsAreGrouped: the standard library, other modules and our own packages stand in three groups, in this order.
func TestImportsAreGrouped(t *testing.T) {
	group := func(path string) int {
		switch {
		case strings.HasPrefix(path, `"brevdue/`):
			return 2
		case strings.Contains(strings.SplitN(path, "/", 2)[0], "."):
			return 1
		}
		return 0
	}
	for _, s := range sources(t) {
		for i, spec := range s.file.Imports[:max(0, len(s.file.Imports)-1)] {
			next := s.file.Imports[i+1]
			a, b := group(spec.Path.Value), group(next.Path.Value)
			apart := s.set.Position(next.Pos()).Line > s.set.Position(spec.End()).Line+1
			if a > b || a < b && !apart {
				t.Errorf("%s: %s stands before %s", s.path, spec.Path.Value, next.Path.Value)
			}
		}
	}
}
