package stories

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.etcd.io/bbolt"

	"brevdue/internal/ident"
)

// messageRow is a row of GET /simulator/messages.
type messageRow struct {
	UUID      string `json:"messageUUID"`
	MessageID string `json:"messageId"`
	Recipient string `json:"recipient"`
	Accepted  int    `json:"accepted"`
	Repeats   int    `json:"repeats"`
}

// putWaiting has post waiting at a simulator.
func putWaiting(simulator string, order map[string]string) error {
	b, err := json.Marshal(order)
	if err != nil {
		return err
	}
	res, err := http.Post(simulator+"/waiting", "application/json", bytes.NewReader(b))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		return fmt.Errorf("waiting: %s", res.Status)
	}
	return nil
}

func messages(simulator string) ([]messageRow, error) {
	res, err := http.Get(simulator + "/messages")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var rows []messageRow
	return rows, json.NewDecoder(res.Body).Decode(&rows)
}

// searchFor returns a search for people's numbers, in every form they have.
func searchFor(t *testing.T, numbers string) func(where, text string) {
	var forms []string
	for _, number := range strings.Fields(numbers) {
		if d := ident.Digits(number); len(d) == 10 {
			forms = append(forms, d, d[:6]+"-"+d[6:], d[:6]+" "+d[6:])
		}
	}
	return func(where, text string) {
		t.Helper()
		for _, f := range forms {
			if strings.Contains(text, f) {
				t.Errorf("a CPR number stands in %s: %s", where, ident.Mask(text))
			}
		}
	}
}

// checkRedaction looks for the numbers of a story in every log line, file name and queue message: none.
func checkRedaction(t *testing.T, s *server, list string) {
	t.Helper()
	b, err := os.ReadFile(list)
	if err != nil {
		return // a story without letters
	}
	search := searchFor(t, string(b))
	log, err := os.ReadFile(s.log)
	if err != nil {
		t.Error(err)
	}
	for line := range strings.Lines(string(log)) {
		search("the log", line)
	}
	err = filepath.WalkDir(s.data, func(path string, _ fs.DirEntry, err error) error {
		search("a file name", path)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := eachJob(s.data, func(queue, job string) { search("queue "+queue, job) }); err != nil {
		t.Error(err)
	}
}

// eachJob reads the jobs that lie in the queues of a stopped server.
func eachJob(data string, do func(queue, job string)) error {
	db, err := bbolt.Open(filepath.Join(data, "brevdue.db"), 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			if !strings.HasPrefix(string(name), "queue-") {
				return nil
			}
			return b.ForEach(func(k, v []byte) error {
				do(string(name), fmt.Sprintf("%x %s", k, v))
				return nil
			})
		})
	})
}

// tell PATH WORD says to the simulator what it does next.
func tell(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(put(backendOf(ts).simulator()+"/"+args[0], args[1]))
}

func put(url, body string) error {
	req, err := http.NewRequest(http.MethodPut, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	status, answer, err := do(req)
	if err == nil && status != http.StatusNoContent {
		err = fmt.Errorf("%s: %d %s", url, status, answer)
	}
	return err
}
