package pdf

// state is the part of the graphics state that text needs (PDF 8.4 and 9.3).
type state struct {
	ctm                       matrix
	textMatrix, textLineStart matrix
	font                      *font
	size                      float64
	charSpace, wordSpace      float64
	scale, leading, rise      float64
	white                     bool // what is filled is not seen
	invisible                 bool // rendering mode 3: what a machine read off a scanned picture (PDF 9.3.6)
}

// interpreter runs one content stream (PDF 7.8.2).
type interpreter struct {
	scanner
	r         *Reader
	resources *object
	state     state
	stack     []state
	fonts     []namedFont
	source    int // object number of the form; 0 for the page's own content
	depth     int
	top       bool // the names in it are those of the page's own resources
}

type namedFont struct {
	name string
	font *font
}

// Limits of one page: forms in forms multiply.
const (
	stepsMost  = 5_000_000
	runsMost   = 500_000
	formsDeep  = 12
	statesDeep = 512
)

// run interprets content with the resources that its names are in. source is the object number of a form.
func (r *Reader) run(content []byte, source int, resources *object, s state, depth int, top bool) error {
	if err := r.d.spend(len(content)); err != nil {
		return err
	}
	in := r.interpreter(depth)
	in.b, in.pos, in.overfull, in.lost, in.source, in.resources, in.state, in.top = content, 0, false, false, source, resources, s, top
	in.state.textMatrix, in.state.textLineStart = identity, identity
	for {
		o, ok := in.next()
		if !ok {
			return in.ended()
		}
		if top && in.named {
			in.noteNames(o)
		}
		if r.steps++; r.steps > stepsMost {
			return damaged("the page does more than %d things", stepsMost)
		}
		if err := in.do(o); err != nil {
			return err
		}
	}
}

// interpreter returns the one for a depth, with its buffers.
func (r *Reader) interpreter(depth int) *interpreter {
	for len(r.interpreters) <= depth {
		r.interpreters = append(r.interpreters, &interpreter{r: r, depth: len(r.interpreters)})
	}
	in := r.interpreters[depth]
	in.stack, in.fonts = in.stack[:0], in.fonts[:0]
	return in
}

func (in *interpreter) ended() error {
	if in.lost {
		return damaged("a picture in the page has no end")
	}
	if in.overfull {
		return damaged("an operator has more than %d operands", operandsMost)
	}
	return nil
}

func (in *interpreter) noteNames(o operator) {
	for i := range in.args {
		if in.args[i].kind == kindName {
			in.r.names.add(categoryOf(o), in.name(i))
		}
	}
}

// fontOfState takes the font that a graphics state sets (PDF 8.4.5).
func (in *interpreter) fontOfState() {
	states := in.r.d.resolveShared(in.resources.get("ExtGState"))
	in.r.steps += len(states.items) / 32
	state := in.r.d.resolveShared(states.get(string(in.name(0))))
	if f := in.r.d.resolveShared(state.get("Font")); f.kind == kindArray && len(f.items) == 2 {
		in.state.font, in.state.size = in.r.d.fontOf(f.items[0]), in.r.d.resolve(f.items[1]).number()
	}
}

var (
	opSave, opRestore, opConcat                              = op("q"), op("Q"), op("cm")
	opXObject, opImageData                                   = op("Do"), op("ID")
	opStroke, opStrokeClosed, opShade                        = op("S"), op("s"), op("sh")
	opPaint, opPaintEvenOdd, opPaintClosed, opPaintClosedEO  = op("B"), op("B*"), op("b"), op("b*")
	opFill, opFillOld, opFillEvenOdd                         = op("f"), op("F"), op("f*")
	opGray, opRGB, opCMYK, opColor, opColorN                 = op("g"), op("rg"), op("k"), op("sc"), op("scn")
	opSpace, opSpaceStroke, opColorStroke, opColorStrokeN    = op("cs"), op("CS"), op("SC"), op("SCN")
	opState, opMarked, opMarkedPoint                         = op("gs"), op("BDC"), op("DP")
	opBeginText, opFont, opMove, opMoveLeading, opMatrix     = op("BT"), op("Tf"), op("Td"), op("TD"), op("Tm")
	opNextLine, opCharSpace, opWordSpace, opScale, opLeading = op("T*"), op("Tc"), op("Tw"), op("Tz"), op("TL")
	opRise, opMode, opShow, opShowLine, opShowSet, opShowTJ  = op("Ts"), op("Tr"), op("Tj"), op("'"), op("\""), op("TJ")
)

