package stories

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"brevdue/infra/template"
	"brevdue/internal/aws/meter"
)

// logged is what a function wrote into its log.
type logged struct {
	lines []string
	bytes int
	calls map[string]int
	read  float64
	write float64
	times int     // it was called
	gbs   float64 // GB-seconds
}

var report = regexp.MustCompile(`Billed Duration: (\d+) ms\s+Memory Size: (\d+) MB`)

// logOf reads the log of a function since a moment.
func logOf(t *testing.T, s stack, function string, since time.Time) logged {
	t.Helper()
	out := awscli(
		t,
		"logs",
		"filter-log-events",
		"--log-group-name",
		"/aws/lambda/"+s.Table+"-"+function,
		"--start-time",
		fmt.Sprint(since.UnixMilli()),
		"--output",
		"json",
	)
	var page struct{ Events []struct{ Message string } }
	if err := json.Unmarshal([]byte(out), &page); err != nil {
		t.Fatal(err)
	}
	l := logged{calls: map[string]int{}}
	for _, e := range page.Events {
		for line := range strings.Lines(e.Message) {
			l.take(strings.TrimSpace(line))
		}
	}
	return l
}

func (l *logged) take(line string) {
	l.lines = append(l.lines, line)
	if m := report.FindStringSubmatch(line); m != nil {
		ms, _ := strconv.ParseFloat(m[1], 64)
		mb, _ := strconv.ParseFloat(m[2], 64)
		l.gbs += ms / 1000 * mb / 1024
		l.times++
	}
	var metered struct {
		Msg string
		meter.Line
	}
	if json.Unmarshal([]byte(line), &metered) != nil || metered.Msg != "metered" {
		l.bytes += len(line) + 26 // what CloudWatch counts for an event (its price list)
		return
	}
	l.read += metered.Read
	l.write += metered.Write
	for name, n := range metered.Calls {
		l.calls[name] += n
	}
}

// bar is what a letter may cost (data.md: with archiving beside sending, and two write units for names), and what it is
// paid at: list prices of us-east-1, arm64.
var bar = []struct {
	what  string
	most  float64
	price float64 // of one
}{
	{"S3 PUT and COPY", 4, 0.005 / 1000},
	{"DynamoDB write units", 19, 0.625 / 1e6},
	{"DynamoDB read units", 6, 0.125 / 1e6},
	{"SQS requests", 1, 0.40 / 1e6},
	{"Lambda GB-seconds", 0.30, 0.0000133334},
	{"log, KB", 3, 0.50 / 1e6},
}

// indexEntries is how many entries of an index a letter's way writes (internal/store, TestIndexEntriesPerLetter): they
// are in no answer of DynamoDB Local to a transaction.
const indexEntries = 2

// costs is what letters have cost together, in the order of bar.
type costs struct {
	letters int
	took    time.Duration
	counted []float64
	opened  string // what it costs that somebody opens one of them
}

// over returns what costs more than it may. How long a function takes says more about this machine, and what stands in
// for AWS, than about the function.
func (c costs) over() []string {
	var over []string
	for i, b := range bar {
		if each := c.counted[i] / float64(c.letters); each > b.most && b.what != "Lambda GB-seconds" {
			over = append(over, fmt.Sprintf("%s: %.3f per letter, at most %.2f", b.what, each, b.most))
		}
	}
	return over
}

func (c costs) report() string {
	report, total := &strings.Builder{}, 0.0
	fmt.Fprintf(report, "%d letters to two ticks and archived in %.0f s\n%-22s %9s %6s %12s\n", c.letters,
		c.took.Seconds(), "per letter", "counted", "bar", "$/1,000")
	for i, b := range bar {
		each := c.counted[i] / float64(c.letters)
		total += 1000 * each * b.price
		fmt.Fprintf(report, "%-22s %9.3f %6.2f %12.5f\n", b.what, each, b.most, 1000*each*b.price)
	}
	fmt.Fprintf(report, "%-22s %9s %6s %12.5f\n%s", "together", "", "", total, c.opened)
	return report.String()
}

