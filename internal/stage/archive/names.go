package archive

import (
	"context"
	"errors"
	"log/slog"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
)

// name notes who a letter is for, as its document says, and by what they are searched: the starts of the words of the
// name, as keyed hashes.
func (h *Handler) name(ctx context.Context, f *filing) error {
	names, err := h.namesIn(ctx, f.shipment)
	switch n := f.letter.Number; {
	case errors.Is(err, post.ErrUnreadable), errors.Is(err, post.ErrDamaged), errors.Is(err, post.ErrNotFound):
		slog.Error("filed without a name", "letter", f.letter.ID, "error", err)
		return nil
	case err != nil:
		return err
	case n >= 1 && n <= len(names):
		f.filed.Name = names[n-1]
	}
	for _, word := range ident.NameWords(f.filed.Name) {
		f.filed.NameKeys = append(f.filed.NameKeys, keys.Name(h.CaseKey, f.letter.Org, ident.NameStart(word)))
	}
	return nil
}

// namesIn are the names of a shipment's letters, in the order of the list; none of typed recipients.
func (h *Handler) namesIn(ctx context.Context, s *post.Shipment) ([]string, error) {
	return h.names.Get(s.ID+" "+s.Outline, func() ([]string, error) {
		outline, err := h.Outlines.Outline(ctx, s)
		if err != nil || outline == nil {
			return nil, err
		}
		names := make([]string, len(outline.Letters))
		for i, l := range outline.Letters {
			names[i] = post.Visible(l.Name)
		}
		return names, nil
	})
}
