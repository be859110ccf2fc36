package syntax

// Signed reports whether the file has a digital signature (PDF 12.8): a signature field with a value, or permissions
// that one grants. It holds for the bytes of the whole file and for nothing less.
func (d *Document) Signed() bool {
	d.signedOnce.Do(func() {
		root := d.Catalog()
		permissions := d.Resolve(root.Get("Perms"))
		form := d.Resolve(root.Get("AcroForm"))
		d.signed = len(permissions.Items) > 0 || d.anySigned(d.Resolve(form.Get("Fields")).Items, 0)
	})
	return d.signed
}

func (d *Document) anySigned(fields []Object, depth int) bool {
	if depth > fieldsDeep || d.Spend(len(fields)) != nil {
		return false
	}
	for _, ref := range fields {
		field := d.Resolve(ref)
		value := d.Resolve(field.Get("V"))
		if d.IsSignature(field) && value.Kind == KindDict {
			return true
		}
		if kids := d.Resolve(field.Get("Kids")); d.anySigned(kids.Items, depth+1) {
			return true
		}
	}
	return false
}

// IsSignature reports whether a field, or one above it, is for a signature.
func (d *Document) IsSignature(field Object) bool {
	for depth := 0; depth < ActionsDeep && field.Kind == KindDict; depth++ {
		if kind := d.Resolve(field.Get("FT")); kind.Kind == KindName {
			return kind.Is("Sig")
		}
		field = d.Resolve(field.Get("Parent"))
	}
	return false
}
