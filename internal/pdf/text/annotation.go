package text

import "brevdue/internal/pdf/syntax"

// Flags of an annotation that nobody sees (PDF 12.5.3).
const (
	annotationHidden = 1 << 1
	annotationNoView = 1 << 5
)

// annotations reads what the annotations of a page show: the values of form fields, text boxes, stamps
// (PDF 12.5.5).
func (r *Reader) annotations(p *syntax.Page, turned matrix) error {
	for _, ref := range r.d.Resolve(p.Dict.Get("Annots")).Items {
		a := r.d.Resolve(ref)
		r.active |= r.d.AnnotationActions(a)
		hidden := r.d.Resolve(a.Get("F")).Int()&(annotationHidden|annotationNoView) != 0
		if hidden && a.Get("F").Kind != syntax.KindNull && !r.tracing {
			continue
		}
		if subtype := r.d.Resolve(a.Get("Subtype")); (subtype.Is("Popup") || subtype.Is("Link")) && !r.tracing {
			continue
		}
		appearance := r.d.Appearance(a)
		if r.d.isUndrawn(a, appearance) {
			r.undrawn = true
		}
		if appearance.Kind == syntax.KindNull {
			continue
		}
		if err := r.annotation(a, appearance, turned); err != nil {
			return err
		}
	}
	return nil
}

// annotation reads how one annotation looks.
func (r *Reader) annotation(a, appearance syntax.Object, turned matrix) error {
	f, err := r.d.appearanceOf(appearance)
	if err != nil || f == nil {
		return err
	}
	r.shortened = r.shortened || f.short
	if r.d.IsHidden(a.Get("OC")) {
		r.hide()
		defer func() { r.hiddenBy-- }()
	}
	s := start(f.matrix.times(r.d.fit(f, a)).times(turned))
	return r.run(f.content, f.num, &f.resources, s, 1, false)
}

// isUndrawn reports whether what an annotation shows is made by the viewer: a text box or a field with a value that has
// no look, or one in a form whose looks are to be made anew (PDF 12.7.2, NeedAppearances).
func (d *Document) isUndrawn(a, appearance syntax.Object) bool {
	switch subtype := d.Resolve(a.Get("Subtype")); string(subtype.Raw) {
	case "FreeText":
		return appearance.Kind == syntax.KindNull
	case "Widget":
		root := d.Catalog()
		form := d.ResolveShared(root.Get("AcroForm"))
		anew := d.Resolve(form.Get("NeedAppearances"))
		return (appearance.Kind == syntax.KindNull || anew.Is("true")) && d.hasText(a)
	}
	return false
}

// hasText reports whether a field, or one above it, has a value that is text.
func (d *Document) hasText(a syntax.Object) bool {
	for depth := 0; depth < syntax.ActionsDeep && a.Kind == syntax.KindDict; depth++ {
		if v := d.Resolve(a.Get("V")); (v.Kind == syntax.KindString || v.Kind == syntax.KindHex) && len(v.Raw) > 0 {
			return true
		}
		a = d.Resolve(a.Get("Parent"))
	}
	return false
}

// fit places the box of an appearance into the rectangle of its annotation (PDF 12.5.5, algorithm 8.1).
func (d *Document) fit(f *form, a syntax.Object) matrix {
	box, ok := d.rectangle(f.box)
	rect, fine := d.rectangle(d.Resolve(a.Get("Rect")))
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
