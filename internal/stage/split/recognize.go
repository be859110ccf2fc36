package split

import (
	"context"
	"log/slog"
	"runtime"

	"brevdue/internal/post"
	"brevdue/internal/splitter"
)

// recognizedMost is how many pages of one document a machine reads: a scan of a whole mailing belongs on paper.
const recognizedMost = 200

// recognize has a machine read the pages that are pictures, and notes the number that it takes for the recipient's.
// What it cannot read stays without.
func (h *Handler) recognize(ctx context.Context, s *post.Shipment, plan *splitter.Plan, far *progress) error {
	if h.Recognizer == nil || len(s.TypedRecipients) > 0 {
		return nil
	}
	if known, err := h.guessedBefore(ctx, s, plan); known || err != nil {
		return err
	}
	pictures := plan.Pictures()
	pictures = pictures[:min(len(pictures), recognizedMost)]
	return h.Runner.Run(ctx, len(pictures), runtime.GOMAXPROCS(0), func(k int) error {
		text, err := h.Recognizer.Recognize(ctx, plan.Picture(pictures[k]))
		far.recognized(ctx, len(pictures))
		if err != nil {
			slog.Warn("a page was not recognized", "shipment", s.ID, "page", pictures[k], "error", err)
			return nil
		}
		plan.Guess(pictures[k], splitter.GuessRecipient(text, s.OwnNumbers))
		return nil
	})
}

// guessedBefore takes over what was guessed when the shipment was split before: the pages are the same.
func (h *Handler) guessedBefore(ctx context.Context, s *post.Shipment, plan *splitter.Plan) (bool, error) {
	if s.Facts.Key != "" {
		before, err := h.replan(ctx, s)
		if err != nil || before.Pages != plan.Pages {
			return false, nil // they are guessed anew
		}
		takeGuesses(plan, before)
		return true, nil
	}
	if s.Outline == "" {
		return false, nil
	}
	o, err := h.Outlines.Outline(ctx, s)
	if err != nil || o == nil || len(o.Pages) != plan.Pages {
		return false, err
	}
	for i, page := range o.Pages {
		plan.Guess(i+1, page.Guess)
	}
	return true, nil
}

// takeGuesses takes over what was recognized for another plan of the same document.
func takeGuesses(plan, from *splitter.Plan) {
	for i, page := range from.Outline().Pages {
		plan.Guess(i+1, page.Guess)
	}
}
