package post

import (
	"context"
	"regexp"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// SettingsChange is what is changed of an organization's settings; what is nil stays as it is.
type SettingsChange struct {
	Undo         *time.Duration
	UndoAlways   *bool
	FourEyes     *int
	Daily        *int
	KeyDaily     *int
	HideNames    *bool
	CodeLength   *int
	CodeAge      *time.Duration
	Idle         *time.Duration
	SecondFactor *bool
	Units        *[]Unit
	Types        *[]DocumentType
	Names        map[string]string // of senders, by CVR number
}

// Bounds of settings.
const (
	UndoMost     = 24 * time.Hour // longer, and nobody knows what has left
	lettersMost  = 1_000_000
	codeLeast    = 12
	codeMost     = 64
	codeAgeLeast = 24 * time.Hour
	codeAgeMost  = 3 * 365 * 24 * time.Hour
	idleLeast    = 5 * time.Minute
	listMost     = 500
	nameMost     = 80
)

// Errors of a change of settings.
const (
	errUndo     sentence.Sentence = `§["undo-window"]`
	errLetters  sentence.Sentence = `§["setting-letters"]`
	errLength   sentence.Sentence = `§["setting-code-length"]`
	errAge      sentence.Sentence = `§["setting-code-age"]`
	errIdle     sentence.Sentence = `§["setting-idle"]`
	errListMost sentence.Sentence = `§["setting-list-most"]`
	errItemID   sentence.Sentence = `§["setting-id"]`
	errItemSame sentence.Sentence = `§["setting-twice"]`
	errCases    sentence.Sentence = `§["setting-cases"]`
	errKLE      sentence.Sentence = `§["setting-kle"]`
	errSender   sentence.Sentence = `§["setting-sender"]`
)

// ErrSecondAdministrator means that another administrator has to ask for the same before it is done.
const ErrSecondAdministrator sentence.Sentence = `§["second-administrator"]`

// Check returns why a change cannot be made.
func (c *SettingsChange) Check() error {
	within := func(d *time.Duration, least, most time.Duration) bool {
		return d == nil || *d >= least && *d <= most
	}
	number := func(n *int) bool { return n == nil || *n >= 0 && *n <= lettersMost }
	switch {
	case !within(c.Undo, time.Second, UndoMost):
		return errUndo
	case !number(c.FourEyes) || !number(c.Daily) || !number(c.KeyDaily):
		return errLetters
	case c.CodeLength != nil && (*c.CodeLength < codeLeast || *c.CodeLength > codeMost):
		return errLength
	case c.CodeAge != nil && *c.CodeAge != 0 && !within(c.CodeAge, codeAgeLeast, codeAgeMost):
		return errAge
	case !within(c.Idle, idleLeast, SessionTime):
		return errIdle
	}
	if c.Units != nil {
		var ids, names []string
		for _, u := range *c.Units {
			ids, names = append(ids, u.ID), append(names, u.Name)
		}
		if err := checkList(ids, names); err != nil {
			return err
		}
	}
	return c.checkTypes()
}

var (
	itemID    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	kleNumber = regexp.MustCompile(`^\d{2}(\.\d{2}){0,2}$`)
)

func (c *SettingsChange) checkTypes() error {
	if c.Types == nil {
		return nil
	}
	var ids, names []string
	for _, t := range *c.Types {
		if t.KLE != "" && !kleNumber.MatchString(t.KLE) {
			return errKLE
		}
		if t.Cases != CasePerPerson && t.Cases != CasePerType && t.Cases != CaseGiven {
			return errCases
		}
		ids, names = append(ids, t.ID), append(names, t.Name)
	}
	return checkList(ids, names)
}

func checkList(ids, names []string) error {
	if len(ids) > listMost {
		return errListMost
	}
	seen := map[string]bool{}
	for i, id := range ids {
		switch {
		case !itemID.MatchString(id):
			return errItemID
		case seen[id]:
			return errItemSame
		}
		seen[id] = true
		if err := CheckFullText(`§["place-name"]`, names[i], nameMost); err != nil {
			return err
		}
	}
	return nil
}

// Loosens reports whether a change lets more leave without a second person than before.
func (c *SettingsChange) Loosens(o *Organization) bool {
	return c.FourEyes != nil && o.FourEyes > 0 && (*c.FourEyes == 0 || *c.FourEyes > o.FourEyes)
}

// Apply changes an organization.
func (c *SettingsChange) Apply(o *Organization) error {
	set(&o.Undo, c.Undo)
	set(&o.Demands, c.UndoAlways)
	set(&o.FourEyes, c.FourEyes)
	set(&o.Daily, c.Daily)
	set(&o.KeyDaily, c.KeyDaily)
	set(&o.HideNames, c.HideNames)
	set(&o.Rules.CodeLength, c.CodeLength)
	set(&o.Rules.CodeAge, c.CodeAge)
	set(&o.Rules.Idle, c.Idle)
	if c.SecondFactor != nil {
		o.Rules.SecondFactor, o.Rules.NoSecondFactor = *c.SecondFactor, !*c.SecondFactor
	}
	set(&o.Units, c.Units)
	if err := c.checkArchives(o); err != nil {
		return err
	}
	set(&o.Types, c.Types)
	for number, name := range c.Names {
		if err := CheckFullText(`§["place-name"]`, name, nameMost); err != nil {
			return err
		}
		found := false
		for i := range o.Senders {
			if o.Senders[i].Number.Reveal() == ident.Digits(number) {
				o.Senders[i].Name, found = strings.TrimSpace(name), true
			}
		}
		if !found {
			return errSender
		}
	}
	return nil
}

// checkArchives returns that a document type names an archive which the organization does not have.
func (c *SettingsChange) checkArchives(o *Organization) error {
	if c.Types == nil {
		return nil
	}
	for _, t := range *c.Types {
		for _, id := range t.Archives {
			if o.ArchiveConnection(id) == nil {
				return sentence.Of("archive-unknown", id)
			}
		}
	}
	return nil
}

func set[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

// FourEyesAsked is a change of FourEyes that lets more leave: one administrator has asked for it.
type FourEyesAsked struct {
	Letters int       `json:"letters"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// SettingsCommands change what an organization says of itself.
type SettingsCommands interface {
	ChangeSettings(ctx context.Context, who Caller, c SettingsChange) (*Organization, error)
	// PutFilingPlan takes the place of the organization's filing plan. Document types keep their numbers.
	PutFilingPlan(ctx context.Context, who Caller, p FilingPlan) error
}
