package stories

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
)

// TestOnAWS tries the deployed stack: every story through the functions, then what only a cloud does.
func TestOnAWS(t *testing.T) {
	s := deployed(t)
	t.Run("together", func(t *testing.T) {
		t.Run("stories", func(t *testing.T) {
			t.Parallel()
			run(t, func(string) backend { return &cloud{t: t, stack: s, number: newCVR()} })
		})
		t.Run("poison", func(t *testing.T) {
			t.Parallel()
			poison(t, s)
		})
	})
	t.Run("abandoned", func(t *testing.T) { abandoned(t, s) })
	t.Run("shipment", func(t *testing.T) { shipment(t, s) })
	t.Run("portal", func(t *testing.T) { portalOnAWS(t, s) })
	t.Run("walk", func(t *testing.T) { walkOnAWS(t) })
	t.Run("searching", func(t *testing.T) { searching(t, s) })
	t.Run("outside", func(t *testing.T) { outsideOnAWS(t, s) })
	t.Run("killed", func(t *testing.T) { killed(t, s) })
	t.Run("twice", func(t *testing.T) { twice(t, s) })
	t.Run("restored", func(t *testing.T) { restored(t, s) })
	t.Run("roles", func(t *testing.T) { roles(t, s) })
	t.Run("redaction", func(t *testing.T) { redaction(t, s) })
}

