package syntax

import "strconv"

// Writer writes objects as they stand in a file (PDF 7.3).
type Writer struct {
	Out   []byte
	Refer func(num int) // writes a reference to an object of the file that is read; nil writes it as it stands there
	Scrub Find          // a string in which it finds something is written as an empty one; nil finds nothing
}

// leftOut are keys that stay behind wherever they stand: what tells of the whole file, of its making, or does
// something by itself. What belongs to the letter of tags, fields and links is written apart.
var leftOut = map[string]bool{
	"Metadata": true, "PieceInfo": true, "LastModified": true, "StructParent": true, "StructParents": true, "AA": true,
	"OpenAction": true, "JS": true, "Thumb": true,
}

// Text writes what it is given.
func (w *Writer) Text(s string) { w.Out = append(w.Out, s...) }

// Integer writes a number.
func (w *Writer) Integer(n int) { w.Out = strconv.AppendInt(w.Out, int64(n), 10) }

// Reference writes a reference to an object of the file that is written.
func (w *Writer) Reference(n int) {
	w.Text(" ")
	w.Integer(n)
	w.Text(" 0 R")
}

// Name writes a name, with what is not regular in it as #20 and the like (PDF 7.3.5).
func (w *Writer) Name(b []byte) {
	const hex = "0123456789ABCDEF"
	w.Text("/")
	for _, b := range b {
		if b < '!' || b > '~' || class[b] != regular || b == '#' {
			w.Out = append(w.Out, '#', hex[b>>4], hex[b&15])
		} else {
			w.Out = append(w.Out, b)
		}
	}
}

// Value writes an object without its stream.
func (w *Writer) Value(o Object) {
	switch o.Kind {
	case KindString, KindHex:
		if w.Scrub != nil && len(w.Scrub(TextString(AppendString(nil, o)))) > 0 {
			w.Text("()")
			return
		}
	}
	switch o.Kind {
	case KindNull, KindEnd:
		w.Text(" null")
	case KindNumber, KindKeyword:
		w.Text(" ")
		w.Out = append(w.Out, o.Raw...)
	case KindName:
		w.Name(o.Raw)
	case KindString:
		w.Text("(")
		w.Out = append(w.Out, o.Raw...)
		w.Text(")")
	case KindHex:
		w.Text("<")
		w.Out = append(w.Out, o.Raw...)
		w.Text(">")
	case KindArray:
		w.Text("[")
		for _, item := range o.Items {
			w.Value(item)
		}
		w.Text("]")
	case KindDict:
		w.Text("<<")
		w.Entries(o, func([]byte) bool { return false })
		w.Text(">>")
	case KindRef:
		if w.Refer == nil {
			w.Reference(o.Num)
			return
		}
		w.Refer(o.Num)
	}
}

// Entries writes the entries of a dictionary that are not left out.
func (w *Writer) Entries(o Object, without func(key []byte) bool) {
	for i := 0; i+1 < len(o.Items); i += 2 {
		if key := o.Items[i].Raw; !leftOut[string(key)] && !without(key) {
			w.Name(key)
			w.Value(o.Items[i+1])
		}
	}
}
