package stories

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"brevdue/internal/aws/awstest"
)

// stack is what infra/deploy.sh printed.
type stack struct{ API, Portal, Table, Key, Code string }

// deployed returns the stack that the tests run against, or skips.
func deployed(t *testing.T) stack {
	t.Helper()
	path := os.Getenv("BREVDUE_STACK")
	if path == "" {
		t.Skip("BREVDUE_STACK is not set: the way on AWS is tested by make test-localstack")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s stack
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	http.DefaultTransport.(*http.Transport).DialContext = dialLocalhost
	return s
}

// dialLocalhost finds names under .localhost on this machine.
func dialLocalhost(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err == nil && strings.HasSuffix(host, ".localhost") {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}

// cloud is a story's backend on AWS: an organization of its own in the deployed stack.
type cloud struct {
	t      *testing.T
	stack  stack
	org    string
	number string
	key    string
}

func simulatorAddress() string {
	return strings.TrimSuffix(os.Getenv("BREVDUE_SIMULATOR"), "/apis/v1")
}

// lastCVR counts the company numbers of a run, which starts anywhere: the stack may know those of a run before.
var (
	lastCVR  atomic.Uint32
	firstCVR = rand.Uint32N(100_000)
)

// newCVR makes a fictitious company number that no other story has: 99xxxxxx with a valid check digit.
func newCVR() string {
	for {
		digits := fmt.Sprintf("99%05d", (firstCVR+lastCVR.Add(1))%100_000)
		sum := 0
		for i, weight := range []int{2, 7, 6, 5, 4, 3, 2} {
			sum += weight * int(digits[i]-'0')
		}
		if check := (11 - sum%11) % 11; check < 10 {
			return digits + fmt.Sprint(check)
		}
	}
}

func (c *cloud) start(flags ...string) error {
	if c.org != "" {
		return c.restart(flags...)
	}
	path, err := binary()
	if err != nil {
		return err
	}
	c.org = awstest.Name("story")
	out, err := exec.Command(path, "organization", "add", c.org, "--name", "Nordøby Kommune", "--cvr", c.number,
		"--user", c.org, "--undo", "10s", "--table", c.stack.Table, "--json").Output()
	if err != nil {
		return fmt.Errorf("organization %s with %s: %w: %s", c.org, c.number, err, out)
	}
	var created struct{ Key string }
	if err := json.Unmarshal(out, &created); err != nil {
		return err
	}
	c.key = created.Key
	return c.restart(flags...)
}

// restart takes over what a story says of the simulator. Waits are those of the stack.
func (c *cloud) restart(flags ...string) error {
	for i, f := range flags {
		if f != "--duplicates" {
			continue
		}
		req, err := http.NewRequest(http.MethodPut, simulatorAddress()+"/duplicates", strings.NewReader(flags[i+1]))
		if err != nil {
			return err
		}
		if status, body, err := do(req); err != nil || status != http.StatusNoContent {
			return fmt.Errorf("duplicates: %d %s %w", status, body, err)
		}
	}
	return nil
}

func (c *cloud) environment() map[string]string {
	values := map[string]string{"BREVDUE_SERVER": c.stack.API, "BREVDUE_KEY": c.key, "BREVDUE_DATA": "none",
		"BREVDUE_TABLE": c.stack.Table, "org": c.org}
	for _, set := range os.Environ() { // an operator's access to AWS
		if name, value, _ := strings.Cut(set, "="); strings.HasPrefix(name, "AWS_") {
			values[name] = value
		}
	}
	return values
}

func (c *cloud) finish(*testing.T, string) {}

// get asks the portal; under another host's name it calls the function itself, for no gateway would pass that on.
func (c *cloud) get(path string, header http.Header) (int, string, error) {
	if header.Get("Host") != "" {
		return invoke(c.t, c.stack, "portal", path, header)
	}
	address := c.stack.Portal
	if strings.HasPrefix(path, "/v1/") {
		address = c.stack.API
	}
	req, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(address, "/")+path, nil)
	if err != nil {
		return 0, "", err
	}
	req.Header = header
	return do(req)
}

// invoke calls a function with a request, as a gateway does.
func invoke(t *testing.T, s stack, function, path string, header http.Header) (int, string, error) {
	event := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, Headers: map[string]string{}}
	event.RequestContext.DomainName = "post.kommune.dk"
	event.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{
		Method: http.MethodGet,
		Path:   path,
	}
	for name := range header {
		event.Headers[strings.ToLower(name)] = header.Get(name)
	}
	var answer events.APIGatewayV2HTTPResponse
	err := call(t, s, function, event, &answer)
	return answer.StatusCode, answer.Body, err
}

// call invokes a function and reads its answer. It is signed as awscli does it, by awscli.
func call(t *testing.T, s stack, function string, event, answer any) error {
	payload, err := json.Marshal(event)
	if err != nil {
		return err
	}
	file := t.TempDir() + "/answer.json"
	out, err := exec.Command("aws", "--endpoint-url", os.Getenv("AWS_ENDPOINT_URL"), "lambda", "invoke",
		"--function-name", s.Table+"-"+function,
		"--payload", string(payload), file).CombinedOutput()
	if err != nil {
		return fmt.Errorf("invoke %s: %w %s", function, err, out)
	}
	b, err := os.ReadFile(file)
	if err != nil || answer == nil {
		return err
	}
	return json.Unmarshal(b, answer)
}

// accepted returns the messages of the organization's shipments.
func (c *cloud) accepted() ([]messageRow, error) {
	var page struct{ Shipments []struct{ ID string } }
	if err := c.api("/v1/shipments?limit=100", &page); err != nil {
		return nil, err
	}
	all, err := messages(simulatorAddress())
	var rows []messageRow
	for _, r := range all {
		for _, s := range page.Shipments {
			if strings.HasPrefix(r.MessageID, s.ID+".") {
				rows = append(rows, r)
			}
		}
	}
	return rows, err
}

// api asks the API as the story's organization.
func (c *cloud) api(path string, answer any) error {
	req, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(c.stack.API, "/")+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	status, body, err := do(req)
	if err != nil || status != http.StatusOK {
		return errors.Join(err, fmt.Errorf("%s: %d %s", path, status, body))
	}
	return json.Unmarshal([]byte(body), answer)
}

func (c *cloud) simulator() string { return simulatorAddress() }

func (c *cloud) archived(folder string) ([]string, error) {
	return c.keys("archive/" + c.org + "/" + folder + "/")
}

// keys lists the object keys of the archive bucket.
func (c *cloud) keys(prefix string) ([]string, error) {
	client := awstest.S3(c.t)
	bucket := c.stack.Table + "-archive-000000000000"
	var keys []string
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			return nil, err
		}
		for _, o := range page.Contents {
			keys = append(keys, aws.ToString(o.Key))
		}
	}
	return keys, nil
}

func (c *cloud) cvr() string { return c.number }

// eventually calls look until it is content, for so long.
func eventually(t *testing.T, within time.Duration, what string, look func() (bool, string)) {
	t.Helper()
	last := ""
	for begun := time.Now(); time.Since(begun) < within; time.Sleep(300 * time.Millisecond) {
		good, saw := look()
		if good {
			return
		}
		last = saw
	}
	t.Errorf("%s did not happen within %v; last seen: %s", what, within, last)
}
