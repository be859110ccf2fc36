package store

import (
	"context"
	"time"

	"brevdue/internal/post"
)

type filingPlanBody struct {
	Subjects post.FilingPlan `json:"subjects"`
}

func filingPlanKey(org string) Key { return Key{"O#" + org, "FILINGPLAN"} }

// FilingPlan implements post.FilingPlans.
func (s *Store) FilingPlan(ctx context.Context, org string) (post.FilingPlan, error) {
	var b filingPlanBody
	_, err := s.get(ctx, filingPlanKey(org), &b)
	return b.Subjects, err
}

// PutFilingPlan implements post.FilingPlans.
func (s *Store) PutFilingPlan(ctx context.Context, org string, p post.FilingPlan) error {
	return s.put(ctx, filingPlanKey(org), filingPlanBody{p}, time.Time{}, Always)
}
