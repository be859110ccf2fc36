package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/workflow"
)

// TestHvemHarSet (D6): who has seen a person is one question, so is what a user has seen; asking stands in the log, and
// the number nowhere.
func TestHvemHarSet(t *testing.T) {
	ctx, d := context.Background(), newCommands(t)
	d.shipment("aaaaaaaaaaaa", completed, completed)
	number := "0101901234"
	n := posttest.Number(t, number)
	_, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 2)
	posttest.Check(t, d.store.File(ctx, post.Filing{Org: "demo", Case: "m-" + n.Key()[:4], Person: "m-" + n.Key()[:4],
		Letter: letters[0].ID, At: d.now}))
	log := d.store.AuditLog(nil)
	for _, e := range []post.Entry{
		posttest.Person("demo", "ole").Did(post.ActSee, "aaaaaaaaaaaa", letters[0].ID, "brev"),
		posttest.Person("demo", "ida").Did(post.ActSee, "aaaaaaaaaaaa", letters[1].ID, "brev"),
		posttest.Person("demo", "ole").Did(post.ActSettings, "", "", "noget andet"),
		posttest.Person("syd", "ole").Did(post.ActSee, "aaaaaaaaaaaa", letters[0].ID, "fremmed"),
	} {
		e.At = d.now
		posttest.Check(t, log.Record(ctx, e))
	}
	page := d.ask(http.MethodPost, "/administration/spor", url.Values{"nummer": {"010190-1234"}})
	for text, want := range map[string]bool{"010190-xxxx": true, "<td data-title=\"Hvem\">ole": true, "ida": false,
		"noget andet": false, "fremmed": false, number: false, "010190-1234": false} {
		if strings.Contains(page, text) != want {
			t.Errorf("of the person: %q is there: %v", text, !want)
		}
	}
	page = d.ask(http.MethodPost, "/administration/spor", url.Values{"bruger": {"ole"}})
	for text, want := range map[string]bool{"noget andet": true, "/forsendelse/aaaaaaaaaaaa": true, "ida": false,
		"fremmed": false, "ændrede indstillinger": true} {
		if strings.Contains(page, text) != want {
			t.Errorf("of the user: %q is there: %v", text, !want)
		}
	}
	page = d.ask(http.MethodPost, "/administration/spor", url.Values{"bruger": {"eva"}})
	if strings.Count(page, "læste revisionssporet") != 3 || strings.Contains(page, number) {
		t.Error("that eva asked is not in the log")
	}
	d.ask(http.MethodPost, "/administration/spor", url.Values{"bruger": {number}}) // in the wrong field
	chain, err := workflow.AuditChain(ctx, d.store.AuditLog(nil), "demo", "")
	posttest.Check(t, err)
	if last := chain[len(chain)-1]; strings.Contains(last.Text, number) || last.Action != post.ActAudit {
		t.Errorf("the log says %q", last.Text)
	}
	for what, form := range map[string]url.Values{notAPersonText: {"nummer": {"12"}}, nobodyAskedText: {}} {
		if page := d.ask(http.MethodPost, "/administration/spor", form); !strings.Contains(page, what) ||
			!strings.Contains(page, "<title>Fejl:") {
			t.Errorf("%v: %q is not said", form, what)
		}
	}
}

// TestEveryActionHasAName: the page shows no code.
func TestEveryActionHasAName(t *testing.T) {
	for _, a := range post.Actions() {
		if actionName(a) == string(a) {
			t.Errorf("%s has no name", a)
		}
	}
}
