package workflow

import (
	"context"
	"time"

	"brevdue/internal/post"
)

// CloseBreaker closes the breaker of a Digital Post that has answered, if may says so. Those who were told that it is
// down are told that it is up before the breaker is reset, so that a crash between the two loses no notice.
func CloseBreaker(ctx context.Context, breakers post.Breakers, notices post.Notices, e post.Environment, at time.Time,
	may func(*post.Breaker) bool) error {
	known, err := breakers.Breaker(ctx, e)
	if err != nil || !may(known) {
		return err
	}
	if known.Open {
		if err := notices.NoteToAll(ctx, post.DigitalPostDown, post.DigitalPostUp, at); err != nil {
			return err
		}
	}
	_, err = breakers.ChangeBreaker(ctx, e, func(b *post.Breaker) error {
		if !may(b) {
			return post.ErrUnchanged
		}
		return b.Answered()
	})
	return err
}
