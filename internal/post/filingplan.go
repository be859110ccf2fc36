package post

import (
	"cmp"
	"context"
	"slices"

	"brevdue/internal/sentence"
)

// FilingPlan (journalplan) is KLE's numbers with their titles, sorted by number. Without any, every number counts that
// has the shape of one.
type FilingPlan []FilingSubject

// FilingSubject is a number of the filing plan: a main group like 27, a group like 27.12 or a subject like 27.12.03.
type FilingSubject struct {
	Number string `json:"number"`
	Title  string `json:"title"`
}

// Limits of a filing plan: it is one item of the table. KLE has some 3,000 numbers.
const (
	filingPlanMost  = 5000
	filingTitleMost = 255
	filingBytesMost = 350_000 // as JSON, or nearly
)

// Sorted returns a plan by number, or what is wrong with it.
func (p FilingPlan) Sorted() (FilingPlan, error) {
	p = slices.Clone(p)
	slices.SortFunc(p, func(a, b FilingSubject) int { return cmp.Compare(a.Number, b.Number) })
	if len(p) == 0 {
		return nil, sentence.Of("filing-plan-empty")
	}
	bytes := 0
	for i, s := range p {
		switch {
		case !kleNumber.MatchString(s.Number):
			return nil, sentence.Of("filing-plan-number", s.Number)
		case i > 0 && p[i-1].Number == s.Number:
			return nil, sentence.Of("filing-plan-twice", s.Number)
		}
		if err := CheckFullText(sentence.Of("place-filing-title", s.Number), s.Title, filingTitleMost); err != nil {
			return nil, err
		}
		bytes += len(s.Number) + len(s.Title) + len(`{"number":"","title":""},`)
	}
	if len(p) > filingPlanMost || bytes > filingBytesMost {
		return nil, sentence.Of("filing-plan-large", filingPlanMost)
	}
	return p, nil
}

// Title returns the title of a number, and whether the plan has it. A plan without numbers has every one.
func (p FilingPlan) Title(number string) (string, bool) {
	i, ok := slices.BinarySearchFunc(p, number, func(s FilingSubject, n string) int { return cmp.Compare(s.Number, n) })
	if !ok {
		return "", len(p) == 0
	}
	return p[i].Title, true
}

// CheckNumbers returns which number of a document type is not in the organization's filing plan.
func (c *SettingsChange) CheckNumbers(ctx context.Context, plans FilingPlans, org string) error {
	if c.Types == nil {
		return nil
	}
	plan, err := plans.FilingPlan(ctx, org)
	if err != nil {
		return err
	}
	for _, t := range *c.Types {
		if _, ok := plan.Title(t.KLE); t.KLE != "" && !ok {
			return sentence.Of("setting-kle-unknown", t.KLE)
		}
	}
	return nil
}

// FilingPlans stores the filing plans of organizations.
type FilingPlans interface {
	// FilingPlan returns an organization's; none is no error.
	FilingPlan(ctx context.Context, org string) (FilingPlan, error)
	PutFilingPlan(ctx context.Context, org string, p FilingPlan) error
}
