package embedded

import (
	"strings"
	"testing"

	"brevdue/internal/post"
)

func TestOrganizationsTakeTurns(t *testing.T) {
	var l line
	for i, org := range strings.Fields("a a a a a a b a c b") {
		l.add(&waiting{number: uint64(i), Job: post.Job{Org: org}})
	}
	say := func(given []*waiting) string {
		var b strings.Builder
		for _, w := range given {
			b.WriteString(w.Job.Org)
			b.WriteByte('0' + byte(w.number))
			b.WriteByte(' ')
		}
		return b.String()
	}
	if got := say(l.take(4)) + say(l.take(2)) + say(l.take(100)); got != "a0 b6 c8 a1 b9 a2 a3 a4 a5 a7 " || l.n != 0 ||
		len(l.of) != 0 {
		t.Errorf("given out as %s", got)
	}
}
