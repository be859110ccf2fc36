package post

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Container is many letters of one shipment that go to Digital Post in one post (digital-post.md 2, Container). It is
// written before any of its letters becomes Sending, once more right before its post begins, and once more with the
// answer. So whoever finds a letter of it knows whether it was posted.
type Container struct {
	ID       string     `json:"id"`
	Org      string     `json:"org"`
	Shipment string     `json:"shipment"`
	Letters  []LetterID `json:"letters"`        // as it was made
	Left     []LetterID `json:"left,omitempty"` // those of them that were not in the post: cancelled meanwhile, say

	Hash         string       `json:"hash,omitempty"`         // SHA-256 of the digests of what was posted, in order
	Attempts     int          `json:"attempts,omitempty"`     // posts; counted before each
	Lease        time.Time    `json:"lease,omitzero"`         // until then somebody works on it
	Posted       time.Time    `json:"posted,omitzero"`        // when its post began, unless nothing was taken in
	End          ContainerEnd `json:"end,omitempty"`          // "" while it may be posted, or nobody knows what became of it
	Transmission string       `json:"transmission,omitempty"` // transmissionId of the technical receipt
	Revision     int64        `json:"-"`
}

// ContainerEnd says what became of a container. Its letters have each a fate of their own.
type ContainerEnd string

// The ends.
const (
	ContainerAccepted ContainerEnd = "accepted"
	ContainerRefused  ContainerEnd = "refused"  // whole: its letters go on one by one
	ContainerGivenUp  ContainerEnd = "given-up" // before its post began: its letters go on one by one
)

// Limits of a container. They are ours: the paper knows none (digital-post.md 11).
const (
	ContainerLetters = 500
	ContainerBytes   = 64 << 20 // of its messages
)

// MassFrom is from how many letters of a shipment on they go in containers, where nothing else is set. It is ours too:
// Digital Post says that mass mail must use the mass interface, and not what that is (digital-post.md 3.3).
const MassFrom = 500

// ErrNotTaken means that Digital Post has answered that it takes nothing in just now.
var ErrNotTaken = errors.New("Digital Post takes nothing in just now") //nolint:staticcheck // a name

// Open reports whether a container may still be posted.
func (c *Container) Open() bool { return c.End == "" && c.Posted.IsZero() }

// Holds reports whether a letter was in the container's post.
func (c *Container) Holds(id LetterID) bool {
	return slices.Contains(c.Letters, id) && !slices.Contains(c.Left, id)
}

// Take claims a container, as long as no other one works on it.
func (c *Container) Take(at, until time.Time) error {
	if !c.Open() || c.Lease.After(at) {
		return ErrUnchanged
	}
	c.Lease = until
	return nil
}

// Post notes that the post begins, with these letters.
func (c *Container) Post(at time.Time, letters []LetterID, hash string) {
	c.Left = slices.DeleteFunc(
		slices.Clone(c.Letters),
		func(id LetterID) bool { return slices.Contains(letters, id) },
	)
	c.Hash, c.Posted = hash, at
	c.Attempts++
}

// TakeBack notes that nothing was posted, or nothing taken in: it may be posted again.
func (c *Container) TakeBack() { c.Posted, c.Lease, c.Left = time.Time{}, time.Time{}, nil }

// GiveUp ends a container whose post has not begun. Whoever works on it still cannot begin it any more.
func (c *Container) GiveUp(at time.Time) error {
	if !c.Open() || c.Lease.After(at) {
		return ErrUnchanged
	}
	c.End = ContainerGivenUp
	return nil
}

// Containers stores containers.
type Containers interface {
	// CreateContainer writes one that is not there yet; one that is there already stays as it is.
	CreateContainer(ctx context.Context, c *Container) error
	// Container returns one; another organization's is ErrNotFound.
	Container(ctx context.Context, org, id string) (*Container, error)
	// PutContainer writes one as long as it is as it was read, else ErrOvertaken.
	PutContainer(ctx context.Context, c *Container) error
}

// OutgoingContainer is a container on its way to Digital Post.
type OutgoingContainer struct {
	Org      string
	Way      string
	ID       string
	Messages []Outgoing
}

