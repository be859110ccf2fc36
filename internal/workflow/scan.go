package workflow

import (
	"context"

	"brevdue/internal/post"
)

// ScanAll looks through files, and returns the first thing that is found. A nil scanner finds nothing: it is not
// switched on.
func ScanAll(ctx context.Context, s post.Scanner, objects ...post.Object) (threat string, err error) {
	if s == nil {
		return "", nil
	}
	for _, o := range objects {
		if threat, err = s.Scan(ctx, o); threat != "" || err != nil {
			return threat, err
		}
	}
	return "", nil
}
