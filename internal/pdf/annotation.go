package pdf

// Flags of an annotation that nobody sees (PDF 12.5.3).
const (
	annotationHidden = 1 << 1
	annotationNoView = 1 << 5
)

// annotations reads what the annotations of a page show: the values of form fields, text boxes, stamps
// (PDF 12.5.5).
func (r *Reader) annotations(p *leaf, turned matrix) error {
	for _, ref := range r.d.resolve(p.dict.get("Annots")).items {
		a := r.d.resolve(ref)
		r.active |= r.d.activeOn(a)
		if r.d.resolve(a.get("F")).int()&(annotationHidden|annotationNoView) != 0 && a.get("F").kind != kindNull && !r.tracing {
			continue
		}
		if subtype := r.d.resolve(a.get("Subtype")); (subtype.is("Popup") || subtype.is("Link")) && !r.tracing {
			continue
		}
		look := r.d.appearance(a)
		if r.d.isUndrawn(a, look) {
			r.undrawn = true
		}
		if look.kind == kindNull {
			continue
		}
		f, err := r.d.formOf(look)
		if err != nil {
			return err
		}
		if f == nil {
			continue
		}
		s := state{ctm: f.matrix.times(r.d.fit(f, a)).times(turned), scale: 1}
		if err := r.run(f.content, f.num, &f.resources, s, 1, false); err != nil {
			return err
		}
	}
	return nil
}

// isUndrawn reports whether what an annotation shows is made by the viewer: a text box or a field with a value that has
// no look, or one in a form whose looks are to be made anew (PDF 12.7.2, NeedAppearances).
func (d *Document) isUndrawn(a, look object) bool {
	switch subtype := d.resolve(a.get("Subtype")); string(subtype.raw) {
	case "FreeText":
		return look.kind == kindNull
	case "Widget":
		root := d.resolveShared(d.trailer.get("Root"))
		form := d.resolveShared(root.get("AcroForm"))
		anew := d.resolve(form.get("NeedAppearances"))
		return (look.kind == kindNull || anew.is("true")) && d.hasText(a)
	}
	return false
}

// hasText reports whether a field, or one above it, has a value that is text.
func (d *Document) hasText(a object) bool {
	for depth := 0; depth < actionsDeep && a.kind == kindDict; depth++ {
		if v := d.resolve(a.get("V")); (v.kind == kindString || v.kind == kindHex) && len(v.raw) > 0 {
			return true
		}
		a = d.resolve(a.get("Parent"))
	}
	return false
}

// appearance returns the reference to how an annotation looks in its state, or the null object.
func (d *Document) appearance(a object) object {
	appearances := d.resolve(a.get("AP"))
	normal := appearances.get("N")
	o := d.resolve(normal)
	switch {
	case o.isStream():
		return normal
	case o.kind == kindDict:
		current := d.resolve(a.get("AS"))
		look := o.get(string(current.raw))
		if shown := d.resolve(look); current.kind == kindName && shown.isStream() {
			return look
		}
	}
	return object{}
}

// fit places the box of an appearance into the rectangle of its annotation (PDF 12.5.5, algorithm 8.1).
func (d *Document) fit(f *form, a object) matrix {
	box, ok := d.rectangle(f.box)
	rect, fine := d.rectangle(d.resolve(a.get("Rect")))
	if !ok || !fine {
		return identity
	}
	box = box.through(f.matrix)
	x, y := 1.0, 1.0
	if box.x1 > box.x0 && box.y1 > box.y0 {
		x, y = (rect.x1-rect.x0)/(box.x1-box.x0), (rect.y1-rect.y0)/(box.y1-box.y0)
	}
	return matrix{x, 0, 0, y, rect.x0 - x*box.x0, rect.y0 - y*box.y0}
}
