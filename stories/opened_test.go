package stories

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// opened is what it costs that somebody opens letters of a shipment, one by one: reads, and no part of what a letter
// costs. Each is opened by the function into an object of one day, and fetched from there.
func opened(t *testing.T, s stack, c *cloud, id string) string {
	t.Helper()
	const times = 20
	since := time.Now()
	for number := range times {
		var link struct{ URL string }
		if err := c.api(fmt.Sprintf("/v1/shipments/%s/letters/%d/document", id, number+1), &link); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(link.URL, "/previews/opened/") {
			t.Errorf("a letter is given from %.60s", link.URL)
		}
		req, err := http.NewRequest(http.MethodGet, link.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if status, body, err := do(req); err != nil || status != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
			t.Fatalf("%d %.20q %v", status, body, err)
		}
	}
	time.Sleep(2 * time.Second) // the last log lines
	l := logOf(t, s, "upload", since)
	each := func(n float64) float64 { return n / times }
	puts, gets := each(float64(l.calls["S3.PutObject"])), each(float64(l.calls["S3.GetObject"]))
	if puts > 1.5 || gets > 2.5 { // the function's GET, and the one that the link is for
		t.Errorf("a letter that is opened costs %.1f PUT and %.1f GET", puts, gets)
	}
	return fmt.Sprintf("per letter that somebody opens: S3 PUT %.2f, S3 GET %.2f, DynamoDB write units %.1f, "+
		"read units %.1f\n", puts, gets, each(l.write), each(l.read))
}
