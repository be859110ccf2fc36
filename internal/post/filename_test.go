package post_test

import (
	"strings"
	"testing"

	"brevdue/internal/post"
)

// TestE11FileName: what a file is called can be a name on Windows, and has nobody's number.
func TestE11FileName(t *testing.T) {
	for text, want := range map[string]string{
		"Afgørelse om tilskud.pdf": "Afgørelse om tilskud.pdf", `a/b\c:d*e?f"g<h>i|j`: "a_b_c_d_e_f_g_h_i_j",
		"..": "_", "": "_", " brev. ": "brev", "con": "_con", "NUL.txt": "_NUL.txt", "console": "console",
		"til\n\x00\u202ebrev": "til___brev", "Brev til 010190-1234.pdf": "Brev til 010190-xxxx.pdf",
		strings.Repeat("å", 200) + ".pdf": strings.Repeat("å", 116) + ".pdf",
		strings.Repeat("å", 200):          strings.Repeat("å", 120),
	} {
		if got := post.FileName(text); got != want {
			t.Errorf("%q is called %q, want %q", text, got, want)
		}
	}
}