// shipment: 500 letters to two ticks, and what one of them costs. A slow machine gets work handed out twice, which
// costs more: three shipments in a row that cost too much are no accident.
func shipment(t *testing.T, s stack) {
	c := measure(t, s)
	for try := 1; len(c.over()) > 0 && try < 3; try++ {
		t.Logf("once more, for it costs too much: %s\n%s", strings.Join(c.over(), ", "), c.report())
		c = measure(t, s)
	}
	for _, what := range c.over() {
		t.Error(what)
	}
	fmt.Println(c.report())
	_ = os.WriteFile(filepath.Join("..", "build", "cost.txt"), []byte(c.report()), 0o644) // make cost prints it too
}

// measure sends 500 letters, and counts what the functions have called.
func measure(t *testing.T, s stack) costs {
	c := organization(t, s)
	const letters = 500
	since := time.Now()
	id := c.upload(letters, 1000)
	c.completed(id, letters, 6*time.Minute)
	took := time.Since(since)
	time.Sleep(2 * time.Second) // the last log lines
	var sum logged
	sum.calls = map[string]int{}
	sends, batches := 0, 0
	// sweep and inbox-poll cost by the minute, not by the letter
	for _, f := range []string{"split", "send", "archive", "receipt"} {
		l := logOf(t, s, f, since)
		sum.read, sum.write, sum.bytes = sum.read+l.read, sum.write+l.write, sum.bytes+l.bytes
		if f != "receipt" {
			batches += l.times
		}
		if f != "receipt" || l.write > 0 {
			sum.gbs += l.gbs
		}
		for name, n := range l.calls {
			sum.calls[name] += n
		}
		sends += l.calls["SQS.SendMessageBatch"]
		t.Logf("%s: called %d times, write units %.0f, read units %.0f, %v", f, l.times, l.write, l.read, l.calls)
	}
	sum.write += indexEntries * letters
	return costs{letters, took, []float64{
		float64(sum.calls["S3.PutObject"] + sum.calls["S3.CopyObject"]),
		sum.write,
		sum.read,
		float64(sends + 2*batches),
		sum.gbs,
		float64(sum.bytes) / 1024,
	}, opened(t, s, c, id)}
}

// actions are the IAM actions of a call (Service Authorization Reference).
var actions = map[string][]string{
	"DynamoDB.BatchGetItem": {
		"dynamodb:BatchGetItem",
	}, "DynamoDB.Query": {"dynamodb:Query"}, "DynamoDB.PutItem": {"dynamodb:PutItem"},
	"DynamoDB.UpdateItem": {"dynamodb:UpdateItem"}, "DynamoDB.DeleteItem": {"dynamodb:DeleteItem"},
	"DynamoDB.DescribeTable":                     {"dynamodb:DescribeTable"},
	"DynamoDB.TransactWriteItems":                {}, // its parts are what is allowed
	"DynamoDB.TransactWriteItems.Put":            {"dynamodb:PutItem"},
	"DynamoDB.TransactWriteItems.Update":         {"dynamodb:UpdateItem"},
	"DynamoDB.TransactWriteItems.Delete":         {"dynamodb:DeleteItem"},
	"DynamoDB.TransactWriteItems.ConditionCheck": {"dynamodb:ConditionCheckItem"},
	"S3.PutObject": {
		"s3:PutObject",
	}, "S3.HeadObject": {"s3:GetObject", "s3:GetObjectVersion"}, "S3.GetObject": {"s3:GetObject",
		"s3:GetObjectVersion"},
	"S3.CopyObject": {
		"s3:PutObject",
		"s3:GetObject",
		"s3:GetObjectVersion",
	}, "S3.ListObjectVersions": {"s3:ListBucketVersions"},
	"S3.PutObjectTagging": {
		"s3:PutObjectVersionTagging",
	}, "SQS.SendMessageBatch": {"sqs:SendMessage"}, "SQS.SendMessage": {"sqs:SendMessage"},
	"Secrets Manager.GetSecretValue": {"secretsmanager:GetSecretValue"},
	"KMS.Decrypt":                    {"kms:Decrypt"}, "KMS.GenerateDataKey": {"kms:GenerateDataKey"},
}