// organization opens an organization of its own in the stack.
func organization(t *testing.T, s stack) *cloud {
	t.Helper()
	c := &cloud{t: t, stack: s, number: newCVR()}
	if err := c.start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// brevdue runs the command line as an organization; exit code 3 means that something waits for a person.
func (c *cloud) brevdue(args ...string) string {
	c.t.Helper()
	path, err := binary()
	if err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.Command(path, append(args, "--json")...)
	cmd.Env = os.Environ()
	for name, value := range c.environment() {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState.ExitCode() != 3 {
		c.t.Fatalf("brevdue %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// upload sends a document with so many letters, and returns the shipment.
func (c *cloud) upload(letters int, ending int) string {
	c.t.Helper()
	all := make([]pdftest.Letter, letters)
	for i := range all {
		all[i] = pdftest.Letter{
			Heading: []string{
				nameOf(i),
				"Ågade 4",
				"9999 Nordøby",
				fmt.Sprintf("CPR-nr.: %02d%02d%02d-%04d", i%28+1, i/28%12+1, 40+i/336, ending+i),
			},
			Pages: 1,
		}
	}
	file := filepath.Join(c.t.TempDir(), "breve.pdf")
	if err := os.WriteFile(file, pdftest.Merge(pdftest.Options{Footer: c.org}, all...), 0o600); err != nil {
		c.t.Fatal(err)
	}
	var s struct{ ID string }
	if out := c.brevdue("upload", file, "--subject", "Forsendelse"); json.Unmarshal([]byte(out), &s) != nil {
		c.t.Fatal(out)
	}
	return s.ID
}

// completed waits until every letter of a shipment has two ticks and is archived, and was taken in once.
func (c *cloud) completed(id string, letters int, within time.Duration) {
	c.t.Helper()
	eventually(c.t, within, "two ticks and archived", func() (bool, string) {
		var s shipmentState
		err := c.api("/v1/shipments/"+id, &s)
		return err == nil && s.Completed == letters && s.Archived == letters, fmt.Sprintf("%+v %v", s, err)
	})
	rows, err := c.accepted()
	if err != nil || len(rows) != letters {
		c.t.Errorf("the simulator took in %d messages, want %d: %v", len(rows), letters, err)
	}
	for _, r := range rows {
		if r.Accepted != 1 {
			c.t.Errorf("%s was taken in %d times", r.MessageID, r.Accepted)
		}
	}
}

// poison: a message that is no job goes to Ubehandlet, and back to its queue by replay, and comes again.
func poison(t *testing.T, s stack) {
	c := &cloud{t: t, stack: s, key: s.Key, org: "demo"}
	send := "dette er ikke et ærinde " + newCVR()
	c.message("send", send)
	row := func() string { return c.brevdue("unhandled", "--code", "unknown") }
	eventually(
		t,
		8*time.Minute,
		"a row of Ubehandlet",
		func() (bool, string) { out := row(); return strings.Contains(out, "Besked i køen send"), out },
	)
	first := row()
	if out := c.brevdue("replay", "--code", "unknown"); !strings.Contains(out, `"sends":1`) {
		t.Errorf("replay: %s", out)
	}
	if out := row(); strings.Contains(out, "Besked i køen send") {
		t.Errorf("after the replay: %s", out)
	}
	eventually(t, 8*time.Minute, "the message back as another row", func() (bool, string) {
		out := row()
		return strings.Contains(out, "Besked i køen send") && out != first, out
	})
	c.brevdue("dismiss", "--code", "unknown", "--reason", "en prøve")
}

// abandoned: a shipment whose split broke down is stopped, waits for nothing any more, and is told in Ubehandlet.
func abandoned(t *testing.T, s stack) {
	c := organization(t, s)
	order := `{"subject":"Forsendelse","document":{"name":"breve.pdf","size":1000}}`
	req, err := http.NewRequest(
		http.MethodPost,
		strings.TrimSuffix(s.API, "/")+"/v1/shipments",
		strings.NewReader(order),
	)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	status, body, err := do(req)
	var created struct{ ID string }
	if err != nil || status != http.StatusCreated || json.Unmarshal([]byte(body), &created) != nil {
		t.Fatal(status, body, err)
	}
	c.message("split-dead", fmt.Sprintf(`{"org":%q,"shipment":%q}`, c.org, created.ID))
	eventually(t, 4*time.Minute, "a row of Ubehandlet", func() (bool, string) {
		out := c.brevdue("unhandled", "--code", "unknown")
		return strings.Contains(out, created.ID), out
	})
	var now struct{ State string }
	if err := c.api("/v1/shipments/"+created.ID, &now); err != nil || now.State != string(post.SplitRefused) {
		t.Errorf("the shipment is %q, %v", now.State, err)
	}
}

// message puts a message on a queue.
func (c *cloud) message(queue, body string) {
	url := strings.TrimSpace(
		awscli(
			c.t,
			"sqs",
			"get-queue-url",
			"--queue-name",
			c.stack.Table+"-"+queue,
			"--query",
			"QueueUrl",
			"--output",
			"text",
		),
	)
	awscli(c.t, "sqs", "send-message", "--queue-url", url, "--message-body", body)
}

// killed: kill -9 of the send function in the middle of batches loses nothing and sends nothing twice.
func killed(t *testing.T, s stack) {
	c := organization(t, s)
	const letters = 80
	id := c.upload(letters, 2000)
	kills := 0
	for begun := time.Now(); kills < 3 && time.Since(begun) < time.Minute; time.Sleep(50 * time.Millisecond) {
		var now struct{ HandedOver, Open int }
		if err := c.api("/v1/shipments/"+id, &now); err != nil || now.HandedOver == 0 && kills == 0 || now.Open == 0 {
			continue
		}
		if exec.Command("pkill", "-KILL", "-f", s.Table+"-send-.*/bootstrap").Run() == nil {
			kills++
			time.Sleep(300 * time.Millisecond)
		}
	}
	if kills == 0 {
		t.Skip("no process of the send function on this machine: the functions run in containers")
	}
	c.completed(id, letters, 5*time.Minute) // a letter that is hit each time comes back three times
	t.Logf("%d kills of the send function during %d letters: each arrived once", kills, letters)
}

// twice: two copies of the function work on the same letter at the same time, and on a job that comes five times.
func twice(t *testing.T, s stack) {
	c := organization(t, s)
	id := c.upload(1, 3000)
	letter := ""
	eventually(t, time.Minute, "the letter", func() (bool, string) {
		var page struct{ Letters []struct{ ID string } }
		if err := c.api("/v1/shipments/"+id+"/letters", &page); err != nil || len(page.Letters) == 0 {
			return false, fmt.Sprint(err)
		}
		letter = page.Letters[0].ID
		return true, ""
	})
	body, err := json.Marshal(map[string]string{"org": c.org, "letter": letter})
	if err != nil {
		t.Fatal(err)
	}
	event := events.SQSEvent{}
	for i := range 5 {
		event.Records = append(
			event.Records,
			events.SQSMessage{MessageId: fmt.Sprint(i), Body: string(body), EventSource: "aws:sqs"},
		)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := call(t, s, "send", event, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c.completed(id, 1, time.Minute)
}

// awscli asks AWS as an operator does.
func awscli(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("aws", append([]string{"--endpoint-url", os.Getenv("AWS_ENDPOINT_URL")}, args...)...).
		Output()
	if err != nil {
		t.Fatalf("aws %v: %v", args, err)
	}
	return string(out)
}

// restored: a table that does not know itself sends nothing until an operator says so; then each letter leaves once.
func restored(t *testing.T, s stack) {
	c := organization(t, s)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	other := `{"pk":{"S":"T#table"},"sk":{"S":"H"},"r":{"N":"1"},"b":{"S":"{\"identity\":\"another table\"}"}}`
	awscli(t, "dynamodb", "put-item", "--table-name", s.Table, "--item", other)
	id := c.upload(12, 4000)
	eventually(t, time.Minute, "the letters are queued", func() (bool, string) {
		var now struct{ Letters, Open int }
		err := c.api("/v1/shipments/"+id, &now)
		return err == nil && now.Letters == 12 && now.Open == 12, fmt.Sprintf("%+v %v", now, err)
	})
	// A letter that breaks down in our code: its dead letter fails it, and replay sends it, once it may leave.
	var page struct{ Letters []struct{ ID string } }
	if err := c.api("/v1/shipments/"+id+"/letters", &page); err != nil {
		t.Fatal(err)
	}
	c.message("send-dead", `{"letter":"`+page.Letters[0].ID+`"}`)
	eventually(t, time.Minute, "its row of Ubehandlet", func() (bool, string) {
		out := c.brevdue("unhandled", "--code", "unknown")
		return strings.Contains(out, id+"/1"), out
	})
	if out := c.brevdue("replay", "--code", "unknown"); !strings.Contains(out, `"sends":1`) {
		t.Errorf("replay: %s", out)
	}
	if rows, err := c.accepted(); err != nil || len(rows) > 0 {
		t.Errorf("%d letters left a restored table: %v", len(rows), err)
	}
	if out, err := exec.Command(path, "resume", "--table", s.Table).CombinedOutput(); err != nil {
		t.Fatalf("resume: %v %s", err, out)
	}
	c.completed(id, 12, 2*time.Minute)
}
