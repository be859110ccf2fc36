package api

import (
	"net/http"

	"brevdue/internal/post"
)

// filingPlanJSON is the organization's filing plan, by number.
type filingPlanJSON struct {
	Subjects post.FilingPlan `json:"subjects"`
}

func (a *API) filingPlan(c *call) (int, any, error) {
	plan, err := a.FilingPlans.FilingPlan(c.Context(), c.who.Org)
	if err != nil {
		return 0, nil, err
	}
	if plan == nil {
		plan = post.FilingPlan{}
	}
	return http.StatusOK, filingPlanJSON{plan}, nil
}

// putFilingPlan answers PUT /v1/filing-plan: it takes the place of the plan that is there.
func (a *API) putFilingPlan(c *call) (int, any, error) {
	var in filingPlanJSON
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	if err := a.Settings.PutFilingPlan(c.Context(), c.who, in.Subjects); err != nil {
		return 0, nil, mistakenIn("subjects", err)
	}
	return a.filingPlan(c)
}