// asAWSNeeds are what AWS itself needs of a role, by statement: the queue that it reads for the function, the key of
// what is encrypted, the log, the date of a lock, and a bucket that says "not there" instead of "forbidden".
var asAWSNeeds = map[string][]string{
	"source": {
		"sqs:ReceiveMessage",
		"sqs:DeleteMessage",
		"sqs:GetQueueAttributes",
	}, "kms": {"kms:Decrypt", "kms:GenerateDataKey"},
	"logs": {
		"logs:CreateLogStream",
		"logs:PutLogEvents",
	}, "archive": {"s3:PutObjectRetention"}, "attachments": {"s3:PutObjectRetention"},
	"found": {"s3:ListBucket"}, "versions": {"s3:ListBucket"},
}

// inARace are the actions that a function needs only where another comes between its writes: a shipment's name is taken
// out of the backlog by whoever sees its end; a receipt whose letter is missing is kept only while it is.
var inARace = map[string][]string{
	"unhandled": {"dynamodb:DeleteItem"}, "bulk": {"dynamodb:DeleteItem"}, "receipt": {"dynamodb:ConditionCheckItem"},
}

// roles: each role allows the calls that its function made, what AWS itself needs, and nothing else.
func roles(t *testing.T, s stack) {
	tmpl, err := template.Read(1)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range tmpl.Functions() {
		made := map[string]bool{}
		for name := range logOf(t, s, f, time.UnixMilli(0)).calls {
			if actions[name] == nil {
				t.Errorf("%s calls %s, whose actions are not known here", f, name)
			}
			for _, a := range actions[name] {
				made[a] = true
			}
		}
		allowed := map[string]bool{}
		for _, statement := range tmpl.Statements(f) {
			for _, a := range statement.Action {
				if strings.Contains(a, "*") {
					t.Errorf("%s: %s is a wildcard", f, a)
				}
				allowed[a] = true
				if !made[a] && !slices.Contains(asAWSNeeds[statement.Sid], a) && !slices.Contains(inARace[f], a) {
					t.Errorf("%s may %s (%s), and never did", f, a, statement.Sid)
				}
			}
		}
		for a := range made {
			if !allowed[a] {
				t.Errorf("%s did %s, and may not", f, a)
			}
		}
	}
}

// redaction: no number of any story stands in a log, a message that waits, or an object's key.
func redaction(t *testing.T, s stack) {
	tmpl, err := template.Read(1)
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := storyNumbers()
	if err != nil {
		t.Fatal(err)
	}
	numbers += " 050580-1234 050580-9902"
	for _, ending := range []int{1000, 2000, 3000, 4000} {
		for i := range 500 {
			numbers += fmt.Sprintf(" %02d%02d%02d%04d", i%28+1, i/28%12+1, 40+i/336, ending+i)
		}
	}
	search := searchFor(t, numbers)
	lines := 0
	for _, f := range tmpl.Functions() {
		l := logOf(t, s, f, time.UnixMilli(0))
		lines += len(l.lines)
		search("the log of "+f, strings.Join(l.lines, "\n"))
	}
	if lines == 0 {
		t.Error("there are no logs to look at")
	}
	keys, err := (&cloud{t: t, stack: s}).keys("")
	if err != nil || len(keys) == 0 {
		t.Fatalf("%d keys: %v", len(keys), err)
	}
	search("an object's key", strings.Join(keys, "\n"))
	t.Logf("%d log lines and %d object keys", lines, len(keys))
}

var numberInStory = regexp.MustCompile(`(?m)^\d{6}-\d{4}`)

// storyNumbers returns the numbers of all scripts.
func storyNumbers() (string, error) {
	scripts, err := filepath.Glob("scripts/*.txtar")
	var all []string
	for _, path := range scripts {
		b, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		all = append(all, numberInStory.FindAllString(string(b), -1)...)
	}
	return strings.Join(all, " "), err
}
