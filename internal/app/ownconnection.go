package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/workflow"
)

// Errors of a connection to Digital Post that an organization cannot have.
var (
	errPair   = sentence.Sentence(`§["connection-pair"]`)
	errSystem = sentence.Sentence(`§["connection-system"]`)

	errInstallation  = sentence.Sentence(`§["connection-installation"]`)
	errDelegated     = sentence.Sentence(`§["connection-delegated"]`)
	errNoFormer      = sentence.Sentence(`§["connection-none"]`)
	errNoCertificate = sentence.Sentence(`§["connection-certificate"]`)
)

// with returns the connection of an organization's own in the environment of the installation.
func (d DigitalPost) with(c post.Connection) (DigitalPost, error) {
	installation := d.SystemID
	d.SystemID, d.APIKey = c.SystemID, c.SystemKey
	if !c.Delegated { // else its system lets the installation's CVR number send (digital-post.md 3.1: delegatedCVR)
		d.Certificate = nil
	}
	if c.Certificate != "" {
		pair, err := pairOf(c)
		if err != nil {
			return d, err
		}
		d.Certificate = &pair
	}
	if c.SystemID == installation && installation != "" { // its receipts would be taken for one organization's
		return d, errInstallation
	}
	_, err := d.Check()
	return d, err
}

// pairOf reads the certificate of a connection, and its key.
func pairOf(c post.Connection) (tls.Certificate, error) {
	pair, err := tls.X509KeyPair([]byte(c.Certificate), []byte(c.CertificateKey))
	if err != nil {
		return pair, errPair // and not its cause, which may quote the key
	}
	return pair, nil
}

// connections returns the way of all organizations, over that of the installation.
func (a *App) connections(d DigitalPost, installation workflow.Link, calls int) *workflow.Connections {
	return &workflow.Connections{
		Installation:  installation,
		Organizations: a.Store,
		Places:        a.Store.ConnectionPlaces,
		Now:           time.Now,
		Remembered:    10 * time.Second,
		Open: func(c post.Connection) (workflow.Link, error) {
			own, err := d.with(c)
			if err != nil {
				return nil, err
			}
			return own.Channel(a.Timings, calls), nil
		},
	}
}

// pushedAtOnce is for how many pushed messages a poll gives the receipts.
const pushedAtOnce = 5000

// pollInbox fetches incoming post from every mailbox. What is for nobody that we know goes to whoever has the mailbox.
func (a *App) pollInbox(ctx context.Context) (more bool, err error) {
	own, err := a.Store.ConnectionPlaces(ctx)
	if err != nil {
		return false, err
	}
	pushed, err := a.Store.DuePushedMemos(ctx, time.Now(), pushedAtOnce)
	if err != nil {
		return false, err
	}
	return a.Mailboxes(ctx, func(ctx context.Context, m post.Mailbox, whose string) (bool, error) {
		h := a.Inbox()
		h.Mailbox, h.Operator = m, cmp.Or(whose, h.Operator)
		more, err := h.Poll(ctx)
		mine := slices.DeleteFunc(slices.Clone(pushed), func(is post.PushedMemo) bool {
			return is.Org != whose && (whose != "" || slices.Contains(own, is.Org))
		})
		return more, errors.Join(err, h.ConfirmPushed(ctx, mine))
	})
}

// checkConnection returns why an organization cannot have a connection. An operator's command on a table does not know
// the environment: there only a certificate that is given is looked at.
func checkConnection(c *post.Connection, e post.Environment, now time.Time) error {
	if c == nil || c.SystemID == "" {
		return nil
	}
	for _, text := range []string{c.SystemID, c.SystemKey} {
		if err := post.CheckText(`§["place-system"]`, text, nameLimit); err != nil {
			return err
		}
	}
	if c.SystemKey == "" || (c.Certificate == "") != (c.CertificateKey == "") {
		return errSystem
	}
	if c.Delegated && c.Certificate != "" {
		return errDelegated
	}
	if !c.Delegated && c.Certificate == "" && e != "" && e != post.Simulator {
		return errNoCertificate
	}
	if c.Certificate == "" {
		return nil
	}
	pair, err := pairOf(*c)
	if err != nil {
		return err
	}
	if end := pair.Leaf.NotAfter; !end.After(now) {
		return sentence.Of("connection-expired", end.In(post.Denmark()).Format("2. 1. 2006"))
	}
	return nil
}

// certificateEnd is when the certificate of a connection ends; zero without one.
func certificateEnd(c *post.Connection) time.Time {
	if c == nil || c.Certificate == "" {
		return time.Time{}
	}
	pair, err := pairOf(*c)
	if err != nil {
		return time.Time{}
	}
	return pair.Leaf.NotAfter
}

// certificateEnds are when the certificates of organizations end that have their own.
func (a *App) certificateEnds(ctx context.Context) (map[string]time.Time, error) {
	orgs, err := a.Store.ConnectionPlaces(ctx)
	if err != nil {
		return nil, err
	}
	ends := map[string]time.Time{}
	for _, org := range orgs {
		o, err := a.Store.Organization(ctx, org)
		if err != nil {
			return nil, err
		}
		if end := certificateEnd(o.Connection()); !end.IsZero() {
			ends[org] = end
		}
	}
	return ends, nil
}
