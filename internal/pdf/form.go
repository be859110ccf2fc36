package pdf

// form is a form XObject: content that pages share (PDF 8.10).
type form struct {
	num       int // of its object
	content   []byte
	matrix    matrix
	box       object
	resources object
}

// keptForm is how large a form may be to be remembered: letterheads are, a page each is not.
const keptForm = 64 << 10

// formOf returns the form that a reference leads to, or nil where it is a picture. A form that cannot be found is an
// error: it may hold the recipient's number.
func (d *Document) formOf(ref object) (*form, error) {
	if ref.kind == kindRef {
		d.mu.Lock()
		f := d.parsed.forms[ref.num]
		d.mu.Unlock()
		if f != nil {
			return f, nil
		}
	}
	x := d.resolve(ref)
	if !x.isStream() {
		return nil, damaged("a form or a picture cannot be found")
	}
	if subtype := d.resolve(x.get("Subtype")); !subtype.is("Form") {
		return nil, nil
	}
	content, err := d.decode(x)
	if err != nil {
		return nil, err
	}
	f := &form{num: x.stream.num, content: content, box: d.resolve(x.get("BBox")), resources: d.resolveShared(x.get("Resources"))}
	f.matrix, _ = matrixOf(d.resolve(x.get("Matrix")).items)
	if ref.kind == kindRef && len(content) <= keptForm {
		d.mu.Lock()
		if len(d.parsed.forms) < 256 {
			d.parsed.forms[ref.num] = f
		}
		d.mu.Unlock()
	}
	return f, nil
}

// isOpaque reports whether a picture hides what is under it: it has no mask, and is none.
func (d *Document) isOpaque(ref object) bool {
	o := d.resolve(ref)
	mask := d.resolve(o.get("ImageMask"))
	return o.get("SMask").kind == kindNull && o.get("Mask").kind == kindNull && !mask.is("true")
}

// fontOf returns the font that a reference leads to, or nil.
func (d *Document) fontOf(o object) *font {
	switch o.kind {
	case kindRef:
		d.mu.Lock()
		f := d.parsed.fonts[o.num]
		d.mu.Unlock()
		if f == nil {
			f = d.loadFont(o)
			d.mu.Lock()
			d.parsed.fonts[o.num] = f
			d.mu.Unlock()
		}
		return f
	case kindDict:
		return d.loadFont(o)
	}
	return nil
}
