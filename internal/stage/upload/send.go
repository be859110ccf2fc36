package upload

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/workflow"
)

// Send implements post.ShipmentCommands: it freezes the draft that the caller has seen, in one write. Its letters are
// written after that, and leave at the end of the undo window or at the time that was chosen.
func (c *Commands) Send(ctx context.Context, who post.Caller, id string, how post.SendOrder) (*post.Shipment, error) {
	s, err := c.Shipments.Get(ctx, who.Org, id)
	if err != nil {
		return nil, err
	}
	if s.State == post.Uploading || s.State == post.Splitting {
		return nil, post.ErrNotInReview
	}
	after, err := c.sendAfter(ctx, s, how)
	if err != nil {
		return nil, err
	}
	if s.State == post.InReview {
		if err := sawRevision(s, how.Seen); err != nil {
			return nil, err
		}
		if err := c.askDates(ctx, s, how, after); err != nil {
			return nil, err
		}
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActSend, id, "", waitText(after))); err != nil {
		return nil, err
	}
	if err := c.claim(ctx, s); err != nil {
		return nil, err
	}
	read := s
	if s.State == post.InReview {
		if err := c.mayLeave(ctx, who, s, how); err != nil {
			return nil, err
		}
	}
	s, err = c.Shipments.Change(ctx, who.Org, id, func(now *post.Shipment) error {
		if now.State == post.InReview && !now.SameDraft(read) { // nobody has seen it, or somebody has undone it
			return post.ErrDraftChanged
		}
		if now.State == post.InReview && now.Drafted {
			now.Letters = read.Letters
		}
		return now.StartSending(who.Owner(), c.Now(), after)
	})
	if err != nil {
		return nil, err
	}
	return s, c.Queues.Send(ctx, post.SplitQueue, post.Job{Org: who.Org, Shipment: id})
}

// askDates asks whoever sends first where letters are old when they leave (practice.md C14).
func (c *Commands) askDates(ctx context.Context, s *post.Shipment, how post.SendOrder, after time.Time) error {
	if !how.AskDates {
		return nil
	}
	leaves := c.Now()
	if after.After(leaves) {
		leaves = after
	}
	old, err := c.Reviews.OldDates(ctx, s, leaves)
	if err != nil || len(old) == 0 {
		return err
	}
	var wrong post.Mistakes
	for _, f := range old {
		wrong = append(wrong, post.Mistake{Field: "dates", Text: f.Text})
	}
	return append(wrong, post.Mistake{Field: "dates", Text: sentence.Of("old-dates-ask")})
}

// mayLeave lets a Send go on, or notes that it waits for another person: then the error says so.
func (c *Commands) mayLeave(ctx context.Context, who post.Caller, read *post.Shipment, how post.SendOrder) error {
	o, err := c.Organizations.Organization(ctx, who.Org)
	if err != nil {
		return err
	}
	why := c.held(ctx, o, read)
	if !errors.Is(why, post.ErrNeedsApproval) {
		return why
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActAsk, read.ID, "", "")); err != nil {
		return err
	}
	_, err = c.Shipments.Change(ctx, who.Org, read.ID, func(now *post.Shipment) error {
		if !now.SameDraft(read) {
			return post.ErrDraftChanged
		}
		now.Letters = read.Letters
		return now.Ask(who.Owner(), how, c.Now())
	})
	return errors.Join(err, why)
}

// waitText is what the audit log says of when a Send leaves.
func waitText(after time.Time) string {
	if after.IsZero() {
		return ""
	}
	return "tidligst " + after.UTC().Format(time.RFC3339)
}

// scheduleWithin is how far ahead a Send may be planned.
const scheduleWithin = 366 * 24 * time.Hour

// checkMoment returns why nothing can be planned for a moment; nil where it can.
func checkMoment(at, now time.Time) error {
	if !at.After(now) || at.After(now.Add(scheduleWithin)) {
		return sentence.Of("send-at-range")
	}
	return nil
}

