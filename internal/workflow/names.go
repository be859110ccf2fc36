package workflow

import (
	"cmp"
	"context"

	"brevdue/internal/post"
)

// Names are who letters are for, as the splitter has read it or a recipient list says. It implements post.LetterNames.
type Names struct {
	Outlines post.Outlines
	read     Memory[[]string]
}

// NameOf implements post.LetterNames.
func (n *Names) NameOf(ctx context.Context, s *post.Shipment, l *post.Letter) (string, error) {
	names, err := n.read.Get(s.ID+" "+s.Outline, func() ([]string, error) {
		outline, err := n.Outlines.Outline(ctx, s)
		if err != nil || outline == nil { // typed recipients have none
			return nil, err
		}
		names := make([]string, len(outline.Letters))
		for i, l := range outline.Letters {
			names[i] = post.Visible(l.Name)
		}
		return names, nil
	})
	name := ""
	if l.Number >= 1 && l.Number <= len(names) {
		name = names[l.Number-1]
	}
	return cmp.Or(name, s.TypedName(l)), err
}
