package text

import "brevdue/internal/pdf/syntax"

// form is a form XObject: content that pages share (PDF 8.10).
type form struct {
	num       int // of its object
	content   []byte
	matrix    matrix
	box       syntax.Object
	resources syntax.Object
	short     bool // it was read as far as it goes
}

// keptForm is how large a form may be to be remembered: letterheads are, a page each is not.
const keptForm = 64 << 10

// formOf returns the form that a reference leads to, or nil where it is a picture. A form that cannot be found is an
// error: it may hold the recipient's number.
func (d *Document) formOf(ref syntax.Object) (*form, error) {
	if ref.Kind == syntax.KindRef {
		d.mu.Lock()
		f := d.forms[ref.Num]
		d.mu.Unlock()
		if f != nil {
			return f, nil
		}
	}
	x := d.Resolve(ref)
	if !x.IsStream() {
		return nil, syntax.Damaged("a form or a picture cannot be found")
	}
	if subtype := d.Resolve(x.Get("Subtype")); !subtype.Is("Form") {
		return nil, nil
	}
	return d.readForm(ref, x)
}

// appearanceOf returns the form that is the appearance of an annotation. It need not say that it is one: viewers draw
// it all the same.
func (d *Document) appearanceOf(ref syntax.Object) (*form, error) {
	x := d.Resolve(ref)
	if subtype := d.Resolve(x.Get("Subtype")); x.IsStream() && subtype.Kind == syntax.KindNull {
		return d.readForm(ref, x)
	}
	return d.formOf(ref)
}

// readForm reads a form, as far as it goes.
func (d *Document) readForm(ref, x syntax.Object) (*form, error) {
	short := false
	content, err := d.AppendStream(nil, x, &short)
	if err != nil {
		return nil, err
	}
	f := &form{
		short: short, num: x.Stream.Num, content: content,
		box: d.Resolve(x.Get("BBox")), resources: d.ResolveShared(x.Get("Resources")),
	}
	f.matrix, _ = matrixOf(d.Resolve(x.Get("Matrix")).Items)
	if ref.Kind == syntax.KindRef && len(content) <= keptForm {
		d.mu.Lock()
		if len(d.forms) < 256 {
			d.forms[ref.Num] = f
		}
		d.mu.Unlock()
	}
	return f, nil
}

// isOpaque reports whether a picture hides what is under it: it has no mask, and is none.
func (d *Document) isOpaque(ref syntax.Object) bool {
	o := d.Resolve(ref)
	mask := d.Resolve(o.Get("ImageMask"))
	return o.Get("SMask").Kind == syntax.KindNull && o.Get("Mask").Kind == syntax.KindNull && !mask.Is("true")
}

// fontOf returns the font that a reference leads to, or nil.
func (d *Document) fontOf(o syntax.Object) *font {
	switch o.Kind {
	case syntax.KindRef:
		d.mu.Lock()
		f := d.fonts[o.Num]
		d.mu.Unlock()
		if f == nil {
			f = d.loadFont(o)
			d.mu.Lock()
			d.fonts[o.Num] = f
			d.mu.Unlock()
		}
		return f
	case syntax.KindDict:
		return d.loadFont(o)
	}
	return nil
}
