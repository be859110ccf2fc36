package pdf

// page is a leaf of the page tree with what it inherits (PDF 7.7.3). Its dictionary is parsed when it is asked for.
type page struct {
	num       int // object number
	inherited *attributes
}

// attributes are what a page may inherit.
type attributes struct{ resources, media, crop, rotate object }

// readPages walks the page tree. A tree that promises other pages than can be found is damage: a page that is not
// there must not look like one without text.
func (d *Document) readPages() error {
	root := d.resolve(d.trailer.get("Root"))
	top := d.resolve(root.get("Pages"))
	w := pageWalk{d: d, seen: map[int]bool{}}
	w.walk(root.get("Pages"), &attributes{}, 0)
	if len(w.pages) == 0 {
		return damaged("no pages can be found")
	}
	if w.missing > 0 {
		return damaged("%d pages cannot be found", w.missing)
	}
	if count := d.resolve(top.get("Count")); count.kind == kindNumber && count.int() != len(w.pages) {
		return damaged("%d of %d pages can be found", len(w.pages), count.int())
	}
	d.pages = w.pages
	d.pageOf = make(map[int]int, len(d.pages))
	for i := range d.pages {
		d.pageOf[d.pages[i].num] = i
	}
	return nil
}

type pageWalk struct {
	d       *Document
	seen    map[int]bool
	pages   []page
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

// treeDepth bounds the page tree; real ones are balanced.
const treeDepth = 200

func (w *pageWalk) walk(ref object, inherited *attributes, depth int) {
	if ref.kind != kindRef || w.seen[ref.num] || depth > treeDepth {
		w.missing++
		return
	}
	w.seen[ref.num] = true
	dict := w.d.skim(ref.num, ofPageTree)
	if dict.kind != kindDict {
		w.missing++
		return
	}
	kids := w.d.resolve(dict.get("Kids"))
	if t := w.d.resolve(dict.get("Type")); kids.kind != kindArray && t.kind == kindName && !t.is("Page") {
		w.missing++
		return
	}
	if kids.kind != kindArray || w.d.typeIs(dict, "Page") {
		w.pages = append(w.pages, page{ref.num, inherited})
		return
	}
	own := inherited.with(w.d.object(ref.num))
	for _, kid := range kids.items {
		w.walk(kid, own, depth+1)
	}
}

// with returns the attributes for what stands below dict.
func (a *attributes) with(dict object) *attributes {
	own, changed := *a, false
	for _, f := range []struct {
		key  string
		into *object
	}{{"Resources", &own.resources}, {"MediaBox", &own.media}, {"CropBox", &own.crop}, {"Rotate", &own.rotate}} {
		if o := dict.get(f.key); o.kind != kindNull {
			*f.into, changed = o, true
		}
	}
	if !changed {
		return a
	}
	return &own
}

// leaf is a page as it is read or cut.
type leaf struct {
	dict object
	attributes
}

func (d *Document) leaf(i int) leaf {
	dict := d.object(d.pages[i].num)
	return leaf{dict, *d.pages[i].inherited.with(dict)}
}

// appendContent appends the content streams of a page, each ended by white space (PDF 7.8.2).
func (d *Document) appendContent(buf []byte, p *leaf) ([]byte, error) {
	contents := d.resolve(p.dict.get("Contents"))
	switch {
	case contents.kind == kindNull && p.dict.get("Contents").kind == kindNull:
		return buf, nil // PDF 7.7.3.3: without Contents the page is empty
	case contents.kind == kindArray:
		for _, part := range contents.items {
			o := d.resolve(part)
			if !o.isStream() {
				return buf, damaged("a part of the page cannot be found")
			}
			var err error
			if buf, err = d.appendDecoded(buf, o); err != nil {
				return buf, err
			}
			buf = append(buf, '\n')
			if len(buf) > decodedMost {
				return buf, damaged("the content of the page is longer than %d MB", decodedMost>>20)
			}
		}
		return buf, nil
	case !contents.isStream():
		return buf, damaged("the content of the page cannot be found")
	}
	return d.appendDecoded(buf, contents)
}
