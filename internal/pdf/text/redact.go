package text

import (
	"encoding/hex"
	"slices"
	"strconv"

	"brevdue/internal/pdf/syntax"
)

// shown is a string that an operator shows.
type shown struct {
	source     int // object number of the form; 0 for the page's own content
	op         syntax.Operator
	from, to   int // of the string in its content, with delimiters
	begin, end int // of all that its operator takes, and of the operator
	lead       string
}

// spot is one character, and the code that shows it.
type spot struct {
	at         int // in layout.text
	shown      int
	code, size int     // bytes in the decoded string
	move       float64 // what TJ takes in its place
}

// trace notes where the characters of a string come from, before it is shown.
func (r *Reader) trace(in *interpreter, o syntax.Operator, i int) {
	a := in.Operands[i]
	sh := shown{
		source: in.source, op: o, from: a.From - 1, to: min(a.To+1, len(in.Content)), begin: a.From - 1, end: in.Pos,
	}
	switch o {
	case syntax.OpNextLineShow:
		sh.lead = "T* "
	case syntax.OpNextLineShowSpaced:
		sh.begin = in.Operands[0].From
		words, characters := in.Number(0), in.Number(1)
		sh.lead = strconv.FormatFloat(words, 'f', -1, 64) + " Tw " +
			strconv.FormatFloat(characters, 'f', -1, 64) + " Tc T* "
	}
	if len(r.spots) > runsMost {
		r.steps = stepsMost // the next operator ends the page
		return
	}
	r.shown = append(r.shown, sh)
	s := &in.state
	if s.font == nil {
		return
	}
	at := len(r.text)
	codes := in.AppendString(nil, a)
	for k := 0; k < len(codes); {
		code, size := s.font.codes.next(codes[k:])
		width := float64(s.font.of(code).width)*s.font.scale*s.size + s.charSpace
		if code == ' ' && size == 1 {
			width += s.wordSpace
		}
		move := 0.0
		if s.size != 0 {
			move = -1000 * width / s.size
		}
		r.spots = append(r.spots, spot{at, len(r.shown) - 1, k, size, move})
		at += len(s.font.text(code))
		k += size
	}
}

// Redact reads count pages from first, and returns their content without what find finds in them. It is removed, not
// covered.
func (d *Document) Redact(first, count int, find syntax.Find) (*syntax.Redaction, error) {
	r := d.Reader()
	r.tracing = true
	edits := map[int]map[shown][]spot{}
	out := &syntax.Redaction{Pages: map[int][]byte{}, Forms: map[int][]byte{}, Find: find}
	for i := first; i < first+count; i++ {
		hits, err := r.hits(i, find)
		if err != nil {
			return nil, err
		}
		if own := hits[0]; own != nil {
			out.Pages[i] = rewritten(r.content, own)
		}
		delete(hits, 0)
		for source, h := range hits {
			if edits[source] == nil {
				edits[source] = map[shown][]spot{}
			}
			for sh, spots := range h {
				edits[source][sh] = append(edits[source][sh], spots...)
			}
		}
	}
	for source, h := range edits {
		f, err := d.appearanceOf(syntax.Object{Kind: syntax.KindRef, Num: source})
		if err != nil || f == nil {
			return nil, syntax.Damaged("a form cannot be changed")
		}
		out.Forms[source] = rewritten(f.content, h)
	}
	return out, nil
}

// hits are characters that are found, by the stream and the string that shows them.
type hits struct {
	r    *Reader
	of   map[int]map[shown][]spot
	seen map[spot]bool
}

// hitsMost is how many characters of one page may be found.
const hitsMost = 20_000

// hits returns the characters of a page that are found: in its lines as they stand, one after the other, so that what
// is broken at the end of a line is found too; and in the order in which they are drawn, whatever their direction.
func (r *Reader) hits(i int, find syntax.Find) (map[int]map[shown][]spot, error) {
	if err := r.read(i); err != nil {
		return nil, err
	}
	return r.found(find)
}

func (r *Reader) found(find syntax.Find) (map[int]map[shown][]spot, error) {
	h := hits{r, map[int]map[shown][]spot{}, map[spot]bool{}}
	drawn := make([]int, len(r.text))
	for at := range drawn {
		drawn[at] = at
	}
	text, places := r.allLines()
	for _, view := range []struct {
		text   []byte
		places []int
	}{{text, places}, {r.text, drawn}} {
		for _, span := range find(string(view.text)) {
			for _, at := range view.places[span[0]:span[1]] {
				if at >= 0 {
					h.add(at)
				}
			}
			if len(h.seen) > hitsMost {
				return nil, syntax.Damaged("more than %d characters of the page would have to go", hitsMost)
			}
		}
	}
	return h.of, nil
}

