package embedded

// line is what waits in a queue to be given out: first come, first served within an organization, and one after the
// other between organizations, so that a shipment of thousands does not stand before everybody else's letter.
type line struct {
	of   map[string][]*waiting
	turn []string // organizations that have something, the next first
	n    int
}

func (l *line) add(all ...*waiting) {
	if l.of == nil {
		l.of = map[string][]*waiting{}
	}
	for _, w := range all {
		org := w.Job.Org
		if len(l.of[org]) == 0 {
			l.turn = append(l.turn, org)
		}
		l.of[org] = append(l.of[org], w)
	}
	l.n += len(all)
}

// take gives out up to limit.
func (l *line) take(limit int) []*waiting {
	var given []*waiting
	for len(given) < limit && l.n > 0 {
		org := l.turn[0]
		l.turn = l.turn[1:]
		given = append(given, l.of[org][0])
		if l.of[org] = l.of[org][1:]; len(l.of[org]) > 0 {
			l.turn = append(l.turn, org)
		} else {
			delete(l.of, org)
		}
		l.n--
	}
	return given
}
