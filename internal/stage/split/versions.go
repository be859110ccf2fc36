package split

import (
	"context"
	"fmt"
	"strings"

	"brevdue/internal/post"
)

// removeOldVersions removes the letters that a version before this one has written while a shipment was in review, and
// their files. The shipment is still being split, so whoever dies here does it again.
func (h *Handler) removeOldVersions(ctx context.Context, s *post.Shipment) error {
	if s.Drafted || s.Version == 0 {
		return nil
	}
	for v := s.RemovedVersions + 1; v <= s.Version; v++ {
		if err := h.removeVersion(ctx, s, v); err != nil {
			return err
		}
	}
	return h.Versions.RemoveOutlines(ctx, &post.Shipment{ID: s.ID, Org: s.Org, Outline: "none"})
}

// removeVersion removes the letters of one version, page by page: files first, then the letters that name them, and the
// counts last, so that it can begin again after a crash.
func (h *Handler) removeVersion(ctx context.Context, s *post.Shipment, version int) error {
	files := fmt.Sprintf("letters/%s/%d/", s.ID, version) // a document that all letters share is not there
	of := &post.Shipment{ID: s.ID, Org: s.Org, Version: version}
	for from := 1; ; {
		page, err := h.Lists.Page(ctx, of, from, lettersAtOnce)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return h.Versions.RemoveCounts(ctx, of, version)
		}
		var keys []string
		for _, l := range page {
			if strings.HasPrefix(l.Document.Key, files) {
				keys = append(keys, l.Document.Key)
			}
		}
		if err := h.Objects.Release(ctx, keys...); err != nil { // before the letters, which name them
			return err
		}
		if err := h.Versions.RemoveLetters(ctx, page); err != nil {
			return err
		}
		from = page[len(page)-1].ID.Number() + 1
	}
}
