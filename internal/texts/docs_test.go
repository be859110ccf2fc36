package texts

import (
	"os"
	"strings"
	"testing"

	"brevdue/internal/post"
)

func TestEveryCodeHasAPage(t *testing.T) {
	for _, code := range post.Codes() {
		b, err := os.ReadFile("../../docs/unhandled/" + string(code) + ".md")
		if err != nil {
			t.Error(err)
			continue
		}
		if title := "# " + Explain(code).Title; !strings.HasPrefix(string(b), title+"\n") {
			t.Errorf("%s.md does not begin with %q", code, title)
		}
	}
}

// TestEveryCodeIsExplained: a Danish title, why, who acts and what to do; and a page in docs/unhandled.
func TestEveryCodeIsExplained(t *testing.T) {
	for _, code := range post.Codes() {
		e := Explain(code)
		if e.Title == "" || e.Why == "" || e.Actor == "" || e.Do == "" || post.ResponseTo(code).Class == "" {
			t.Errorf("%s: %+v", code, e)
		}
	}
}