// allLines returns the text of all lines, cells and lines set apart by a space.
func (r *layout) allLines() (text []byte, places []int) {
	from := 0
	for _, end := range r.join() {
		if end < 0 {
			continue
		}
		text = append(append(text, r.joined[from:end]...), ' ')
		places = append(append(places, r.places[from:end]...), -1)
		from = end
	}
	return text, places
}

// add takes the character that stands at a place of the text.
func (h *hits) add(at int) {
	r := h.r
	k, found := slices.BinarySearchFunc(r.spots, at, func(s spot, at int) int { return s.at - at })
	if !found {
		k--
	}
	for k >= 0 && k+1 < len(r.spots) && r.spots[k+1].at == r.spots[k].at {
		k++ // codes that show nothing come first
	}
	if k < 0 || h.seen[r.spots[k]] {
		return
	}
	s := r.spots[k]
	h.seen[s] = true
	sh := r.shown[s.shown]
	if h.of[sh.source] == nil {
		h.of[sh.source] = map[shown][]spot{}
	}
	h.of[sh.source][sh] = append(h.of[sh.source][sh], s)
}

// rewritten returns content without the characters, each replaced by a move of its width.
func rewritten(content []byte, hits map[shown][]spot) []byte {
	all := make([]shown, 0, len(hits))
	for sh := range hits {
		all = append(all, sh)
	}
	slices.SortFunc(all, func(a, b shown) int { return a.from - b.from })
	var out []byte
	at := 0
	for _, sh := range all {
		segments := withoutCodes(content, sh, hits[sh])
		if sh.op == syntax.OpShowPositioned {
			out = append(append(out, content[at:sh.from]...), segments...)
			at = sh.to
			continue
		}
		out = append(append(out, content[at:sh.begin]...), sh.lead...)
		out = append(append(append(out, '['), segments...), "]TJ"...)
		at = sh.end
	}
	return withoutSpoken(append(out, content[at:]...))
}

// withoutCodes writes a string as TJ takes it, without some of its codes.
func withoutCodes(content []byte, sh shown, gone []spot) []byte {
	k := syntax.KindString
	if content[sh.from] == '<' {
		k = syntax.KindHex
	}
	codes := syntax.AppendLiteral(nil, k, content[sh.from+1:max(sh.to-1, sh.from+1)])
	slices.SortFunc(gone, func(a, b spot) int { return a.code - b.code })
	var out []byte
	from := 0
	segment := func(to int) {
		if to > from {
			out = append(hex.AppendEncode(append(out, '<'), codes[from:to]), '>')
		}
	}
	for _, s := range gone {
		if s.code < from { // of a form that is drawn twice
			continue
		}
		segment(s.code)
		out = append(strconv.AppendFloat(append(out, ' '), s.move, 'f', 3, 64), ' ')
		from = s.code + s.size
	}
	segment(len(codes))
	return out
}

// withoutSpoken takes out what marked content says beside its glyphs (PDF 14.9.4), where that has a digit: it may be a
// part of what was removed. The letters of a ligature stay.
func withoutSpoken(content []byte) []byte {
	s := syntax.Scanner{Content: content}
	var out []byte
	at := 0
	for {
		_, ok := s.Next()
		for _, a := range s.Operands {
			if a.Kind != syntax.KindDict {
				continue
			}
			l := syntax.Lexer{Data: content, Pos: a.From}
			dict := l.Object(true, 0)
			w := syntax.Writer{Out: append(out, content[at:a.From]...)}
			w.Text("<<")
			w.Entries(dict, func(key []byte) bool { return spoken[string(key)] && hasDigit(dict.Get(string(key))) })
			w.Text(">>")
			out, at = w.Out, a.To
		}
		if !ok {
			return append(out, content[at:]...)
		}
	}
}

func hasDigit(o syntax.Object) bool {
	for _, r := range syntax.TextString(syntax.AppendString(nil, o)) {
		if r >= '0' && r <= '9' {
			return true
		}
	}
	return false
}

var spoken = map[string]bool{"ActualText": true, "Alt": true, "E": true, "T": true, "Contents": true}
