package stories

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// control is where localstack/faults is told how many calls fail.
const control = "http://127.0.0.1:4568/?oneIn="

func setFaults(t *testing.T, oneIn int) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodPut, control+fmt.Sprint(oneIn), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var failed string
	_, _ = fmt.Fscan(res.Body, &failed)
	return failed
}

// TestFaultsOnAWS: 5 % of all calls of the functions, to AWS and to Digital Post, fail, half of them after the work was
// done. Nothing is lost, nothing goes twice, everything comes to an end or stands in Ubehandlet: make load-localstack.
func TestFaultsOnAWS(t *testing.T) {
	if os.Getenv("BREVDUE_FAULTS") == "" {
		t.Skip("only with BREVDUE_FAULTS (make load-localstack)")
	}
	const letters = 500
	c := organization(t, deployed(t))
	id := c.upload(letters, 5000)
	setFaults(t, 20)
	defer setFaults(t, 0)
	var s shipmentState
	eventually(t, 15*time.Minute, "every letter at its end", func() (bool, string) {
		var now shipmentState
		if err := c.api("/v1/shipments/"+id, &now); err == nil {
			s = now
		}
		if s.State == "Stopped" { // it broke down five times: a person lets it be split again
			_ = c.api("/v1/unhandled", &struct{}{})
			setFaults(t, 0)
			c.brevdue("replay", "--all")
			setFaults(t, 20)
		}
		return s.Letters == letters && s.Completed+s.Failed == letters &&
				s.Archived >= s.Completed, fmt.Sprintf(
				"%+v",
				s,
			)
	})
	failed := setFaults(t, 0)
	time.Sleep(5 * time.Second)
	rows, err := c.accepted()
	if err != nil || len(rows) < s.Completed {
		t.Errorf("the simulator took in %d messages, and %d have two ticks: %v", len(rows), s.Completed, err)
	}
	for _, r := range rows {
		if r.Accepted != 1 {
			t.Errorf("%s was taken in %d times", r.MessageID, r.Accepted)
		}
	}
	if rows := strings.Count(c.brevdue("unhandled", "--shipment", id), `"code":`); rows < s.Failed {
		t.Errorf("%d letters failed, and %d rows stand in Ubehandlet", s.Failed, rows)
	}
	t.Logf("%d letters while %s calls failed: %+v", letters, failed, s)
}
