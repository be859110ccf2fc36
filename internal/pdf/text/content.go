package text

import "brevdue/internal/pdf/syntax"

// graphicsState is the part of the graphics state that text needs (PDF 8.4 and 9.3).
type graphicsState struct {
	ctm                       matrix
	textMatrix, textLineStart matrix
	font                      *font
	size                      float64
	charSpace, wordSpace      float64
	scale, leading, rise      float64
	invisible                 bool // rendering modes 3 and 7: nothing is drawn (PDF 9.3.6)
	space                     colorSpace
	color, stroke             color // of what is filled, and of lines
	lineWidth, alpha          float64
	blended                   bool // with what is under it, which stays visible
	clip                      rectangle
	clipped                   bool
}

// start is the graphics state that a content stream begins with.
func start(ctm matrix) graphicsState {
	return graphicsState{ctm: ctm, scale: 1, lineWidth: 1, alpha: 1}
}

// interpreter runs one content stream (PDF 7.8.2).
type interpreter struct {
	syntax.Scanner
	r         *Reader
	resources *syntax.Object
	state     graphicsState
	stack     []graphicsState
	fonts     []namedFont
	spaces    []namedSpace
	path      path
	marked    []bool // content that is marked, and whether it is in a layer that is not seen
	source    int    // object number of the form; 0 for the page's own content
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
	statesDeep = 512
)

