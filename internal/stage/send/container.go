package send

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/memo"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// shot is one post of a container: the letters that are in it, each with its message.
type shot struct {
	h         *Handler
	c         *post.Container
	guard     *batchGuard
	lease     time.Time
	way       string
	letters   []*post.Letter
	messages  []*memo.Message
	outcomes  map[post.LetterID]outcome // of letters that do not get into the post
	undecided []*post.Letter            // those letters
}

// sendContainer posts a container once. Its item is written three times: claimed before any letter becomes Sending,
// once more with what is in it right before the post begins, and with the answer. Whoever takes over from one that died
// therefore knows whether there was a post; one that stood still cannot begin it any more.
func (h *Handler) sendContainer(ctx context.Context, j post.Job) error {
	restored, err := h.restored(ctx)
	if err != nil || restored.Held {
		return err
	}
	c, err := h.Containers.Container(ctx, j.Org, j.Container)
	if err != nil {
		return err
	}
	s, err := h.Shipments.Get(ctx, c.Org, c.Shipment)
	if err != nil {
		return err
	}
	if restored.From(s) && c.Open() { // what is known of its letters may be old: each is asked about
		if err = workflow.GiveUp(ctx, h.Containers, c, h.Now()); err != nil {
			return unlessOvertaken(err)
		}
	}
	if !c.Open() {
		return h.release(ctx, c)
	}
	if until, ok := ctx.Deadline(); ok && time.Until(until) < h.containerTime() {
		return h.Queues.Send(ctx, post.SendQueue, j) // there is not enough time left in this call of the function
	}
	guard, err := h.guard(ctx)
	if err != nil {
		return err
	}
	guard.restored = restored
	switch until, person, err := guard.waitUntil(ctx, c.Org, c.Shipment); {
	case err != nil:
		return err
	case !until.IsZero():
		return errors.Join(h.deferContainer(ctx, c, until, person), guard.publish(ctx))
	}
	err = h.shoot(ctx, c, guard)
	return errors.Join(unlessOvertaken(err), guard.publish(ctx))
}

// containerTime is what a container needs of a function's time: Digital Post's silence, and a quarter of it for reading
// the letters and storing what came of them, and the register's time.
func (h *Handler) containerTime() time.Duration {
	return h.Timings.CallMass + h.Timings.CallMass/4 + h.Timings.Call/2
}

// enough is an error where a call of the function is too short for any container, however it is set up: its job becomes
// a dead letter, and the letters go one by one.
func (h *Handler) enough(ctx context.Context) error {
	until, ok := ctx.Deadline()
	if need := h.containerTime(); ok && time.Until(until) < need {
		return fmt.Errorf("a container needs %s, and the function's time limit is shorter", need)
	}
	return nil
}

// unlessOvertaken is nil where somebody else has the container.
func unlessOvertaken(err error) error {
	if errors.Is(err, post.ErrOvertaken) || errors.Is(err, post.ErrUnchanged) {
		return nil
	}
	return err
}

