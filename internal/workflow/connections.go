package workflow

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// Link is one connection to Digital Post: a system, and its certificate.
type Link interface {
	post.Channel
	eventful
	post.Mailbox
	post.Register
	Probe(ctx context.Context) post.Probe
}

// eventful is what asks for events by time.
type eventful interface {
	post.MassChannel
	post.LegalChannel
}

// Connections are the ways to Digital Post of all organizations: each by a connection of its own, or by that of the
// installation. What left by a connection that has ended since is asked about there as well: elsewhere it would be
// taken for new, and sent twice.
type Connections struct {
	Installation  Link
	Open          func(post.Connection) (Link, error)
	Organizations post.Organizations
	Places        func(context.Context) ([]string, error) // ids of organizations that have, or had, one of their own
	Now           func() time.Time
	Remembered    time.Duration // for how long an organization's connections are; 0 for not at all

	mu    sync.Mutex
	links map[[sha256.Size]byte]Link // by connection
	known map[string]ownLinks        // by organization
	came  map[string]Link            // by which way receipts came, until they are removed
}

// ownLinks are an organization's own connections.
type ownLinks struct {
	way   string // of the one that letters leave by; "" for that of the installation
	all   map[string]Link
	wrong map[string]error // connections that cannot be opened, and why
	order []string
	until time.Time
}

