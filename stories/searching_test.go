package stories

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// searchBar is how many read units a page or a search may take among the shipments of these stories: more means that it
// reads what it does not show.
const searchBar = 60

// searching: what a page of the log and a search of it cost on AWS, by name, by number and by subject.
func searching(t *testing.T, s stack) {
	v := newVisitor(t, s.Portal)
	v.post("/log-ind", url.Values{"bruger": {"demo"}, "kode": {s.Code}}, "text/html")
	var table strings.Builder
	for _, c := range []struct{ what, q string }{
		{"a page of the log", ""}, {"by name", "Bækgaard"}, {"by number", "050580-1234"}, {"by subject", "portalen"},
	} {
		time.Sleep(2 * time.Second) // the lines of the one before
		since := time.Now()
		if c.q == "" {
			v.get("/log")
		} else {
			page := v.post("/log/soeg", url.Values{"q": {c.q}}, "text/html")
			if strings.Contains(page, "Intet, du må se") {
				t.Errorf("%s: nothing is found", c.what)
			}
		}
		time.Sleep(2 * time.Second)
		l := logOf(t, s, "portal", since)
		reads := l.calls["DynamoDB.Query"] + l.calls["DynamoDB.BatchGetItem"]
		fmt.Fprintf(&table, "%-18s %6.1f read units in %3d reads, %4.1f write units\n", c.what, l.read, reads, l.write)
		if l.read > searchBar || l.read == 0 {
			t.Errorf("%s: %.1f read units, at most %d", c.what, l.read, searchBar)
		}
	}
	fmt.Print("\nlooking into the log, in an organization of these stories:\n", table.String())
	file, err := os.OpenFile(filepath.Join("..", "build", "cost.txt"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fmt.Fprint(file, "\nlooking into the log, in an organization of these stories:\n", table.String())
}
