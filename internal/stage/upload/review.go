package upload

import (
	"context"
	"fmt"

	"brevdue/internal/post"
)

// Edit implements post.Desk: the correction is noted, and the document is split anew with it.
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
	if err := d.Queues.Send(ctx, post.SplitQueue, post.Errand{Org: s.Org, Object: s.Parts[0].Key}); err != nil {
		return nil, err
	}
	_, err = post.CancelLetters(ctx, d.Letters, old, d.moment(), who.Name) // those of the version before: they never leave
	return s, err
}

// fits checks a correction against the letters as they are.
func (d *Desk) fits(ctx context.Context, s *post.Shipment, e post.Edit) error {
	if s.State != post.InReview {
		return post.ErrNotInReview
	}
	if e.Do == post.EditRecipient && e.Recipient.IsZero() {
		return post.Mistakes{{Field: "recipient", Text: "Skriv det CPR- eller CVR-nummer, brevet skal til."}}
	}
	first, inside, apart := false, false, false
	dropped := false // the letter before
	err := post.EachPage(ctx, d.Letters, s, func(page []*post.Letter) error {
		for _, l := range page {
			if l.First == e.Page {
				first, apart = true, dropped != (l.State == post.Cancelled)
			}
			inside = inside || l.First < e.Page && e.Page <= l.Last
			dropped = l.State == post.Cancelled
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case e.Do == post.EditMerge && first && e.Page > 1 && apart:
		return post.Mistakes{{Field: "do", Text: "Det ene af de to breve skal ikke sendes, så de kan ikke lægges sammen. Giv det en modtager først."}}
	case e.Do == post.EditCut && inside, first && e.Do == post.EditMerge && e.Page > 1, first && (e.Do == post.EditRecipient || e.Do == post.EditDrop):
		return nil
	}
	return post.ErrNoSuchPage
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