// sendAfter is the time before which nothing of a Send leaves; zero for at once.
func (c *Commands) sendAfter(ctx context.Context, s *post.Shipment, how post.SendOrder) (time.Time, error) {
	now := c.Now()
	if !how.At.IsZero() {
		var wrong post.Mistakes
		if wrong.Check("at", checkMoment(how.At, now)); len(wrong) > 0 {
			return time.Time{}, wrong
		}
	}
	if !s.Drafted { // its letters were written by a version before
		if !how.At.IsZero() {
			return time.Time{}, post.Mistakes{{Field: "at", Text: sentence.Of("send-at-old")}}
		}
		return time.Time{}, nil
	}
	organization, err := c.Organizations.Organization(ctx, s.Org)
	if err != nil {
		return time.Time{}, err
	}
	order := post.Shipment{SendAfter: how.At}
	if how.Window || organization.Demands {
		order.Window = organization.UndoWindow()
	}
	after := order.WindowEnd(now)
	leaves := now
	if after.After(now) {
		leaves = after
	}
	var wrong post.Mistakes
	if s.Options.CheckDays(leaves, &wrong); len(wrong) > 0 {
		return time.Time{}, wrong
	}
	return after, nil
}

// claim notes that the shipment sends its file, and what its letters say now. If another one has sent the same since
// this one was read, the user is warned first.
func (c *Commands) claim(ctx context.Context, s *post.Shipment) error {
	if s.State != post.InReview {
		return nil
	}
	if s.Drafted && len(s.Edits) > 0 { // also where all are undone: an undone Send may have counted others
		r, err := c.Reviews.Review(ctx, s)
		if err != nil {
			return err
		}
		s.Content, s.Letters = r.Content, len(r.Letters)
	}
	warned := s.AllowRepeat
	for _, f := range s.Findings {
		warned = warned || f.Code == post.FindingRepeat
	}
	again := false
	for _, sum := range s.Contents() {
		owner, err := c.Files.Claim(ctx, s.Org, sum, s.ID, c.Now(), c.Now().Add(-post.RepeatWithin), warned)
		if err != nil {
			return err
		}
		again = again || owner != s.ID
	}
	if !again {
		return nil
	}
	_, err := c.Shipments.Change(ctx, s.Org, s.ID, func(s *post.Shipment) error {
		s.Findings = append(s.Findings, post.Repeated)
		return nil
	})
	return errors.Join(err, post.ErrAlreadySent)
}

// Undo implements post.ShipmentCommands: one write, after which no sender begins. In an installation that came out of a
// backup the letters may have left since, so there is nothing to undo; Cancel asks about each.
func (c *Commands) Undo(ctx context.Context, who post.Caller, id string) (*post.Shipment, error) {
	if err := c.enter(ctx, who, post.ActUndo, id); err != nil {
		return nil, err
	}
	return c.Shipments.Change(ctx, who.Org, id, func(s *post.Shipment) error {
		switch asked, err := workflow.MayHaveLeft(ctx, c.Restored, s); {
		case err != nil:
			return err
		case asked:
			return post.ErrTooLate
		case s.State == post.InReview: // a second click
			return post.ErrUnchanged
		}
		return s.Undo()
	})
}

// Pause implements post.PauseCommands.
func (c *Commands) Pause(ctx context.Context, who post.Caller, id string) (*post.Shipment, error) {
	if err := c.enter(ctx, who, post.ActPause, id); err != nil {
		return nil, err
	}
	return c.Shipments.Change(ctx, who.Org, id, func(s *post.Shipment) error { return s.Pause(who.Name) })
}

// Continue implements post.PauseCommands. What waits for the end of the pause is queued by the sweep.
func (c *Commands) Continue(ctx context.Context, who post.Caller, id string) (*post.Shipment, error) {
	if err := c.enter(ctx, who, post.ActContinue, id); err != nil {
		return nil, err
	}
	return c.Shipments.Change(ctx, who.Org, id, func(s *post.Shipment) error { return s.Continue(c.Now()) })
}
