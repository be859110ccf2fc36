package post_test

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
		if title := "# " + post.Explain(code).Title; !strings.HasPrefix(string(b), title+"\n") {
			t.Errorf("%s.md does not begin with %q", code, title)
		}
	}
}
