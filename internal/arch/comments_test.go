package arch

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

// TestCommentsSayTheName: a comment on a declaration begins with its name, so that a renaming that left the comment
// behind is seen.
func TestCommentsSayTheName(t *testing.T) {
	for _, s := range sources(t) {
		say := func(name *ast.Ident, doc *ast.CommentGroup) {
			if doc == nil || doc.Text() == "" { // a directive, such as go:embed
				return
			}
			if first := firstWord(doc.Text()); first != name.Name {
				t.Errorf("%s: the comment on %s begins with %q", s.set.Position(doc.Pos()), name.Name, first)
			}
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				say(d.Name, d.Doc)
			case *ast.GenDecl:
				if name := onlyName(d); name != nil {
					say(name, d.Doc)
				}
			}
		}
	}
}

// onlyName is the name of a declaration of one thing outside brackets; a group's comment is about all of it.
func onlyName(d *ast.GenDecl) *ast.Ident {
	if d.Lparen.IsValid() || len(d.Specs) != 1 {
		return nil
	}
	switch s := d.Specs[0].(type) {
	case *ast.TypeSpec:
		return s.Name
	case *ast.ValueSpec:
		return s.Names[0]
	}
	return nil
}

var word = regexp.MustCompile(`\w+`)

// firstWord is the word of a comment that should be the name: the first, or the one after an article.
func firstWord(comment string) string {
	words := word.FindAllString(comment, 2)
	if len(words) == 2 && (words[0] == "A" || words[0] == "An" || words[0] == "The") {
		return words[1]
	}
	return strings.Join(words[:min(1, len(words))], "")
}
