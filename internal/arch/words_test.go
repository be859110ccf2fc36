package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// source is a Go file of ours.
type source struct {
	path string // from the root
	text string
	file *ast.File
	set  *token.FileSet
}

// sources returns the Go files that git knows, or would take in.
func sources(t *testing.T) []source {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.go")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("git does not list the files: %v", err)
	}
	var all []source
	for path := range strings.Lines(string(out)) {
		path = strings.TrimSpace(path)
		b, err := os.ReadFile(filepath.Join("../..", path))
		if os.IsNotExist(err) || strings.HasPrefix(path, "docs/") {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, b, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{path, string(b), file, set})
	}
	return all
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// retired are words of a dialect of our own (floor-plan.md, Words). They are no names, and no prose either.
var retired = regexp.MustCompile(`\b(errand|errands|Errand|Errands|House|Desk|Standing|Standings|Pace|Moment|Looked|` +
	`Settled|Together|Strays|Trail|Founding|Patience)\b`)

// retiredNames are such words inside of names.
var retiredNames = regexp.MustCompile(
	`^(errand|desk|house|standing|pace|moment|strays?|trail|founding|patience|persist|` +
		`together|stepBack|putOff|foundAfterAll|furnish|welcome|crew|envelope)s?$`,
)

// stillStored are the retired words that are stored or sent: they stay what they are.
var stillStored = []string{"internal/simulation/before.go", "internal/arch/words_test.go"}

// TestRetiredWords: names and comments speak the field's words.
func TestRetiredWords(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() && !strings.HasPrefix(s.path, "internal/arch/") || slices.Contains(stillStored, s.path) {
			continue
		}
		for i, line := range strings.Split(s.text, "\n") {
			if word := retired.FindString(line); word != "" {
				t.Errorf("%s:%d: %q is retired (floor-plan.md, Words)", s.path, i+1, word)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && retiredNames.MatchString(id.Name) {
				t.Errorf("%s: the name %s is retired (floor-plan.md, Words)", s.set.Position(id.Pos()), id.Name)
			}
			return true
		})
	}
}

// danish are the places where Danish stands beside texts and pages, with why.
var danish = map[string]string{
	"internal/texts/":                   "the sentences",
	"internal/portal/":                  "the pages, and the words beside their icons",
	"internal/cli/":                     "the pages of the command line: help stands in the tags of flags",
	"cmd/brevdue/":                      "the pages of the command line: help stands in the tags of flags",
	"internal/app/banner.go":            "what serve prints at its start",
	"internal/app/simulate.go":          "what the simulator prints at its start",
	"internal/app/organization.go":      "the demo organization's name",
	"internal/ident/name.go":            "letters of names",
	"internal/splitter/":                "words that are read in letters",
	"internal/pdf/":                     "names of glyphs",
	"internal/remote/digitalpost/fake/": "letters and answers of the simulator",
	"internal/keys/keys.go":             "names of cases that are stored",
	"internal/store/before.go":          "texts that versions before stored, to read them as codes",
	"internal/stage/incident/":          "names of files in the package for the data protection officer",
	"internal/simulation/":              "what people type in the simulation",
	"internal/bench/":                   "letters that are measured",
	"internal/arch/":                    "this rule",
	"stories/":                          "what users type and read",
}

// spoken are letters and words that no English text has.
var spoken = regexp.MustCompile(`[æøåÆØÅ]|\b(ikke|findes|mangler|brevet|Brevet|breve|Breve|eller|skal|siden|Siden|` +
	`Webadressen|Adressen|Nummeret|Navnet|Bilag|Dokumentet|uden|og|til|svarer|afvist|annulleret)\b`)

// TestDanish: a sentence that a user reads is a page's or a text's, and nobody else's.
func TestDanish(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || strings.Contains(s.path, "test/") || inDanish(s.path) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && spoken.MatchString(lit.Value) {
				t.Errorf("%s: Danish: %s", s.set.Position(lit.Pos()), lit.Value)
			}
			return true
		})
	}
}

func inDanish(path string) bool {
	for dir := range danish {
		if strings.HasPrefix(path, dir) {
			return true
		}
	}
	return false
}
