package arch

import (
	"go/ast"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"brevdue/internal/texts"
)

var (
	saidByCode  = regexp.MustCompile("(?:sentence\\.Of|texts\\.Say)\\(\\s*\"([a-z0-9-]+)\"")
	saidByConst = regexp.MustCompile("`§\\[\"([a-z0-9-]+)\"\\]`")
	saidHere    = regexp.MustCompile(`\bSay\("([a-z0-9-]+)"`)                  // in texts itself
	named       = regexp.MustCompile(`"((?:active|kind|text|place)-[a-z-]+)"`) // chosen from a table of codes
)

// TestEverySentenceHasAText, and every text is said by somebody.
func TestEverySentenceHasAText(t *testing.T) {
	said := map[string]bool{}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		for _, m := range saidHere.FindAllStringSubmatch(s.text, -1) {
			said[m[1]] = said[m[1]] || strings.HasPrefix(s.path, "internal/texts/")
		}
		if strings.HasPrefix(s.path, "internal/texts/") {
			continue
		}
		for _, said1 := range []*regexp.Regexp{saidByCode, saidByConst} {
			for _, m := range said1.FindAllStringSubmatch(s.text, -1) {
				if strings.HasSuffix(m[1], "-") { // the end is a flaw of ident's
					continue
				}
				if said[m[1]] = true; !slices.Contains(texts.Codes(), m[1]) {
					t.Errorf("%s says %q, and texts does not", s.path, m[1])
				}
			}
		}
		for _, m := range named.FindAllStringSubmatch(s.text, -1) {
			said[m[1]] = true
		}
	}
	for _, code := range texts.Codes() {
		if !said[code] && !strings.HasPrefix(code, "text-") && code != "internal-error" {
			t.Errorf("texts has %q, and nobody says it", code)
		}
	}
}

// verb is a place in a text that an argument takes.
var verb = regexp.MustCompile(`%(?:\[(\d)\])?v`)

// TestArgumentsFit: a sentence is made with as many arguments as its text has places for. Every place takes anything
// (%v).
func TestArgumentsFit(t *testing.T) {
	for _, code := range texts.Codes() {
		if format, _ := texts.Format(code); strings.Contains(strings.ReplaceAll(format, "%%", ""), "%") !=
			verb.MatchString(format) {
			t.Errorf("%s: only %%v, please: %q", code, format)
		}
	}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || call.Ellipsis.IsValid() || !isSentence(call.Fun) {
				return true
			}
			lit, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				return true
			}
			code := strings.Trim(lit.Value, `"`)
			format, ok := texts.Format(code)
			if got, want := len(call.Args)-1, places(format); ok && got != want {
				t.Errorf("%s: %s has %d arguments, and %d places", s.set.Position(call.Pos()), code, got, want)
			}
			return true
		})
	}
}

func isSentence(fun ast.Expr) bool {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && (pkg.Name == "sentence" && sel.Sel.Name == "Of" || pkg.Name == "texts" && sel.Sel.Name == "Say")
}

// places counts what a text has places for.
func places(format string) int {
	most, plain := 0, 0
	for _, m := range verb.FindAllStringSubmatch(strings.ReplaceAll(format, "%%", ""), -1) {
		if m[1] == "" {
			plain++
			continue
		}
		if n, _ := strconv.Atoi(m[1]); n > most {
			most = n
		}
	}
	return max(most, plain)
}

// TestCodesOfTheSplitterAreKnown: the splitter knows no shipments, so it has its failure and finding codes itself; each
// has the same value in post, where its texts and remedies hang on it.
func TestCodesOfTheSplitterAreKnown(t *testing.T) {
	codes := map[string]map[string]bool{}
	for _, s := range sources(t) {
		pkg := filepath.ToSlash(filepath.Dir(s.path))
		if s.isTest() || pkg != "internal/splitter" && pkg != "internal/post" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, _ := spec.Type.(*ast.Ident)
			value, literal := spec.Values[0].(*ast.BasicLit)
			if kind != nil && literal && (kind.Name == "Code" || kind.Name == "FindingCode") {
				if codes[pkg] == nil {
					codes[pkg] = map[string]bool{}
				}
				codes[pkg][kind.Name+" "+value.Value] = true
			}
			return true
		})
	}
	if len(codes["internal/splitter"]) < 15 {
		t.Fatalf("found only %d codes of the splitter", len(codes["internal/splitter"]))
	}
	for code := range codes["internal/splitter"] {
		if !codes["internal/post"][code] {
			t.Errorf("post does not know the splitter's %s", code)
		}
	}
}
