package upload

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Edit implements post.ShipmentCommands: the correction is one small item of the draft. A shipment whose letters a
// version before this one has written is split anew instead, and is a draft from then on.
func (c *Commands) Edit(
	ctx context.Context,
	who post.Caller,
	id string,
	seen int,
	e post.Edit,
) (*post.Shipment, error) {
	s, err := c.Shipments.Get(ctx, who.Org, id)
	if err != nil {
		return nil, err
	}
	if err := sawRevision(s, seen); err != nil {
		return nil, err
	}
	if err := c.fits(ctx, s, e); err != nil {
		return nil, err
	}
	note := fmt.Sprintf("%s side %d", e.Do, e.Page)
	switch {
	case e.Do == post.EditUndo:
		note = fmt.Sprintf("%s %d", e.Do, e.Page)
	case !e.Recipient.IsZero():
		note += " " + e.Recipient.String()
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActEdit, id, "", note)); err != nil {
		return nil, err
	}
	e.Owner = who.Owner()
	e.By, e.At = who.Name, c.Now().UTC().Truncate(time.Millisecond) // as it is kept
	if s.Drafted {
		return c.addEdit(ctx, s, e)
	}
	s, err = c.Shipments.Change(ctx, who.Org, id, func(now *post.Shipment) error {
		if len(now.Edits) != len(s.Edits) { // somebody else was faster
			return post.ErrDraftChanged
		}
		return now.Edit(e, c.clock())
	})
	if err != nil {
		return nil, err
	}
	return s, c.Queues.Send(ctx, post.SplitQueue, post.Job{Org: s.Org, Object: s.Parts[0].Key})
}

// sawRevision is that whoever corrects or sends has seen the draft as it is.
func sawRevision(s *post.Shipment, seen int) error {
	if seen != post.AnyRevision && seen != len(s.Edits) {
		return post.ErrDraftChanged
	}
	return nil
}

// addEdit adds a correction to a draft as it was read. A header that has changed in another way is read again.
func (c *Commands) addEdit(ctx context.Context, s *post.Shipment, e post.Edit) (*post.Shipment, error) {
	revision := len(s.Edits)
	for range 5 {
		err := c.Drafts.AddEdit(ctx, s, e)
		if err == nil {
			s.Edits = append(s.Edits, e)
			return s, nil
		}
		if !errors.Is(err, post.ErrOvertaken) {
			return nil, err
		}
		if s, err = c.Shipments.Get(ctx, s.Org, s.ID); err != nil {
			return nil, err
		}
		if len(s.Edits) > revision && s.Edits[revision] == e { // the answer to the first try was lost on its way
			return s, nil
		}
		if err := s.MayEdit(); err != nil {
			return nil, err
		}
		if len(s.Edits) != revision {
			return nil, post.ErrDraftChanged
		}
	}
	return nil, post.ErrDraftChanged
}

// fits checks a correction against the letters as they are.
func (c *Commands) fits(ctx context.Context, s *post.Shipment, e post.Edit) error {
	if err := s.MayEdit(); err != nil {
		return err
	}
	if e.Do == post.EditUndo {
		return s.MayUndoEdit(e.Page)
	}
	if e.Do == post.EditRecipient && e.Recipient.IsZero() {
		return post.Mistakes{{Field: "recipient", Text: sentence.Of("type-number")}}
	}
	r, err := c.Reviews.Review(ctx, s)
	if err != nil {
		return err
	}
	return r.Outline.Allows(e)
}

// PutProfile implements post.ShipmentCommands.
func (c *Commands) PutProfile(ctx context.Context, who post.Caller, p post.Profile) error {
	if p.Rule == "" {
		p.Rule = post.FirstPage
	}
	if wrong := p.Check(); len(wrong) > 0 {
		return wrong
	}
	all, err := c.Profiles.Profiles(ctx, who.Org)
	if err != nil {
		return err
	}
	if p.DocumentType != "" {
		org, err := c.Organizations.Organization(ctx, who.Org)
		if err != nil {
			return err
		}
		if _, ok := org.Type(p.DocumentType); !ok {
			return post.Mistakes{{Field: "documentType", Text: sentence.Of("type-unknown")}}
		}
	}
	known := slices.ContainsFunc(all, func(o post.Profile) bool { return o.Name == p.Name })
	if len(all) >= post.ProfilesMost && !known {
		return post.Mistakes{{Field: "name", Text: sentence.Of("profiles-most", post.ProfilesMost)}}
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActProfile, "", "", p.Name)); err != nil {
		return err
	}
	return c.Profiles.PutProfile(ctx, who.Org, p)
}

// RemoveProfile implements post.ShipmentCommands.
func (c *Commands) RemoveProfile(ctx context.Context, who post.Caller, name string) error {
	if err := c.Audit.Record(ctx, who.Did(post.ActProfile, "", "", "fjernet: "+name)); err != nil {
		return err
	}
	return c.Profiles.RemoveProfile(ctx, who.Org, name)
}
