// Package upload is the counter where shipments are handed in: it checks the order, writes the shipment, and answers
// with the addresses to upload to. Send and Cancel are pressed here too.
//
// Invariant: nothing of a shipment leaves before Send, unless its order said so; and nothing leaves after a Cancel
// that was confirmed.
//
// order -> [upload] -> shipment, presigned uploads
package upload

import (
	"cmp"
	"context"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/memo"
	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
	"brevdue/internal/workflow"
)

// Commands implements post.ShipmentCommands: it takes orders.
type Commands struct {
	Shipments      post.Shipments
	Letters        post.Letters
	Organizations  post.Organizations
	Files          post.SentFiles
	Links          post.Links
	Queues         post.Queues
	Profiles       post.Profiles
	Reviews        post.Reviews
	Drafts         post.Drafts
	LookUps        post.LookUps
	Checks         post.CheckCommands
	RecipientLists post.RecipientLists
	Lists          post.LetterLists
	Audit          post.Auditor
	Days           post.DayCounts
	Users          post.Users        // who may be one person with two names
	Restored       post.Restorations // nil where nothing is ever restored
	Environment    post.Environment
	Limit          int64 // bytes of one upload
	Timings        post.Timings
	Now            func() time.Time
	NewID          func() string // of a shipment: 12 characters of [a-z0-9]
}

func (c *Commands) clock() post.Clock { return post.Clock{At: c.Now(), Timings: c.Timings} }

// Create checks an order and writes the shipment. The links are for the document, each
// attachment and the list of names. The error
// is post.Mistakes when the order is wrong.
func (c *Commands) Create(ctx context.Context, who post.Caller, o post.Order) (*post.Shipment, []post.Link, error) {
	organization, err := c.Organizations.Organization(ctx, who.Org)
	if err != nil {
		return nil, nil, err
	}
	names, unknown, err := c.takeList(ctx, who, &o)
	if err != nil {
		return nil, nil, err
	}
	profile, wrong, err := c.profile(ctx, who.Org, o.Profile)
	if err != nil {
		return nil, nil, err
	}
	o.Type = cmp.Or(o.Type, profile.DocumentType)
	s, mistakes := c.shipment(organization, o)
	mistakes = append(append(mistakes, unknown...), wrong...)
	s.TypedNames = namesOf(s.TypedRecipients, names)
	s.Area = areaOf(organization, who, o, &mistakes)
	s.Review = s.Review || !who.Grants.MayAt(post.RightSend, s.Area) // whoever may only write sends nothing
	profiled(s, profile)
	if len(mistakes) > 0 {
		return nil, nil, mistakes
	}
	s.By, s.Created = who.Name, c.Now()
	s.Due = c.clock().NextCheck()
	for try := 0; ; try++ {
		c.name(s)
		if err := c.Audit.Record(ctx, who.Did(post.ActCreate, s.ID, "", s.Subject)); err != nil {
			return nil, nil, err
		}
		err := c.Shipments.Create(ctx, s)
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
		links[i], err = c.Links.Upload(
			ctx,
			post.UploadPolicy{
				Org:   who.Org,
				Key:   p.Key,
				Type:  p.Type,
				Limit: p.Limit,
				Life:  c.Timings.Upload,
				After: strings.ReplaceAll(o.After, "{id}", s.ID),
			},
		)
		if err != nil {
			return nil, nil, err
		}
	}
	return s, links, nil
}

// areaOf is where a shipment belongs. Whoever makes it must be allowed to write there.
func areaOf(org *post.Organization, who post.Caller, o post.Order, wrong *post.Mistakes) post.Area {
	a := post.Area{Owner: who.Owner(), Unit: o.Unit, DocumentType: o.Type, Confidential: o.Private}
	t, ok := org.Type(a.DocumentType)
	a.Confidential = a.Confidential || t.Confidential
	if a.Unit == "" {
		a.Unit = who.Unit
	}
	if _, ok := org.Unit(a.Unit); !ok && a.Unit != "" {
		wrong.Say("unit", sentence.Of("unit-unknown"))
	}
	if !ok && a.DocumentType != "" {
		wrong.Say("documentType", sentence.Of("type-unknown"))
	}
	if o.Options.Legal && !who.Grants.MayAt(post.RightLegal, a) {
		wrong.Say("legal", sentence.Of("not-for-legal"))
	}
	if a.KLE = t.KLE; !who.Grants.MayAt(post.RightWrite, a) {
		wrong.Say("unit", sentence.Of("not-for-area"))
	}
	return a
}

