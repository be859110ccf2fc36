package syntax

import "errors"

// pageRef is a leaf of the page tree with what it inherits (PDF 7.7.3). Its dictionary is parsed when it is asked for.
type pageRef struct {
	num       int // object number
	inherited *attributes
}

// attributes are what a page may inherit.
type attributes struct{ Resources, MediaBox, CropBox, Rotate Object }

// readPages walks the page tree. A tree that promises other pages than can be found is damage: a page that is not
// there must not look like one without text.
func (d *Document) readPages() error {
	root := d.Resolve(d.trailer.Get("Root"))
	top := d.Resolve(root.Get("Pages"))
	w := pageWalk{d: d.File, seen: make([]bool, d.Objects())}
	w.walk(root.Get("Pages"), &attributes{}, 0)
	if len(w.pages) == 0 {
		return Damaged("no pages can be found")
	}
	if w.missing > 0 {
		return Damaged("%d pages cannot be found", w.missing)
	}
	if count := d.Resolve(top.Get("Count")); count.Kind == KindNumber && count.Int() != len(w.pages) {
		return Damaged("%d of %d pages can be found", len(w.pages), count.Int())
	}
	d.pages = w.pages
	return nil
}

type pageWalk struct {
	d       *File
	seen    []bool // by object number
	pages   []pageRef
	missing int
}

// ofPageTree are the entries that tell a page from a branch.
func ofPageTree(key []byte) bool {
	switch string(key) {
	case "Type", "Kids":
		return true
	}
	return false
}

// isPage reports whether an entry says that it stands in a page; nothing else of it is then asked for.
func isPage(key []byte, value Object) bool {
	return string(key) == "Type" && value.Kind == KindName && value.Is("Page")
}

func (w *pageWalk) walk(ref Object, inherited *attributes, depth int) {
	if ref.Kind != KindRef || ref.Num < 0 || ref.Num >= len(w.seen) || w.seen[ref.Num] || depth > TreeDepth {
		w.missing++
		return
	}
	w.seen[ref.Num] = true
	dict := w.d.skim(ref.Num, ofPageTree, isPage)
	if dict.Kind != KindDict {
		w.missing++
		return
	}
	kids := w.d.Resolve(dict.Get("Kids"))
	if t := w.d.Resolve(dict.Get("Type")); kids.Kind != KindArray && t.Kind == KindName && !t.Is("Page") {
		w.missing++
		return
	}
	if kids.Kind != KindArray || w.d.TypeIs(dict, "Page") {
		w.pages = append(w.pages, pageRef{ref.Num, inherited})
		return
	}
	own := inherited.with(w.d.Object(ref.Num))
	for _, kid := range kids.Items {
		w.walk(kid, own, depth+1)
	}
}

// with returns the attributes for what stands below dict.
func (a *attributes) with(dict Object) *attributes {
	own, changed := *a, false
	for _, f := range []struct {
		key  string
		into *Object
	}{{"Resources", &own.Resources}, {"MediaBox", &own.MediaBox}, {"CropBox", &own.CropBox}, {"Rotate", &own.Rotate}} {
		if o := dict.Get(f.key); o.Kind != KindNull {
			*f.into, changed = o, true
		}
	}
	if !changed {
		return a
	}
	return &own
}

// Page is a page as it is read or cut.
type Page struct {
	Dict Object
	attributes
}

// Page returns page i, counted from 0.
func (d *Document) Page(i int) Page {
	dict := d.Object(d.pages[i].num)
	return Page{dict, *d.pages[i].inherited.with(dict)}
}

// AppendContents appends the content streams of a page, each ended by white space (PDF 7.8.2).
func (d *Document) AppendContents(buf []byte, p *Page, shortened *bool) ([]byte, error) {
	contents := d.Resolve(p.Dict.Get("Contents"))
	switch {
	case contents.Kind == KindNull && p.Dict.Get("Contents").Kind == KindNull:
		return buf, nil // PDF 7.7.3.3: without Contents the page is empty
	case contents.Kind == KindArray:
		for _, part := range contents.Items {
			o := d.Resolve(part)
			if !o.IsStream() {
				return buf, Damaged("a part of the page cannot be found")
			}
			var err error
			if buf, err = d.AppendStream(buf, o, shortened); err != nil {
				return buf, err
			}
			buf = append(buf, '\n')
			if len(buf) > decodedMost {
				return buf, Damaged("the content of the page is longer than %d MB", decodedMost>>20)
			}
		}
		return buf, nil
	case !contents.IsStream():
		return buf, Damaged("the content of the page cannot be found")
	}
	return d.AppendStream(buf, contents, shortened)
}

// AppendStream appends what a stream holds, as far as it goes: viewers show what stands before the damage.
func (d *Document) AppendStream(buf []byte, o Object, shortened *bool) ([]byte, error) {
	from := len(buf)
	buf, err := decoder{d.File}.appendDecoded(buf, o)
	if errors.Is(err, errShort) && len(buf) > from {
		*shortened = true
		return buf, nil
	}
	return buf, err
}

// SharesResources reports whether other pages may have the resources of a page: it inherits them, or another refers to
// them too.
func (d *Document) SharesResources(i int, p *Page) bool {
	own := p.Dict.Get("Resources")
	if own.Kind == KindNull {
		return len(d.pages) > 1 && p.Resources.Kind != KindNull
	}
	if own.Kind != KindRef {
		return false
	}
	for k := range d.pages {
		if k == i {
			continue
		}
		if other := d.Page(k); other.Resources.Kind == KindRef && other.Resources.Num == own.Num {
			return true
		}
	}
	return false
}

// Appearance returns the reference to how an annotation looks in its state, or the null object.
func (d *Document) Appearance(a Object) Object {
	appearances := d.Resolve(a.Get("AP"))
	normal := appearances.Get("N")
	o := d.Resolve(normal)
	switch {
	case o.IsStream():
		return normal
	case o.Kind == KindDict:
		current := d.Resolve(a.Get("AS"))
		look := o.Get(string(current.Raw))
		if shown := d.Resolve(look); current.Kind == KindName && shown.IsStream() {
			return look
		}
	}
	return Object{}
}

// IsForm reports whether an external object is a form (PDF 8.10).
func (d *Document) IsForm(x Object) bool {
	subtype := d.Resolve(x.Get("Subtype"))
	return subtype.Is("Form")
}
