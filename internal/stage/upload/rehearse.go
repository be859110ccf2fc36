package upload

import (
	"context"
	"errors"
	"log/slog"

	"brevdue/internal/post"
)

// Rehearse implements post.RehearsalCommands: the split tries the letters, and the send function the connection and the
// register, without a letter.
func (c *Commands) Rehearse(ctx context.Context, who post.Caller, id string) (*post.Shipment, error) {
	s, err := c.Shipments.Get(ctx, who.Org, id)
	if err != nil {
		return nil, err
	}
	switch err := s.Clone().Rehearse("", "", c.Now()); {
	case errors.Is(err, post.ErrUnchanged): // a second click
		return s, nil
	case err != nil:
		return nil, err
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActRehearse, id, "", "")); err != nil {
		return nil, err
	}
	if err := c.LookUpRecipients(ctx, who, id); err != nil {
		slog.Warn("recipients are not looked up", "shipment", id, "error", err) // which holds nothing back
	}
	check := ""
	if started, err := c.Checks.StartCheck(ctx, who); err != nil {
		slog.Warn("the connection is not tried", "shipment", id, "error", err)
	} else {
		check = started.ID
	}
	s, err = c.Shipments.Change(ctx, who.Org, id, func(now *post.Shipment) error {
		if now.State == post.InReview && !now.SameDraft(s) {
			return post.ErrDraftChanged
		}
		return now.Rehearse(who.Name, check, c.Now())
	})
	if err != nil {
		return nil, err
	}
	return s, c.Queues.Send(ctx, post.SplitQueue, post.Job{Org: who.Org, Shipment: id})
}
