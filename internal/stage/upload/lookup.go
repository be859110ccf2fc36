package upload

import (
	"context"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// LookUpRecipients implements post.LookUpCommands.
func (c *Commands) LookUpRecipients(ctx context.Context, who post.Caller, id string) error {
	s, err := c.Shipments.Get(ctx, who.Org, id)
	if err != nil {
		return err
	}
	if s.State != post.InReview {
		return post.ErrNotInReview
	}
	r, err := c.Reviews.Review(ctx, s)
	if err != nil {
		return err
	}
	numbers := make([]ident.Number, len(r.Letters))
	for i, l := range r.Letters {
		numbers[i] = l.Recipient
	}
	return workflow.LookUp(ctx, c.LookUps, c.Queues, s, numbers, c.Now())
}
