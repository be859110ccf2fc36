package portal

import (
	"cmp"
	"slices"
	"time"

	"brevdue/internal/post"
)

// urgency puts causes in order: what keeps letters of everybody from leaving, then what nobody but a person can say,
// then what can wait. A cause that is not here stands between.
var urgency = map[post.Code]int{
	post.NotAllowed: -5, post.Malware: -4, post.ChangedAnswer: -3, post.Unknown: -2, post.UnreadableDocument: -1,
	post.NoReceipt: 1, post.ArchiveFailedCode: 2,
}

// urgentFirst puts causes in order of urgency, and those alike by their oldest row.
func urgentFirst(causes []*cause) {
	oldest := func(c *cause) time.Time {
		return slices.MinFunc(c.Rows, func(a, b causeRow) int { return a.Since.Compare(b.Since) }).Since
	}
	slices.SortStableFunc(causes, func(a, b *cause) int {
		return cmp.Or(urgency[a.Code]-urgency[b.Code], oldest(a).Compare(oldest(b)))
	})
}

// onTheirWay counts the letters that Brevdue itself sends, or tries again.
func (p *Portal) onTheirWay(v *visit) (int, error) {
	running, _, err := p.running(v)
	n := 0
	for _, s := range running {
		if s.State == post.InSending && !s.Waiting && !s.Paused {
			n += s.Counts.Created + s.Counts.Queued
		}
	}
	return n, err
}
