package post

import (
	"slices"
	"time"
)

// Connection is an organization's own way into Digital Post: a system that it has registered there, and the
// certificate that this system is known by. The environment is the installation's.
type Connection struct {
	SystemID       string    `json:"systemId"`
	SystemKey      string    `json:"systemKey,omitempty"`
	Certificate    string    `json:"certificate,omitempty"` // PEM, with its chain
	CertificateKey string    `json:"certificateKey,omitempty"`
	Delegated      bool      `json:"delegated,omitempty"` // with the installation's certificate (delegatedCVR)
	Ended          time.Time `json:"ended,omitzero"`      // zero for the one that letters leave by
}

// formerKept is for how long a connection that has ended is asked for receipts and for what left by it.
const formerKept = 90 * 24 * time.Hour

// Connection returns the one that letters leave by; nil for that of the installation.
func (o *Organization) Connection() *Connection {
	for i, c := range o.Connections {
		if c.Ended.IsZero() {
			return &o.Connections[i]
		}
	}
	return nil
}

// ConnectionsAt are those that may still be asked: the one that letters leave by, and former ones for a while.
func (o *Organization) ConnectionsAt(at time.Time) []Connection {
	return slices.DeleteFunc(slices.Clone(o.Connections), func(c Connection) bool {
		return !c.Ended.IsZero() && c.Ended.Before(at.Add(-formerKept))
	})
}

// Forget gives up a former connection: it is gone in Digital Post, and cannot be asked any more.
func (o *Organization) Forget(system string) (was bool) {
	o.Connections = slices.DeleteFunc(o.Connections, func(c Connection) bool {
		is := c.SystemID == system && !c.Ended.IsZero()
		was = was || is
		return is
	})
	return was
}

// Connect makes letters leave by another connection from now on; one without a system is that of the installation.
// The one before is kept: what has left by it is known there alone, and its receipts come there.
func (o *Organization) Connect(c Connection, at time.Time) {
	former := slices.DeleteFunc(o.ConnectionsAt(at), func(f Connection) bool {
		return f.SystemID == c.SystemID && f.Certificate == c.Certificate
	})
	for i := range former {
		if former[i].Ended.IsZero() {
			former[i].Ended = at
		}
	}
	if o.Connections = former; c.SystemID != "" {
		c.Ended = time.Time{}
		o.Connections = append([]Connection{c}, former...)
	}
}
