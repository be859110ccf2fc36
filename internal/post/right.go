package post

import (
	"slices"
	"strings"

	"brevdue/internal/sentence"
)

// Right (rettighed) is something that somebody may do.
type Right string

// The rights.
const (
	RightWrite        Right = "write"        // make shipments and correct them in the review
	RightSend         Right = "send"         // let them leave, take them back, cancel them
	RightApprove      Right = "approve"      // what another person wants to send
	RightSeeAll       Right = "see-all"      // what others have made: their shipments, letters and failures
	RightConfidential Right = "confidential" // open what others have marked as confidential (fortrolig)
	RightUnhandled    Right = "unhandled"    // Ubehandlet: replay, correct, dismiss
	RightInbox        Right = "inbox"
	RightArchive      Right = "archive"
	RightReveal       Right = "reveal"     // numbers in the clear
	RightAdminister   Right = "administer" // users, groups, keys and settings
	RightOperate      Right = "operate"    // the stop switch, notices, evidence, backup
	RightAudit        Right = "audit"      // read the audit log
	RightLegal        Right = "legal"      // send legal notifications (forkyndelse)
)

// Rights returns all rights, in the order in which they are shown.
func Rights() []Right {
	return []Right{RightWrite, RightSend, RightApprove, RightSeeAll, RightConfidential, RightUnhandled, RightInbox,
		RightArchive, RightReveal, RightAdminister, RightOperate, RightAudit, RightLegal}
}

// KeyRights returns the rights that an API key can have. Keys touch neither users nor rights nor keys, and neither
// approve nor notify legally (practice C7, D3, D4).
func KeyRights() []Right {
	return slices.DeleteFunc(Rights(), func(r Right) bool {
		return r == RightApprove || r == RightAdminister || r == RightLegal
	})
}

// RightName returns the sentence that names a right; "" for none that there is.
func RightName(r Right) sentence.Sentence { return rightNames[r] }

var rightNames = map[Right]sentence.Sentence{
	RightWrite:        `§["right-write"]`,
	RightSend:         `§["right-send"]`,
	RightApprove:      `§["right-approve"]`,
	RightSeeAll:       `§["right-see-all"]`,
	RightConfidential: `§["right-confidential"]`,
	RightUnhandled:    `§["right-unhandled"]`,
	RightInbox:        `§["right-inbox"]`,
	RightArchive:      `§["right-archive"]`,
	RightReveal:       `§["right-reveal"]`,
	RightAdminister:   `§["right-administer"]`,
	RightOperate:      `§["right-operate"]`,
	RightAudit:        `§["right-audit"]`,
	RightLegal:        `§["right-legal"]`,
}

// Scope is what a right is for; each empty field stands for all.
type Scope struct {
	Unit         string `json:"unit,omitempty"`
	KLE          string `json:"kle,omitempty"` // a number of the filing plan, with all below it
	DocumentType string `json:"documentType,omitempty"`
}

// Area is where a shipment belongs: rights are asked for it.
type Area struct {
	Owner        string // whose it is: a user's name, or KeyOwner of a key that belongs to nobody
	Unit         string
	DocumentType string
	KLE          string // number of the document type
	Confidential bool   // fortrolig: its owner opens it, and who may open what is confidential
}

// covers reports whether a scope has an area in it.
func (s Scope) covers(a Area) bool {
	return (s.Unit == "" || s.Unit == a.Unit) && (s.DocumentType == "" || s.DocumentType == a.DocumentType) &&
		(s.KLE == "" || s.KLE == a.KLE || strings.HasPrefix(a.KLE, s.KLE+"."))
}

// Grant is a right with its scope: a role and its data constraint, as in KOMBIT's profile (systems.md 3).
type Grant struct {
	Right Right `json:"right"`
	Scope
}

// Grants are the rights that somebody has.
type Grants []Grant

// GrantsOf returns rights for all of an organization's post.
func GrantsOf(rights ...Right) Grants {
	g := make(Grants, len(rights))
	for i, r := range rights {
		g[i].Right = r
	}
	return g
}

// May reports whether there is a right at all, for whatever area.
func (g Grants) May(r Right) bool {
	return slices.ContainsFunc(g, func(one Grant) bool { return one.Right == r })
}

// MayAt reports whether there is a right for an area.
func (g Grants) MayAt(r Right, a Area) bool {
	return slices.ContainsFunc(g, func(one Grant) bool { return one.Right == r && one.covers(a) })
}

// Everywhere reports whether there is a right for all of an organization's post.
func (g Grants) Everywhere(r Right) bool { return slices.Contains(g, Grant{Right: r}) }

// Within returns what of these grants others do not exceed: each that another one covers.
func (g Grants) Within(most Grants) Grants {
	var within Grants
	for _, one := range g {
		if most.covers(one) {
			within = append(within, one)
			continue
		}
		for _, other := range most { // the narrower one of the two
			if other.Right == one.Right && (Grants{one}).covers(other) {
				within = append(within, other)
			}
		}
	}
	return within
}

// covers reports whether one of the grants is as wide as another one.
func (g Grants) covers(one Grant) bool {
	wider := func(mine, its string) bool { return mine == "" || mine == its }
	return slices.ContainsFunc(g, func(mine Grant) bool {
		return mine.Right == one.Right && wider(mine.Unit, one.Unit) && wider(mine.DocumentType, one.DocumentType) &&
			(wider(mine.KLE, one.KLE) || strings.HasPrefix(one.KLE, mine.KLE+"."))
	})
}

// Beyond returns the first of these grants that others do not cover.
func (g Grants) Beyond(others Grants) (Grant, bool) {
	i := slices.IndexFunc(g, func(one Grant) bool { return !others.covers(one) })
	if i < 0 {
		return Grant{}, false
	}
	return g[i], true
}

// Sight is what of an organization's post somebody sees. It goes into each query.
type Sight struct {
	Owner  string `json:"owner,omitempty"`
	Grants Grants `json:"grants,omitempty"`
}

// Everything is the sight of the service itself.
func Everything() Sight { return Sight{Grants: GrantsOf(Rights()...)} }

// Sees reports whether something stands in a list: what is one's own, and what others have made where one may see it.
func (s Sight) Sees(a Area) bool { return s.owns(a) || s.Grants.MayAt(RightSeeAll, a) }

// Opens reports whether something can be opened. What is confidential stands in a list without its subject.
func (s Sight) Opens(a Area) bool {
	return s.Sees(a) && (!a.Confidential || s.owns(a) || s.Grants.MayAt(RightConfidential, a))
}

// Handles reports whether somebody has to do with what failed.
func (s Sight) Handles(a Area) bool { return s.Opens(a) && s.Grants.MayAt(RightUnhandled, a) }

func (s Sight) owns(a Area) bool { return s.Owner != "" && s.Owner == a.Owner }

// Forbidden means that a right is missing. What only people may do no key can be given.
type Forbidden struct {
	Right  Right
	People bool
}

// Error implements error, for the log; users get Sentence.
func (f *Forbidden) Error() string { return "no right to " + string(f.Right) }

// Sentence is what a user reads.
func (f *Forbidden) Sentence() sentence.Sentence {
	if f.People {
		return sentence.Of("people-only")
	}
	return sentence.Of("forbidden", RightName(f.Right))
}
