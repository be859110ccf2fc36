package app

import (
	"context"
	"errors"
	"testing"

	"brevdue/internal/aws/secret"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// TestHeldJobs: while a function cannot be prepared, only what the sweep brings again is taken off its queue.
func TestHeldJobs(t *testing.T) {
	fn := &function{env: &Env{}, secrets: &secret.Cache{},
		readSecrets: func(context.Context) error { return errors.New("the secret cannot be read") }}
	jobs := []post.Job{{Letter: "l"}, {Container: "c"}, {Bulk: "b"}, {LookUp: "s"}, {Check: "k"}, {Shipment: "s"}}
	stage := func() workflow.Handler { t.Fatal("it works without its secret"); return nil }
	errs := fn.handled(stage)(t.Context(), jobs)
	for i, j := range jobs {
		if kept := errs[i] != nil; kept != (i > 2) {
			t.Errorf("%+v stays on the queue: %v", j, kept)
		}
	}
}