// MassChannel is the way to Digital Post for many letters at once.
type MassChannel interface {
	// SendContainer posts a container. ErrNotTaken and ErrNoConnection say that nothing of it was taken in; with any
	// other error nobody knows what became of it.
	SendContainer(ctx context.Context, c OutgoingContainer) (Answer, error)
	// Seen returns which messages of an organization Digital Post has taken in since a moment. What it does not return
	// may be there all the same: its index lags (practice.md C8).
	Seen(ctx context.Context, org string, uuids []string, since time.Time) (map[string]bool, error)
}

// WentInContainer reports whether the letter's last attempt was made in a container, and its answer is not known.
func (l *Letter) WentInContainer() bool {
	m := l.Current()
	return l.Container != "" && m != nil && m.Unanswered()
}

// WaitsForContainer reports whether a letter is to leave in a container.
func (l *Letter) WaitsForContainer() bool {
	return l.Container != "" && !l.WentInContainer() && (l.State == Queued || l.State == Sending)
}

// inContainer is a letter whose attempt in a container is being decided.
func (l *Letter) inContainer(uuid string) *Message {
	if m := l.Current(); l.State == Sending && m != nil && m.UUID == uuid && l.WentInContainer() {
		return m
	}
	return nil
}

// LeaveContainer lets a letter go on by itself that was not posted in its container.
func (l *Letter) LeaveContainer(now Clock, uuid string) error {
	m := l.inContainer(uuid)
	if m == nil {
		return ErrUnchanged
	}
	m.Attempts--
	l.Tries--
	l.Container, l.Due, l.Lease = "", now.At, now.At
	return nil
}

// RefuseContainer lets a letter go on by itself whose container was refused whole: with the same UUID, and not before
// Digital Post surely knows whether it has taken it in all the same.
func (l *Letter) RefuseContainer(now Clock, uuid, detail string) error {
	m := l.inContainer(uuid)
	if m == nil {
		return ErrUnchanged
	}
	m.Refused++
	known := now.At.Add(now.Timings.Events)
	l.Container, l.Due, l.Lease = "", known, known
	l.Note(now.At, ContainerWasRefused, detail)
	return nil
}

// RepeatContainer lets a letter wait for another post of its container: nothing of it was taken in.
func (l *Letter) RepeatContainer(now Clock, uuid string, jitter float64, why string) error {
	m := l.inContainer(uuid)
	if m == nil {
		return ErrUnchanged
	}
	m.Attempts--
	return l.Reschedule(now, uuid, jitter, why)
}

// AwaitContainer lets a letter wait for a sign that Digital Post has it. That it knows nothing of it permits no post
// (practice.md C8); after the deadline, counted from the post, a person decides.
func (l *Letter) AwaitContainer(now Clock, uuid string, posted time.Time, jitter float64) error {
	if l.inContainer(uuid) == nil {
		return ErrUnchanged
	}
	if posted.IsZero() {
		posted = l.FirstTry
	}
	if now.At.Sub(posted) >= now.Timings.RetryFor {
		return l.Fail(now, Problem{Code: Unconfirmed})
	}
	l.Due = now.At.Add(now.Timings.BackOff(l.Tries, jitter))
	l.Lease = l.Due
	return nil
}

// silenceCode is why a letter fails that waited in vain: one that left in a container may have arrived.
func (l *Letter) silenceCode() Code {
	if l.WentInContainer() {
		return Unconfirmed
	}
	return ChannelDown
}

// DoubtContainer ends a letter that was taken in with its container, and of which Digital Post knows nothing when it is
// asked after the deadline of the receipt: a container can be rejected in its midst after it was taken in.
func (l *Letter) DoubtContainer(now Clock, uuid string) error {
	m := l.Current()
	if l.State != HandedOver || l.Container == "" || m == nil || m.UUID != uuid || m.Completed || m.RefusedLater {
		return ErrUnchanged
	}
	m.Accepted = time.Time{}
	return l.Fail(now, Problem{Code: Unconfirmed})
}
