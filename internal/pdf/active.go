package pdf

// Active is what a file would do besides being read: a set of the kinds below.
type Active uint8

// The kinds. Nothing of them can be cut down to one letter's own.
const (
	Script       Active = 1 << iota // JavaScript
	Launch                          // starts a program, or sends a form somewhere
	Attachment                      // has files in it
	HiddenLayers                    // has layers that are turned off
	DynamicForm                     // an XFA form, whose pages are made by the reader
)

// actionsDeep is how many actions may follow one another.
const actionsDeep = 50

// Active returns what the file as a whole would do. What single pages would do is in their Text.
func (d *Document) Active() Active {
	root := d.resolve(d.trailer.get("Root"))
	active := d.actionsIn(root.get("OpenAction")) | d.triggersIn(root.get("AA"))
	if form := d.resolve(root.get("AcroForm")); form.get("XFA").kind != kindNull {
		active |= DynamicForm
	}
	names := d.resolve(root.get("Names"))
	d.eachName(names.get("JavaScript"), func([]byte, object) { active |= Script })
	d.eachName(names.get("EmbeddedFiles"), func([]byte, object) { active |= Attachment })
	if files := d.resolve(root.get("AF")); len(files.items) > 0 {
		active |= Attachment
	}
	if layers := d.resolve(root.get("OCProperties")); layers.kind == kindDict {
		config := d.resolve(layers.get("D"))
		state := d.resolve(config.get("BaseState"))
		if off := d.resolve(config.get("OFF")); len(off.items) > 0 || state.is("OFF") {
			active |= HiddenLayers
		}
	}
	return active
}

// actionsIn returns what an action and those after it do (PDF 12.6.4).
func (d *Document) actionsIn(o object) (active Active) {
	for depth := 0; depth < actionsDeep; depth++ {
		if o = d.resolve(o); o.kind != kindDict {
			return active
		}
		switch s := d.resolve(o.get("S")); string(s.raw) {
		case "JavaScript", "Rendition":
			active |= Script
		case "Launch", "SubmitForm", "ImportData", "GoToE":
			active |= Launch
		}
		next := d.resolve(o.get("Next"))
		for _, other := range next.items {
			if next.kind == kindArray && depth == 0 {
				active |= d.actionsIn(other)
			}
		}
		o = next
	}
	return active
}

// triggersIn returns what additional actions do (PDF 12.6.3).
func (d *Document) triggersIn(o object) (active Active) {
	o = d.resolve(o)
	for i := 1; i < len(o.items) && o.kind == kindDict; i += 2 {
		active |= d.actionsIn(o.items[i])
	}
	return active
}

// activeOn returns what an annotation would do, with the fields above it.
func (d *Document) activeOn(a object) (active Active) {
	switch subtype := d.resolve(a.get("Subtype")); string(subtype.raw) {
	case "FileAttachment":
		active |= Attachment
	case "Screen", "RichMedia", "Movie", "Sound", "3D":
		active |= Script
	}
	for depth := 0; depth < actionsDeep && a.kind == kindDict; depth++ {
		active |= d.actionsIn(a.get("A")) | d.triggersIn(a.get("AA"))
		a = d.resolve(a.get("Parent"))
	}
	return active
}
