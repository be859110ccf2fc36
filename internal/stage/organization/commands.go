// Package organization is what a person presses about all of an organization's post: whether anything leaves, and who
// is told without looking.
//
// Invariant: what is pressed stands in the audit log before it is done.
//
// stop, start, subscribe, unsubscribe -> [switches] -> stops, subscriptions, notices
package organization

import (
	"context"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Notices is what a Board needs of them.
type Notices interface {
	Note(ctx context.Context, n post.Notice) error
	Subscribe(ctx context.Context, s post.Subscription) error
	Unsubscribe(ctx context.Context, org, id string) error
	Subscriptions(ctx context.Context, org string) ([]post.Subscription, error)
}

// Commands implements post.OrganizationCommands.
type Commands struct {
	Audit   post.Auditor
	Stops   post.Stops
	Notices Notices
	Now     func() time.Time
	// Reachable says whether a web address leads to where hooks may be sent.
	Reachable func(ctx context.Context, address string) error
	NoMail    bool // the installation sends none
}

// Stop implements post.OrganizationCommands.
func (c *Commands) Stop(ctx context.Context, who post.Caller, reason string) error {
	reason, err := post.Reason(reason, `§["type-why-stopped"]`)
	if err != nil {
		return err
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActStop, "", "", reason)); err != nil {
		return err
	}
	if err := c.Stops.Stop(ctx, who.Org, post.Stop{At: c.Now(), By: who.Name, Reason: reason}); err != nil {
		return err
	}
	return c.Notices.Note(ctx, post.Notice{Org: who.Org, Kind: post.SendingStopped, At: c.Now()})
}

// Start implements post.OrganizationCommands.
func (c *Commands) Start(ctx context.Context, who post.Caller) error {
	if err := c.Audit.Record(ctx, who.Did(post.ActStart, "", "", "")); err != nil {
		return err
	}
	return c.Stops.Start(ctx, who.Org)
}

// Subscribe implements post.OrganizationCommands.
func (c *Commands) Subscribe(
	ctx context.Context,
	who post.Caller,
	wanted post.Subscription,
) (post.Subscription, error) {
	s := post.NewSubscription(who.Org, who.Name)
	s.Mail, s.Hook, s.Kinds = wanted.Mail, wanted.Hook, wanted.Kinds
	if s.Hook == "" {
		s.Secret = ""
	}
	if err := s.Check(); err != nil {
		return s, err
	}
	if err := c.allowed(ctx, s); err != nil {
		return s, err
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActSubscribe, "", "", s.Mail+s.Hook)); err != nil {
		return s, err
	}
	return s, c.Notices.Subscribe(ctx, s)
}

// allowed refuses what could never be delivered, and more than an organization needs.
func (c *Commands) allowed(ctx context.Context, s post.Subscription) error {
	if s.Hook != "" && c.Reachable(ctx, s.Hook) != nil {
		return post.Mistakes{{Field: "hook", Text: sentence.Of("hook-private")}}
	}
	if s.Mail != "" && c.NoMail { // it would be tried for ever
		return post.Mistakes{{Field: "mail", Text: sentence.Of("mail-not-sent")}}
	}
	all, err := c.Notices.Subscriptions(ctx, s.Org)
	if err == nil && len(all) >= post.SubscriptionLimit {
		return post.Mistakes{{Field: "hook", Text: sentence.Of("subscriptions-most",
			post.SubscriptionLimit)}}
	}
	return err
}

// Unsubscribe implements post.OrganizationCommands.
func (c *Commands) Unsubscribe(ctx context.Context, who post.Caller, id string) error {
	if err := c.Audit.Record(ctx, who.Did(post.ActSubscribe, "", "", "opsagt "+id)); err != nil {
		return err
	}
	return c.Notices.Unsubscribe(ctx, who.Org, id)
}