// name gives a shipment its id, and its parts their keys.
func (c *Commands) name(s *post.Shipment) {
	s.ID = c.NewID()
	for i := range s.Parts {
		s.Parts[i].Key = path.Join("uploads", s.Org, s.ID, strconv.Itoa(i))
	}
	if s.NameList.Name != "" {
		s.NameList.Key = path.Join("uploads", s.Org, s.ID, "names")
	}
}

func (c *Commands) shipment(org *post.Organization, o post.Order) (*post.Shipment, post.Mistakes) {
	var wrong post.Mistakes
	wrong.Check("subject", post.CheckSubject(o.Subject))
	sender, ok := org.Sender(o.Sender)
	if !ok {
		wrong.Say("sender", sentence.Of("sender-not-approved"))
	}
	switch o.Rule {
	case "", post.FirstPage, post.EveryPage:
	default:
		wrong.Say("rule", sentence.Of("rule-unknown"))
	}
	s := &post.Shipment{
		Org:         org.ID,
		Subject:     o.Subject,
		Sender:      sender,
		Rule:        o.Rule,
		AllowReply:  o.AllowReply,
		Options:     o.Options,
		Case:        c.caseName(o.Case, &wrong),
		Review:      o.Review,
		AllowRepeat: o.Repeat,
		Environment: c.Environment,
		MeMo:        org.MeMo,
		State:       post.Uploading,
		OwnNumbers:  org.Numbers(),
		RemoveCPR:   o.RemoveCPR,
		SendAfter:   o.At,
	}
	s.TypedRecipients, s.TypedUnits = c.recipients(o.Recipients, &wrong)
	s.Concerns, s.Replaces = concernsOf(o, &wrong), o.Replaces
	s.Options.Check(s.AllowReply, c.Now(), &wrong)
	s.Options.TypeName = ""
	if t, ok := org.Type(o.Type); ok {
		s.Options.TypeName, s.Options.Mandatory = t.Name, s.Options.Mandatory || t.Mandatory
		if t.NoReply && s.AllowReply {
			wrong.Say("allowReply", sentence.Of("type-without-reply", t.Name))
		}
	}
	s.Archives, s.CaseType = archivesOf(org, o, &wrong)
	if texts.Reveals(s.Subject, s.Options.Notification) {
		s.Findings = append(s.Findings, post.Revealing)
	}
	if o.Window || org.Demands {
		s.Window = org.UndoWindow()
	}
	if !o.At.IsZero() {
		wrong.Check("at", checkMoment(o.At, c.Now()))
	}
	if o.Names.Name != "" {
		wrong.Check("names", post.CheckText(`§["place-name-list"]`, o.Names.Name, post.FileNameLimit))
		s.NameList = post.Part{Name: o.Names.Name, Type: "text/csv", Limit: min(c.Limit, nameListLimit)}
	}
	s.Parts = c.parts(o, &wrong)
	return s, wrong
}

// nameListLimit is how large a list of names may be: some 400,000 of them.
const nameListLimit = 16 << 20

// profile returns the profile that an order names; one without a name says nothing.
func (c *Commands) profile(ctx context.Context, org, name string) (p post.Profile, wrong post.Mistakes, err error) {
	if name == "" {
		return p, nil, nil
	}
	all, err := c.Profiles.Profiles(ctx, org)
	if err != nil {
		return p, nil, err
	}
	i := slices.IndexFunc(all, func(p post.Profile) bool { return p.Name == name })
	if i < 0 {
		wrong.Say("profile", sentence.Of("profile-unknown"))
		return p, wrong, nil
	}
	return all[i], nil, nil
}

// profiled completes a shipment by its profile. What the order itself says goes first.
func profiled(s *post.Shipment, p post.Profile) {
	s.Rule = cmp.Or(s.Rule, p.Rule, post.FirstPage)
	s.OwnNumbers = append(s.OwnNumbers, p.Own...)
	s.Label, s.FirstPageText, s.RemoveCPR = p.Label, p.Begins, s.RemoveCPR || p.RemoveCPR
}

func (c *Commands) caseName(name string, wrong *post.Mistakes) string {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.' {
			wrong.Say("case", sentence.Of("case-name-characters"))
			return ""
		}
	}
	if strings.HasPrefix(name, ".") || strings.Contains(name, "..") { // it is a part of paths
		wrong.Say("case", sentence.Of("case-name-dots"))
		return ""
	}
	if ident.ContainsCPR(name) {
		wrong.Say("case", sentence.Of("case-name-with-number"))
	}
	if len(name) > 64 {
		wrong.Say("case", sentence.Of("case-name-long"))
	}
	return name
}

