package text

import (
	"math"

	"brevdue/internal/pdf/syntax"
)

// patch is an area of the page that was filled with one colour, or covered by a picture.
type patch struct {
	rectangle
	outline []corner // where the area is no upright rectangle
	evenOdd bool
	color   color
	hides   bool // what is under it is not seen
	from    int  // what stands in layout.text before it was drawn earlier
}

// corner is a point of an outline; the first of each part begins anew.
type corner struct {
	x, y  float64
	first bool
}

// Limits of what is remembered of a page's drawing: beyond, what is drawn hides nothing.
const (
	patchesMost = 4096
	cornersMost = 256 // of one path
	boxesMost   = 64  // rectangles of one path
	curveSteps  = 6   // a curve is taken for so many lines
	lineLeast   = 1   // points: a stroke that is thinner hides nothing
)

// holds reports whether a point is in the patch.
func (p *patch) holds(x, y float64) bool {
	if !p.rectangle.holds(x, y) {
		return false
	}
	return p.outline == nil || windingOf(p.outline, x, y, p.evenOdd)
}

// windingOf tells whether a point is inside of an outline, by either rule of PDF 8.5.3.3.
func windingOf(outline []corner, x, y float64, evenOdd bool) bool {
	winding, crossings := 0, 0
	start := 0
	edge := func(a, b corner) {
		if (a.y > y) == (b.y > y) || x >= a.x+(y-a.y)/(b.y-a.y)*(b.x-a.x) {
			return
		}
		crossings++
		if winding++; b.y < a.y {
			winding -= 2
		}
	}
	for i := 1; i <= len(outline); i++ {
		if i == len(outline) || outline[i].first {
			edge(outline[i-1], outline[start]) // parts are closed where they are filled
			start = i
			continue
		}
		edge(outline[i-1], outline[i])
	}
	return evenOdd && crossings%2 == 1 || !evenOdd && winding != 0
}

// path is the path that is being built (PDF 8.5.2).
type path struct {
	corners []corner
	boxes   []rectangle // of re, which stand upright, as long as there is nothing else
	bounds  rectangle
	any     bool
	plain   bool // it is made of upright boxes only
	full    bool // it has more than is remembered
	clips   bool // W or W* was said of it
}

func (p *path) clear() {
	p.corners, p.boxes, p.any, p.plain, p.full, p.clips = p.corners[:0], p.boxes[:0], false, true, false, false
}

// add takes a point of the path.
func (p *path) add(x, y float64, first bool) {
	if !p.any {
		p.bounds, p.any = rectangle{x, y, x, y}, true
	}
	p.bounds = rectangle{min(p.bounds.x0, x), min(p.bounds.y0, y), max(p.bounds.x1, x), max(p.bounds.y1, y)}
	if len(p.corners) >= cornersMost {
		p.full = true
		return
	}
	p.corners = append(p.corners, corner{x, y, first || len(p.corners) == 0})
}

// box takes a rectangle, turned as the page is.
func (p *path) box(x, y, w, h float64, m matrix) {
	for i, c := range [4][2]float64{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}} {
		cx, cy := m.point(c[0], c[1])
		p.add(cx, cy, i == 0)
	}
	upright := m[1] == 0 && m[2] == 0 || m[0] == 0 && m[3] == 0
	if p.plain = p.plain && upright && len(p.boxes) < boxesMost; p.plain {
		p.boxes = append(p.boxes, rectangle{min(x, x+w), min(y, y+h), max(x, x+w), max(y, y+h)}.through(m))
	}
}

// curve takes a Bézier curve as lines (PDF 8.5.2.2).
func (p *path) curve(a, b, c [2]float64) {
	if len(p.corners) == 0 {
		return
	}
	from := p.corners[len(p.corners)-1]
	for i := 1; i <= curveSteps; i++ {
		t := float64(i) / curveSteps
		u := 1 - t
		x := u*u*u*from.x + 3*u*u*t*a[0] + 3*u*t*t*b[0] + t*t*t*c[0]
		y := u*u*u*from.y + 3*u*u*t*a[1] + 3*u*t*t*b[1] + t*t*t*c[1]
		p.add(x, y, false)
	}
}

// nested reports whether one box of the path stands in another, so that what is filled may be a frame.
func (p *path) nested() bool {
	for i, a := range p.boxes {
		for j, b := range p.boxes {
			if i != j && a.x0 <= b.x0 && a.y0 <= b.y0 && a.x1 >= b.x1 && a.y1 >= b.y1 {
				return true
			}
		}
	}
	return false
}

