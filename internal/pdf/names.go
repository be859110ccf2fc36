package pdf

// names is a set of resource names, each with the category that it is looked up in (PDF 7.8.3): a font and a form may go
// by the same name.
type names struct {
	few  [][]byte        // the sign of the category first
	many map[string]bool // of all, from manyNames on
	key  []byte
}

const manyNames = 24

// category is the sign of a resource category.
type category byte

// categories are the resource dictionaries that content refers to by name.
var categories = map[string]category{
	"Font": 'F', "XObject": 'X', "ExtGState": 'G', "ColorSpace": 'C', "Pattern": 'P', "Shading": 'S', "Properties": 'M',
}

// categoryOf returns the category that the names of an operator are in; those of scn are patterns.
func categoryOf(o operator) category {
	switch o {
	case opFont:
		return 'F'
	case opXObject:
		return 'X'
	case opState:
		return 'G'
	case opSpace, opSpaceStroke, opImageData:
		return 'C'
	case opColor, opColorN, opColorStroke, opColorStrokeN:
		return 'P'
	case opShade:
		return 'S'
	case opMarked, opMarkedPoint:
		return 'M'
	}
	return '-'
}

func (n *names) add(c category, name []byte) {
	if !n.has(c, name) {
		n.adopt(append([]byte(nil), n.key...))
	}
}

// adopt adds a name with its sign.
func (n *names) adopt(key []byte) {
	n.few = append(n.few, key)
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
	n.many[string(key)] = true
}

func (n *names) has(c category, name []byte) bool {
	n.key = append(append(n.key[:0], byte(c)), name...)
	if len(n.few) >= manyNames {
		return n.many[string(n.key)]
	}
	for _, f := range n.few {
		if string(f) == string(n.key) {
			return true
		}
	}
	return false
}

func (n *names) clear() {
	n.few = n.few[:0]
	clear(n.many)
}

// usedIn returns the names in the content of a form, a pattern or a glyph, and in the forms that it draws which have no
// resources of their own. Where content cannot be read nothing is kept, as nothing of it could be drawn either.
func (d *Document) usedIn(o, resources object) *names {
	d.mu.Lock()
	n := d.parsed.used[o.stream.num]
	d.mu.Unlock()
	if n != nil {
		return n.clone()
	}
	n = &names{}
	d.addUsed(n, o, resources, 0)
	d.mu.Lock()
	if len(d.parsed.used) < keptObjects {
		d.parsed.used[o.stream.num] = n
	}
	d.mu.Unlock()
	return n.clone()
}

// clone is for one goroutine: has writes its key.
func (n *names) clone() *names { return &names{few: n.few, many: n.many} }

func (d *Document) addUsed(n *names, o, resources object, depth int) {
	content, err := d.decode(o)
	if err != nil || depth > formsDeep {
		return
	}
	s := scanner{b: content}
	for {
		o, ok := s.next()
		for i := range s.args {
			if s.args[i].kind != kindName {
				continue
			}
			name := s.name(i)
			if known := n.has(categoryOf(o), name); known {
				continue
			}
			n.add(categoryOf(o), name)
			if o == opXObject {
				d.addNested(n, name, resources, depth)
			}
		}
		if !ok {
			return
		}
	}
}

// addNested adds what a form without resources uses: it looks in those of the form that draws it.
func (d *Document) addNested(n *names, name []byte, resources object, depth int) {
	xobjects := d.resolveShared(resources.get("XObject"))
	x := d.resolve(xobjects.get(string(name)))
	if x.isStream() && d.typeIsForm(x) && x.get("Resources").kind == kindNull {
		d.addUsed(n, x, resources, depth+1)
	}
}

func (d *Document) typeIsForm(x object) bool {
	subtype := d.resolve(x.get("Subtype"))
	return subtype.is("Form")
}
