package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"brevdue/internal/post"
)

// link is one way into Digital Post: a system, and its certificate.
type link interface {
	post.Channel
	post.Mailbox
}

// connections is the way to Digital Post of all organizations: each by a connection of its own, or by that of the
// installation. What left by a connection that has ended since is asked about there as well: elsewhere it would be
// taken for new, and sent twice.
type connections struct {
	installation  link
	open          func(post.Connection) (link, error)
	organizations post.Organizations
	places        func(context.Context) ([]string, error) // ids of organizations that have, or had, one of their own
	now           func() time.Time

	mu    sync.Mutex
	links map[[sha256.Size]byte]link // by connection
	known map[string]ownLinks        // by organization
	came  map[string]link            // by which way receipts came, until they are removed
}

// ownLinks are an organization's own connections: the first is the one that letters leave by, nil for that of the
// installation.
type ownLinks struct {
	all   []link
	until time.Time
}

// connectionsKept is for how long an organization's connections are remembered.
const connectionsKept = 10 * time.Second

func (c *connections) own(ctx context.Context, org string) ([]link, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.known[org]; ok && c.now().Before(k.until) {
		return k.all, nil
	}
	o, err := c.organizations.Organization(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("connection of %s: %w", org, err)
	}
	all := []link{nil}
	if o.Connection() != nil {
		all = nil
	}
	for _, is := range o.Connections {
		l, err := c.linkOf(is)
		if err != nil {
			return nil, fmt.Errorf("connection of %s: %w", org, err)
		}
		all = append(all, l)
	}
	if c.known == nil {
		c.known = map[string]ownLinks{}
	}
	c.known[org] = ownLinks{all, c.now().Add(connectionsKept)}
	return all, nil
}

// linkOf returns the client of a connection, which is kept as long as the connection is what it is.
func (c *connections) linkOf(is post.Connection) (link, error) {
	what := []string{is.SystemID, is.SystemKey, is.Certificate, is.CertificateKey}
	id := sha256.Sum256([]byte(strings.Join(what, "\x00")))
	if l := c.links[id]; l != nil {
		return l, nil
	}
	l, err := c.open(is)
	if err != nil {
		return nil, err
	}
	if c.links == nil {
		c.links = map[[sha256.Size]byte]link{}
	}
	c.links[id] = l
	return l, nil
}

// Send implements post.Channel.
func (c *connections) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	all, err := c.own(ctx, m.Org)
	if err != nil {
		return post.Answer{}, err
	}
	if all[0] != nil {
		return all[0].Send(ctx, m)
	}
	return c.installation.Send(ctx, m)
}

// Find implements post.Channel. It asks wherever the message may have left by; one that does not answer is a doubt.
func (c *connections) Find(ctx context.Context, org, uuid string, since time.Time) (bool, error) {
	all, err := c.own(ctx, org)
	if err != nil {
		return false, err
	}
	for _, l := range append([]link{c.installation}, all...) {
		if l == nil {
			continue
		}
		if found, err := l.Find(ctx, org, uuid, since); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// every returns all ways, that of the installation first, each with whose it is.
func (c *connections) every(ctx context.Context) (all []link, whose []string, err error) {
	orgs, err := c.places(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, whose = []link{c.installation}, []string{""}
	for _, org := range orgs {
		own, err := c.own(ctx, org)
		if err != nil {
			return nil, nil, err
		}
		for _, l := range own {
			if l != nil {
				all, whose = append(all, l), append(whose, org)
			}
		}
	}
	return all, whose, nil
}

// Receipts implements post.Channel: those of all ways. One that does not answer holds up none of the others; when none
// does, that is an error.
func (c *connections) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
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
		c.remember(l, some)
		receipts = append(receipts, some...)
	}
	if len(errs) == len(all) {
		return nil, errors.Join(errs...)
	}
	return receipts, nil
}

// remember keeps by which way receipts came: there they are removed.
func (c *connections) remember(l link, receipts []post.Receipt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.came == nil {
		c.came = map[string]link{}
	}
	for _, r := range receipts {
		c.came[r.ID] = l
	}
}

// RemoveReceipts implements post.Channel.
func (c *connections) RemoveReceipts(ctx context.Context, ids []string) error {
	of := map[link][]string{}
	c.mu.Lock()
	for _, id := range ids {
		l := c.came[id]
		if l == nil {
			l = c.installation
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

// takeIn takes in what waits in a mailbox of an organization's own, or of the installation, whose is "".
type takeIn func(ctx context.Context, m post.Mailbox, whose string) (more bool, err error)

// poll takes in what waits in every mailbox. One that fails holds up none of the others.
func (c *connections) poll(ctx context.Context, take takeIn) (bool, error) {
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
