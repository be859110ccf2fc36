package pdf

// names is a set of resource names.
type names struct {
	few  [][]byte
	many map[string]bool // of all, from manyNames on
}

const manyNames = 24

func (n *names) add(name []byte) {
	if n.has(name) {
		return
	}
	n.few = append(n.few, name)
	if len(n.few) < manyNames {
		return
	}
	if n.many == nil {
		n.many = map[string]bool{}
	}
	if len(n.many) == 0 {
		for _, f := range n.few {
			n.many[string(f)] = true
		}
	}
	n.many[string(name)] = true
}

func (n *names) has(name []byte) bool {
	if len(n.few) >= manyNames {
		return n.many[string(name)]
	}
	for _, f := range n.few {
		if string(f) == string(name) {
			return true
		}
	}
	return false
}

func (n *names) clear() {
	n.few = n.few[:0]
	clear(n.many)
}

// usedIn returns the names in the content of a form or a pattern, or nil when it cannot be read: then nothing of its
// resources is kept, as nothing of it could be drawn either.
func (d *Document) usedIn(o object) *names {
	d.mu.Lock()
	n := d.parsed.used[o.stream.num]
	d.mu.Unlock()
	if n != nil {
		return n
	}
	content, err := d.decode(o)
	if err != nil {
		return &names{}
	}
	n = &names{}
	s := scanner{b: content}
	for {
		_, ok := s.next()
		for i := range s.args {
			if s.args[i].kind == kindName {
				n.add(append([]byte(nil), s.name(i)...))
			}
		}
		if !ok {
			break
		}
	}
	d.mu.Lock()
	if len(d.parsed.used) < keptObjects {
		d.parsed.used[o.stream.num] = n
	}
	d.mu.Unlock()
	return n
}
