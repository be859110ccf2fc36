package upload

import (
	"context"
	"fmt"

	"brevdue/internal/post"
)

// Edit implements post.Desk: the correction is noted, and the document is split anew with it. The letters of the
// version before stay as they are: only those of the shipment's own version are ever queued.
func (d *Desk) Edit(ctx context.Context, who post.Caller, id string, e post.Edit) (*post.Shipment, error) {
	old, err := d.own(ctx, who.Org, id)
	if err != nil {
		return nil, err
	}
	if err := d.fits(ctx, old, e); err != nil {
		return nil, err
	}
	note := fmt.Sprintf("%s side %d", e.Do, e.Page)
	if !e.Recipient.IsZero() {
		note += " " + e.Recipient.String()
	}
	if err := d.Audit.Record(ctx, who.Did(post.ActEdit, id, "", note)); err != nil {
		return nil, err
	}
	e.By, e.At = who.Name, d.Now()
	s, err := d.Shipments.Change(ctx, id, func(s *post.Shipment) error {
		if s.Version != old.Version { // somebody else was faster: what was looked at is not what is there
			return post.ErrNoSuchPage
		}
		return s.Edit(e, d.moment())
	})
	if err != nil {
		return nil, err
	}
	return s, d.Queues.Send(ctx, post.SplitQueue, post.Errand{Org: s.Org, Object: s.Parts[0].Key})
}

// fits checks a correction against the letters that were found.
func (d *Desk) fits(ctx context.Context, s *post.Shipment, e post.Edit) error {
	if s.State != post.InReview || len(s.Given) > 0 {
		return post.ErrNotInReview
	}
	if e.Do == post.EditRecipient && e.Recipient.IsZero() {
		return post.Mistakes{{Field: "recipient", Text: "Skriv det CPR- eller CVR-nummer, brevet skal til."}}
	}
	o, err := d.Outlines.Outline(ctx, s)
	if err != nil {
		return err
	}
	return o.Allows(e)
}

// PutProfile implements post.Desk.
func (d *Desk) PutProfile(ctx context.Context, who post.Caller, p post.Profile) error {
	if p.Rule == "" {
		p.Rule = post.FirstPage
	}
	if wrong := p.Check(); len(wrong) > 0 {
		return wrong
	}
	all, err := d.Profiles.Profiles(ctx, who.Org)
	if err != nil {
		return err
	}
	if len(all) >= post.ProfilesMost {
		return post.Mistakes{{Field: "name", Text: fmt.Sprintf("Der er allerede %d profiler.", post.ProfilesMost)}}
	}
	if err := d.Audit.Record(ctx, who.Did(post.ActProfile, "", "", p.Name)); err != nil {
		return err
	}
	return d.Profiles.PutProfile(ctx, who.Org, p)
}

// RemoveProfile implements post.Desk.
func (d *Desk) RemoveProfile(ctx context.Context, who post.Caller, name string) error {
	if err := d.Audit.Record(ctx, who.Did(post.ActProfile, "", "", "fjernet: "+name)); err != nil {
		return err
	}
	return d.Profiles.RemoveProfile(ctx, who.Org, name)
}
