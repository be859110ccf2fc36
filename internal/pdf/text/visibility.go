package text

import "brevdue/internal/pdf/syntax"

// visibility is whether somebody sees a piece of text.
type visibility uint8

const (
	visible   visibility = iota
	invisible            // white, clipped away, or drawn in no colour: it is read, and told apart
	covered              // under a box, in a layer that is off, too small: it is not read
)

// Text that is smaller is no text to the eye: in points, and as a part of the page's height.
const (
	tinyPoints = 2
	tinyShare  = 0.0024
)

// visibilityOf says whether a text that is being shown is seen, as far as it is known before the rest of the page is
// drawn.
func (r *Reader) visibilityOf(s *graphicsState, x, y, x2, y2, size float64) visibility {
	if s.font != nil && s.font.ownScale { // Type 3: the size says nothing by itself
		size *= 1000 * s.font.scale
	}
	tiny := float64(tinyPoints)
	if h := r.box.y1 - r.box.y0; h > 0 {
		tiny = min(tiny, tinyShare*h)
	}
	clip := rectangle{s.clip.x0 - 1, s.clip.y0 - 1, s.clip.x1 + 1, s.clip.y1 + 1}
	switch {
	case r.hiddenBy > 0, s.alpha < 0.05, size < tiny:
		return covered
	case s.invisible, s.clipped && !clip.holds((x+x2)/2, (y+y2)/2+size/4):
		return invisible
	}
	return visible
}

func (r rectangle) holds(x, y float64) bool { return x >= r.x0 && x <= r.x1 && y >= r.y0 && y <= r.y1 }

// comparisonsMost bounds how often a piece of text is held against what was drawn, on one page.
const comparisonsMost = 4_000_000

// settleVisibility finds what was covered later, or is of the colour of its ground, once the page is drawn.
func (r *Reader) settleVisibility() error {
	work := 0
	for i := range r.runs {
		segment := &r.runs[i]
		if segment.visibility != visible || !segment.color.isPaper() && len(r.patches) == 0 {
			continue
		}
		at := r.placesOf(segment)
		if work += len(at) * len(r.patches); work > comparisonsMost {
			return syntax.Damaged("the page draws too much over its text")
		}
		segment.visibility = r.visibilityOn(segment, at)
	}
	return nil
}

// visibilityOn says whether a piece of text is seen on what was drawn before it and under what was drawn after it.
// Where it has digits, these are looked at: a box over a number is no box over its label.
func (r *Reader) visibilityOn(segment *run, at []float64) visibility {
	hidden, worst := 0, visible
	for _, x := range at {
		if v := r.visibilityAt(segment, x); v != visible {
			worst = max(worst, v)
			hidden++
		}
	}
	if hidden >= min(2, len(at)) {
		return worst
	}
	return visible
}

// placesOf returns about where the digits of a piece stand, or its middle where there are none.
func (r *Reader) placesOf(segment *run) []float64 {
	text := r.text[segment.from:segment.to]
	r.points = r.points[:0]
	for k, c := range text {
		if c >= '0' && c <= '9' && segment.y > -runsUp/2 {
			r.points = append(r.points, segment.x+(segment.end-segment.x)*(float64(k)+0.5)/float64(len(text)))
		}
	}
	if len(r.points) == 0 {
		r.points = append(r.points, segment.middleX)
	}
	return r.points
}

// heights are where a sign is looked at, in parts of its size above the baseline. A line under or through it hides it
// at one of them.
var heights = [...]float64{0.05, 0.2, 0.35, 0.5, 0.65}

// visibilityAt says whether a piece is seen at a place of it: it may be covered, or without a contrast to its ground,
// at most of its heights.
func (r *Reader) visibilityAt(segment *run, x float64) visibility {
	over, vanished, onPaper := 0, 0, 0
	for _, h := range heights {
		y := segment.middleY + (h-0.25)*segment.size
		ground, hidden := white, false
		for i := range r.patches {
			if p := &r.patches[i]; p.holds(x, y) {
				if p.from > segment.from {
					hidden = hidden || p.hides
				} else {
					ground = p.color
				}
			}
		}
		switch {
		case hidden:
			over++
		case segment.color.vanishesOn(ground):
			vanished++
			if ground.isPaper() {
				onPaper++
			}
		}
	}
	const most = len(heights)/2 + 1
	switch {
	case over >= most, vanished >= most && onPaper < most:
		return covered
	case vanished >= most:
		return invisible
	}
	return visible
}
