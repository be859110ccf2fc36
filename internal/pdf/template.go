package pdf

// template is an object as it was written into one letter, with the places of its references: fonts and letterheads go
// into every letter, and need not be read anew for each.
type template struct {
	text []byte
	refs []place
}

// place is where a reference stands in written text, and to which old object.
type place struct{ from, to, old int }

// Limits of what is kept.
const (
	templateMost  = 256 << 10
	templatesMost = 16 << 20 // of all
)

// templateOf returns an object's template, if it was written twice before.
func (d *Document) templateOf(old int) *template {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.parsed.templates[old]
}

// keepTemplate keeps an object the second time it is written.
func (d *Document) keepTemplate(old int, text []byte, refs []place) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, again := d.parsed.templates[old]; !again {
		d.parsed.templates[old] = nil
		return
	}
	if len(text) > templateMost || d.templated+len(text) > templatesMost {
		return
	}
	d.templated += len(text)
	d.parsed.templates[old] = &template{append([]byte(nil), text...), append([]place(nil), refs...)}
}

// fromTemplate writes an object as before, with its references as they are in this letter.
func (c *Cutter) fromTemplate(t *template) {
	at := 0
	for _, r := range t.refs {
		c.out = append(c.out, t.text[at:r.from]...)
		c.reference(c.numberOf(r.old))
		at = r.to
	}
	c.out = append(c.out, t.text[at:]...)
}
