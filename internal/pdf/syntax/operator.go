package syntax

// The operators of content streams (PDF annex A), as constants: a switch over them is a search and no chain.
const (
	OpSave    Operator = 'q'
	OpRestore Operator = 'Q'
	OpConcat  Operator = 'c' | 'm'<<8

	OpXObject         Operator = 'D' | 'o'<<8
	OpInlineImageData Operator = 'I' | 'D'<<8

	OpStroke      Operator = 'S'
	OpCloseStroke Operator = 's'
	OpShading     Operator = 's' | 'h'<<8
	OpEndPath     Operator = 'n'

	OpFillStroke             Operator = 'B'
	OpFillStrokeEvenOdd      Operator = 'B' | '*'<<8
	OpCloseFillStroke        Operator = 'b'
	OpCloseFillStrokeEvenOdd Operator = 'b' | '*'<<8

	OpFill        Operator = 'f'
	OpFillOld     Operator = 'F'
	OpFillEvenOdd Operator = 'f' | '*'<<8

	OpGray   Operator = 'g'
	OpRGB    Operator = 'r' | 'g'<<8
	OpCMYK   Operator = 'k'
	OpColor  Operator = 's' | 'c'<<8
	OpColorN Operator = 's' | 'c'<<8 | 'n'<<16

	OpColorSpace       Operator = 'c' | 's'<<8
	OpColorSpaceStroke Operator = 'C' | 'S'<<8
	OpColorStroke      Operator = 'S' | 'C'<<8
	OpColorStrokeN     Operator = 'S' | 'C'<<8 | 'N'<<16

	OpGrayStroke Operator = 'G'
	OpRGBStroke  Operator = 'R' | 'G'<<8
	OpCMYKStroke Operator = 'K'
	OpLineWidth  Operator = 'w'

	OpRectangle Operator = 'r' | 'e'<<8
	OpMoveTo    Operator = 'm'
	OpLineTo    Operator = 'l'
	OpClosePath Operator = 'h'

	OpCurve      Operator = 'c'
	OpCurveFirst Operator = 'v'
	OpCurveLast  Operator = 'y'

	OpClip        Operator = 'W'
	OpClipEvenOdd Operator = 'W' | '*'<<8

	OpGraphicsState           Operator = 'g' | 's'<<8
	OpMarkedContentProperties Operator = 'B' | 'D'<<8 | 'C'<<16
	OpMarkedPointProperties   Operator = 'D' | 'P'<<8

	OpMarkedContent    Operator = 'B' | 'M'<<8 | 'C'<<16
	OpEndMarkedContent Operator = 'E' | 'M'<<8 | 'C'<<16

	OpBeginText       Operator = 'B' | 'T'<<8
	OpFont            Operator = 'T' | 'f'<<8
	OpMoveText        Operator = 'T' | 'd'<<8
	OpMoveTextLeading Operator = 'T' | 'D'<<8
	OpTextMatrix      Operator = 'T' | 'm'<<8

	OpNextLine          Operator = 'T' | '*'<<8
	OpCharSpace         Operator = 'T' | 'c'<<8
	OpWordSpace         Operator = 'T' | 'w'<<8
	OpHorizontalScaling Operator = 'T' | 'z'<<8
	OpLeading           Operator = 'T' | 'L'<<8

	OpRise               Operator = 'T' | 's'<<8
	OpRenderingMode      Operator = 'T' | 'r'<<8
	OpShow               Operator = 'T' | 'j'<<8
	OpNextLineShow       Operator = '\''
	OpNextLineShowSpaced Operator = '"'
	OpShowPositioned     Operator = 'T' | 'J'<<8
)

const (
	opTrue Operator = 't' | 'r'<<8 | 'u'<<16 | 'e'<<24
	opNull Operator = 'n' | 'u'<<8 | 'l'<<16 | 'l'<<24
)

// Operator is up to four bytes of its name, the first in the lowest; 0 is none that is known.
type Operator uint32

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
