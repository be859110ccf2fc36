package syntax

// The operators of content streams (PDF annex A).
var (
	OpSave    = op("q")
	OpRestore = op("Q")
	OpConcat  = op("cm")

	OpXObject         = op("Do")
	OpInlineImageData = op("ID")

	OpStroke      = op("S")
	OpCloseStroke = op("s")
	OpShading     = op("sh")
	OpEndPath     = op("n")

	OpFillStroke             = op("B")
	OpFillStrokeEvenOdd      = op("B*")
	OpCloseFillStroke        = op("b")
	OpCloseFillStrokeEvenOdd = op("b*")

	OpFill        = op("f")
	OpFillOld     = op("F")
	OpFillEvenOdd = op("f*")

	OpGray   = op("g")
	OpRGB    = op("rg")
	OpCMYK   = op("k")
	OpColor  = op("sc")
	OpColorN = op("scn")

	OpColorSpace       = op("cs")
	OpColorSpaceStroke = op("CS")
	OpColorStroke      = op("SC")
	OpColorStrokeN     = op("SCN")

	OpGrayStroke = op("G")
	OpRGBStroke  = op("RG")
	OpCMYKStroke = op("K")
	OpLineWidth  = op("w")

	OpRectangle = op("re")
	OpMoveTo    = op("m")
	OpLineTo    = op("l")
	OpClosePath = op("h")

	OpCurve      = op("c")
	OpCurveFirst = op("v")
	OpCurveLast  = op("y")

	OpClip        = op("W")
	OpClipEvenOdd = op("W*")

	OpGraphicsState           = op("gs")
	OpMarkedContentProperties = op("BDC")
	OpMarkedPointProperties   = op("DP")

	OpMarkedContent    = op("BMC")
	OpEndMarkedContent = op("EMC")

	OpBeginText       = op("BT")
	OpFont            = op("Tf")
	OpMoveText        = op("Td")
	OpMoveTextLeading = op("TD")
	OpTextMatrix      = op("Tm")

	OpNextLine          = op("T*")
	OpCharSpace         = op("Tc")
	OpWordSpace         = op("Tw")
	OpHorizontalScaling = op("Tz")
	OpLeading           = op("TL")

	OpRise               = op("Ts")
	OpRenderingMode      = op("Tr")
	OpShow               = op("Tj")
	OpNextLineShow       = op("'")
	OpNextLineShowSpaced = op("\"")
	OpShowPositioned     = op("TJ")
)

var opTrue, opNull = op("true"), op("null")

// Operator is up to four bytes of its name, the first in the lowest; 0 is none that is known.
type Operator uint32

func op(s string) (o Operator) {
	for i := range len(s) {
		o |= Operator(s[i]) << (8 * i)
	}
	return o
}

// operatorOf returns an operator; true, false and null are operands that nobody asks for.
func operatorOf(word []byte) (o Operator) {
	if len(word) > 4 {
		return 0
	}
	for i, c := range word {
		o |= Operator(c) << (8 * i)
	}
	if o == opTrue || o == opNull {
		return 0
	}
	return o
}

// Category is the sign of a resource category.
type Category byte

// resourceCategories are the resource dictionaries that content refers to by name.
var resourceCategories = map[string]Category{
	"Font": 'F', "XObject": 'X', "ExtGState": 'G', "ColorSpace": 'C', "Pattern": 'P', "Shading": 'S', "Properties": 'M',
}

// CategoryOf returns the category of a resource dictionary by its key, or 0.
func CategoryOf(key []byte) Category { return resourceCategories[string(key)] }

// Category returns the category that the names of an operator are in; those of scn are patterns.
func (o Operator) Category() Category {
	switch o {
	case OpFont:
		return 'F'
	case OpXObject:
		return 'X'
	case OpGraphicsState:
		return 'G'
	case OpColorSpace, OpColorSpaceStroke, OpInlineImageData:
		return 'C'
	case OpColor, OpColorN, OpColorStroke, OpColorStrokeN:
		return 'P'
	case OpShading:
		return 'S'
	case OpMarkedContentProperties, OpMarkedPointProperties:
		return 'M'
	}
	return '-'
}
