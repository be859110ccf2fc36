package workflow

import (
	"context"

	"brevdue/internal/post"
)

// MayHaveLeft reports whether letters of a shipment may be at Digital Post without the table's knowing, since it came
// out of a backup. r is nil where nothing is ever restored.
func MayHaveLeft(ctx context.Context, r post.Restorations, s *post.Shipment) (bool, error) {
	if r == nil {
		return false, nil
	}
	is, err := r.Restored(ctx)
	return err == nil && (is.Held || is.From(s)), err
}
