package organization

import (
	"context"
	"time"

	"brevdue/internal/post"
)

// Checks implements post.CheckCommands.
type Checks struct {
	Checks post.Checks
	Queues post.Queues
	Now    func() time.Time
	NewID  func() string
}

// StartCheck implements post.CheckCommands: the send function does it.
func (c *Checks) StartCheck(ctx context.Context, who post.Caller) (*post.Check, error) {
	check := &post.Check{ID: c.NewID(), Org: who.Org, Made: c.Now()}
	if err := c.Checks.PutCheck(ctx, check); err != nil {
		return nil, err
	}
	return check, c.Queues.Send(ctx, post.SendQueue, post.Job{Org: who.Org, Check: check.ID})
}
