package text

import "brevdue/internal/pdf/syntax"

// beginMarked notes the beginning of marked content, which may belong to a layer (PDF 8.11.3.2).
func (in *interpreter) beginMarked(o syntax.Operator) {
	hidden := false
	if o == syntax.OpMarkedContentProperties && string(in.Name(0)) == "OC" {
		properties := in.r.d.ResolveShared(in.resources.Get("Properties"))
		hidden = in.r.d.IsHidden(in.r.d.Entry(&properties, in.Name(1)))
	}
	if len(in.marked) < statesDeep {
		in.marked = append(in.marked, hidden)
		if hidden {
			in.r.hide()
		}
	}
}

func (in *interpreter) endMarked() {
	if k := len(in.marked) - 1; k >= 0 {
		if in.marked[k] {
			in.r.hiddenBy--
		}
		in.marked = in.marked[:k]
	}
}

// hide begins a part of the page that is not seen.
func (r *Reader) hide() {
	r.hiddenBy++
	r.active |= syntax.HiddenLayers
}
