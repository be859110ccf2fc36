package simulation

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// withContainers decides whether letters go in containers in this run, from how many on. It takes nothing from the
// run's own chance.
func (w *world) withContainers() (from, most int) {
	rng := rand.New(rand.NewPCG(w.seed, 20261201))
	if rng.IntN(3) > 0 {
		return 0, 0
	}
	return 1 + rng.IntN(8), 2 + rng.IntN(10)
}

// SendContainer implements post.MassChannel.
func (d *digitalPost) SendContainer(ctx context.Context, m post.OutgoingContainer) (post.Answer, error) {
	return d.containerBy(ctx, m, "")
}

// containerBy takes in a container that comes by a system of its sender's. It does not look whether it knows a message
// already: nobody knows whether the real one does (practice.md C8).
func (d *digitalPost) containerBy(ctx context.Context, m post.OutgoingContainer, by string) (post.Answer, error) {
	a := at(ctx, "post a container")
	began := a.before // what is pressed after the post has begun comes too late
	switch {
	case d.out():
		return post.Answer{}, fmt.Errorf("503: %w", post.ErrNotTaken)
	case d.w.chance(PostError, 12):
		return post.Answer{}, errService
	case d.w.chance(ContainerRefused, 8):
		return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: "archive.invalid"}}, nil
	}
	kept, refused := len(m.Messages), d.w.chance(ContainerRefusedLate, 12)
	if refused || d.w.chance(ContainerHalf, 8) {
		kept = d.w.rng.IntN(kept)
	}
	for i, one := range m.Messages {
		body, err := io.ReadAll(one.Body())
		if err != nil {
			return post.Answer{}, err
		}
		t := &taken{uuid: one.UUID, letter: post.LetterID(between(body, "messageID")), at: d.w.now, system: by,
			recipient: between(body, "recipientID")}
		called := a.before
		a.before = began
		if refused && i >= kept {
			break
		}
		d.takeFromContainer(a, t, body, i >= kept)
		a.before = called
	}
	if d.w.chance(FunctionFrozen, 30) {
		d.w.freeze(a)
	}
	at(ctx, "the answer")
	if refused {
		for _, one := range m.Messages {
			if t := d.taken[one.UUID]; t != nil {
				d.doubted[t.letter] = true
			}
		}
		return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: "archive.invalid"}}, nil
	}
	if d.w.chance(PostTimeout, 4) {
		return post.Answer{}, context.DeadlineExceeded
	}
	return post.Answer{Accepted: true, Transmission: "t" + m.ID}, nil
}

// takeFromContainer takes a message in, or rejects it after the container was taken in. Its event is late.
func (d *digitalPost) takeFromContainer(a *actor, t *taken, body []byte, rejected bool) {
	t.rejected = rejected
	if d.w.lasting {
		t.lax = d.w.rng.IntN(2) == 0
	}
	if d.w.chance(ContainerIndex, 2) {
		t.shown = d.w.now.Add(time.Duration(d.w.rng.IntN(50*60)) * time.Second)
	}
	d.letters[t.letter] = append(d.letters[t.letter], t)
	d.w.tookIn(a, t, body)
	d.w.seenByTwo(t.letter, t.recipient)
	d.ever[t.uuid] = t
	if rejected {
		t.forgotten = true
		return
	}
	d.taken[t.uuid] = t
	if d.atTheDoor(t.letter) { // which a container has not: its receipt says so
		t.refusedLater = true
		d.refused[t.letter] = true
		d.make(t, post.ReceiptInvalid, time.Minute)
	} else {
		d.answerLater(t)
	}
	d.w.meddle()
}

// Seen implements post.MassChannel.
func (d *digitalPost) Seen(ctx context.Context, _ string, uuids []string, since time.Time) (map[string]bool, error) {
	return d.seenBy(ctx, uuids, since, "")
}

func (d *digitalPost) seenBy(ctx context.Context, uuids []string, since time.Time,
	by string) (map[string]bool, error) {
	at(ctx, "seen")
	if d.out() || d.w.chance(PostError, 25) {
		return nil, errService
	}
	seen := map[string]bool{}
	for _, uuid := range uuids {
		t := d.taken[uuid]
		if t != nil && t.system == by && !t.at.Before(since) && !t.shown.After(d.w.now) {
			seen[uuid] = true
		}
	}
	return seen, nil
}

// SendContainer implements post.MassChannel.
func (s system) SendContainer(ctx context.Context, m post.OutgoingContainer) (post.Answer, error) {
	return s.containerBy(ctx, m, s.id)
}

// Enrollments implements workflow.Link; who is looked up is asked about at the register itself.
func (s system) Enrollments(context.Context, string, []ident.Number) (map[string]post.Enrollment, error) {
	return nil, post.ErrNoRegister
}

// LegallyNotified implements workflow.Link; nobody is here.
func (s system) LegallyNotified(context.Context, string, []string, time.Time) (map[string]time.Time, error) {
	return nil, nil
}

// Probe implements workflow.Link; nobody probes here.
func (s system) Probe(context.Context) post.Probe { return post.Probe{} }

// Seen implements post.MassChannel.
func (s system) Seen(ctx context.Context, _ string, uuids []string, since time.Time) (map[string]bool, error) {
	return s.seenBy(ctx, uuids, since, s.id)
}