// run interprets content with the resources that its names are in. source is the object number of a form.
func (r *Reader) run(content []byte, source int, resources *syntax.Object, s graphicsState, depth int, top bool) error {
	if err := r.d.Spend(len(content)); err != nil {
		return err
	}
	in := r.interpreter(depth)
	in.Reset(content)
	in.source, in.resources, in.state, in.top = source, resources, s, top
	in.state.textMatrix, in.state.textLineStart = identity, identity
	for {
		o, ok := in.Next()
		if !ok {
			return in.ended()
		}
		if top && in.Named {
			in.noteNames(o)
		}
		if r.steps++; r.steps > stepsMost {
			return syntax.Damaged("the page does more than %d things", stepsMost)
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
	in.stack, in.fonts, in.spaces, in.marked = in.stack[:0], in.fonts[:0], in.spaces[:0], in.marked[:0]
	in.path.clear()
	return in
}

func (in *interpreter) ended() error {
	for len(in.marked) > 0 {
		in.endMarked()
	}
	if in.Lost {
		return syntax.Damaged("a picture in the page has no end")
	}
	if in.Overfull {
		return syntax.Damaged("an operator has more than %d operands", syntax.OperandsMost)
	}
	return nil
}

func (in *interpreter) noteNames(o syntax.Operator) {
	for i := range in.Operands {
		if in.Operands[i].Kind == syntax.KindName {
			in.r.names.Add(o.Category(), in.Name(i))
		}
	}
}

// setGraphicsState takes what a graphics state sets that text needs (PDF 8.4.5).
func (in *interpreter) setGraphicsState() {
	states := in.r.d.ResolveShared(in.resources.Get("ExtGState"))
	state := in.r.d.ResolveShared(in.r.d.Entry(&states, in.Name(0)))
	if alpha := in.r.d.Resolve(state.Get("ca")); alpha.Kind == syntax.KindNumber {
		in.state.alpha = alpha.Number()
	}
	if mode := in.r.d.Resolve(state.Get("BM")); mode.Kind != syntax.KindNull {
		in.state.blended = !mode.Is("Normal") && !mode.Is("Compatible")
	}
	if f := in.r.d.ResolveShared(state.Get("Font")); f.Kind == syntax.KindArray && len(f.Items) == 2 {
		in.state.font, in.state.size = in.r.d.fontOf(f.Items[0]), in.r.d.Resolve(f.Items[1]).Number()
	}
}

func (in *interpreter) do(o syntax.Operator) error {
	switch s := &in.state; o {
	case syntax.OpShow, syntax.OpShowPositioned, syntax.OpNextLineShow, syntax.OpNextLineShowSpaced:
		in.showOperator(o)
	case syntax.OpSave:
		if len(in.stack) < statesDeep {
			in.stack = append(in.stack, *s)
		}
	case syntax.OpRestore:
		if k := len(in.stack) - 1; k >= 0 {
			*s = in.stack[k]
			in.stack = in.stack[:k]
		}
	case syntax.OpConcat:
		s.ctm = in.matrix().times(s.ctm)
	case syntax.OpXObject:
		return in.xobject()
	case syntax.OpInlineImageData:
		in.r.picture(s.ctm)
		in.r.patch(patch{rectangle: rectangle{0, 0, 1, 1}.through(s.ctm), color: color{unknown: true}}, s)
	case syntax.OpFillStroke, syntax.OpFillStrokeEvenOdd, syntax.OpCloseFillStroke, syntax.OpCloseFillStrokeEvenOdd,
		syntax.OpStroke, syntax.OpCloseStroke:
		in.r.marks = true
		in.painted(o)
	case syntax.OpShading:
		in.r.marks = true
		in.shaded()
	case syntax.OpFill, syntax.OpFillOld, syntax.OpFillEvenOdd:
		in.r.marks = in.r.marks || s.color != white
		in.painted(o)
	case syntax.OpEndPath:
		in.painted(o)
	case syntax.OpMarkedContentProperties, syntax.OpMarkedContent:
		in.beginMarked(o)
	case syntax.OpEndMarkedContent:
		in.endMarked()
	case syntax.OpGraphicsState:
		in.setGraphicsState()
	case syntax.OpLineWidth:
		s.lineWidth = in.Number(0)
	default:
		if !in.pathOperator(o) && !in.colorOperator(o) {
			in.textOperator(o)
		}
	}
	return nil
}

func (in *interpreter) matrix() matrix {
	return matrix{in.Number(0), in.Number(1), in.Number(2), in.Number(3), in.Number(4), in.Number(5)}
}

func (in *interpreter) textOperator(o syntax.Operator) {
	s := &in.state
	switch o {
	case syntax.OpMoveText:
		s.nextLine(in.Number(0), in.Number(1))
	case syntax.OpMoveTextLeading:
		s.leading = -in.Number(1)
		s.nextLine(in.Number(0), in.Number(1))
	case syntax.OpTextMatrix:
		s.textLineStart = in.matrix()
		s.textMatrix = s.textLineStart
	case syntax.OpNextLine:
		s.nextLine(0, -s.leading)
	case syntax.OpFont:
		s.font, s.size = in.font(in.Name(0)), in.Number(1)
	case syntax.OpBeginText:
		s.textMatrix, s.textLineStart = identity, identity
	case syntax.OpCharSpace:
		s.charSpace = in.Number(0)
	case syntax.OpWordSpace:
		s.wordSpace = in.Number(0)
	case syntax.OpHorizontalScaling:
		s.scale = in.Number(0) / 100
	case syntax.OpLeading:
		s.leading = in.Number(0)
	case syntax.OpRise:
		s.rise = in.Number(0)
	case syntax.OpRenderingMode:
		s.invisible = in.Number(0) == 3 || in.Number(0) == 7
	}
}

func (s *graphicsState) nextLine(x, y float64) {
	m := &s.textLineStart
	m[4], m[5] = x*m[0]+y*m[2]+m[4], x*m[1]+y*m[3]+m[5]
	s.textMatrix = *m
}

func (s *graphicsState) advance(x float64) {
	s.textMatrix[4] += x * s.textMatrix[0]
	s.textMatrix[5] += x * s.textMatrix[1]
}

func (in *interpreter) showOperator(o syntax.Operator) {
	s, first := &in.state, 0
	switch o {
	case syntax.OpNextLineShow:
		s.nextLine(0, -s.leading)
	case syntax.OpNextLineShowSpaced:
		s.wordSpace, s.charSpace = in.Number(0), in.Number(1)
		s.nextLine(0, -s.leading)
		first = min(2, len(in.Operands))
	}
	for i := first; i < len(in.Operands); i++ {
		switch a := &in.Operands[i]; a.Kind {
		case syntax.KindString, syntax.KindHex:
			if in.r.tracing {
				in.r.trace(in, o, i)
			}
			in.r.show(s, &in.Scanner, *a)
		case syntax.KindNumber:
			s.advance(-a.Value / 1000 * s.size * s.scale)
		}
	}
}

// xobject runs a form; a picture is a mark on the page (PDF 8.8).
func (in *interpreter) xobject() error {
	d := in.r.d
	xobjects := d.ResolveShared(in.resources.Get("XObject"))
	ref := d.Entry(&xobjects, in.Name(0))
	form, err := d.formOf(ref)
	if err != nil {
		return err
	}
	if drawn := d.Resolve(ref); d.IsHidden(drawn.Get("OC")) {
		in.r.hide()
		defer func() { in.r.hiddenBy-- }()
	}
	switch {
	case form == nil:
		in.picture(ref)
		return nil
	case in.depth >= syntax.FormsDeep:
		return syntax.Damaged("forms are nested too deep")
	}
	in.r.shortened = in.r.shortened || form.short
	s := in.state
	s.ctm = form.matrix.times(s.ctm)
	if form.resources.Kind == syntax.KindDict {
		return in.r.run(form.content, form.num, &form.resources, s, in.depth+1, false)
	}
	return in.r.run(form.content, form.num, in.resources, s, in.depth+1, in.top)
}

// smallPicture is the share of a page up to which a picture with a mask is taken for one that hides what is under it; a
// larger one may be a watermark.
const smallPicture = 0.1

// picture notes a picture, and what it hides.
func (in *interpreter) picture(ref syntax.Object) {
	s := in.state
	in.r.picture(s.ctm)
	area := rectangle{0, 0, 1, 1}.through(s.ctm)
	opaque := in.r.d.isOpaque(ref)
	if page := in.r.box.area(); !opaque && (page <= 0 || area.area() > smallPicture*page) {
		s.blended = true
	}
	in.r.patch(patch{rectangle: area, color: color{unknown: true}}, &s)
	if opaque && !s.blended && s.alpha >= hidingAlpha && in.r.hiddenBy == 0 && in.r.coversPage(s.ctm) {
		in.r.invisible = in.r.characters // what was written before it is not seen
	}
}

// font returns a font of the resources.
func (in *interpreter) font(name []byte) *font {
	for i := range in.fonts {
		if in.fonts[i].name == string(name) {
			return in.fonts[i].font
		}
	}
	fonts := in.r.d.ResolveShared(in.resources.Get("Font"))
	f := in.r.d.fontOf(in.r.d.Entry(&fonts, name))
	if len(in.fonts) < 32 {
		in.fonts = append(in.fonts, namedFont{string(name), f})
	}
	return f
}
