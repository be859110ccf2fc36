package cut

import "brevdue/internal/pdf/syntax"

// keptUsed is how many content streams are remembered by what they name.
const keptUsed = 4096

// usedIn returns the names in the content of a form, a pattern or a glyph, and in the forms that it draws which have no
// resources of their own. Where content cannot be read all are kept.
func (d *Document) usedIn(o, resources syntax.Object) *syntax.ResourceNames {
	d.mu.Lock()
	n := d.used[o.Stream.Num]
	d.mu.Unlock()
	if n != nil {
		return n.Clone()
	}
	n = &syntax.ResourceNames{}
	d.addUsed(n, o, resources, 0)
	d.mu.Lock()
	if len(d.used) < keptUsed {
		d.used[o.Stream.Num] = n
	}
	d.mu.Unlock()
	return n.Clone()
}

func (d *Document) addUsed(n *syntax.ResourceNames, o, resources syntax.Object, depth int) {
	short := false
	content, err := d.AppendStream(nil, o, &short)
	if err != nil || depth > syntax.FormsDeep {
		n.All = true
		return
	}
	s := syntax.Scanner{Content: content}
	for {
		o, ok := s.Next()
		for i := range s.Operands {
			if s.Operands[i].Kind != syntax.KindName {
				continue
			}
			name := s.Name(i)
			if known := n.Has(o.Category(), name); known {
				continue
			}
			n.Add(o.Category(), name)
			if o == syntax.OpXObject {
				d.addNested(n, name, resources, depth)
			}
		}
		if !ok {
			return
		}
	}
}

// addNested adds what a form without resources uses: it looks in those of the form that draws it.
func (d *Document) addNested(n *syntax.ResourceNames, name []byte, resources syntax.Object, depth int) {
	xobjects := d.ResolveShared(resources.Get("XObject"))
	x := d.Resolve(xobjects.Get(string(name)))
	if x.IsStream() && d.IsForm(x) && x.Get("Resources").Kind == syntax.KindNull {
		d.addUsed(n, x, resources, depth+1)
	}
}
