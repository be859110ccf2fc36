package archive

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
)

// names remembers what was read of a document: a batch is mostly of one shipment.
type names struct {
	mu      sync.Mutex
	of      string
	outline *post.Outline
}

// name notes who a letter is for, as its document says, and by what they are searched: the starts of the words of the
// name, as keyed hashes.
func (h *Handler) name(ctx context.Context, f *filing) error {
	outline, err := h.outline(ctx, f.shipment)
	switch {
	case errors.Is(err, post.ErrUnreadable), errors.Is(err, post.ErrDamaged), errors.Is(err, post.ErrNotFound):
		slog.Error("filed without a name", "letter", f.letter.ID, "error", err)
		return nil
	case err != nil:
		return err
	}
	org := f.letter.Org
	f.filed.Name = post.Visible(outline.Letter(f.letter.Number).Name)
	for _, word := range ident.NameWords(f.filed.Name) {
		f.filed.NameKeys = append(f.filed.NameKeys, keys.Name(h.CaseKey, org, ident.NameStart(word)))
	}
	return nil
}

func (h *Handler) outline(ctx context.Context, s *post.Shipment) (*post.Outline, error) {
	h.names.mu.Lock()
	defer h.names.mu.Unlock()
	if of := s.ID + " " + s.Outline; h.names.outline == nil || h.names.of != of {
		outline, err := h.Outlines.Outline(ctx, s)
		if err != nil {
			return nil, err
		}
		h.names.of, h.names.outline = of, outline
	}
	return h.names.outline, nil
}