// recipients reads what was typed: numbers, and behind a CVR number the P-number of the unit that it is for. The same
// twice is once.
func (c *Commands) recipients(texts []string, wrong *post.Mistakes) (numbers []ident.Number, units []string) {
	type recipient struct {
		number ident.Number
		unit   string
	}
	seen, any := map[recipient]bool{}, false
	for i, text := range texts {
		text, unit := ident.CutUnit(text)
		n, err := ident.ParseAny(text)
		switch {
		case err != nil:
			wrong.SayNumber("recipients", sentence.Of("place-recipient", i+1), err)
		case unit != "" && n.Kind() != ident.CVR:
			wrong.Say("recipients", sentence.Of("unit-of-person", i+1))
		case !seen[recipient{n, unit}]:
			seen[recipient{n, unit}] = true
			numbers, units, any = append(numbers, n), append(units, unit), any || unit != ""
		}
	}
	if !any {
		units = nil
	}
	return numbers, units
}

// parts checks the names and announced sizes of the document and the attachments.
func (c *Commands) parts(o post.Order, wrong *post.Mistakes) []post.Part {
	parts := []post.Part{{Name: o.Document.Name, Type: "application/pdf", Limit: c.Limit}}
	if media, err := post.CheckFileName(o.Document.Name); err != nil {
		wrong.Check("document", err)
	} else if media != "application/pdf" {
		wrong.Say("document", sentence.Of("document-must-be-pdf"))
	}
	if o.Document.Size > c.Limit {
		wrong.Say("document", sentence.Of("document-too-large", c.Limit>>20))
	}
	if len(o.Attachments) > post.AttachmentLimit {
		wrong.Say("attachments", sentence.Of("attachments-most", len(o.Attachments), post.AttachmentLimit))
	}
	var total int64
	names := map[string]bool{strings.ToLower(message.MainName): true}
	for i, a := range o.Attachments {
		name := strings.ToLower(strings.TrimSpace(a.Name))
		if names[name] {
			wrong.Say("attachments", sentence.Of("attachment-name-twice", i+1, a.Name))
		}
		names[name] = true
		media, err := post.CheckFileName(a.Name)
		if err != nil {
			wrong.Say("attachments", sentence.Of("attachment-mistake", i+1, post.SentenceOf(err)))
		}
		total += encoded(a.Size)
		parts = append(parts, post.Part{Name: a.Name, Type: media, Limit: min(c.Limit, post.MessageLimit)})
	}
	what := sentence.Of("attachments-fill")
	if len(o.Recipients) > 0 { // each gets the whole document
		what, total = sentence.Of("document-and-attachments-fill"), total+encoded(o.Document.Size)
	}
	if total > post.MessageLimit {
		wrong.Say("attachments", post.TooLarge(what, total))
	}
	return parts
}

// encoded returns how many bytes a file takes in a message.
func encoded(size int64) int64 { return memo.EncodedLength(max(0, size)) }

// enter lets nobody press anything at another organization's shipment, and writes down who presses before it is done.
func (c *Commands) enter(ctx context.Context, who post.Caller, act post.Action, id string) error {
	if _, err := c.Shipments.Get(ctx, who.Org, id); err != nil {
		return err
	}
	return c.Audit.Record(ctx, who.Did(act, id, "", ""))
}

// Cancel stops what has not left. It closes the door first, in one write that every sender asks at the last moment, and
// cleans up the letters after. When it returns nil, nothing of the shipment begins to leave any more.
func (c *Commands) Cancel(ctx context.Context, who post.Caller, id string) (*post.Shipment, error) {
	if err := c.enter(ctx, who, post.ActCancel, id); err != nil {
		return nil, err
	}
	asked := false
	s, err := c.Shipments.Change(ctx, who.Org, id, func(s *post.Shipment) (err error) {
		switch asked, err = workflow.MayHaveLeft(ctx, c.Restored, s); {
		case err != nil:
			return err
		case asked:
			return s.CancelUnasked(c.Now(), who.Name)
		}
		return s.Cancel(c.Now(), who.Name)
	})
	if err == nil && !asked { // else the senders ask about each letter, and cancel it
		err = workflow.CancelLetters(ctx, c.Letters, c.Lists, s, c.clock())
	}
	if err != nil {
		return nil, err
	}
	s, err = c.Shipments.Get(ctx, who.Org, id)
	if err == nil && s.State == post.InSending && s.HasLetters() && s.Counts.Total() >= s.Letters &&
		s.Counts.Cancelled+s.Counts.Queued+s.Counts.Created == 0 {
		err = post.ErrNotCancelled // all of them have left
	}
	return s, err
}