func (in *interpreter) do(o operator) error {
	switch s := &in.state; o {
	case opShow, opShowTJ, opShowLine, opShowSet:
		in.showOperator(o)
	case opSave:
		if len(in.stack) < statesDeep {
			in.stack = append(in.stack, *s)
		}
	case opRestore:
		if k := len(in.stack) - 1; k >= 0 {
			*s = in.stack[k]
			in.stack = in.stack[:k]
		}
	case opConcat:
		s.ctm = in.matrix().times(s.ctm)
	case opXObject:
		return in.xobject()
	case opImageData:
		in.r.picture(s.ctm)
	case opPaint, opPaintEvenOdd, opPaintClosed, opPaintClosedEO, opStroke, opStrokeClosed, opShade:
		in.r.marks = true
	case opFill, opFillOld, opFillEvenOdd:
		in.r.marks = in.r.marks || !s.white
	case opGray, opRGB, opCMYK:
		s.white = in.isWhite()
	case opSpace, opColor, opColorN: // of a space that need not be Device…
		s.white = false
	case opState:
		in.fontOfState()
	default:
		in.textOperator(o)
	}
	return nil
}

func (in *interpreter) matrix() matrix {
	return matrix{in.n(0), in.n(1), in.n(2), in.n(3), in.n(4), in.n(5)}
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

func (in *interpreter) textOperator(o operator) {
	s := &in.state
	switch o {
	case opMove:
		s.nextLine(in.n(0), in.n(1))
	case opMoveLeading:
		s.leading = -in.n(1)
		s.nextLine(in.n(0), in.n(1))
	case opMatrix:
		s.textLineStart = in.matrix()
		s.textMatrix = s.textLineStart
	case opNextLine:
		s.nextLine(0, -s.leading)
	case opFont:
		s.font, s.size = in.font(in.name(0)), in.n(1)
	case opBeginText:
		s.textMatrix, s.textLineStart = identity, identity
	case opCharSpace:
		s.charSpace = in.n(0)
	case opWordSpace:
		s.wordSpace = in.n(0)
	case opScale:
		s.scale = in.n(0) / 100
	case opLeading:
		s.leading = in.n(0)
	case opRise:
		s.rise = in.n(0)
	case opMode:
		s.invisible = in.n(0) == 3
	}
}

func (s *state) nextLine(x, y float64) {
	m := &s.textLineStart
	m[4], m[5] = x*m[0]+y*m[2]+m[4], x*m[1]+y*m[3]+m[5]
	s.textMatrix = *m
}

func (s *state) advance(x float64) {
	s.textMatrix[4] += x * s.textMatrix[0]
	s.textMatrix[5] += x * s.textMatrix[1]
}

func (in *interpreter) showOperator(o operator) {
	s, first := &in.state, 0
	switch o {
	case opShowLine:
		s.nextLine(0, -s.leading)
	case opShowSet:
		s.wordSpace, s.charSpace = in.n(0), in.n(1)
		s.nextLine(0, -s.leading)
		first = min(2, len(in.args))
	}
	for i := first; i < len(in.args); i++ {
		switch a := &in.args[i]; a.kind {
		case kindString, kindHex:
			if in.r.tracing {
				in.r.trace(in, o, i)
			}
			in.r.show(s, &in.scanner, *a)
		case kindNumber:
			s.advance(-a.value / 1000 * s.size * s.scale)
		}
	}
}

// xobject runs a form; a picture is a mark on the page (PDF 8.8).
func (in *interpreter) xobject() error {
	d := in.r.d
	xobjects := d.resolveShared(in.resources.get("XObject"))
	in.r.steps += len(xobjects.items) / 32
	ref := xobjects.get(string(in.name(0)))
	form, err := d.formOf(ref)
	switch {
	case err != nil:
		return err
	case form == nil:
		in.r.picture(in.state.ctm)
		if in.r.coversPage(in.state.ctm) && in.r.d.isOpaque(ref) { // what was written before it is not seen
			in.r.invisible = in.r.characters
		}
		return nil
	case in.depth >= formsDeep:
		return damaged("forms are nested too deep")
	}
	s := in.state
	s.ctm = form.matrix.times(s.ctm)
	if form.resources.kind == kindDict {
		return in.r.run(form.content, form.num, &form.resources, s, in.depth+1, false)
	}
	return in.r.run(form.content, form.num, in.resources, s, in.depth+1, in.top)
}

// font returns a font of the resources.
func (in *interpreter) font(name []byte) *font {
	for i := range in.fonts {
		if in.fonts[i].name == string(name) {
			return in.fonts[i].font
		}
	}
	fonts := in.r.d.resolveShared(in.resources.get("Font"))
	in.r.steps += len(fonts.items) / 32
	f := in.r.d.fontOf(fonts.get(string(name)))
	if len(in.fonts) < 32 {
		in.fonts = append(in.fonts, namedFont{string(name), f})
	}
	return f
}
