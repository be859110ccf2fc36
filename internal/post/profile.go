package post

import (
	"context"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// Profile is what the letters of one source system look like: Studie+, LUDUS, Navision Stat. A shipment that names one
// takes it as it is then.
type Profile struct {
	Name         string
	Rule         Rule
	Own          []ident.Number // numbers of the sender that stand in the letters, beside the organization's own
	Label        string         // stands before the recipient's number, wherever on the page; "" for the usual labels
	Begins       string         // stands on the first page of each letter, and on no other; "" to find that out
	RemoveCPR    bool
	DocumentType string // the id of the type that its letters have where the order names none; "" for none
}

// Limits of a profile.
const (
	ProfilesMost   = 100
	profileTextMax = 80
)

// Check returns what is wrong with a profile.
func (p *Profile) Check() Mistakes {
	var wrong Mistakes
	if IsBlank(p.Name) {
		wrong.Say("name", sentence.Of("profile-name"))
	} else {
		wrong.Check("name", CheckText(`§["place-profile-name"]`, p.Name, profileTextMax))
	}
	wrong.Check("label", CheckText(`§["place-label"]`, p.Label, profileTextMax))
	wrong.Check("begins", CheckText(`§["place-begins"]`, p.Begins, profileTextMax))
	switch p.Rule {
	case FirstPage, EveryPage:
	default:
		wrong.Say("rule", sentence.Of("rule-unknown"))
	}
	return wrong
}

// Profiles stores the profiles of organizations.
type Profiles interface {
	// PutProfile writes a profile, or replaces the one of that name.
	PutProfile(ctx context.Context, org string, p Profile) error
	// Profiles returns an organization's profiles, by name.
	Profiles(ctx context.Context, org string) ([]Profile, error)
	// RemoveProfile takes one out; one that is not there is ErrNotFound.
	RemoveProfile(ctx context.Context, org, name string) error
}
