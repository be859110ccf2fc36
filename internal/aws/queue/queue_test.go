package queue_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"brevdue/internal/aws/awstest"
	"brevdue/internal/aws/queue"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

func TestQueues(t *testing.T) {
	posttest.Queues(t, func(t *testing.T) (post.Queues, func(post.Queue, int) []post.Job) {
		urls := map[post.Queue]string{post.SendQueue: awstest.Queue(t), post.ArchiveQueue: awstest.Queue(t)}
		client := sqs.NewFromConfig(awstest.Config(t))
		receive := func(q post.Queue, n int) []post.Job {
			var jobs []post.Job
			for range 20 {
				if len(jobs) >= n {
					break
				}
				out, err := client.ReceiveMessage(
					t.Context(),
					&sqs.ReceiveMessageInput{
						QueueUrl:            aws.String(urls[q]),
						MaxNumberOfMessages: 10,
						WaitTimeSeconds:     1,
					},
				)
				posttest.Check(t, err)
				for _, m := range out.Messages {
					var e post.Job
					posttest.Check(t, json.Unmarshal([]byte(aws.ToString(m.Body)), &e))
					jobs = append(jobs, e)
					_, err := client.DeleteMessage(
						t.Context(),
						&sqs.DeleteMessageInput{QueueUrl: aws.String(urls[q]), ReceiptHandle: m.ReceiptHandle},
					)
					posttest.Check(t, err)
				}
			}
			return jobs
		}
		return queue.New(awstest.Config(t), urls), receive
	})
}