// pathOperator builds a path, and reports whether the operator is one that does.
func (in *interpreter) pathOperator(o syntax.Operator) bool {
	p, m := &in.path, &in.state.ctm
	at := func(i int) [2]float64 {
		x, y := m.point(in.Number(i), in.Number(i+1))
		return [2]float64{x, y}
	}
	switch o {
	case syntax.OpRectangle:
		p.box(in.Number(0), in.Number(1), in.Number(2), in.Number(3), *m)
		return true
	case syntax.OpMoveTo, syntax.OpLineTo:
		to := at(0)
		p.add(to[0], to[1], o == syntax.OpMoveTo)
	case syntax.OpCurve:
		p.curve(at(0), at(2), at(4))
	case syntax.OpCurveFirst:
		if k := len(p.corners) - 1; k >= 0 {
			p.curve([2]float64{p.corners[k].x, p.corners[k].y}, at(0), at(2))
		}
	case syntax.OpCurveLast:
		p.curve(at(0), at(2), at(2))
	case syntax.OpClosePath:
	case syntax.OpClip, syntax.OpClipEvenOdd:
		p.clips = true
		return true
	default:
		return false
	}
	p.plain = false
	return true
}

// painted ends a path that is painted, or is only a clip (PDF 8.5.3 and 8.5.4).
func (in *interpreter) painted(o syntax.Operator) {
	p, s := &in.path, &in.state
	switch o {
	case syntax.OpFill, syntax.OpFillOld, syntax.OpFillEvenOdd,
		syntax.OpFillStroke, syntax.OpFillStrokeEvenOdd, syntax.OpCloseFillStroke, syntax.OpCloseFillStrokeEvenOdd:
		in.filled(o == syntax.OpFillEvenOdd || o == syntax.OpFillStrokeEvenOdd || o == syntax.OpCloseFillStrokeEvenOdd)
	}
	switch o {
	case syntax.OpStroke, syntax.OpCloseStroke,
		syntax.OpFillStroke, syntax.OpFillStrokeEvenOdd, syntax.OpCloseFillStroke, syntax.OpCloseFillStrokeEvenOdd:
		in.stroked()
	}
	if p.clips && p.any {
		s.narrow(p.bounds)
	}
	p.clear()
}

// filled notes what a path fills.
func (in *interpreter) filled(evenOdd bool) {
	p, s := &in.path, &in.state
	switch {
	case !p.any || p.full:
	case p.plain && !p.nested():
		for _, b := range p.boxes {
			in.r.patch(patch{rectangle: b, color: s.color}, s)
		}
	case len(p.corners) > 2:
		in.r.patch(
			patch{rectangle: p.bounds, outline: append([]corner(nil), p.corners...), evenOdd: evenOdd, color: s.color},
			s,
		)
	}
}

// stroked notes thick lines that run along the page or up it.
func (in *interpreter) stroked() {
	p, s := &in.path, &in.state
	w := s.lineWidth * s.ctm.size() / 2
	if 2*w < lineLeast || p.full {
		return
	}
	line := *s
	line.color = s.stroke
	for i := 1; i < len(p.corners); i++ {
		a, b := p.corners[i-1], p.corners[i]
		if b.first || math.Abs(a.x-b.x) > w && math.Abs(a.y-b.y) > w {
			continue
		}
		box := rectangle{min(a.x, b.x) - w, min(a.y, b.y) - w, max(a.x, b.x) + w, max(a.y, b.y) + w}
		in.r.patch(patch{rectangle: box, color: s.stroke}, &line)
	}
}

// shaded notes a shading, which fills what the clip leaves (PDF 8.7.4.2).
func (in *interpreter) shaded() {
	area := in.r.box
	if in.state.clipped {
		area = in.state.clip
	}
	in.r.patch(patch{rectangle: area, color: color{unknown: true}}, &in.state)
}

// narrow makes the clip smaller.
func (s *graphicsState) narrow(b rectangle) {
	if s.clipped {
		b = rectangle{max(b.x0, s.clip.x0), max(b.y0, s.clip.y0), min(b.x1, s.clip.x1), min(b.y1, s.clip.y1)}
	}
	s.clip, s.clipped = b, true
}

// Opacities from which what is drawn hides what is under it, and from which it is a ground for what is on it.
const (
	hidingAlpha = 0.8
	groundAlpha = 0.4
)

// size is how much longer lines become.
func (m matrix) size() float64 { return math.Sqrt(math.Abs(m[0]*m[3] - m[1]*m[2])) }

// patch notes an area that is drawn. Where it is mixed with what is under it, its colour is not worked out.
func (r *Reader) patch(p patch, s *graphicsState) {
	if len(r.patches) >= patchesMost || p.area() <= 0 || s.alpha < groundAlpha || r.hiddenBy > 0 {
		return
	}
	p.from = len(r.text)
	p.hides = s.alpha >= hidingAlpha && !s.blended
	p.color.unknown = p.color.unknown || s.blended || s.alpha < 0.98
	r.patches = append(r.patches, p)
}
