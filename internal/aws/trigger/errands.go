// Package trigger is where AWS calls in: batches from queues, schedules and HTTP requests become what the stages and
// rooms know, and their errors become what AWS acts on.
//
// Invariant: a message is reported as done only when its errand is done; one that fails takes none of its batch with
// it. No event is ever logged: it may carry a person's number.
//
// SQS, EventBridge, API Gateway -> [trigger] -> post.Handler, http.Handler
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
)

// errPoison means that a message is no errand.
var errPoison = errors.New("a message that is no errand")

// errandsOf reads a message: an errand of ours, or S3's news of uploads.
func errandsOf(body string) ([]post.Errand, error) {
	var m struct {
		post.Errand
		Event   string // s3:TestEvent, when the bucket is made
		Records []events.S3EventRecord
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return nil, errPoison
	}
	if m.Errand != (post.Errand{}) {
		return []post.Errand{m.Errand}, nil
	}
	var errands []post.Errand
	for _, r := range m.Records {
		key, err := url.QueryUnescape(r.S3.Object.Key)
		if err != nil || !strings.HasPrefix(r.EventName, "ObjectCreated") {
			return nil, errPoison
		}
		errands = append(errands, post.Errand{Object: key})
	}
	if len(errands) == 0 && m.Event != "s3:TestEvent" {
		return nil, errPoison
	}
	return errands, nil
}

// answer says which messages of a batch come again.
func answer(failed map[string]bool) events.SQSEventResponse {
	r := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for id := range failed {
		r.BatchItemFailures = append(r.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	return r
}

// Errands does the errands of a batch, and reports those messages that failed.
func Errands(handle post.Handler) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	return func(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
		var errands []post.Errand
		var from []string // message of each errand
		failed := map[string]bool{}
		fail := func(id string, err error) {
			failed[id] = true
			slog.Warn("comes again", "message", id, "error", err)
		}
		for _, m := range e.Records {
			some, err := errandsOf(m.Body)
			if err != nil {
				fail(m.MessageId, err)
			}
			for _, errand := range some {
				errands, from = append(errands, errand), append(from, m.MessageId)
			}
		}
		for i, err := range handle.Each(ctx, errands) {
			if err != nil {
				fail(from[i], err)
			}
		}
		return answer(failed), nil
	}
}

// DeadLetters does the dead letters of several queues. What is no errand is kept as it came.
func DeadLetters(queueOf func(arn string) post.Queue, handle func(post.Queue) post.Handler,
	poison func(ctx context.Context, q post.Queue, id, body string) error) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	return func(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
		failed := map[string]bool{}
		for _, m := range e.Records {
			q := queueOf(m.EventSourceARN)
			errands, err := errandsOf(m.Body)
			if err != nil {
				err = poison(ctx, q, m.MessageId, m.Body)
			} else {
				err = errors.Join(handle(q).Each(ctx, errands)...)
			}
			if err != nil {
				failed[m.MessageId] = true
				slog.Warn("comes again", "message", m.MessageId, "error", err)
			}
		}
		return answer(failed), nil
	}
}
