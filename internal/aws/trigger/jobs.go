// Package trigger is where AWS calls in: batches from queues, schedules and HTTP requests become what the stages and
// API and portal know, and their errors become what AWS acts on.
//
// Invariant: a message is reported as done only when its job is done; one that fails takes none of its batch with
// it. No event is ever logged: it may carry a person's number.
//
// SQS, EventBridge, API Gateway -> [trigger] -> workflow.Handler, http.Handler
package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// errPoison means that a message is no job.
var errPoison = errors.New("a message that is no job")

// jobsOf reads a message: a job of ours, or S3's news of uploads.
func jobsOf(body string) ([]post.Job, error) {
	var m struct {
		post.Job
		Event   string // s3:TestEvent, when the bucket is made
		Records []events.S3EventRecord
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return nil, errPoison
	}
	if m.Job != (post.Job{}) {
		return []post.Job{m.Job}, nil
	}
	var jobs []post.Job
	for _, r := range m.Records {
		key, err := url.QueryUnescape(r.S3.Object.Key)
		if err != nil || !strings.HasPrefix(r.EventName, "ObjectCreated") {
			return nil, errPoison
		}
		jobs = append(jobs, post.UploadArrived(key))
	}
	if len(jobs) == 0 && m.Event != "s3:TestEvent" {
		return nil, errPoison
	}
	return jobs, nil
}

// answer says which messages of a batch come again.
func answer(failed map[string]bool) events.SQSEventResponse {
	r := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for id := range failed {
		r.BatchItemFailures = append(r.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	return r
}

// Jobs does the jobs of a batch, and reports those messages that failed.
func Jobs(handle workflow.Handler) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	return func(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
		var jobs []post.Job
		var from []string // message of each job
		failed := map[string]bool{}
		fail := func(id string, err error) {
			failed[id] = true
			slog.Warn("comes again", "message", id, "error", err)
		}
		for _, m := range e.Records {
			some, err := jobsOf(m.Body)
			if err != nil {
				fail(m.MessageId, err)
			}
			for _, job := range some {
				jobs, from = append(jobs, job), append(from, m.MessageId)
			}
		}
		for i, err := range handle.Each(ctx, jobs) {
			if err != nil {
				fail(from[i], err)
			}
		}
		return answer(failed), nil
	}
}

// DeadLetters does the dead letters of several queues. What is no job is kept as it came.
func DeadLetters(
	queueOf func(arn string) post.Queue,
	handle func(post.Queue) workflow.Handler,
	poison func(ctx context.Context, q post.Queue, id, body string) error,
) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	return func(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
		failed := map[string]bool{}
		for _, m := range e.Records {
			q := queueOf(m.EventSourceARN)
			jobs, err := jobsOf(m.Body)
			if err != nil {
				err = poison(ctx, q, m.MessageId, m.Body)
			} else {
				err = errors.Join(handle(q).Each(ctx, jobs)...)
			}
			if err != nil {
				failed[m.MessageId] = true
				slog.Warn("comes again", "message", m.MessageId, "error", err)
			}
		}
		return answer(failed), nil
	}
}
