package portal

import (
	"html/template"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// pageTypes are what each page is shown with.
var pageTypes = map[string]any{
	"afsend": &afsendPage{}, "brev": &brevPage{}, "deler": &gennemsePage{}, "drift": &driftPage{}, "fejl": errorPage{},
	"arkiv":       &arkivPage{},
	"sag":         &sagPage{},
	"modtagere":   &modtagerePage{},
	"forsendelse": &forsendelsePage{}, "gennemse": &gennemsePage{}, "log": &logPage{}, "soeg": soegPage{},
	"login":    loginPage{},
	"profiler": &profilerPage{}, "proev": proevPage{}, "graenser": graenserPage{},
	"ubehandlet": &ubehandletPage{}, "upload": &gennemsePage{},
	"brugere": &brugerePage{}, "bruger": &brugerPage{}, "grupper": &grupperPage{}, "gruppe": &gruppePage{},
	"import": &importPage{}, "noegler": &noeglerPage{}, "glemt": glemtPage{}, "ny-kode": nyKodePage{},
	"mit-login": &mitLoginPage{}, "system": &systemPage{}, "to-trin": &toTrinPage{}, "godkend": &godkendPage{},
	"status": statusPage{},
	"spor":   sporPage{}, "hjaelp": struct{}{}, "kvittering": kvitteringPage{}, "oversigt": oversigtPage{},
	"statistik": &statistikPage{}, "tilgaengelighed": struct{}{},
}

// shownWith is page with the type of what a template shows, so that its fields can be checked.
func shownWith(data any) any {
	whole := reflect.TypeFor[page]()
	var fields []reflect.StructField
	for i := range whole.NumField() {
		f := whole.Field(i)
		if f.Name == "Page" {
			f.Type = reflect.TypeOf(data)
		}
		fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
	}
	return reflect.New(reflect.StructOf(fields)).Elem().Interface()
}

// TestTemplatesAreSound: every field and function that a template names is there, on every way through it.
func TestTemplatesAreSound(t *testing.T) {
	p := &Portal{zone: post.Denmark()}
	all, err := template.New("").Funcs(p.functions()).ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range pageTypes {
		if err := templatecheck.CheckHTML(all.Lookup(name), shownWith(data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, one := range all.Templates() {
		_, checked := pageTypes[one.Name()]
		if one.Tree != nil && one.Tree.Root != nil && isPage(one) && !checked {
			t.Errorf("%s is not checked", one.Name())
		}
	}
}

// isPage reports whether a template begins a page of its own.
func isPage(t *template.Template) bool {
	text := t.Tree.Root.String()
	return len(text) > 20 && (text[:18] == `{{template "top" .` || text[:19] == `{{template "head" .`) &&
		t.Name() != "top"
}

// TestPagesHaveNoCodes: a template would show a sentence, or a mistake of a form, as its code.
func TestPagesHaveNoCodes(t *testing.T) {
	for name, data := range pageTypes {
		walk(t, name, reflect.TypeOf(data), map[reflect.Type]bool{})
	}
}

func walk(t *testing.T, path string, of reflect.Type, seen map[reflect.Type]bool) {
	t.Helper()
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		walk(t, path, of.Elem(), seen)
	case reflect.Struct:
		if seen[of] || of.PkgPath() == "brevdue/internal/post" && of.Name() != "Mistake" {
			return // words of the domain are shown field by field: the pages are read in other tests
		}
		seen[of] = true
		for i := range of.NumField() {
			walk(t, path+"."+of.Field(i).Name, of.Field(i).Type, seen)
		}
	}
	if of == reflect.TypeFor[sentence.Sentence]() || of == reflect.TypeFor[post.Mistake]() {
		t.Errorf("%s is %s: texts has it in Danish", path, of)
	}
}

// TestMistakesAreDanish: what is wrong with a form is said in a sentence, wherever it is pressed.
func TestMistakesAreDanish(t *testing.T) {
	d := newCommands(t)
	for path, c := range map[string]struct {
		form url.Values
		want string
	}{
		"/profiler": {url.Values{"navn": {""}, "regel": {"x"}, "egne": {""}},
			"Giv profilen et navn på højst 80 tegn."},
		"/drift/stop":   {url.Values{"begrundelse": {""}}, "Skriv, hvorfor afsendelsen bliver stoppet."},
		"/drift/besked": {url.Values{"til": {"ikke en adresse"}}, "Det er ikke en mailadresse."},
	} {
		if page := asSeen(d.ask(http.MethodPost, path, c.form)); !strings.Contains(page, c.want) {
			t.Errorf("%s does not say %q: %s", path, c.want, page)
		}
	}
}

// glued is hidden text right behind what is shown, or right before it: a screen reader reads both as one word.
var glued = regexp.MustCompile(`([\pL\d]|\.\w+}})<(span|i)\s+class="(sr-only|bd-lost)">\S|` +
	`class="sr-only">[^<]*\S</span>({{\.|\pL)`)

// TestHiddenTextIsApart: a formatter of templates takes spaces away at the edges of an element, so they stand outside.
func TestHiddenTextIsApart(t *testing.T) {
	names, err := pageFiles.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := pageFiles.ReadFile("pages/" + name.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range glued.FindAllString(string(b), -1) {
			if !strings.HasPrefix(found, ".Spoken}}") { // of a mark: it begins with a comma
				t.Errorf("%s: %q stands right beside other text", name.Name(), found)
			}
		}
	}
}
