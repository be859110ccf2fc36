package syntax

// Active is what a file would do besides being read: a set of the kinds below.
type Active uint8

// The kinds. Nothing of them can be cut down to one letter's own.
const (
	Script       Active = 1 << iota // JavaScript
	Launch                          // starts a program, or sends a form somewhere
	Attachment                      // has files in it
	HiddenLayers                    // draws in layers that are not seen in some view
	DynamicForm                     // an XFA form, whose pages are made by the reader
)

// Active returns what the file as a whole would do. What single pages would do is in their Text.
func (d *Document) Active() Active {
	root := d.Catalog()
	active := d.actionsIn(root.Get("OpenAction")) | d.AdditionalActions(root.Get("AA"))
	if form := d.Resolve(root.Get("AcroForm")); form.Get("XFA").Kind != KindNull {
		active |= DynamicForm
	}
	names := d.Resolve(root.Get("Names"))
	d.EachName(names.Get("JavaScript"), func([]byte, Object) { active |= Script })
	d.EachName(names.Get("EmbeddedFiles"), func([]byte, Object) { active |= Attachment })
	if files := d.Resolve(root.Get("AF")); len(files.Items) > 0 {
		active |= Attachment
	}
	return active
}

// HasHiddenLayers reports whether the file has layers that are turned off, whether its pages use them or not.
func (d *Document) HasHiddenLayers() bool { return len(d.optionalContent().off) > 0 }

// actionsIn returns what an action and those after it do (PDF 12.6.4).
func (d *Document) actionsIn(o Object) (active Active) {
	for depth := 0; depth < ActionsDeep; depth++ {
		if o = d.Resolve(o); o.Kind != KindDict {
			return active
		}
		switch s := d.Resolve(o.Get("S")); string(s.Raw) {
		case "JavaScript", "Rendition":
			active |= Script
		case "Launch", "SubmitForm", "ImportData", "GoToE":
			active |= Launch
		}
		next := d.Resolve(o.Get("Next"))
		for _, other := range next.Items {
			if next.Kind == KindArray && depth == 0 {
				active |= d.actionsIn(other)
			}
		}
		o = next
	}
	return active
}

// AdditionalActions returns what additional actions do (PDF 12.6.3).
func (d *Document) AdditionalActions(o Object) (active Active) {
	o = d.Resolve(o)
	for i := 1; i < len(o.Items) && o.Kind == KindDict; i += 2 {
		active |= d.actionsIn(o.Items[i])
	}
	return active
}

// AnnotationActions returns what an annotation would do, with the fields above it.
func (d *Document) AnnotationActions(a Object) (active Active) {
	switch subtype := d.Resolve(a.Get("Subtype")); string(subtype.Raw) {
	case "FileAttachment":
		active |= Attachment
	case "Screen", "RichMedia", "Movie", "Sound", "3D":
		active |= Script
	}
	for depth := 0; depth < ActionsDeep && a.Kind == KindDict; depth++ {
		active |= d.actionsIn(a.Get("A")) | d.AdditionalActions(a.Get("AA"))
		a = d.Resolve(a.Get("Parent"))
	}
	return active
}

// ActiveAnywhere returns what the file would do, its pages included, without reading their text.
func (d *Document) ActiveAnywhere() (active Active, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = Damaged("%v", x)
		}
	}()
	active = d.Active()
	for i := range d.pages {
		p := d.Page(i)
		active |= d.AdditionalActions(p.Dict.Get("AA"))
		for _, ref := range d.Resolve(p.Dict.Get("Annots")).Items {
			active |= d.AnnotationActions(d.Resolve(ref))
		}
	}
	return active, nil
}
