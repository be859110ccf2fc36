package organization

import (
	"context"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Settings implements post.SettingsCommands.
type Settings struct {
	Organizations post.OrganizationChanges
	FilingPlans   post.FilingPlans
	Audit         post.Auditor
	Now           func() time.Time
}

// secondWithin is for how long a change waits for another administrator.
const secondWithin = 7 * 24 * time.Hour

// ChangeSettings implements post.SettingsCommands. Whatever lets more leave without a second person needs a second
// administrator too (practice D3).
func (s *Settings) ChangeSettings(
	ctx context.Context,
	who post.Caller,
	c post.SettingsChange,
) (*post.Organization, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if err := c.CheckNumbers(ctx, s.FilingPlans, who.Org); err != nil {
		return nil, err
	}
	if err := s.Audit.Record(ctx, who.Did(post.ActSettings, "", "", described(c))); err != nil {
		return nil, err
	}
	waits := false
	o, err := s.Organizations.ChangeOrganization(ctx, who.Org, func(o *post.Organization) error {
		asked := o.FourEyesAsked
		waits = false
		one := c
		switch {
		case !c.Loosens(o):
			if c.FourEyes != nil {
				o.FourEyesAsked = post.FourEyesAsked{}
			}
		case asked.By != "" && asked.By != who.Owner() && asked.Letters == *c.FourEyes &&
			s.Now().Sub(asked.At) < secondWithin:
			o.FourEyesAsked = post.FourEyesAsked{}
		default:
			waits, one.FourEyes = true, nil
			o.FourEyesAsked = post.FourEyesAsked{Letters: *c.FourEyes, By: who.Owner(), At: s.Now()}
		}
		return one.Apply(o)
	})
	if err == nil && waits {
		err = post.ErrSecondAdministrator
	}
	return o, err
}

// PutFilingPlan implements post.SettingsCommands.
func (s *Settings) PutFilingPlan(ctx context.Context, who post.Caller, p post.FilingPlan) error {
	p, err := p.Sorted()
	if err != nil {
		return err
	}
	what := string(sentence.Of("filing-plan-taken", len(p)))
	if err := s.Audit.Record(ctx, who.Did(post.ActSettings, "", "", what)); err != nil {
		return err
	}
	return s.FilingPlans.PutFilingPlan(ctx, who.Org, p)
}

// described says for the audit log what a change asks for.
func described(c post.SettingsChange) string {
	var what []sentence.Sentence
	say := func(s sentence.Sentence, is bool) {
		if is {
			what = append(what, s)
		}
	}
	say(sentence.Of("setting-undo", deref(c.Undo)), c.Undo != nil)
	say(sentence.Of("setting-undo-always", deref(c.UndoAlways)), c.UndoAlways != nil)
	say(sentence.Of("setting-four-eyes", deref(c.FourEyes)), c.FourEyes != nil)
	say(sentence.Of("setting-daily", deref(c.Daily)), c.Daily != nil)
	say(sentence.Of("setting-key-daily", deref(c.KeyDaily)), c.KeyDaily != nil)
	say(sentence.Of("setting-hide-names", deref(c.HideNames)), c.HideNames != nil)
	say(sentence.Of("setting-length", deref(c.CodeLength)), c.CodeLength != nil)
	say(sentence.Of("setting-age", deref(c.CodeAge)), c.CodeAge != nil)
	say(sentence.Of("setting-log-out", deref(c.Idle)), c.Idle != nil)
	say(sentence.Of("setting-two-steps", deref(c.SecondFactor)), c.SecondFactor != nil)
	say(sentence.Of("setting-units", len(deref(c.Units))), c.Units != nil)
	say(sentence.Of("setting-types", len(deref(c.Types))), c.Types != nil)
	say(sentence.Of("setting-names", len(c.Names)), len(c.Names) > 0)
	texts := make([]string, len(what))
	for i, s := range what {
		texts[i] = string(s)
	}
	return strings.Join(texts, "\n")
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
