package pdf

// page is a leaf of the page tree with what it inherits (PDF 7.7.3).
type page struct {
	num                            int // object number
	dict                           object
	resources, media, crop, rotate object
}

// readPages walks the page tree. A tree that promises other pages than can be found is damage: a page that is not
// there must not look like one without text.
func (d *Document) readPages() error {
	root := d.resolve(d.trailer.get("Root"))
	top := d.resolve(root.get("Pages"))
	w := pageWalk{d: d, seen: map[int]bool{}}
	w.walk(root.get("Pages"), page{}, 0)
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

func (w *pageWalk) walk(ref object, inherited page, depth int) {
	if ref.kind != kindRef || w.seen[ref.num] || depth > 200 {
		w.missing++
		return
	}
	w.seen[ref.num] = true
	dict := w.d.resolve(ref)
	if dict.kind != kindDict {
		w.missing++
		return
	}
	inherited.inherit(dict)
	if kids := w.d.resolve(dict.get("Kids")); kids.kind == kindArray && !w.typeOf(dict).is("Page") {
		for _, kid := range kids.items {
			w.walk(kid, inherited, depth+1)
		}
		return
	}
	inherited.num, inherited.dict = ref.num, dict
	w.pages = append(w.pages, inherited)
}

func (w *pageWalk) typeOf(dict object) object { return w.d.resolve(dict.get("Type")) }

func (p *page) inherit(dict object) {
	for _, f := range []struct {
		key  string
		into *object
	}{{"Resources", &p.resources}, {"MediaBox", &p.media}, {"CropBox", &p.crop}, {"Rotate", &p.rotate}} {
		if o := dict.get(f.key); o.kind != kindNull {
			*f.into = o
		}
	}
}

// appendContent appends the content streams of a page, each ended by white space (PDF 7.8.2).
func (d *Document) appendContent(buf []byte, p *page) ([]byte, error) {
	contents := d.resolve(p.dict.get("Contents"))
	switch {
	case contents.kind == kindNull && p.dict.get("Contents").kind == kindNull:
		return buf, nil // PDF 7.7.3.3: without Contents the page is empty
	case contents.kind == kindArray:
		for _, part := range contents.items {
			o := d.resolve(part)
			if !o.isStream {
				return buf, damaged("a part of the page cannot be found")
			}
			var err error
			if buf, err = d.appendDecoded(buf, o); err != nil {
				return buf, err
			}
			buf = append(buf, '\n')
			if len(buf) > decodedLimit {
				return buf, damaged("the content of the page is longer than %d MB", decodedLimit>>20)
			}
		}
		return buf, nil
	case !contents.isStream:
		return buf, damaged("the content of the page cannot be found")
	}
	return d.appendDecoded(buf, contents)
}