func (c *Connections) own(ctx context.Context, org string) (ownLinks, error) {
	c.mu.Lock()
	k, ok := c.known[org]
	c.mu.Unlock()
	if ok && c.Now().Before(k.until) {
		return k, nil
	}
	o, err := c.Organizations.Organization(ctx, org)
	if err != nil {
		return k, fmt.Errorf("connection of %s: %w", org, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	k = ownLinks{all: map[string]Link{}, wrong: map[string]error{}, until: c.Now().Add(c.Remembered)}
	if now := o.Connection(); now != nil {
		k.way = now.SystemID
	}
	for _, is := range o.ConnectionsAt(c.Now()) {
		if k.all[is.SystemID] != nil { // an older certificate of the same system
			continue
		}
		l, err := c.linkOf(is)
		if err != nil {
			k.wrong[is.SystemID] = fmt.Errorf("connection %s of %s: %w", is.SystemID, org, err)
			continue
		}
		delete(k.wrong, is.SystemID)
		k.all[is.SystemID], k.order = l, append(k.order, is.SystemID)
	}
	if c.known == nil {
		c.known = map[string]ownLinks{}
	}
	c.known[org] = k
	return k, nil
}

// linkOf returns the client of a connection, which is kept as long as the connection is what it is.
func (c *Connections) linkOf(is post.Connection) (Link, error) {
	what := []string{is.SystemID, is.SystemKey, is.Certificate, is.CertificateKey}
	id := sha256.Sum256([]byte(strings.Join(what, "\x00")))
	if l := c.links[id]; l != nil {
		return l, nil
	}
	l, err := c.Open(is)
	if err != nil {
		return nil, err
	}
	if c.links == nil {
		c.links = map[[sha256.Size]byte]Link{}
	}
	c.links[id] = l
	return l, nil
}

// Way implements post.Ways.
func (c *Connections) Way(ctx context.Context, org string) (string, error) {
	k, err := c.own(ctx, org)
	if err == nil {
		err = k.wrong[k.way]
	}
	return k.way, err
}

// Send implements post.Channel.
func (c *Connections) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	if m.Way == "" {
		return c.Installation.Send(ctx, m)
	}
	l, err := c.by(ctx, m.Org, m.Way)
	if err != nil {
		return post.Answer{}, err
	}
	return l.Send(ctx, m)
}

// SendContainer implements post.MassChannel.
func (c *Connections) SendContainer(ctx context.Context, m post.OutgoingContainer) (post.Answer, error) {
	if m.Way == "" {
		return c.Installation.SendContainer(ctx, m)
	}
	l, err := c.by(ctx, m.Org, m.Way)
	if err != nil {
		return post.Answer{}, fmt.Errorf("%w: %w", post.ErrNotTaken, err)
	}
	return l.SendContainer(ctx, m)
}

// by returns a connection of an organization's own. What is known is enough, however old: nothing may come between the
// last look whether a letter may leave and the post.
func (c *Connections) by(ctx context.Context, org, way string) (Link, error) {
	c.mu.Lock()
	l := c.known[org].all[way]
	c.mu.Unlock()
	if l == nil {
		k, err := c.own(ctx, org)
		if err != nil {
			return nil, err
		}
		l = k.all[way]
	}
	if l == nil {
		return nil, fmt.Errorf("%s has no connection %s any more, or it cannot be used", org, way)
	}
	return l, nil
}

// Enrollments implements post.Register, by the way that letters leave now.
func (c *Connections) Enrollments(ctx context.Context, org string,
	numbers []ident.Number) (map[string]post.Enrollment, error) {
	k, err := c.own(ctx, org)
	switch {
	case err != nil:
		return nil, err // it may have a connection of its own: nobody else asks about its recipients
	case k.way == "":
		return c.Installation.Enrollments(ctx, org, numbers)
	}
	if err := k.wrong[k.way]; err != nil {
		return nil, err
	}
	return k.all[k.way].Enrollments(ctx, org, numbers)
}

// Probe implements post.Prober: the way that letters leave by now.
func (c *Connections) Probe(ctx context.Context, org string) (post.Probe, error) {
	k, err := c.own(ctx, org)
	switch {
	case err != nil:
		return post.Probe{}, err
	case k.way == "":
		return c.Installation.Probe(ctx), nil
	}
	if err := k.wrong[k.way]; err != nil {
		return post.Probe{SystemID: k.way, Unreachable: err}, nil
	}
	return k.all[k.way].Probe(ctx), nil
}

// Seen implements post.MassChannel. It asks wherever the messages may have left by.
func (c *Connections) Seen(ctx context.Context, org string, uuids []string, since time.Time) (map[string]bool, error) {
	k, err := c.own(ctx, org)
	if err != nil {
		return nil, err
	}
	seen, err := c.Installation.Seen(ctx, org, uuids, since)
	errs := []error{err}
	if seen == nil {
		seen = map[string]bool{}
	}
	for _, way := range k.order {
		some, err := k.all[way].Seen(ctx, org, uuids, since)
		maps.Copy(seen, some)
		errs = append(errs, err)
	}
	if len(seen) > 0 { // a yes is one, whoever else did not answer
		return seen, nil
	}
	return seen, errors.Join(errs...)
}

// LegallyNotified implements post.LegalChannel: by each way that a message may have left by.
func (c *Connections) LegallyNotified(ctx context.Context, org string, uuids []string,
	since time.Time) (map[string]time.Time, error) {
	k, err := c.own(ctx, org)
	if err != nil {
		return nil, err
	}
	when := map[string]time.Time{}
	errs := []error{}
	for _, l := range append([]Link{c.Installation}, slices.Collect(maps.Values(k.all))...) {
		some, err := l.LegallyNotified(ctx, org, uuids, since)
		maps.Copy(when, some)
		errs = append(errs, err)
	}
	return when, errors.Join(errs...)
}

// Find implements post.Channel. It asks wherever the message may have left by; where nobody has it, and one does not
// answer or cannot be asked, that is a doubt.
func (c *Connections) Find(ctx context.Context, org, uuid string, since time.Time) (bool, error) {
	k, err := c.own(ctx, org)
	if err != nil {
		return false, err
	}
	all := []Link{c.Installation}
	for _, way := range k.order {
		all = append(all, k.all[way])
	}
	errs := slices.Collect(maps.Values(k.wrong))
	for _, l := range all {
		found, err := l.Find(ctx, org, uuid, since)
		if found {
			return true, nil
		}
		errs = append(errs, err)
	}
	return false, errors.Join(errs...)
}

// every returns all ways, that of the installation first, each with whose it is. An organization whose connections
// cannot be used holds up none of the others.
func (c *Connections) every(ctx context.Context) (all []Link, whose []string, err error) {
	orgs, err := c.Places(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, whose = []Link{c.Installation}, []string{""}
	for _, org := range orgs {
		own, err := c.own(ctx, org)
		if err != nil {
			slog.Error("connections", "org", org, "error", err)
			continue
		}
		for _, wrong := range own.wrong {
			slog.Error("connections", "org", org, "error", wrong)
		}
		for _, way := range own.order {
			all, whose = append(all, own.all[way]), append(whose, org)
		}
	}
	return all, whose, nil
}

// Receipts implements post.Channel: those of all ways. One that does not answer holds up none of the others; when none
// does, that is an error.
func (c *Connections) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
	all, whose, err := c.every(ctx)
	if err != nil {
		return nil, err
	}
	var receipts []post.Receipt
	var errs []error
	for i, l := range all {
		some, err := l.Receipts(ctx, limit)
		if err != nil {
			errs = append(errs, err)
			if len(all) > 1 {
				slog.Warn("receipts", "org", whose[i], "error", err)
			}
			continue
		}
		if shared := slices.Index(all, l) < i || slices.Contains(all[i+1:], l); !shared { // else it is nobody's alone
			for k := range some {
				some[k].Org = whose[i]
			}
		}
		c.remember(l, some)
		receipts = append(receipts, some...)
	}
	if len(errs) == len(all) {
		return nil, errors.Join(errs...)
	}
	return receipts, nil
}

// remember keeps by which way receipts came: there they are removed.
func (c *Connections) remember(l Link, receipts []post.Receipt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.came == nil {
		c.came = map[string]Link{}
	}
	for _, r := range receipts {
		c.came[r.ID] = l
	}
}

// RemoveReceipts implements post.Channel.
func (c *Connections) RemoveReceipts(ctx context.Context, ids []string) error {
	of := map[Link][]string{}
	c.mu.Lock()
	for _, id := range ids {
		l := c.came[id]
		if l == nil {
			l = c.Installation
		}
		delete(c.came, id)
		of[l] = append(of[l], id)
	}
	c.mu.Unlock()
	var errs []error
	for l, ids := range of {
		errs = append(errs, l.RemoveReceipts(ctx, ids))
	}
	return errors.Join(errs...)
}

// TakeIn takes in what waits in a mailbox of an organization's own, or of the installation, whose is "".
type TakeIn func(ctx context.Context, m post.Mailbox, whose string) (more bool, err error)

// Poll takes in what waits in every mailbox. One that fails holds up none of the others.
func (c *Connections) Poll(ctx context.Context, take TakeIn) (bool, error) {
	all, whose, err := c.every(ctx)
	if err != nil {
		return false, err
	}
	more := false
	var errs []error
	for i, l := range all {
		some, err := take(ctx, l, whose[i])
		more, errs = more || some, append(errs, err)
	}
	return more, errors.Join(errs...)
}
