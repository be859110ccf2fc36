package simulation

import (
	"context"
	"time"

	"brevdue/internal/post"
)

var plantedContainers = map[string]plantedBug{
	"container-again": {1, "a container that was not answered is taken for one that was never posted",
		func(_ *world, h *worker) { h.send.Containers = unposted{h.send.Containers} }},
	"container-not-found": {1, "a letter that Digital Post does not find is posted once more",
		func(_ *world, h *worker) {
			h.send.Letters = altering{h.send.Letters, func(was, l *post.Letter) bool {
				waits := l.Lease.Equal(l.Due) && was.Lease.Equal(was.Due)
				again := waits && was.WentInContainer() && l.WentInContainer()
				if again {
					l.Current().Refused++
					l.Container = ""
				}
				return again
			}}
		}},
	"container-error-is-no": {1, "an error is taken for the refusal of a container, whose letters go on at once",
		func(_ *world, h *worker) {
			h.send.Mass = refusing{h.send.Mass}
			h.send.Timings.Events = 0
		}},
	"container-no-wait": {8, "letters of a refused container go on before Digital Post knows what it has taken in",
		func(_ *world, h *worker) { h.send.Timings.Events = 0 }},
	"container-uncancelled": {8, "a container is posted although its shipment was cancelled meanwhile",
		func(w *world, h *worker) {
			if w.massFrom > 0 {
				h.send.Clearances = clearances{h.send.Clearances, func(c *post.Clearance) { c.Cancels = 0 }}
			}
		}},
	"container-unasked": {9, "a container whose answer was lost is asked about by nobody",
		func(_ *world, h *worker) { h.sweep.Letters = unlooked{all(h.sweep.Letters)} }},
}

// unposted forgets that a container was posted.
type unposted struct{ post.Containers }

// Container implements post.Containers.
func (u unposted) Container(ctx context.Context, org, id string) (*post.Container, error) {
	c, err := u.Containers.Container(ctx, org, id)
	if err == nil && c.End == "" {
		c.Posted, c.Lease = time.Time{}, time.Time{}
	}
	return c, err
}

// refusing takes an error for a refusal.
type refusing struct{ post.MassChannel }

// SendContainer implements post.MassChannel.
func (r refusing) SendContainer(ctx context.Context, c post.OutgoingContainer) (post.Answer, error) {
	answer, err := r.MassChannel.SendContainer(ctx, c)
	if err != nil {
		return post.Answer{Refused: &post.Problem{Code: post.MessageRefused}}, nil
	}
	return answer, nil
}

// unlooked does not move on what was posted in a container and not answered.
type unlooked struct{ post.AllLetters }

// ChangeRead implements post.AllLetters.
func (u unlooked) ChangeRead(ctx context.Context, letters []*post.Letter,
	change func(*post.Letter) error) ([]post.Changed, error) {
	return u.AllLetters.ChangeRead(ctx, letters, func(l *post.Letter) error {
		if l.WentInContainer() {
			return post.ErrUnchanged
		}
		return change(l)
	})
}
