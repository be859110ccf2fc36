package cloud

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"brevdue/internal/aws/bucket"
	"brevdue/internal/aws/trigger"
	"brevdue/internal/post"
	"brevdue/internal/store"
)

// handled makes the handler of a queue out of a stage's, which is made when the house has been entered. While it cannot
// be, for a secret is wrong or out of reach, no letter fails for that: the sweep brings its errand again.
func (h *home) handled(stage func() post.Handler) post.Handler {
	return func(ctx context.Context, errands []post.Errand) []error {
		if err := h.enter(ctx); err != nil {
			slog.Error("held", "error", err)
			errs := make([]error, len(errands))
			for i, e := range errands {
				if e.Letter == "" || h.secrets == nil { // without secrets it is set up wrongly: then its messages stay where they are
					errs[i] = err
				}
			}
			return errs
		}
		return stage()(ctx, errands)
	}
}

// Split is the function of the split queue.
func Split(e *Env) lambda.Handler {
	h := open(e).files(bucket.Config{Uploads: e.text("UPLOADS"), Archive: e.text("ARCHIVE")}).scanned().queues(post.SplitQueue, post.SplitQueue.Dead(), post.SendQueue, post.SendQueue.Dead(), post.ArchiveQueue).environment()
	stage := h.House.Split()
	return e.serve(trigger.Errands(h.handled(func() post.Handler { return stage.Handle })))
}

// Send is the function of the send queue.
func Send(e *Env) lambda.Handler {
	h := open(e).files(bucket.Config{Archive: e.text("ARCHIVE")}).queues(post.SendQueue.Dead(), post.ArchiveQueue).channel()
	h.Restored = store.Restorations{Store: h.Store, Table: h.table, Fingerprint: h.fingerprint}
	stage := h.House.Send()
	return e.serve(trigger.Errands(h.handled(func() post.Handler {
		stage.Channel, stage.UUIDKey = h.Channel, h.UUIDKey
		return stage.Handle
	})))
}

// Archive is the function of the archive queue.
func Archive(e *Env) lambda.Handler {
	const day = 24 * time.Hour
	h := open(e).secret().files(bucket.Config{Archive: e.text("ARCHIVE"), Lock: time.Duration(e.number("LOCK_DAYS")) * day})
	stage := h.House.Archive()
	stage.Keep = time.Duration(e.number("KEEP_DAYS")) * day
	return e.serve(trigger.Errands(h.handled(func() post.Handler {
		stage.CaseKey = h.CaseKey
		return stage.Handle
	})))
}

// Unhandled is the function of all dead letters.
func Unhandled(e *Env) lambda.Handler {
	h := open(e)
	h.Operator = e.text("OPERATOR")
	stage := h.House.Unhandled()
	return e.serve(trigger.DeadLetters(queueOf, func(q post.Queue) post.Handler { return h.handled(func() post.Handler { return stage.DeadLetters(q) }) }, stage.Poison))
}

// queueOf finds the queue whose dead letters lie under an ARN: infra/template.yaml names them …-<queue>-dead.
func queueOf(arn string) post.Queue {
	for _, q := range post.WorkQueues {
		if strings.HasSuffix(arn, "-"+string(q.Dead())) {
			return q
		}
	}
	return ""
}

// InboxPoll is the function that fetches incoming post.
func InboxPoll(e *Env) lambda.Handler {
	h := open(e).files(bucket.Config{Archive: e.text("ARCHIVE")}).scanned().channel()
	h.Operator = e.text("OPERATOR")
	return e.serve(trigger.Again(e.seconds("PAUSE"), within, h.entered(func(ctx context.Context) (bool, error) { return h.House.Inbox().Poll(ctx) })))
}

// Sweep is the function that sweeps.
func Sweep(e *Env) lambda.Handler {
	all := []post.Queue{}
	for _, q := range post.WorkQueues {
		all = append(all, q, q.Dead())
	}
	h := open(e).files(bucket.Config{Uploads: e.text("UPLOADS")}).queues(all...)
	h.Base, h.Operator = e.text("BASE"), e.text("OPERATOR")
	stage := h.House.Sweep()
	known := h.secret().secrets // for notices alone: a wrong one must not hold up the sweep
	h.secrets = nil
	return e.serve(trigger.Again(e.seconds("PAUSE"), within, h.entered(func(ctx context.Context) (bool, error) {
		more, err := stage.Run(ctx)
		if told := h.notify(ctx, known); told != nil {
			slog.Error("notices", "error", told)
		}
		return more, err
	})))
}

// within is how long a scheduled function goes on when it is to work more often than its schedule.
const within = 55 * time.Second

// entered lets scheduled work in.
func (h *home) entered(do func(context.Context) (bool, error)) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		if err := h.enter(ctx); err != nil {
			return false, err
		}
		return do(ctx)
	}
}
