package cli

import (
	"strings"
	"testing"
)

// TestStatusSaysWhatHolds: a held installation, or a full disk, is said first, and nobody reads that Digital Post
// answers while nobody asks it.
func TestStatusSaysWhatHolds(t *testing.T) {
	for _, c := range []struct {
		s             status
		want, wantNot string
	}{
		{status{Held: true}, "brevdue resume", "svarer"},
		{status{}, "svarer ikke", "resume"},
		{status{Trouble: "Disken er fuld."}, "FEJL PÅ MASKINEN: Disken er fuld.", "resume"},
	} {
		var b strings.Builder
		c.s.DigitalPost.Answers = c.s.Held
		c.s.print(&b)
		if !strings.Contains(b.String(), c.want) || strings.Contains(b.String(), c.wantNot) {
			t.Errorf("%+v: %s", c.s, b.String())
		}
	}
}
