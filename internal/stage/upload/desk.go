// Package upload is the counter where shipments are handed in: it checks the order, writes the shipment, and answers
// with the addresses to upload to. Send and Cancel are pressed here too.
//
// Invariant: nothing of a shipment leaves before Send, unless its order said so; and nothing leaves after a Cancel
// that was confirmed.
//
// order -> [upload] -> shipment, presigned uploads
package upload

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// Desk takes orders.
type Desk struct {
	Shipments     post.Shipments
	Letters       post.Letters
	Organizations post.Organizations
	Files         post.SentFiles
	Links         post.Links
	Queues        post.Queues
	Profiles      post.Profiles
	Outlines      post.Outlines
	Audit         post.Auditor
	Environment   post.Environment
	Limit         int64 // bytes of one upload
	Pace          post.Pace
	Now           func() time.Time
	NewID         func() string // of a shipment: 12 characters of [a-z0-9]
}

func (d *Desk) moment() post.Moment { return post.Moment{At: d.Now(), Pace: d.Pace} }

// Create checks an order and writes the shipment. The links are for the document and then each attachment. The error
// is post.Mistakes when the order is wrong.
func (d *Desk) Create(ctx context.Context, who post.Caller, o post.Order) (*post.Shipment, []post.Link, error) {
	organization, err := d.Organizations.Organization(ctx, who.Org)
	if err != nil {
		return nil, nil, err
	}
	s, mistakes := d.shipment(organization, o)
	if err := d.profiled(ctx, s, o, &mistakes); err != nil {
		return nil, nil, err
	}
	if len(mistakes) > 0 {
		return nil, nil, mistakes
	}
	s.By, s.Created = who.Name, d.Now()
	s.Due = d.moment().Look()
	for try := 0; ; try++ {
		d.name(s)
		if err := d.Audit.Record(ctx, who.Did(post.ActCreate, s.ID, "", s.Subject)); err != nil {
			return nil, nil, err
		}
		err := d.Shipments.Create(ctx, s)
		if err == nil {
			break
		}
		if !errors.Is(err, post.ErrExists) || try == 3 {
			return nil, nil, err
		}
	}
	uploads := s.Uploads()
	links := make([]post.Link, len(uploads))
	for i, p := range uploads {
		links[i], err = d.Links.Upload(ctx, post.Terms{Org: who.Org, Key: p.Key, Type: p.Type, Limit: p.Limit, Life: d.Pace.Upload, After: strings.ReplaceAll(o.After, "{id}", s.ID)})
		if err != nil {
			return nil, nil, err
		}
	}
	return s, links, nil
}

// name gives a shipment its id, and its parts their keys.
func (d *Desk) name(s *post.Shipment) {
	s.ID = d.NewID()
	for i := range s.Parts {
		s.Parts[i].Key = path.Join("uploads", s.Org, s.ID, strconv.Itoa(i))
	}
	if s.NameList.Name != "" {
		s.NameList.Key = path.Join("uploads", s.Org, s.ID, "names")
	}
}

func (d *Desk) shipment(org *post.Organization, o post.Order) (*post.Shipment, post.Mistakes) {
	var wrong post.Mistakes
	wrong.Check("subject", post.CheckSubject(o.Subject))
	sender, ok := org.Sender(o.Sender)
	if !ok {
		wrong.Say("sender", "Afsenderen er ikke blandt jeres godkendte CVR-numre.")
	}
	switch o.Rule {
	case "", post.FirstPage, post.EveryPage:
	default:
		wrong.Say("rule", "Reglen findes ikke. Vælg first-page eller every-page.")
	}
	s := &post.Shipment{
		Org: org.ID, Subject: o.Subject, Sender: sender, Rule: o.Rule, AllowReply: o.AllowReply, Case: d.caseName(o.Case, &wrong),
		Review: o.Review, Repeat: o.Repeat, Environment: d.Environment, MeMo: org.MeMo, State: post.Uploading,
		Given: d.recipients(o.Recipients, &wrong), Own: org.Numbers(), RemoveCPR: o.RemoveCPR,
	}
	if o.Names.Name != "" {
		s.NameList = post.Part{Name: o.Names.Name, Type: "text/csv", Limit: min(d.Limit, nameListLimit)}
	}
	s.Parts = d.parts(o, &wrong)
	return s, wrong
}

// nameListLimit is how large a list of names may be: some 400,000 of them.
const nameListLimit = 16 << 20

// profiled completes a shipment by the profile that its order names. What the order itself says goes first.
func (d *Desk) profiled(ctx context.Context, s *post.Shipment, o post.Order, wrong *post.Mistakes) error {
	if o.Profile != "" {
		all, err := d.Profiles.Profiles(ctx, s.Org)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(p post.Profile) bool { return p.Name == o.Profile })
		if i < 0 {
			wrong.Say("profile", "Profilen findes ikke.")
			return nil
		}
		p := all[i]
		if s.Rule == "" {
			s.Rule = p.Rule
		}
		s.Own, s.Label, s.Begins, s.RemoveCPR = append(s.Own, p.Own...), p.Label, p.Begins, s.RemoveCPR || p.RemoveCPR
	}
	if s.Rule == "" {
		s.Rule = post.FirstPage
	}
	return nil
}

func (d *Desk) caseName(name string, wrong *post.Mistakes) string {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			wrong.Say("case", "Sagens navn må kun have bogstaver fra a til z, tal, bindestreg og understreg.")
			return ""
		}
	}
	if ident.ContainsCPR(name) {
		wrong.Say("case", "Sagens navn indeholder et CPR-nummer. Brug et sagsnummer.")
	}
	if len(name) > 64 {
		wrong.Say("case", "Sagens navn er for langt. Det må højst være 64 tegn.")
	}
	return name
}

