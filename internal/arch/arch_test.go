package arch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// row is a row of the layout. A package belongs to the row with the longest matching directory.
type row struct {
	dir  string
	why  string
	may  string // packages that it may import, besides the standard library
	from string // modules of others that it may import
}

var layout = []row{
	{"cmd/brevdue", "starts the service and the command line",
		"internal/app internal/cli internal/texts internal/remote/digitalpost/fake internal/remote/mail " +
			"internal/post internal/ident internal/sentence",
		"github.com/alecthomas/kong golang.org/x/term software.sslmate.com/src/go-pkcs12"},
	{
		"functions",
		"one folder per Lambda: what the cloud starts",
		"internal/app internal/aws/trigger internal/remote/mail",
		"",
	},
	{"internal/app", "builds programs: one constructor per function, and the server", "internal", "github.com/aws"},
	{"internal/post", "the words: what may happen to a letter", "internal/ident internal/sentence", ""},
	{
		"internal/sentence",
		"what is said to a user as a code with arguments: post, the stages and the splitter return it",
		"",
		"",
	},
	{"internal/texts", "every Danish sentence that is not on a page, by code", "internal/post internal/sentence", ""},
	{"internal/splitter", "pages to letters and findings: pure",
		"internal/pdf/syntax internal/pdf/text internal/pdf/cut internal/ident internal/sentence internal/sheet", ""},
	{
		"internal/post/posttest",
		"the contract of every port, and ports in memory",
		"internal/post internal/ident internal/keys internal/workflow",
		"",
	},
	{"internal/keys", "derived keys: UUIDs of messages, names of people", "", ""},
	{"internal/parallel", "pieces of work side by side and again; the simulation passes in a runner of its own", "",
		"golang.org/x/sync github.com/cenkalti/backoff/v5"},
	{"internal/workflow", "what several stages do alike with the ports",
		"internal/post internal/ident internal/parallel", "golang.org/x/sync"},
	{"internal/ident", "CPR and CVR numbers: parse, check, mask", "", ""},
	{"internal/pdf", "opens PDF files for those who neither read nor cut them otherwise",
		"internal/pdf/syntax internal/pdf/text internal/pdf/cut", ""},
	{"internal/pdf/inflate", "undoes Deflate, all in memory", "", "github.com/klauspost/compress"},
	{"internal/pdf/syntax", "what stands in a PDF file: objects, pages, content streams, operator by operator",
		"internal/pdf/inflate",
		"github.com/klauspost/compress golang.org/x/image"},
	{"internal/pdf/text", "text of pages, and what of it is to be removed", "internal/pdf/syntax", ""},
	{"internal/pdf/cut", "copies pages into documents of their own", "internal/pdf/syntax", ""},
	{"internal/pdf/pdftest", "writes merged letters for tests", "", ""},
	{"internal/memo", "MeMo messages: write and read", "", ""},
	{"internal/message", "puts a letter into its MeMo message: send, archive and the API make the same one",
		"internal/post internal/memo", ""},
	{"internal/attachment", "what a file is that goes out with a letter, and whether it does anything by itself",
		"internal/post internal/pdf/syntax internal/sentence", ""},
	{"internal/wal", "bbolt with a log in front of it: the embedded backend and the simulator stand on it", "",
		"go.etcd.io/bbolt github.com/tidwall/btree golang.org/x/sys"},
	{"internal/stage", "what happens to a letter, each at one point of the way",
		"internal/post internal/ident internal/pdf internal/memo internal/message internal/attachment internal/keys " +
			"internal/parallel internal/workflow internal/seal/letters internal/sentence internal/sheet " +
			"internal/texts internal/splitter", ""},
	{
		"internal/store",
		"the one table: keys, items, changes of state",
		"internal/post internal/ident internal/parallel internal/seal internal/sentence",
		"",
	},
	{"internal/seal", "makes what lies somewhere unreadable without a key: each organization has its own", "",
		"golang.org/x/crypto"},
	{"internal/seal/letters", "seals a letter's files by the letter's own key", "internal/post internal/keys",
		"golang.org/x/crypto"},
	{"internal/store/storetest", "the contract of a table, and one in memory", "internal/store internal/post", ""},
	{"internal/embedded", "one machine: the ports on a file and a folder",
		"internal/post internal/store internal/seal internal/wal internal/workflow internal/parallel " +
			"internal/sentence internal/texts",
		"go.etcd.io/bbolt golang.org/x/sys filippo.io/age"},
	{
		"internal/remote",
		"systems someone else runs",
		"internal/post internal/ident internal/memo internal/remote/outcome internal/wal internal/sentence",
		"",
	},
	{"internal/remote/outcome", "reads what came of a call over HTTP", "", ""},
	{"internal/remote/token", "keeps the token by which a case system lets in",
		"internal/post internal/remote/outcome internal/sentence", "golang.org/x/oauth2"},
	{"internal/remote/digitalpost", "Denmark's national Digital Post, and its simulator",
		"internal/post internal/ident internal/memo internal/parallel internal/remote/outcome internal/wal " +
			"internal/sentence",
		"github.com/ulikunitz/xz golang.org/x/time"},
	{"internal/remote/folder", "a folder that a case system imports from, on this machine or behind WebDAV",
		"internal/post internal/remote/outcome internal/sentence internal/sheet", "golang.org/x/net"},
	{"internal/remote/sbsys", "files letters in the case system SBSYS",
		"internal/post internal/ident internal/remote/outcome internal/remote/token internal/sentence",
		"golang.org/x/oauth2"},
	{"internal/remote/f2", "files letters in the case system cBrain F2",
		"internal/post internal/ident internal/remote/outcome internal/remote/token internal/sentence",
		"golang.org/x/oauth2"},
	{"internal/remote/mail", "hands notices to a mail server", "", "github.com/wneessen/go-mail"},
	{"internal/remote/oidc", "asks an organization's own log-in who somebody is", "internal/post",
		"github.com/coreos/go-oidc golang.org/x/oauth2"},
	{"internal/remote/oidc/oidctest", "an OpenID provider with people and roles for tests", "",
		"github.com/zitadel/oidc golang.org/x/text"},
	{"internal/remote/oidc/oidctest/provider", "serves that provider, for the browser's tests",
		"internal/remote/oidc/oidctest", ""},
	{"internal/aws", "AWS: the ports on DynamoDB, S3, SQS and Secrets Manager, and what calls a function",
		"internal/post internal/ident", "github.com/aws golang.org/x/sys"},
	{"internal/aws/datakey", "wraps the keys of organizations with one in KMS", "internal/seal", "github.com/aws"},
	{"internal/aws/dynamo", "the table on DynamoDB", "internal/post internal/store", "github.com/aws"},
	{"internal/aws/trigger", "what calls a function: batches, schedules, requests",
		"internal/post internal/ident internal/workflow",
		"github.com/aws github.com/awslabs/aws-lambda-go-api-proxy"},
	{"localstack", "AWS on this machine, and what fails calls to it", "", ""},
	{"infra", "the one description of the cloud, and what the tests read of it", "", "go.yaml.in/yaml/v3"},
	{"internal/cms", "signs evidence, and checks it without the service (CMS)", "", "github.com/smallstep/pkcs7"},
	{"internal/kle", "KLE's numbers and titles from the XML that its makers publish", "internal/post", ""},
	{"internal/sheet", "CSV as people's spreadsheets write and read it", "internal/sentence", "golang.org/x/text"},
	{"internal/paper", "what a person keeps, as PDF: headings and lines", "",
		"codeberg.org/go-pdf/fpdf golang.org/x/image/font/gofont"},
	{"internal/auth", "who may come in, and what they may do: keys, codes, sessions, rights",
		"internal/post internal/sentence internal/sheet",
		"github.com/alexedwards/argon2id github.com/go-webauthn/webauthn " +
			"github.com/pquerna/otp"},
	{"internal/edge", "between network and handlers: connections, slow clients, proxies", "internal/sentence", ""},
	{"api", "the contract with programs, and what embeds it", "", ""},
	{"internal/api", "/v1 as JSON, in English",
		"api internal/auth internal/post internal/ident internal/workflow internal/sentence internal/texts", ""},
	{"internal/portal", "the Danish pages",
		"internal/auth internal/post internal/ident internal/keys internal/workflow internal/sentence internal/sheet " +
			"internal/paper internal/texts",
		"github.com/pquerna/otp github.com/klauspost/compress/gzhttp"},
	{"internal/cli", "commands that speak to a running installation, and split",
		"internal/post internal/ident internal/pdf internal/splitter internal/stage/incident internal/cms " +
			"internal/parallel internal/sentence internal/sheet internal/kle internal/texts",
		"github.com/alecthomas/kong github.com/schollz/progressbar/v3 golang.org/x/term"},
	{"internal/bench/bars", "what the figures are held against", "", ""},
	{"internal/bench", "the way and its floor, measured in one run",
		"internal/wal internal/keys internal/remote internal/pdf internal/memo internal/post internal/ident " +
			"internal/store internal/seal/letters " +
			"internal/embedded internal/message internal/splitter internal/stage internal/parallel " +
			"internal/workflow",
		"golang.org/x/sys github.com/ulikunitz/xz"},
	{"internal/simulation", "the whole way under a seeded scheduler that injects faults",
		"internal/stage internal/store internal/post internal/ident internal/pdf internal/keys internal/parallel " +
			"internal/seal/letters internal/workflow internal/splitter internal/texts internal/sentence", ""},
	{"internal/arch", "this layout, and the rules of names, sentences and shape", "internal/texts", ""},
	{"stories", "the whole way from outside, in the product's words",
		"internal/ident internal/pdf/pdftest internal/post internal/aws internal/sheet internal/remote/sbsys/fake " +
			"infra/template",
		"golang.org/x/net github.com/rogpeppe/go-internal go.etcd.io/bbolt github.com/aws " +
			"software.sslmate.com/src/go-pkcs12"},
}

