package cut

// template is an object as it was written into one letter, with the places of its references: fonts and letterheads go
// into every letter, and need not be read anew for each.
type template struct {
	text []byte
	refs []place
}

// Limits of what is kept.
const (
	templateMost  = 256 << 10
	templatesMost = 16 << 20 // of all
)

// templateOf returns an object's template, if it was written twice before.
func (d *Document) templateOf(old int) *template {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.templates[old]
}

// keepTemplate keeps an object the second time it is written.
func (d *Document) keepTemplate(old int, text []byte, refs []place) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, again := d.templates[old]; !again {
		d.templates[old] = nil
		return
	}
	if len(text) > templateMost || d.templated+len(text) > templatesMost {
		return
	}
	d.templated += len(text)
	d.templates[old] = &template{append([]byte(nil), text...), append([]place(nil), refs...)}
}
