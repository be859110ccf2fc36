package pdf

import "bytes"

// state is the part of the graphics state that text needs (PDF 8.4 and 9.3).
type state struct {
	ctm                       matrix
	font                      *font
	size                      float64
	charSpace, wordSpace      float64
	scale, leading, rise      float64
	white                     bool // what is filled is not seen
	invisible                 bool // rendering mode 3: what a machine read off a scanned picture (PDF 9.3.6)
	textMatrix, textLineStart matrix
}

// interpreter runs one content stream (PDF 7.8.2).
type interpreter struct {
	r         *Reader
	lex       lexer
	resources *object
	state     state
	stack     []state
	args      []object
	depth     int
	top       bool // the names in it are those of the page's own resources
}

func (r *Reader) run(content []byte, resources *object, s state, depth int, top bool) error {
	in := interpreter{r: r, lex: lexer{data: content}, resources: resources, state: s, depth: depth, top: top}
	in.state.textMatrix, in.state.textLineStart = identity, identity
	for {
		o := in.lex.operand()
		switch o.kind {
		case kindEnd:
			return nil
		case kindWord:
			if err := in.operator(string(o.raw)); err != nil {
				return err
			}
			in.args = in.args[:0]
		default:
			if o.kind == kindName && top {
				r.note(o.raw)
			}
			if len(in.args) < 64 {
				in.args = append(in.args, o)
			}
		}
	}
}

func (in *interpreter) n(i int) float64 {
	if i < len(in.args) {
		return in.args[i].number()
	}
	return 0
}

// stepLimit bounds what a page may do: forms in forms multiply.
const stepLimit = 5_000_000

func (in *interpreter) operator(op string) error {
	s := &in.state
	if in.r.steps++; in.r.steps > stepLimit {
		return damaged("the page does more than %d things", stepLimit)
	}
	switch op {
	case "q":
		if len(in.stack) < 512 {
			in.stack = append(in.stack, *s)
		}
	case "Q":
		if k := len(in.stack) - 1; k >= 0 {
			*s = in.stack[k]
			in.stack = in.stack[:k]
		}
	case "cm":
		s.ctm = matrix{in.n(0), in.n(1), in.n(2), in.n(3), in.n(4), in.n(5)}.times(s.ctm)
	case "Do":
		return in.xobject()
	case "BI":
		in.r.picture(s.ctm)
		in.skipInlineImage()
	case "B", "B*", "b", "b*", "S", "s", "sh":
		in.r.marks = true
	case "f", "F", "f*":
		in.r.marks = in.r.marks || !s.white
	case "g", "rg", "k", "sc", "scn":
		s.white = in.isWhite()
	default:
		in.textOperator(op)
	}
	return nil
}

// isWhite reports whether the operands are white: all 1 in grey or RGB, all 0 in CMYK (PDF 8.6).
func (in *interpreter) isWhite() bool {
	full := 1.0
	switch len(in.args) {
	case 1, 3:
	case 4:
		full = 0
	default:
		return false
	}
	for i := range in.args {
		if in.args[i].kind != kindNumber || in.n(i) != full {
			return false
		}
	}
	return true
}

func (in *interpreter) textOperator(op string) {
	s := &in.state
	switch op {
	case "BT":
		s.textMatrix, s.textLineStart = identity, identity
	case "Tf":
		if len(in.args) >= 2 {
			s.font, s.size = in.r.font(in.resources, in.args[0].raw), in.n(1)
		}
	case "Td":
		s.nextLine(in.n(0), in.n(1))
	case "TD":
		s.leading = -in.n(1)
		s.nextLine(in.n(0), in.n(1))
	case "Tm":
		s.textLineStart = matrix{in.n(0), in.n(1), in.n(2), in.n(3), in.n(4), in.n(5)}
		s.textMatrix = s.textLineStart
	case "T*":
		s.nextLine(0, -s.leading)
	case "Tc":
		s.charSpace = in.n(0)
	case "Tw":
		s.wordSpace = in.n(0)
	case "Tz":
		s.scale = in.n(0) / 100
	case "TL":
		s.leading = in.n(0)
	case "Ts":
		s.rise = in.n(0)
	case "Tr":
		s.invisible = in.n(0) == 3
	case "Tj":
		in.show(0)
	case "'":
		s.nextLine(0, -s.leading)
		in.show(0)
	case "\"":
		s.wordSpace, s.charSpace = in.n(0), in.n(1)
		s.nextLine(0, -s.leading)
		in.show(2)
	case "TJ":
		in.showSpaced()
	}
}

func (s *state) nextLine(x, y float64) {
	s.textLineStart = matrix{1, 0, 0, 1, x, y}.times(s.textLineStart)
	s.textMatrix = s.textLineStart
}

func (s *state) advance(x float64) {
	s.textMatrix[4] += x * s.textMatrix[0]
	s.textMatrix[5] += x * s.textMatrix[1]
}

func (in *interpreter) show(i int) {
	if i < len(in.args) {
		in.r.show(&in.state, in.args[i])
	}
}

func (in *interpreter) showSpaced() {
	if len(in.args) == 0 {
		return
	}
	s := &in.state
	for _, o := range in.args[0].items {
		if o.kind == kindNumber {
			s.advance(-o.number() / 1000 * s.size * s.scale)
		} else {
			in.r.show(s, o)
		}
	}
}

// xobject runs a form; a picture is a mark on the page (PDF 8.8).
func (in *interpreter) xobject() error {
	if len(in.args) == 0 {
		return nil
	}
	d := in.r.d
	xobjects := d.resolveShared(in.resources.get("XObject"))
	x := d.resolveShared(xobjects.get(string(in.args[0].raw)))
	subtype := x.get("Subtype")
	if !x.isStream || !subtype.is("Form") {
		in.r.picture(in.state.ctm)
		return nil
	}
	if in.depth >= 12 {
		return errTooDeep
	}
	content, err := d.decode(x)
	if err != nil {
		return err
	}
	s := in.state
	if m, ok := matrixOf(d.resolve(x.get("Matrix")).items); ok {
		s.ctm = m.times(s.ctm)
	}
	if own := d.resolveShared(x.get("Resources")); own.kind == kindDict {
		return in.r.run(content, &own, s, in.depth+1, false)
	}
	return in.r.run(content, in.resources, s, in.depth+1, in.top)
}

// skipInlineImage finds EI between white space (PDF 8.9.7).
func (in *interpreter) skipInlineImage() {
	b := in.lex.data
	for i := in.lex.pos; ; {
		j := bytes.Index(b[i:], []byte("EI"))
		if j < 0 {
			in.lex.pos = len(b)
			return
		}
		i += j + 2
		if i >= 3 && class[b[i-3]] == space && (i == len(b) || class[b[i]] == space) {
			in.lex.pos = i
			return
		}
	}
}
