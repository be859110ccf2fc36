// Package queue is the queues on SQS. A message is a job as JSON: keys, never people.
//
// Job -> [queue] -> SQS
package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"brevdue/internal/post"
)

// Queues implements post.Queues. It holds the calls that it makes and not the client, as dynamo.Table does.
type Queues struct {
	urls      map[post.Queue]string
	sendBatch func(context.Context, *sqs.SendMessageBatchInput, ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput,
		error)
	sendOne func(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// New returns the queues with these addresses.
func New(c aws.Config, urls map[post.Queue]string) *Queues {
	client := sqs.NewFromConfig(c)
	return &Queues{urls, client.SendMessageBatch, client.SendMessage}
}

const (
	batch = 10 // SQS takes no more at a time
	tries = 5  // at what a batch left over
)

// Send implements post.Queues.
func (q *Queues) Send(ctx context.Context, name post.Queue, jobs ...post.Job) error {
	url, known := q.urls[name]
	if !known {
		return fmt.Errorf("queue %s: %w", name, post.ErrNotFound)
	}
	for len(jobs) > 0 {
		n := min(batch, len(jobs))
		entries, err := entriesOf(jobs[:n])
		if err != nil {
			return err
		}
		if err := q.send(ctx, url, entries); err != nil {
			return fmt.Errorf("queue %s: %w", name, err)
		}
		jobs = jobs[n:]
	}
	return nil
}

// entriesOf writes jobs. The group is the organization: SQS gives a large one's backlog no advantage over a small
// one's next message (fair queues).
func entriesOf(jobs []post.Job) ([]types.SendMessageBatchRequestEntry, error) {
	entries := make([]types.SendMessageBatchRequestEntry, len(jobs))
	for i, e := range jobs {
		body, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		entries[i] = types.SendMessageBatchRequestEntry{
			Id:          aws.String(strconv.Itoa(i)),
			MessageBody: aws.String(string(body)),
		}
		if e.Org != "" {
			entries[i].MessageGroupId = aws.String(e.Org)
		}
	}
	return entries, nil
}

// send sends a batch, and again what SQS did not take.
func (q *Queues) send(ctx context.Context, url string, entries []types.SendMessageBatchRequestEntry) error {
	for try := 1; ; try++ {
		out, err := q.sendBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries})
		if err != nil || len(out.Failed) == 0 {
			return err
		}
		failed := map[string]bool{}
		for _, f := range out.Failed {
			if f.SenderFault || try == tries {
				return fmt.Errorf("%s: %s", aws.ToString(f.Code), aws.ToString(f.Message))
			}
			failed[aws.ToString(f.Id)] = true
		}
		var again []types.SendMessageBatchRequestEntry
		for _, e := range entries {
			if failed[aws.ToString(e.Id)] {
				again = append(again, e)
			}
		}
		entries = again
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * 100 * time.Millisecond):
		}
	}
}

// Return implements post.Queues.
func (q *Queues) Return(ctx context.Context, m post.DeadMessage) error {
	url, known := q.urls[m.Queue]
	if !known {
		return fmt.Errorf("queue %s: %w", m.Queue, post.ErrNotFound)
	}
	_, err := q.sendOne(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &m.Body})
	return err
}
