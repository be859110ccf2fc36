package pdf

import (
	"encoding/hex"
	"slices"
	"strconv"
)

// Find returns where in a text something stands that must go.
type Find func(text string) [][2]int

// shown is a string that an operator shows.
type shown struct {
	source     int // object number of the form; 0 for the page's own content
	op         operator
	from, to   int // of the string in its content, with delimiters
	begin, end int // of all that its operator takes, and of the operator
	lead       string
}

// spot is one character, and the code that shows it.
type spot struct {
	at         int // in Reader.text
	shown      int
	code, size int     // bytes in the decoded string
	move       float64 // what TJ takes in its place
}

// trace notes where the characters of a string come from, before it is shown.
func (r *Reader) trace(in *interpreter, o operator, i int) {
	a := in.args[i]
	sh := shown{source: in.source, op: o, from: a.from - 1, to: min(a.to+1, len(in.b)), begin: a.from - 1, end: in.pos}
	switch o {
	case opShowLine:
		sh.lead = "T* "
	case opShowSet:
		sh.begin = in.args[0].from
		sh.lead = strconv.FormatFloat(in.n(0), 'f', -1, 64) + " Tw " + strconv.FormatFloat(in.n(1), 'f', -1, 64) + " Tc T* "
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
	codes := in.appendString(nil, a)
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

// Without cuts pages like Cut, without what find finds in their text, their strings and their notes. It is removed from
// the content, not covered. The result has been read again: an error says that something was left.
func (c *Cutter) Without(first, count int, used [][]byte, find Find) ([]byte, error) {
	r := c.d.Reader()
	r.tracing = true
	edits := map[int]map[shown][]spot{}
	c.pageEdits = map[int][]byte{}
	for i := first; i < first+count; i++ {
		hits, err := r.hits(i, find)
		if err != nil {
			return nil, err
		}
		if own := hits[0]; own != nil {
			c.pageEdits[i] = rewritten(r.content, own)
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
	c.edits, c.scrub = map[int][]byte{}, find
	defer func() { c.edits, c.pageEdits, c.scrub = nil, nil, nil }()
	for source, h := range edits {
		f, err := c.d.formOf(object{kind: kindRef, num: source})
		if err != nil || f == nil {
			return nil, damaged("a form cannot be changed")
		}
		c.edits[source] = rewritten(f.content, h)
	}
	out := c.Cut(first, count, used)
	return out, proveGone(out, find)
}

// hits are characters that are found, by the stream and the string that shows them.
type hits struct {
	of   map[int]map[shown][]spot
	seen map[spot]bool
}

// hitsMost is how many characters of one page may be found.
const hitsMost = 20_000

// hits returns the characters of a page that are found: in its lines as they stand, one after the other, so that what is
// broken at the end of a line is found too; and in the order in which they are drawn, whatever their direction.
func (r *Reader) hits(i int, find Find) (map[int]map[shown][]spot, error) {
	if err := r.read(i); err != nil {
		return nil, err
	}
	return r.found(find)
}

func (r *Reader) found(find Find) (map[int]map[shown][]spot, error) {
	h := hits{map[int]map[shown][]spot{}, map[spot]bool{}}
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
					r.hit(&h, at)
				}
			}
			if len(h.seen) > hitsMost {
				return nil, damaged("more than %d characters of the page would have to go", hitsMost)
			}
		}
	}
	return h.of, nil
}

// allLines returns the text of all lines, cells and lines set apart by a space.
func (r *Reader) allLines() (text []byte, places []int) {
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

func (r *Reader) hit(h *hits, at int) {
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
		pieces := withoutCodes(content, sh, hits[sh])
		if sh.op == opShowTJ {
			out = append(append(out, content[at:sh.from]...), pieces...)
			at = sh.to
			continue
		}
		out = append(append(out, content[at:sh.begin]...), sh.lead...)
		out = append(append(append(out, '['), pieces...), "]TJ"...)
		at = sh.end
	}
	return withoutSpoken(append(out, content[at:]...))
}

// withoutCodes writes a string as TJ takes it, without some of its codes.
func withoutCodes(content []byte, sh shown, gone []spot) []byte {
	k := kindString
	if content[sh.from] == '<' {
		k = kindHex
	}
	codes := appendLiteral(nil, k, content[sh.from+1:max(sh.to-1, sh.from+1)])
	slices.SortFunc(gone, func(a, b spot) int { return a.code - b.code })
	var out []byte
	from := 0
	piece := func(to int) {
		if to > from {
			out = append(hex.AppendEncode(append(out, '<'), codes[from:to]), '>')
		}
	}
	for _, s := range gone {
		if s.code < from { // of a form that is drawn twice
			continue
		}
		piece(s.code)
		out = append(strconv.AppendFloat(append(out, ' '), s.move, 'f', 3, 64), ' ')
		from = s.code + s.size
	}
	piece(len(codes))
	return out
}

// withoutSpoken takes out what marked content says beside its glyphs (PDF 14.9.4), where that has a digit: it may be a
// part of what was removed. The letters of a ligature stay.
func withoutSpoken(content []byte) []byte {
	s := scanner{b: content}
	var out []byte
	at := 0
	for {
		_, ok := s.next()
		for _, a := range s.args {
			if a.kind != kindDict {
				continue
			}
			l := lexer{data: content, pos: a.from}
			dict := l.object(true, 0)
			c := Cutter{out: append(out, content[at:a.from]...)}
			c.text("<<")
			c.entries(dict, func(key []byte) bool { return spoken[string(key)] && hasDigit(dict.get(string(key))) })
			c.text(">>")
			out, at = c.out, a.to
		}
		if !ok {
			return append(out, content[at:]...)
		}
	}
}

func hasDigit(o object) bool {
	for _, r := range textOfString(appendString(nil, o)) {
		if r >= '0' && r <= '9' {
			return true
		}
	}
	return false
}

var spoken = map[string]bool{"ActualText": true, "Alt": true, "E": true, "T": true, "Contents": true}