// forbidden names say nothing about what is inside (floor-plan.md, Words).
var forbidden = []string{
	"util",
	"utils",
	"common",
	"shared",
	"helpers",
	"models",
	"types",
	"base",
	"manager",
	"service",
	"data",
	"info",
}

type listed struct {
	ImportPath                         string
	Dir                                string
	Imports, TestImports, XTestImports []string
	GoFiles, TestGoFiles, XTestGoFiles []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func rowOf(dir string) *row {
	var best *row
	for i, r := range layout {
		if (dir == r.dir || strings.HasPrefix(dir, r.dir+"/")) && (best == nil || len(r.dir) > len(best.dir)) {
			best = &layout[i]
		}
	}
	return best
}

func within(path, dirs string) bool {
	for _, r := range strings.Fields(dirs) {
		if path == r || strings.HasPrefix(path, r+"/") {
			return true
		}
	}
	return false
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		dir := strings.TrimPrefix(p.ImportPath, "brevdue/")
		r := rowOf(dir)
		if r == nil {
			t.Errorf("%s has no row: add one with a why that a stranger understands", dir)
			continue
		}
		for _, path := range p.Imports {
			own, ours := strings.CutPrefix(path, "brevdue/")
			switch {
			case ours && strings.HasPrefix(dir, "internal/stage/") && strings.HasPrefix(own, "internal/stage/"):
				t.Errorf("%s imports %s: a stage never imports another", dir, own)
			case ours && !within(own, r.may) && !strings.HasPrefix(own, r.dir+"/") && !strings.HasPrefix(dir, own+"/"):
				t.Errorf("%s imports %s, which its row does not allow", dir, own)
			case !ours && strings.Contains(strings.Split(path, "/")[0], ".") && !within(path, r.from):
				t.Errorf("%s imports %s: a new dependency needs a row here and a line in docs/decisions", dir, path)
			case path == "os" && dir != "internal/app" && dir != "internal/aws/awstest" && readsEnvironment(t, p):
				t.Errorf("%s reads the environment; only flags in cmd may", dir)
			}
		}
	}
}

