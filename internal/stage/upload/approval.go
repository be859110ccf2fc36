package upload

import (
	"context"
	"errors"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// held returns why a Send does not leave by itself: post.ErrNeedsApproval from the number of letters on that a second
// person approves, summed over the day of whoever has written it, or post.ErrDailyLimit.
func (c *Commands) held(ctx context.Context, o *post.Organization, s *post.Shipment) error {
	return workflow.Held(ctx, c.Days, o, s, c.Now())
}

// Approve implements post.ApprovalCommands: one write, which is held to the draft that was approved.
func (c *Commands) Approve(ctx context.Context, who post.Caller, id string, seen int) (*post.Shipment, error) {
	s, err := c.approving(ctx, who, id)
	if err != nil {
		return s, err
	}
	if err := sawRevision(s, seen); err != nil {
		return nil, err
	}
	asked := s.WaitsForApproval()
	if asked == nil {
		return nil, post.ErrNotAsked
	}
	how := asked.How()
	if !how.At.After(c.Now()) { // its time has come while it waited
		how.At = time.Time{}
	}
	after, err := c.sendAfter(ctx, s, how)
	if err != nil {
		return nil, err
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActApprove, id, "", waitText(after))); err != nil {
		return nil, err
	}
	s, err = c.Shipments.Change(ctx, who.Org, id, func(now *post.Shipment) error {
		if is := now.WaitsForApproval(); is == nil || is.Hash != asked.Hash {
			return post.ErrDraftChanged
		}
		now.Letters, now.ApprovedBy = asked.Letters, who.Owner()
		return now.StartSending(asked.By, c.Now(), after)
	})
	if err != nil {
		return nil, err
	}
	return s, c.Queues.Send(ctx, post.SplitQueue, post.Job{Org: who.Org, Shipment: id})
}

// approving returns a shipment that somebody may approve: a person who has no hand in it.
func (c *Commands) approving(ctx context.Context, who post.Caller, id string) (*post.Shipment, error) {
	if who.Kind != post.ByUser {
		return nil, &post.Forbidden{Right: post.RightApprove, People: true}
	}
	s, err := c.Shipments.Get(ctx, who.Org, id)
	if err != nil {
		return nil, err
	}
	if s.Wrote(who.Owner()) {
		return nil, post.ErrOwnWork
	}
	if s.Asked == nil {
		return s, nil
	}
	same, err := c.samePerson(ctx, who, s.Asked.By)
	if err == nil && same {
		err = post.ErrOwnWork
	}
	return s, err
}

// samePerson reports whether two users are one person, as far as their mail address says so.
func (c *Commands) samePerson(ctx context.Context, who post.Caller, other string) (bool, error) {
	me, err := c.Users.UserOf(ctx, who.Org, who.Name)
	if err != nil {
		return false, unlessMissing(err)
	}
	it, err := c.Users.UserOf(ctx, who.Org, other)
	if err != nil {
		return false, unlessMissing(err)
	}
	return me.Mail != "" && strings.EqualFold(me.Mail, it.Mail), nil
}

func unlessMissing(err error) error {
	if errors.Is(err, post.ErrNotFound) || errors.Is(err, post.ErrUserTaken) {
		return nil
	}
	return err
}

// Decline implements post.ApprovalCommands.
func (c *Commands) Decline(ctx context.Context, who post.Caller, id, reason string) (*post.Shipment, error) {
	reason, err := post.Reason(reason, `§["type-reason"]`)
	if err != nil {
		return nil, err
	}
	if _, err := c.approving(ctx, who, id); err != nil {
		return nil, err
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActDecline, id, "", reason)); err != nil {
		return nil, err
	}
	return c.Shipments.Change(ctx, who.Org, id, func(now *post.Shipment) error {
		if now.State != post.InReview || now.Asked == nil {
			return post.ErrNotAsked
		}
		now.Asked = nil
		return nil
	})
}
