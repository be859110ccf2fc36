package cli

import (
	"path/filepath"
	"testing"
)

// TestPlainName: what a document is called on a server never leads out of the folder that somebody has named.
func TestPlainName(t *testing.T) {
	for _, c := range []struct{ id, name, want string }{
		{"x~letter", "Afgørelse.pdf", "letter - Afgørelse.pdf"},
		{"x~attachment-1", `..\..\C:evil?.exe`, "attachment-1 - _.._C_evil_.exe"},
		{"x~../..", "../../etc/passwd", "_ - _.._etc_passwd"},
		{"x", "...", "_ - _"},
		{"x~letter~m-1", "a\nb", "letter~m-1 - a_b"},
	} {
		got := plainName(archivedDocument{ID: c.id, Name: c.name})
		if got != c.want || !filepath.IsLocal(got) || filepath.Base(got) != got {
			t.Errorf("%q, %q is saved as %q, want %q", c.id, c.name, got, c.want)
		}
	}
}
