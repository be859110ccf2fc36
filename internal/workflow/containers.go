package workflow

import (
	"context"
	"time"

	"brevdue/internal/post"
)

// GiveUp ends a container whose post has not begun: its letters go on one by one. ErrUnchanged is one that somebody
// works on, or that has ended.
func GiveUp(ctx context.Context, containers post.Containers, c *post.Container, at time.Time) error {
	if err := c.GiveUp(at); err != nil {
		return err
	}
	return containers.PutContainer(ctx, c)
}
