package workflow

import (
	"context"
	"slices"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// Seen answers who has seen what. Whoever asks is in the audit log too.
type Seen struct {
	Audit  post.Auditor
	Cases  post.Cases
	Person func(org string, n ident.Number) string // a keyed hash
}

// OfPerson implements post.Readers.
func (s Seen) OfPerson(ctx context.Context, who post.Caller, n ident.Number) ([]*post.Entry, error) {
	person := s.Person(who.Org, n)
	if err := s.Audit.Record(ctx, who.Did(post.ActAudit, "", "", person)); err != nil {
		return nil, err
	}
	letters, err := s.Cases.LettersOf(ctx, who.Org, person)
	if err != nil {
		return nil, err
	}
	of := map[string]map[post.LetterID]bool{"": {}} // exports and searches are in the organization's own chain
	for _, id := range letters {
		if of[id.Shipment()] == nil {
			of[id.Shipment()] = map[post.LetterID]bool{}
		}
		of[id.Shipment()][id] = true
	}
	var found []*post.Entry
	for shipment, letters := range of {
		chain, err := AuditChain(ctx, s.Audit, who.Org, shipment)
		if err != nil {
			return nil, err
		}
		for _, e := range chain {
			about := letters[e.Letter] || shipment != "" && e.Letter == "" || strings.Contains(e.Text, person)
			if about && e.Kind != post.BySystem {
				found = append(found, e)
			}
		}
	}
	slices.SortFunc(found, func(a, b *post.Entry) int { return b.At.Compare(a.At) })
	return found, nil
}

// askedMost is how much of what somebody asked for is kept: ids and names are shorter.
const askedMost = 64

// Asked is the entry of somebody who reads the audit log. What was typed may be anything, a person's number too.
func Asked(who post.Caller, what string) post.Entry {
	if runes := []rune(what); len(runes) > askedMost {
		what = string(runes[:askedMost])
	}
	return who.Did(post.ActAudit, "", "", ident.Mask(what))
}

// OfUser implements post.Readers.
func (s Seen) OfUser(ctx context.Context, who post.Caller, name string) ([]*post.Entry, error) {
	if err := s.Audit.Record(ctx, Asked(who, name)); err != nil {
		return nil, err
	}
	return s.Audit.EntriesBy(ctx, who.Org, name, entriesShown)
}

// entriesShown is how many entries of somebody are shown, the newest.
const entriesShown = 500
