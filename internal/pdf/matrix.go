package pdf

// matrix is [a b c d e f] as in PDF 8.3.4.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times returns m × n: first m, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// rectangle is the part of the page that is seen.
type rectangle struct{ x0, y0, x1, y1 float64 }

func (r rectangle) area() float64 { return (r.x1 - r.x0) * (r.y1 - r.y0) }

// holds reports whether a point is in the rectangle, or at its edge.
func (r rectangle) holds(x, y float64) bool {
	const edge = 2
	return r.area() <= 0 || x >= r.x0-edge && x <= r.x1+edge && y >= r.y0-edge && y <= r.y1+edge
}

// boxOf returns the crop box of a page, turned as the page is (PDF 7.7.3.3); without one everything is seen.
func (d *Document) boxOf(p *page, turned matrix) rectangle {
	box := d.resolve(p.crop)
	if len(box.items) != 4 {
		box = d.resolve(p.media)
	}
	if len(box.items) != 4 {
		return rectangle{}
	}
	var v [4]float64
	for i, o := range box.items {
		v[i] = d.resolve(o).number()
	}
	a, b := matrix{1, 0, 0, 1, v[0], v[1]}.times(turned), matrix{1, 0, 0, 1, v[2], v[3]}.times(turned)
	return rectangle{min(a[4], b[4]), min(a[5], b[5]), max(a[4], b[4]), max(a[5], b[5])}
}

func matrixOf(items []object) (matrix, bool) {
	if len(items) != 6 {
		return identity, false
	}
	var m matrix
	for i, o := range items {
		m[i] = o.number()
	}
	return m, true
}
