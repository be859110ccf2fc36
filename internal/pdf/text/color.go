package text

import (
	"math"

	"brevdue/internal/pdf/syntax"
)

// color is what something is drawn in: red, green and blue from 0 to 1.
type color struct {
	r, g, b float64
	unknown bool // a pattern, or a space whose colours are not worked out
}

var white = color{r: 1, g: 1, b: 1}

// Colours that differ less than sameColor in each part are one to the eye; what is lighter than paper is not seen on
// it.
const (
	sameColor = 0.08
	paper     = 0.93
)

// isPaper reports whether the colour is not seen on white paper.
func (c color) isPaper() bool { return !c.unknown && min(c.r, c.g, c.b) >= paper }

// vanishesOn reports whether the colour is not seen on another.
func (c color) vanishesOn(other color) bool {
	return !c.unknown && !other.unknown && math.Abs(c.r-other.r) < sameColor && math.Abs(c.g-other.g) < sameColor &&
		math.Abs(c.b-other.b) < sameColor
}

func gray(v float64) color { return color{r: v, g: v, b: v} }

func cmyk(c, m, y, k float64) color {
	return color{r: (1 - c) * (1 - k), g: (1 - m) * (1 - k), b: (1 - y) * (1 - k)}
}

// colorSpace is what the numbers of a colour mean (PDF 8.6).
type colorSpace uint8

const (
	spaceGray colorSpace = iota
	spaceRGB
	spaceCMYK
	spaceLab
	spaceTint  // Separation and DeviceN: 0 is no ink
	spaceOther // Indexed, Pattern
)

// spaceOf returns the colour space of a name.
func (in *interpreter) spaceOf(name []byte) colorSpace {
	switch string(name) {
	case "DeviceGray", "G", "CalGray":
		return spaceGray
	case "DeviceRGB", "RGB", "CalRGB":
		return spaceRGB
	case "DeviceCMYK", "CMYK":
		return spaceCMYK
	}
	for i := range in.spaces {
		if in.spaces[i].name == string(name) {
			return in.spaces[i].space
		}
	}
	d := in.r.d
	spaces := d.ResolveShared(in.resources.Get("ColorSpace"))
	space := d.spaceIn(d.Entry(&spaces, name))
	if len(in.spaces) < 32 {
		in.spaces = append(in.spaces, namedSpace{string(name), space})
	}
	return space
}

type namedSpace struct {
	name  string
	space colorSpace
}

// spaceIn reads a colour space that stands in resources.
func (d *Document) spaceIn(o syntax.Object) colorSpace {
	o = d.ResolveShared(o)
	if o.Kind == syntax.KindName {
		return map[string]colorSpace{
			"DeviceGray": spaceGray, "DeviceRGB": spaceRGB, "DeviceCMYK": spaceCMYK,
		}[string(o.Raw)]
	}
	if o.Kind != syntax.KindArray || len(o.Items) == 0 {
		return spaceOther
	}
	switch kind := d.Resolve(o.Items[0]); string(kind.Raw) {
	case "CalGray":
		return spaceGray
	case "CalRGB":
		return spaceRGB
	case "Lab":
		return spaceLab
	case "Separation", "DeviceN":
		return spaceTint
	case "ICCBased":
		if len(o.Items) < 2 {
			return spaceOther
		}
		profile := d.Resolve(o.Items[1])
		n := d.Resolve(profile.Get("N"))
		switch n.Int() {
		case 1:
			return spaceGray
		case 3:
			return spaceRGB
		case 4:
			return spaceCMYK
		}
	}
	return spaceOther
}

// colorIn reads the operands as a colour of a space.
func (in *interpreter) colorIn(space colorSpace) color {
	n := len(in.Operands)
	for i := range in.Operands {
		if in.Operands[i].Kind != syntax.KindNumber {
			return color{unknown: true}
		}
	}
	switch {
	case space == spaceGray && n == 1:
		return gray(in.Number(0))
	case space == spaceRGB && n == 3:
		return color{r: in.Number(0), g: in.Number(1), b: in.Number(2)}
	case space == spaceCMYK && n == 4:
		return cmyk(in.Number(0), in.Number(1), in.Number(2), in.Number(3))
	case space == spaceLab && n == 3 && math.Abs(in.Number(1))+math.Abs(in.Number(2)) < 8:
		return gray(in.Number(0) / 100)
	case space == spaceTint && in.allZero():
		return white
	}
	return color{unknown: true}
}

func (in *interpreter) allZero() bool {
	for i := range in.Operands {
		if in.Number(i) != 0 {
			return false
		}
	}
	return len(in.Operands) > 0
}

// colorOperator sets the colour of what is filled, and reports whether the operator is one of colour.
func (in *interpreter) colorOperator(o syntax.Operator) bool {
	s := &in.state
	switch o {
	case syntax.OpGray:
		s.space, s.color = spaceGray, in.colorIn(spaceGray)
	case syntax.OpRGB:
		s.space, s.color = spaceRGB, in.colorIn(spaceRGB)
	case syntax.OpCMYK:
		s.space, s.color = spaceCMYK, in.colorIn(spaceCMYK)
	case syntax.OpColorSpace:
		s.space = in.spaceOf(in.Name(0))
		s.color = color{unknown: s.space == spaceOther || s.space == spaceTint}
	case syntax.OpColor, syntax.OpColorN:
		s.color = in.colorIn(s.space)
	case syntax.OpGrayStroke:
		s.stroke = in.colorIn(spaceGray)
	case syntax.OpRGBStroke:
		s.stroke = in.colorIn(spaceRGB)
	case syntax.OpCMYKStroke:
		s.stroke = in.colorIn(spaceCMYK)
	case syntax.OpColorSpaceStroke, syntax.OpColorStroke, syntax.OpColorStrokeN:
		s.stroke = color{unknown: true}
	default:
		return false
	}
	return true
}