func (d *Desk) recipients(texts []string, wrong *post.Mistakes) []ident.Number {
	var numbers []ident.Number
	seen := map[ident.Number]bool{}
	for i, text := range texts {
		n, err := ident.ParseAny(text)
		switch {
		case errors.Is(err, ident.ErrLetters):
			wrong.Say("recipients", fmt.Sprintf("Modtager nr. %d har bogstaver i nummeret. Et erstatningsnummer kan ikke få Digital Post.", i+1))
		case err != nil:
			wrong.Say("recipients", fmt.Sprintf("Modtager nr. %d er ikke et CPR-nummer (10 cifre) eller et CVR-nummer (8 cifre). Se efter, om et ciffer er forkert.", i+1))
		case !seen[n]:
			seen[n] = true
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// parts checks the names and announced sizes of the document and the attachments.
func (d *Desk) parts(o post.Order, wrong *post.Mistakes) []post.Part {
	parts := []post.Part{{Name: o.Document.Name, Type: "application/pdf", Limit: d.Limit}}
	if media, err := post.CheckFileName(o.Document.Name); err != nil {
		wrong.Check("document", err)
	} else if media != "application/pdf" {
		wrong.Say("document", "Dokumentet skal være en PDF. Gem eller udskriv det som PDF først.")
	}
	if o.Document.Size > d.Limit {
		wrong.Say("document", fmt.Sprintf("Dokumentet fylder mere end %d MB.", d.Limit>>20))
	}
	if len(o.Attachments) > post.AttachmentLimit {
		wrong.Say("attachments", fmt.Sprintf("Der er %d bilag. Digital Post tager højst %d.", len(o.Attachments), post.AttachmentLimit))
	}
	var total int64
	for i, a := range o.Attachments {
		media, err := post.CheckFileName(a.Name)
		if err != nil {
			wrong.Say("attachments", fmt.Sprintf("Bilag %d: %s", i+1, err))
		}
		total += a.Size
		parts = append(parts, post.Part{Name: a.Name, Type: media, Limit: min(d.Limit, post.MessageLimit)})
	}
	if total*4/3 > post.MessageLimit {
		wrong.Say("attachments", "Bilagene fylder mere, end Digital Post tager imod i ét brev (99,5 MB).")
	}
	return parts
}

// own returns the organization's shipment; that of another is not found.
func (d *Desk) own(ctx context.Context, org, id string) (*post.Shipment, error) {
	s, err := d.Shipments.Get(ctx, id)
	if err == nil && s.Org != org {
		return nil, fmt.Errorf("shipment %s: %w", id, post.ErrNotFound)
	}
	return s, err
}

// enter lets nobody press anything at another organization's shipment, and writes down who presses before it is done.
func (d *Desk) enter(ctx context.Context, who post.Caller, act post.Action, id string) error {
	if _, err := d.own(ctx, who.Org, id); err != nil {
		return err
	}
	return d.Audit.Record(ctx, who.Did(act, id, "", ""))
}

// Send lets a reviewed shipment leave.
func (d *Desk) Send(ctx context.Context, who post.Caller, id string) (*post.Shipment, error) {
	if err := d.enter(ctx, who, post.ActSend, id); err != nil {
		return nil, err
	}
	if err := d.claim(ctx, id); err != nil {
		return nil, err
	}
	s, err := d.Shipments.Change(ctx, id, func(s *post.Shipment) error {
		if s.State == post.Uploading || s.State == post.Splitting {
			return post.ErrNotInReview
		}
		return s.StartSending(d.Now())
	})
	if err != nil {
		return nil, err
	}
	return s, d.Queues.Send(ctx, post.SplitQueue, post.Errand{Org: who.Org, Shipment: id})
}

// claim notes that the shipment sends its file. If another one has sent the same file since this one was read, the
// user is warned first.
func (d *Desk) claim(ctx context.Context, id string) error {
	s, err := d.Shipments.Get(ctx, id)
	if err != nil || s.State != post.InReview {
		return err
	}
	warned := s.Repeat
	for _, f := range s.Findings {
		warned = warned || f.Code == post.FindingRepeat
	}
	owner, err := d.Files.Claim(ctx, s.Org, s.Parts[0].Object.SHA256, s.ID, d.Now(), d.Now().Add(-post.RepeatWithin), warned)
	if err != nil || owner == s.ID {
		return err
	}
	_, err = d.Shipments.Change(ctx, id, func(s *post.Shipment) error {
		s.Findings = append(s.Findings, post.Repeated)
		return nil
	})
	return errors.Join(err, post.ErrAlreadySent)
}

// Cancel stops what has not left. When it returns nil, none of the letters that were not being sent will leave.
func (d *Desk) Cancel(ctx context.Context, who post.Caller, id string) (*post.Shipment, error) {
	if err := d.enter(ctx, who, post.ActCancel, id); err != nil {
		return nil, err
	}
	s, err := d.Shipments.Change(ctx, id, func(s *post.Shipment) error { return s.Cancel(d.Now()) })
	if err != nil {
		return nil, err
	}
	n, err := post.CancelLetters(ctx, d.Letters, s, d.moment(), who.Name)
	if err == nil && s.State == post.InSending && n == 0 {
		err = post.ErrNotCancelled // all of them have left, or are leaving just now
	}
	if err != nil {
		return nil, err
	}
	return d.Shipments.Get(ctx, id)
}
