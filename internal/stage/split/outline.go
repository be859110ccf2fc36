package split

import (
	"context"
	"fmt"

	"brevdue/internal/post"
	"brevdue/internal/splitter"
)

// keepOutline stores the outline, after it was checked that every page is in exactly one letter.
func (h *Handler) keepOutline(ctx context.Context, s *post.Shipment, plan *splitter.Plan) (string, error) {
	if len(s.TypedRecipients) > 0 {
		return "", nil
	}
	if err := plan.Outline().Conserved(); err != nil {
		return "", fmt.Errorf("shipment %s: %w", s.ID, err)
	}
	return h.Outlines.PutOutline(ctx, s, outlineOf(plan))
}
