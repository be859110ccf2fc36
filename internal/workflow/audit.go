package workflow

import (
	"context"

	"brevdue/internal/post"
)

// AuditChain returns a whole chain.
func AuditChain(ctx context.Context, a post.Auditor, org, shipment string) ([]*post.Entry, error) {
	var all []*post.Entry
	for from := int64(1); from > 0; {
		some, next, err := a.Entries(ctx, org, shipment, from, 100)
		if err != nil {
			return nil, err
		}
		all, from = append(all, some...), next
	}
	return all, nil
}