func readsEnvironment(t *testing.T, p listed) bool {
	t.Helper()
	for _, f := range p.GoFiles {
		b, err := os.ReadFile(filepath.Join(p.Dir, f))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("os.Getenv")) || bytes.Contains(b, []byte("os.LookupEnv")) {
			return true
		}
	}
	return false
}

func TestFilesAndNames(t *testing.T) {
	for _, p := range packages(t) {
		dir := strings.TrimPrefix(p.ImportPath, "brevdue/")
		if slices.Contains(forbidden, filepath.Base(dir)) {
			t.Errorf("%s: the name says nothing", dir)
		}
		documented := false
		for _, f := range append(append(slices.Clone(p.GoFiles), p.TestGoFiles...), p.XTestGoFiles...) {
			if slices.Contains(forbidden, strings.TrimSuffix(f, ".go")) {
				t.Errorf("%s/%s: the name says nothing", dir, f)
			}
			lines, hasDoc := look(t, filepath.Join(p.Dir, f))
			documented = documented || hasDoc
			if lines > 400 {
				t.Errorf("%s/%s has %d lines, at most 400", dir, f, lines)
			}
			if f == "main.go" && lines > 25 {
				t.Errorf("%s/main.go has %d lines: a main is a sentence, at most 25", dir, lines)
			}
		}
		if !documented {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// look counts lines, reports a package comment, and checks what importing costs: no init, no TODO.
func look(t *testing.T, path string) (lines int, documented bool) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		lines++
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, b, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
			t.Errorf("%s has an init: importing is free", path)
		}
	}
	if !strings.HasSuffix(path, "arch_test.go") && bytes.Contains(b, []byte("TO"+"DO")) {
		t.Errorf("%s has something still to do", path)
	}
	return lines, file.Doc != nil
}

// TestExportedIsDocumented: at least nine in ten exported names have a comment.
func TestExportedIsDocumented(t *testing.T) {
	exported, documented := 0, 0
	count := func(name *ast.Ident, doc *ast.CommentGroup) {
		if name.IsExported() {
			exported++
			if doc != nil {
				documented++
			}
		}
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				count(d.Name, d.Doc)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if ts, ok := s.(*ast.TypeSpec); ok {
						doc := ts.Doc
						if doc == nil {
							doc = d.Doc
						}
						count(ts.Name, doc)
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if 10*documented < 9*exported {
		t.Errorf("%d of %d exported names are documented", documented, exported)
	}
}
