package syntax

import "slices"

// optionalContent is which optional content groups of a file are not seen in some view of it: on the screen, in print
// or in an export (PDF 8.11.4). What is seen in one and not in another is hidden too: nobody has looked at all of them.
type optionalContent struct {
	*File
	off map[int]bool
}

// expressionDepth bounds visibility expressions.
const expressionDepth = 32

// optionalContent reads the default configuration of the file's optional content once.
func (d *Document) optionalContent() *optionalContent {
	d.contentOnce.Do(func() {
		d.content = &optionalContent{d.File, map[int]bool{}}
		catalog := d.Catalog()
		d.content.read(d.Resolve(catalog.Get("OCProperties")))
	})
	return d.content
}

// read takes what the properties of optional content say.
func (l *optionalContent) read(properties Object) {
	if properties.Kind != KindDict {
		return
	}
	config := l.Resolve(properties.Get("D"))
	if base := l.Resolve(config.Get("BaseState")); base.Is("OFF") {
		for _, group := range l.Resolve(properties.Get("OCGs")).Items {
			l.off[group.Num] = true
		}
		for _, group := range l.Resolve(config.Get("ON")).Items {
			delete(l.off, group.Num)
		}
	}
	for _, group := range l.Resolve(config.Get("OFF")).Items {
		l.off[group.Num] = true
	}
	for _, use := range l.Resolve(config.Get("AS")).Items {
		l.applyUsage(l.Resolve(use))
	}
}

// applyUsage takes what a usage application says of its groups' state (PDF 8.11.4.4). What depends on who looks, and
// how near, is hidden from somebody.
func (l *optionalContent) applyUsage(use Object) {
	for _, group := range l.Resolve(use.Get("OCGs")).Items {
		o := l.Resolve(group)
		usage := l.Resolve(o.Get("Usage"))
		for _, category := range l.Resolve(use.Get("Category")).Items {
			name := l.Resolve(category)
			says := l.Resolve(usage.Get(string(name.Raw)))
			if says.Kind != KindDict {
				continue
			}
			switch string(name.Raw) {
			case "View", "Print", "Export":
				if state := l.Resolve(says.Get(string(name.Raw) + "State")); state.Is("OFF") {
					l.off[group.Num] = true
				}
			case "Zoom", "User", "Language":
				l.off[group.Num] = true
			}
		}
	}
}

// IsHidden reports whether content that belongs to a group, or to a membership of groups, is not seen.
func (d *Document) IsHidden(ref Object) bool {
	return ref.Kind != KindNull && d.optionalContent().isHidden(ref)
}

func (l *optionalContent) isHidden(ref Object) bool {
	o := l.Resolve(ref)
	if !l.TypeIs(o, "OCMD") {
		return ref.Kind == KindRef && l.off[ref.Num]
	}
	if expression := l.Resolve(o.Get("VE")); expression.Kind == KindArray {
		shown, known := l.expressed(expression, 0)
		return !shown || !known
	}
	return !l.membership(o)
}

// membership evaluates a membership dictionary without an expression (PDF 8.11.2.2).
func (l *optionalContent) membership(o Object) bool {
	groups := []Object{o.Get("OCGs")}
	if list := l.Resolve(groups[0]); list.Kind == KindArray {
		groups = list.Items
	}
	var states []bool
	for _, group := range groups {
		if shown := l.Resolve(group); group.Kind == KindRef && shown.Kind == KindDict {
			states = append(states, !l.off[group.Num])
		}
	}
	if len(states) == 0 {
		return true
	}
	switch policy := l.Resolve(o.Get("P")); string(policy.Raw) {
	case "AllOn":
		return !slices.Contains(states, false)
	case "AnyOff":
		return slices.Contains(states, false)
	case "AllOff":
		return !slices.Contains(states, true)
	}
	return slices.Contains(states, true)
}

// expressed evaluates a visibility expression (PDF 8.11.2.2): groups, And, Or and Not. It is not known where it is
// none, or too deep.
func (l *optionalContent) expressed(e Object, depth int) (shown, known bool) {
	if depth > expressionDepth || len(e.Items) < 2 {
		return false, false
	}
	known = true
	one := func(o Object) bool {
		r := l.Resolve(o)
		if r.Kind != KindArray {
			known = known && o.Kind == KindRef
			return o.Kind == KindRef && !l.off[o.Num]
		}
		part, fine := l.expressed(r, depth+1)
		known = known && fine
		return part
	}
	switch how := l.Resolve(e.Items[0]); string(how.Raw) {
	case "And":
		shown = !slices.ContainsFunc(e.Items[1:], func(o Object) bool { return !one(o) })
	case "Or":
		shown = slices.ContainsFunc(e.Items[1:], one)
	case "Not":
		shown = len(e.Items) == 2 && !one(e.Items[1])
	default:
		return false, false
	}
	return shown, known
}
