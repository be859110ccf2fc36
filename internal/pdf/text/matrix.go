package text

import "brevdue/internal/pdf/syntax"

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

func (m matrix) point(x, y float64) (float64, float64) {
	return x*m[0] + y*m[2] + m[4], x*m[1] + y*m[3] + m[5]
}

func matrixOf(items []syntax.Object) (matrix, bool) {
	if len(items) != 6 {
		return identity, false
	}
	var m matrix
	for i, o := range items {
		m[i] = o.Number()
	}
	return m, true
}

// rectangle is a part of the page.
type rectangle struct{ x0, y0, x1, y1 float64 }

func (r rectangle) area() float64 { return (r.x1 - r.x0) * (r.y1 - r.y0) }

// meets reports whether a line from one point to another is in the rectangle, or at its edge, with a part of it.
func (r rectangle) meets(x, y, x2, y2 float64) bool {
	const edge = 2
	return r.area() <= 0 || max(x, x2) >= r.x0-edge && min(x, x2) <= r.x1+edge &&
		max(y, y2) >= r.y0-edge && min(y, y2) <= r.y1+edge
}

// through returns the smallest rectangle around this one after m.
func (r rectangle) through(m matrix) rectangle {
	var out rectangle
	for i, corner := range [4][2]float64{{r.x0, r.y0}, {r.x0, r.y1}, {r.x1, r.y0}, {r.x1, r.y1}} {
		x, y := m.point(corner[0], corner[1])
		if i == 0 {
			out = rectangle{x, y, x, y}
		}
		out = rectangle{min(out.x0, x), min(out.y0, y), max(out.x1, x), max(out.y1, y)}
	}
	return out
}

// rectangle reads an array of two corners (PDF 7.9.5).
func (d *Document) rectangle(o syntax.Object) (rectangle, bool) {
	if len(o.Items) != 4 {
		return rectangle{}, false
	}
	var v [4]float64
	for i, n := range o.Items {
		v[i] = d.Resolve(n).Number()
	}
	return rectangle{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}, true
}

// boxOf returns what is seen of a page, turned as the page is (PDF 7.7.3.3 and 14.11.2); without a box everything is.
func (d *Document) boxOf(p *syntax.Page, turned matrix) rectangle {
	media, ok := d.rectangle(d.Resolve(p.MediaBox))
	if !ok {
		media = rectangle{-1e4, -1e4, 1e4, 1e4}
	}
	crop, cropped := d.rectangle(d.Resolve(p.CropBox))
	if cropped {
		crop = rectangle{max(crop.x0, media.x0), max(crop.y0, media.y0), min(crop.x1, media.x1), min(crop.y1, media.y1)}
	}
	switch {
	case cropped && crop.x1 > crop.x0 && crop.y1 > crop.y0:
		return crop.through(turned)
	case ok:
		return media.through(turned)
	}
	return rectangle{}
}
