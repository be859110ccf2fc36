package split

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/splitter"
)

// errAnotherOutcome means that the letters of a Send are not those that were reviewed.
var errAnotherOutcome = errors.New("the letters are not those that were reviewed")

// freeze writes the letters of a Send from the corrections that it froze, after the document was read once more. When
// another outcome comes out of it than was reviewed, nothing is sent: the draft goes back to whoever reviews it.
func (h *Handler) freeze(ctx context.Context, s *post.Shipment) error {
	s, err := h.Shipments.Change(ctx, s.Org, s.ID, func(now *post.Shipment) error {
		if now.State != post.InSending || now.Written || now.Due.After(h.clock().NextCheck()) {
			return post.ErrUnchanged
		}
		now.Due = h.whenWritten(now)
		return nil
	})
	if err != nil || s.State != post.InSending || s.Written {
		return err
	}
	data, done, err := h.Objects.Open(ctx, s.Parts[0].Object)
	if err != nil {
		return err
	}
	defer done()
	plan, err := h.plan(ctx, s, data, nil)
	if problemOf(err) != nil {
		return h.breakDown(ctx, s, err)
	}
	if err != nil {
		return err
	}
	switch same, err := h.asReviewed(ctx, s, plan); {
	case err != nil:
		return err
	case !same:
		return h.reviewAnew(ctx, s, plan)
	}
	err = h.writeLetters(ctx, s, plan)
	switch {
	case errors.Is(err, errAnotherOutcome):
		return h.reviewAnew(ctx, s, plan)
	case problemOf(err) != nil: // all of them together are too large
		return h.breakDown(ctx, s, err)
	}
	return err
}

// asReviewed reports whether a plan has the letters that its facts give, which are those that were reviewed; or where
// there was no review, those that were found at first.
func (h *Handler) asReviewed(ctx context.Context, s *post.Shipment, plan *splitter.Plan) (bool, error) {
	if len(s.TypedRecipients) > 0 { // each gets all of it
		return true, nil
	}
	if s.Facts.Key == "" { // nobody has reviewed it: nobody has to, and the letters are those that were claimed
		return !plan.Review && plan.Content() == s.Content, nil
	}
	reviewed, err := h.replan(ctx, s)
	if errors.Is(err, splitter.ErrFacts) { // of another version: what a person saw is not known any more
		return false, nil
	}
	if err != nil {
		return false, err
	}
	takeGuesses(plan, reviewed)
	return slices.EqualFunc(reviewed.Segments, plan.Segments, sameLetter), nil
}

func sameLetter(a, b splitter.Segment) bool {
	return a.First == b.First && a.Last == b.Last && a.Recipient == b.Recipient && a.Unit == b.Unit &&
		a.Ordinal == b.Ordinal && a.Problem == b.Problem && a.Dropped == b.Dropped
}

// replan plans a shipment from its facts, with the corrections that count.
func (h *Handler) replan(ctx context.Context, s *post.Shipment) (*splitter.Plan, error) {
	return h.replanOn(ctx, s, h.Now())
}

// replanOn is replan for letters that leave on a day.
func (h *Handler) replanOn(ctx context.Context, s *post.Shipment, day time.Time) (*splitter.Plan, error) {
	facts, done, err := h.Objects.Open(ctx, s.Facts)
	if err != nil {
		return nil, fmt.Errorf("facts of %s: %w", s.ID, err)
	}
	defer done()
	names, err := h.names(ctx, s)
	if err != nil {
		return nil, err
	}
	o := h.options(s, names)
	o.Today = day.In(post.Denmark())
	plan, err := h.Replan(facts, o)
	if problemOf(err) != nil { // it is told where somebody looks
		err = nil
	}
	return plan, err
}

// reviewAnew takes a Send back whose letters are others than those that were reviewed.
func (h *Handler) reviewAnew(ctx context.Context, s *post.Shipment, plan *splitter.Plan) error {
	facts, err := h.putFacts(ctx, s, plan)
	if err != nil {
		return err
	}
	if err := h.remark(ctx, s, plan); err != nil {
		return err
	}
	round := s.Sends
	_, err = h.Shipments.Change(ctx, s.Org, s.ID, func(now *post.Shipment) error {
		if now.State != post.InSending || now.Sends != round || now.Written {
			return post.ErrUnchanged
		}
		now.Waiting = true   // nothing has begun to leave
		if now.Cancels > 0 { // somebody has pressed Stop meanwhile
			return now.Cancel(h.Now(), now.CancelledBy)
		}
		if err := now.Undo(); err != nil {
			return err
		}
		now.Review, now.Facts, now.Findings = true, facts, append(findingsOf(plan), post.OtherOutcome)
		return nil
	})
	return err
}

