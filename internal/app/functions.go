package app

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"brevdue/internal/api"
	"brevdue/internal/aws/bucket"
	"brevdue/internal/aws/trigger"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost/container"
	"brevdue/internal/store"
	"brevdue/internal/workflow"
)

// handled makes the handler of a queue out of a stage's, which is made when the function is prepared. If it cannot be
// prepared, because a secret is missing or wrong, jobs about letters, containers and bulks are acknowledged without
// work, so that none becomes a dead letter for it; the sweep queues them again. Nobody does that for other jobs.
func (fn *function) handled(stage func() workflow.Handler) workflow.Handler {
	return func(ctx context.Context, jobs []post.Job) []error {
		if err := fn.prepare(ctx); err != nil {
			slog.Error("held", "error", err)
			errs := make([]error, len(jobs))
			for i, j := range jobs {
				// A function without secrets is set up wrongly: then all its messages stay where they are.
				again := j.Letter != "" || j.Bulk != "" || j.Container != ""
				if !again || fn.secrets == nil {
					errs[i] = err
				}
			}
			return errs
		}
		return stage()(ctx, jobs)
	}
}

// Split is the function of the split queue.
func Split(e *Env) lambda.Handler {
	fn := open(e).files(bucket.Config{
		Uploads: e.text("UPLOADS"),
		Archive: e.text("ARCHIVE"),
		Lock:    time.Duration(e.number("LOCK_DAYS")) * day,
	}).scanned().
		queues(post.SplitQueue, post.SplitQueue.Dead(), post.SendQueue, post.SendQueue.Dead(), post.ArchiveQueue).
		environment()
	stage := fn.App.Split()
	stage.Retention = time.Duration(e.number("KEEP_DAYS")) * day
	stage.MassFrom = int(e.number("MASS_FROM"))
	if e.optional("SEAL") == "off" {
		stage.NewSecret = noSecret
	}
	return e.serve(trigger.Jobs(fn.handled(func() workflow.Handler { return stage.Handle })))
}

// Send is the function of the send queue.
func Send(e *Env) lambda.Handler {
	fn := open(e).files(bucket.Config{Archive: e.text("ARCHIVE")}).
		queues(post.SendQueue, post.SendQueue.Dead(), post.ArchiveQueue).channel()
	fn.Restored = store.Restorations{Store: fn.Store, Table: fn.table, Fingerprint: fn.fingerprint}
	fn.digitalPost.pack = container.Write
	stage := fn.App.Send()
	return e.serve(trigger.Jobs(fn.handled(func() workflow.Handler {
		stage.Checker, stage.Register = fn.checker(), fn.Register
		stage.Channel, stage.Mass, stage.Ways, stage.UUIDKey = fn.Channel, fn.Mass, fn.Ways, fn.UUIDKey
		return stage.Handle
	})))
}

const day = 24 * time.Hour

// Archive is the function of the archive queue.
func Archive(e *Env) lambda.Handler {
	fn := open(e).secret().
		files(bucket.Config{Archive: e.text("ARCHIVE"), Lock: time.Duration(e.number("LOCK_DAYS")) * day}).
		queues(post.ArchiveQueue, post.ArchiveQueue.Dead())
	stage := fn.App.Archive()
	stage.Keep = time.Duration(e.number("KEEP_DAYS")) * day
	return e.serve(trigger.Jobs(fn.handled(func() workflow.Handler {
		stage.CaseKey, stage.UUIDKey = fn.CaseKey, fn.UUIDKey
		return stage.Handle
	})))
}

// Unhandled is the function of all dead letters.
func Unhandled(e *Env) lambda.Handler {
	fn := open(e)
	fn.Operator = e.text("OPERATOR")
	fn.Restored = store.Restorations{Store: fn.Store, Table: fn.table}
	stage := fn.App.Unhandled()
	return e.serve(trigger.DeadLetters(queueOf, func(q post.Queue) workflow.Handler {
		return fn.handled(func() workflow.Handler { return stage.DeadLetters(q) })
	}, stage.Poison))
}

// Bulk is the function of the bulk queue.
func Bulk(e *Env) lambda.Handler {
	fn := open(e).queues(post.WorkQueues...).channel()
	fn.Restored = store.Restorations{Store: fn.Store, Table: fn.table, Fingerprint: fn.fingerprint}
	return e.serve(trigger.Jobs(fn.handled(func() workflow.Handler { return fn.App.Remedies().Handle })))
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
	fn := open(e).files(bucket.Config{Archive: e.text("ARCHIVE")}).scanned().channel()
	fn.Operator = e.text("OPERATOR")
	push := trigger.HTTP(fn.serving("/v1/memos", func() (http.Handler, error) {
		push := api.API{PushToken: fn.built.PushToken, PushMemo: fn.App.PushedMemo, Reference: Reference}
		return push.PushHandler(), nil
	}))
	poll := trigger.Again(e.seconds("PAUSE"), within, fn.whenPrepared(fn.App.pollInbox))
	return e.serve(trigger.AnyOf(push, nil, poll))
}

// Sweep is the function that sweeps.
func Sweep(e *Env, mail OpenMail) lambda.Handler {
	all := []post.Queue{}
	for _, q := range post.WorkQueues {
		all = append(all, q, q.Dead())
	}
	fn := open(e).files(bucket.Config{Uploads: e.text("UPLOADS")}).queues(all...)
	fn.Base, fn.Operator = e.text("BASE"), e.text("OPERATOR")
	fn.openMail = mail
	stage := fn.App.Sweep()
	known := fn.secret().secrets // for notices alone: a wrong one must not hold up the sweep
	fn.secrets, fn.readSecrets = nil, nil
	beaten := time.Time{}
	return e.serve(trigger.Again(e.seconds("PAUSE"), within, fn.whenPrepared(func(ctx context.Context) (bool, error) {
		if now := time.Now(); now.Sub(beaten) >= within { // not again within its minute
			if _, err := fn.App.heart().Beat(ctx); err != nil {
				slog.Warn("how long Brevdue has worked is not noted", "error", err)
			}
			beaten = now
		}
		more, err := stage.Run(ctx)
		if told := fn.notify(ctx, known); told != nil {
			slog.Error("notices", "error", told)
		}
		return more, err
	})))
}

// within is how long a scheduled function goes on when it is to work more often than its schedule.
const within = 55 * time.Second

// whenPrepared wraps scheduled work so that it runs only after prepare has succeeded.
func (fn *function) whenPrepared(do func(context.Context) (bool, error)) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		if err := fn.prepare(ctx); err != nil {
			return false, err
		}
		return do(ctx)
	}
}
