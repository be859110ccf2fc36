package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

func batch(bodies ...string) events.SQSEvent {
	var e events.SQSEvent
	for i, b := range bodies {
		e.Records = append(
			e.Records,
			events.SQSMessage{
				MessageId:      string(rune('a' + i)),
				Body:           b,
				EventSourceARN: "arn:aws:sqs:eu-central-1:1:brevdue-x-send-dead",
			},
		)
	}
	return e
}

func failures(r events.SQSEventResponse) (ids []string) {
	for _, f := range r.BatchItemFailures {
		ids = append(ids, f.ItemIdentifier)
	}
	slices.Sort(ids)
	return ids
}

// TestOnlyTheFailedComeAgain: of a batch with poison, a job that fails and one that panics, the others are done.
func TestOnlyTheFailedComeAgain(t *testing.T) {
	done := map[post.LetterID]int{}
	handle := workflow.Handler(func(_ context.Context, jobs []post.Job) []error {
		errs := make([]error, len(jobs))
		for i, e := range jobs {
			switch e.Letter {
			case "panics":
				panic("it kills the handler")
			case "fails":
				errs[i] = errors.New("not now")
			default:
				done[e.Letter]++
			}
		}
		return errs
	})
	r, err := Jobs(handle)(
		t.Context(),
		batch(
			`{"letter":"one"}`,
			`not an errand`,
			`{"letter":"fails"}`,
			`{"letter":"panics"}`,
			`{"letter":"two"}`,
			`{}`,
		),
	)
	if err != nil {
		t.Fatal(err)
	}
	if got := failures(r); !slices.Equal(got, []string{"b", "c", "d", "f"}) {
		t.Errorf("%v come again", got)
	}
	if done["one"] == 0 || done["two"] == 0 {
		t.Errorf("done %v", done)
	}
}

// TestNewsOfUploads: S3's news is a job for each object, its keys are unescaped, and its test event is nothing.
func TestNewsOfUploads(t *testing.T) {
	news := `{"Records":[{"eventName":"ObjectCreated:Post","s3":{"object":{"key":"uploads/demo/a+b/0"}}},{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"uploads/demo/c%2Bd/1"}}}]}`
	got, err := jobsOf(news)
	want := []post.Job{{Org: "demo", Object: "uploads/demo/a b/0"}, {Org: "demo", Object: "uploads/demo/c+d/1"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := jobsOf(`{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}`); err != nil || len(got) > 0 {
		t.Errorf("the test event gave %v, %v", got, err)
	}
	removal := `{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"object":{"key":"uploads/demo/a/0"}}}]}`
	if _, err := jobsOf(removal); err == nil {
		t.Error("a removal was taken for an upload")
	}
}

// TestDeadLetters: what is no job is kept as it came, the rest is shown by its queue.
func TestDeadLetters(t *testing.T) {
	var kept, shown []string
	handle := DeadLetters(func(string) post.Queue { return post.SendQueue }, func(q post.Queue) workflow.Handler {
		return func(_ context.Context, jobs []post.Job) []error {
			shown = append(shown, string(q)+" "+string(jobs[0].Letter))
			return make([]error, len(jobs))
		}
	}, func(_ context.Context, q post.Queue, id, body string) error {
		kept = append(kept, string(q)+" "+id+" "+body)
		return nil
	})
	r, err := handle(t.Context(), batch(`{"letter":"one"}`, `gift`))
	if err != nil || len(r.BatchItemFailures) > 0 || !slices.Equal(shown, []string{"send one"}) ||
		!slices.Equal(kept, []string{"send b gift"}) {
		t.Errorf("shown %v, kept %v, again %v: %v", shown, kept, r, err)
	}
}

// TestAgainStopsInTime: scheduled work goes on at its own pace within its minute, and ends before its function does.
func TestAgainStopsInTime(t *testing.T) {
	n := 0
	work := func(context.Context) (bool, error) { n++; return n == 1, nil }
	if err := Again(0, time.Minute, work)(t.Context()); err != nil || n != 2 {
		t.Errorf("without a pause it ran %d times: %v", n, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), margin+50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if err := Again(10*time.Millisecond, time.Minute, work)(ctx); err != nil || n < 4 ||
		time.Since(begun) > time.Second {
		t.Errorf("it ran %d times in %v: %v", n, time.Since(begun), err)
	}
	if err := Again(0, time.Minute, func(context.Context) (bool, error) {
		return false,
			errors.New("no")
	})(t.Context()); err == nil {
		t.Error("an error was not told")
	}
}

// TestSampleEvents: every function's event.json is of a shape that is understood.
func TestSampleEvents(t *testing.T) {
	paths, err := filepath.Glob("../../../functions/*/event.json")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		kind := ""
		answer := AnyOf(func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			kind = "request"
			return events.APIGatewayV2HTTPResponse{}, nil
		}, func(_ context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
			kind = "batch"
			for _, m := range e.Records {
				if _, err := jobsOf(m.Body); err != nil {
					t.Errorf("%s: %v", path, err)
				}
			}
			return events.SQSEventResponse{}, nil
		}, func(context.Context) error { kind = "schedule"; return nil })
		if _, err := answer(t.Context(), json.RawMessage(b)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		want := map[string]string{"upload": "request", "portal": "request", "split": "batch", "send": "batch",
			"archive": "batch", "unhandled": "batch", "bulk": "batch"}[filepath.Base(filepath.Dir(path))]
		if want == "" {
			want = "schedule"
		}
		if kind != want {
			t.Errorf("%s is a %s, want a %s", path, kind, want)
		}
	}
}
