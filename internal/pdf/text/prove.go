package text

import (
	"strings"

	"brevdue/internal/pdf/syntax"
)

// ProveGone reads a document as somebody would who looks for what was removed: its pages, also what is cropped away;
// every stream that can draw, also those that no page names; and all strings and names.
func ProveGone(data []byte, find syntax.Find) error {
	file, err := syntax.Open(data)
	if err != nil {
		return err
	}
	d := New(file)
	traced, plain := d.Reader(), d.Reader()
	traced.tracing = true
	for i := range d.Pages() {
		left, err := traced.hits(i, find)
		if err != nil {
			return err
		}
		text, err := plain.Read(i)
		if err != nil {
			return err
		}
		var all []string
		for _, line := range append(text.Lines, text.Hidden...) {
			all = append(all, line...)
		}
		if len(left) > 0 || len(find(strings.Join(all, " "))) > 0 {
			return syntax.Damaged("page %d: what was to be removed is still there", i+1)
		}
	}
	for n := range d.Objects() {
		o := d.Object(n)
		if inStrings(&o, find) {
			return syntax.Damaged("what was to be removed is still there, in object %d", n)
		}
		if err := traced.proveStream(o, find); err != nil {
			return err
		}
	}
	return nil
}

// proveStream looks into a stream that draws.
func (r *Reader) proveStream(o syntax.Object, find syntax.Find) error {
	if !o.IsStream() || !r.d.IsForm(o) && o.Get("PatternType").Kind == syntax.KindNull {
		return nil
	}
	content, err := r.d.Decode(o)
	if err != nil {
		return err
	}
	own := r.d.ResolveShared(o.Get("Resources"))
	r.begin()
	if err := r.run(content, o.Stream.Num, &own, start(identity), 0, false); err != nil {
		return err
	}
	left, err := r.found(find)
	if err == nil && len(left) > 0 {
		err = syntax.Damaged("what was to be removed is still there, in object %d", o.Stream.Num)
	}
	return err
}

func inStrings(o *syntax.Object, find syntax.Find) bool {
	switch o.Kind {
	case syntax.KindString, syntax.KindHex:
		return len(find(syntax.TextString(syntax.AppendString(nil, *o)))) > 0
	case syntax.KindName:
		return len(find(string(o.Raw))) > 0
	}
	for i := range o.Items {
		if inStrings(&o.Items[i], find) {
			return true
		}
	}
	return false
}
