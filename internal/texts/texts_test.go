package texts

import (
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// TestHistoryIsDanish: a note that is a code is said in Danish, with its arguments; one of versions before stays as it
// was written.
func TestHistoryIsDanish(t *testing.T) {
	for _, test := range []struct{ note, want string }{
		{string(sentence.Of("asked-known")), "kendt"},
		{string(sentence.Of("asked-unknown-by", "eva")), "ukendt eva"},
		{"ukendt eva", "ukendt eva"},
	} {
		events := []post.Event{{What: post.WasAsked, Note: test.note}}
		if got := History(events)[0].Note; got != test.want {
			t.Errorf("%q is said as %q, not %q", test.note, got, test.want)
		}
	}
}
