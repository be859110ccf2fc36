// Package switches is what a person presses about all of an organization's post: whether anything leaves, and who is
// told without looking.
//
// Invariant: what is pressed stands in the audit trail before it is done.
//
// stop, start, subscribe, unsubscribe -> [switches] -> stops, subscriptions, notices
package switches

import (
	"context"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// Notices is what a Board needs of them.
type Notices interface {
	Note(ctx context.Context, n post.Notice) error
	Subscribe(ctx context.Context, s post.Subscription) error
	Unsubscribe(ctx context.Context, org, id string) error
}

// Board implements post.Switches.
type Board struct {
	Audit   post.Auditor
	Stops   post.Stops
	Notices Notices
	Now     func() time.Time
}

// Stop implements post.Switches.
func (b *Board) Stop(ctx context.Context, who post.Caller, reason string) error {
	if reason = ident.Mask(strings.TrimSpace(reason)); reason == "" {
		return post.Mistakes{{Field: "reason", Text: "Skriv, hvorfor afsendelsen bliver stoppet."}}
	}
	if err := b.Audit.Record(ctx, who.Did(post.ActStop, "", "", reason)); err != nil {
		return err
	}
	if err := b.Stops.Stop(ctx, who.Org, post.Stop{At: b.Now(), By: who.Name, Reason: reason}); err != nil {
		return err
	}
	return b.Notices.Note(ctx, post.Notice{Org: who.Org, Kind: post.SendingStopped, At: b.Now()})
}

// Start implements post.Switches.
func (b *Board) Start(ctx context.Context, who post.Caller) error {
	if err := b.Audit.Record(ctx, who.Did(post.ActStart, "", "", "")); err != nil {
		return err
	}
	return b.Stops.Start(ctx, who.Org)
}

// Subscribe implements post.Switches.
func (b *Board) Subscribe(ctx context.Context, who post.Caller, wanted post.Subscription) (post.Subscription, error) {
	s := post.NewSubscription(who.Org, who.Name)
	s.Mail, s.Hook, s.Kinds = wanted.Mail, wanted.Hook, wanted.Kinds
	if s.Hook == "" {
		s.Secret = ""
	}
	if err := s.Check(); err != nil {
		return s, err
	}
	if err := b.Audit.Record(ctx, who.Did(post.ActSubscribe, "", "", s.Mail+s.Hook)); err != nil {
		return s, err
	}
	return s, b.Notices.Subscribe(ctx, s)
}

// Unsubscribe implements post.Switches.
func (b *Board) Unsubscribe(ctx context.Context, who post.Caller, id string) error {
	if err := b.Audit.Record(ctx, who.Did(post.ActSubscribe, "", "", "opsagt "+id)); err != nil {
		return err
	}
	return b.Notices.Unsubscribe(ctx, who.Org, id)
}