// release lets letters go on by themselves that wait for a container which is not posted any more.
func (h *Handler) release(ctx context.Context, c *post.Container) error {
	changed, err := h.Letters.ChangeAny(ctx, c.Letters, func(l *post.Letter) error {
		if l.Container != c.ID || !l.WaitsForContainer() {
			return post.ErrUnchanged
		}
		l.Container = ""
		return nil
	})
	if err != nil {
		return err
	}
	var jobs []post.Job
	for _, one := range changed {
		if one.Wrote {
			jobs = append(jobs, post.Job{Org: one.Letter.Org, Letter: one.Letter.ID})
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	return h.Queues.Send(ctx, post.SendQueue, jobs...)
}

func (h *Handler) deferContainer(ctx context.Context, c *post.Container, until time.Time, person bool) error {
	changed, err := h.Letters.ChangeAny(ctx, c.Letters, func(l *post.Letter) error {
		if l.Container != c.ID || !l.WaitsForContainer() {
			return post.ErrUnchanged
		}
		return l.Defer(h.clock(), until, person)
	})
	var ended []*post.Letter
	for _, one := range changed {
		if one.Wrote && one.Letter.State.Final() {
			ended = append(ended, one.Letter)
		}
	}
	return errors.Join(err, workflow.QueueAfterEnd(ctx, h.Queues, ended))
}

// shoot claims a container, begins its letters, posts and stores what came of it.
func (h *Handler) shoot(ctx context.Context, c *post.Container, guard *batchGuard) error {
	lease := h.Now().Add(2*h.Timings.CallMass + 2*h.Timings.Call) // reading its files, the register, and posting
	if err := c.Take(h.Now(), lease); err != nil {
		return err
	}
	if err := h.Containers.PutContainer(ctx, c); err != nil {
		return err
	}
	way, err := h.way(ctx, c.Org)
	if err != nil {
		return err
	}
	shot := &shot{h: h, c: c, guard: guard, lease: lease, way: way, outcomes: map[post.LetterID]outcome{}}
	if err := shot.begin(ctx); err != nil {
		return err
	}
	if err := shot.load(ctx); err != nil {
		return err
	}
	if len(shot.letters) == 0 { // they are being asked about one by one, and nobody holds them up by holding it
		c.TakeBack()
		return errors.Join(h.Containers.PutContainer(ctx, c), shot.store(ctx))
	}
	c.Post(h.Now(), post.IDs(shot.letters), shot.hash())
	if err := h.Containers.PutContainer(ctx, c); err != nil {
		return err
	}
	return shot.post(ctx)
}

// begin makes the container's letters Sending that still wait for it.
func (s *shot) begin(ctx context.Context) error {
	var ended []*post.Letter
	begun, err := s.h.Letters.ChangeAny(ctx, s.c.Letters, func(l *post.Letter) error {
		if l.Container != s.c.ID {
			return post.ErrUnchanged
		}
		err := l.Begin(keys.UUIDs(s.h.UUIDKey), s.h.clock(), s.lease)
		if err == nil && l.State == post.Sending {
			l.Current().Way = s.way
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, b := range begun {
		switch {
		case b.Err != nil:
			err = errors.Join(err, b.Err)
		case b.Wrote && b.Letter.State == post.Sending && b.Letter.Lease.Equal(s.lease):
			s.letters = append(s.letters, b.Letter)
		case b.Wrote && b.Letter.State.Final():
			ended = append(ended, b.Letter)
		}
	}
	return errors.Join(err, workflow.QueueAfterEnd(ctx, s.h.Queues, ended))
}

// load makes the messages. Each file is read once and held against its hash before anything is posted, so that one that
// is damaged does not break the post off; it is read again while it is posted.
func (s *shot) load(ctx context.Context) error {
	messages := make([]*memo.Message, len(s.letters))
	err := s.h.Runner.Run(ctx, len(s.letters), 0, func(i int) (err error) {
		defer parallel.Recover(&err)
		l := s.letters[i]
		switch messages[i], err = s.h.lazyMessage(ctx, l); {
		case errors.Is(err, post.ErrDamaged), errors.Is(err, post.ErrNotFound):
			slog.Error("a letter's file cannot be used", "letter", l.ID, "error", err)
			messages[i], err = nil, nil
		}
		return err
	})
	if err != nil {
		return err
	}
	letters := s.letters
	s.letters, s.guard.enrolled = nil, s.h.askAgain(ctx, letters)
	for i, l := range letters {
		uuid := l.Current().UUID
		m := messages[i]
		if changed := s.h.changed(l, s.guard.enrolled[l.ID]); changed != nil {
			s.leaveOut(l, changed)
		} else if m == nil {
			s.leaveOut(l, func(l *post.Letter) error { return l.FailDamaged(s.h.clock(), uuid) })
		} else if p := unfit(m); p != nil { // else Digital Post might refuse the container for it
			s.leaveOut(l, func(l *post.Letter) error { return l.Refuse(s.h.clock(), uuid, false, *p) })
		} else {
			s.letters, s.messages = append(s.letters, l), append(s.messages, m)
		}
	}
	return nil
}

func (s *shot) leaveOut(l *post.Letter, result outcome) {
	s.undecided = append(s.undecided, l)
	s.outcomes[l.ID] = result
}

// lazyMessage puts a letter into its message, whose contents are read when their turn comes.
func (h *Handler) lazyMessage(ctx context.Context, l *post.Letter) (*memo.Message, error) {
	m, objects, err := h.bare(ctx, l)
	if err != nil {
		return nil, err
	}
	s, err := h.shipment(ctx, l)
	if err == nil {
		err = h.awaitNotification(ctx, s, l)
	}
	if err != nil {
		return nil, err
	}
	for i, f := range m.Files() {
		o := objects[i]
		_, done, err := h.Objects.Open(ctx, o)
		if err != nil {
			return nil, err
		}
		done()
		f.Content.Open = func() (io.ReadCloser, error) { return openObject(ctx, h.Objects, o) }
	}
	return m, nil
}

// hash names what is posted.
func (s *shot) hash() string {
	sum := sha256.New()
	for _, m := range s.messages {
		_, _ = io.WriteString(sum, m.Digest()) // a hash does not fail
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// post looks once more whether the shipment may leave, then posts. What is known of the answer is stored in the
// container first: it decides for letters that nobody comes to.
func (s *shot) post(ctx context.Context) error {
	switch clearance, err := s.guard.lastCheck(ctx, s.letters[0]); {
	case err != nil:
		return errors.Join(err, s.takeBack(ctx, s.untried()))
	case clearance.Cancels > s.letters[0].Cancels:
		return s.takeBack(ctx, func(l *post.Letter, uuid string) error {
			return l.Withdraw(s.h.clock(), uuid, clearance, 0, s.h.Jitter())
		})
	case clearance.Stop != nil, clearance.Paused, clearance.Unreleased:
		return s.takeBack(ctx, s.untried())
	}
	answer, err := s.h.Mass.SendContainer(ctx, s.outgoing())
	s.record(err)
	ctx = context.WithoutCancel(ctx)
	switch {
	case errors.Is(err, post.ErrNotTaken), errors.Is(err, post.ErrNoConnection):
		slog.Info("put off", "container", s.c.ID, "error", err)
		clock, jitter := s.h.clock(), s.h.Jitter() // all at the same time, so that all are in the next post
		return s.takeBack(ctx, func(l *post.Letter, uuid string) error {
			return l.RepeatContainer(clock, uuid, jitter, "container")
		})
	case err != nil:
		slog.Warn("nobody knows what became of a container", "container", s.c.ID, "error", err)
		s.decide(func(l *post.Letter, uuid string) error {
			return l.AwaitContainer(s.h.clock(), uuid, s.c.Posted, s.h.Jitter())
		})
		return s.store(ctx)
	case answer.Accepted:
		return s.accepted(ctx, answer.Transmission)
	}
	return s.refused(ctx, *answer.Refused)
}

// record tells the breaker. What nobody answers was about many recipients: each post of a container is one more sign.
func (s *shot) record(err error) {
	s.guard.record(s.letters[0], err)
	for _, l := range s.letters[1:min(post.BreakAfter, len(s.letters))] {
		if err != nil {
			s.guard.record(l, err)
		}
	}
}

func (s *shot) outgoing() post.OutgoingContainer {
	out := post.OutgoingContainer{Org: s.c.Org, Way: s.way, ID: s.c.ID}
	for i, m := range s.messages {
		out.Messages = append(out.Messages, post.Outgoing{
			Org: s.c.Org, Way: s.way, UUID: s.letters[i].Current().UUID, Length: m.Length(), Body: m.Reader,
		})
	}
	return out
}

// untried takes the attempts back.
func (s *shot) untried() func(l *post.Letter, uuid string) error {
	return func(l *post.Letter, uuid string) error { return l.UndoAttempt(s.h.clock(), uuid, s.lease) }
}

// decide says what becomes of each letter that is in the post.
func (s *shot) decide(what func(l *post.Letter, uuid string) error) {
	for _, l := range s.letters {
		uuid := l.Current().UUID
		s.outcomes[l.ID] = func(l *post.Letter) error {
			if !l.Lease.Equal(s.lease) { // somebody else has begun it since
				return post.ErrUnchanged
			}
			return what(l, uuid)
		}
	}
}

// takeBack notes that nothing was posted, or taken in.
func (s *shot) takeBack(ctx context.Context, what func(l *post.Letter, uuid string) error) error {
	ctx = context.WithoutCancel(ctx)
	s.c.TakeBack()
	if err := s.h.Containers.PutContainer(ctx, s.c); err != nil {
		return err
	}
	s.decide(what)
	return s.store(ctx)
}

func (s *shot) accepted(ctx context.Context, transmission string) error {
	s.c.End, s.c.Transmission = post.ContainerAccepted, transmission
	if err := s.h.Containers.PutContainer(ctx, s.c); err != nil {
		return err
	}
	for i, l := range s.letters {
		uuid, digest := l.Current().UUID, s.messages[i].Digest()
		s.outcomes[l.ID] = s.h.unseen(l, s.guard.enrolled[l.ID], func(l *post.Letter) error {
			return l.HandOver(s.h.clock(), uuid, transmission, digest, false)
		})
	}
	return s.store(ctx)
}

// refused lets the letters go on by themselves, each with its UUID: what is wrong with one of them says nothing about
// the others. They wait until Digital Post surely knows what it has taken in before it refused, and are asked about.
func (s *shot) refused(ctx context.Context, p post.Problem) error {
	slog.Warn("a container was refused", "container", s.c.ID, "code", p.Code)
	if p.Code == post.NotAllowed {
		s.guard.refuses(s.c.Org)
	}
	s.c.End = post.ContainerRefused
	if err := s.h.Containers.PutContainer(ctx, s.c); err != nil {
		return err
	}
	s.decide(func(l *post.Letter, uuid string) error { return l.RefuseContainer(s.h.clock(), uuid, p.Detail) })
	return s.store(ctx)
}

// store writes the outcomes.
func (s *shot) store(ctx context.Context) error {
	if len(s.outcomes) == 0 {
		return nil
	}
	decided := s.undecided
	for _, l := range s.letters {
		if s.outcomes[l.ID] != nil {
			decided = append(decided, l)
		}
	}
	return s.h.storeOutcomes(ctx, decided, s.outcomes)
}