// breakDown ends a shipment whose document cannot be split any more.
func (h *Handler) breakDown(ctx context.Context, s *post.Shipment, cause error) error {
	p := problemOf(cause)
	p.At = h.Now()
	_, err := h.Shipments.Change(ctx, s.Org, s.ID, func(now *post.Shipment) error {
		if err := now.BreakDown(h.clock()); err != nil {
			return err
		}
		now.Problem = p
		return nil
	})
	if err != nil {
		return err
	}
	return h.Queues.Send(ctx, post.SplitQueue.Dead(), post.Job{Org: s.Org, Shipment: s.ID, Code: p.Code})
}

// writeLetters writes the letters of a Send: what an undone one has left is removed first. It begins again where it
// died, and ends when the shipment is no longer the one that was sent.
func (h *Handler) writeLetters(ctx context.Context, s *post.Shipment, plan *splitter.Plan) error {
	outline, err := h.keepOutline(ctx, s, plan)
	if err != nil {
		return err
	}
	round := s.Sends
	frozen := func(now *post.Shipment) bool {
		return now.State == post.InSending && now.Sends == round && !now.Written
	}
	// The number of letters is there before the first of them, so that whoever cancels finds them all.
	s, err = h.Shipments.Change(ctx, s.Org, s.ID, func(now *post.Shipment) error {
		secret := now.Secret
		if secret == "" {
			secret = h.NewSecret()
		}
		if !frozen(now) || now.Outline == outline && now.Letters == len(plan.Segments) && now.Secret == secret {
			return post.ErrUnchanged
		}
		now.Secret = secret
		now.Pages, now.Letters, now.Outline, now.Content = plan.Pages, len(plan.Segments), outline, plan.Content()
		now.Findings = append(findingsOf(plan), post.RepeatsOf(now.Findings)...)
		now.Findings = slices.DeleteFunc(now.Findings, func(f post.Finding) bool { // somebody who may has sent it
			return f.Code == post.FindingLostRight
		})
		now.Due = h.whenWritten(now)
		return nil
	})
	var words post.Words
	for err == nil && frozen(s) {
		if err = h.removeUndone(ctx, s); err == nil {
			words, err = h.write(ctx, s, plan)
		}
		if !errors.Is(err, post.ErrOvertaken) {
			break
		}
		if s, err = h.Shipments.Get(ctx, s.Org, s.ID); err == nil {
			continue
		}
	}
	if err != nil || !frozen(s) {
		return err
	}
	_, err = h.Shipments.Change(ctx, s.Org, s.ID, func(now *post.Shipment) error {
		if !frozen(now) {
			return post.ErrUnchanged
		}
		now.Written, now.Words, now.Secret = true, words, "" // each letter's key is its own from now on
		return nil
	})
	return err
}

// releaseWords gives up what is kept of what letters of an undone Send say.
func (h *Handler) releaseWords(ctx context.Context, s *post.Shipment) error {
	if len(s.Words.Files) == 0 || s.Words.Round == s.Sends {
		return nil
	}
	keys := make([]string, len(s.Words.Files))
	for part := range keys {
		keys[part] = post.WordsKey(s.ID, s.Words.Round, part)
	}
	return h.Objects.Release(ctx, keys...)
}

// removeUndone removes letters of Sends that were undone: files first, then the letters that name them. Whoever stood
// still meanwhile finds letters of a later Send, and leaves them alone.
func (h *Handler) removeUndone(ctx context.Context, s *post.Shipment) error {
	if err := h.releaseWords(ctx, s); err != nil {
		return err
	}
	for part := range s.Partitions() {
		letters, err := h.Lists.Partition(ctx, s, part)
		if err != nil {
			return err
		}
		letters = slices.DeleteFunc(letters, func(l *post.Letter) bool { return l.Round >= s.Sends })
		for some := range slices.Chunk(letters, lettersAtOnce) {
			var keys []string
			for _, l := range some {
				if l.Document.Key == letterKey(l) && !l.MayHaveLeft() {
					keys = append(keys, l.Document.Key)
				}
			}
			if err := h.Objects.Release(ctx, keys...); err != nil {
				return err
			}
			if err := h.NewLetters.RemoveUndone(ctx, s, some); err != nil {
				return err
			}
		}
	}
	return nil
}
