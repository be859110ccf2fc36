package portal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestTheLogIsNarrowedDown: a chip shows what it counts, and a filter that somebody keeps is theirs.
func TestTheLogIsNarrowedDown(t *testing.T) {
	d := newCommands(t)
	d.shipment("aaaaaaaaaaaa", withoutNumber)
	d.shipment("bbbbbbbbbbbb", func(*post.Letter) {})
	d.shows("/log", "I gang <b>1</b>", "Ubehandlede <b>1</b>", "f-aaaaaaaaaaaa", "f-bbbbbbbbbbbb")
	d.shows("/log?tilstand=running", "-f-aaaaaaaaaaaa", "f-bbbbbbbbbbbb")
	d.shows("/log?tilstand=failed", "f-aaaaaaaaaaaa", "-f-bbbbbbbbbbbb")
	d.shows("/log?fra_dag=2030-01-01", "Ingen forsendelser passer")
	d.shows("/log?fra_dag=i+morgen", "Fejl: Log", `href="#fra_dag"`, "f-aaaaaaaaaaaa")
	d.shows("/log?ialt=1", "2 forsendelser, 2 breve")
	keep := url.Values{"tilstand": {"failed"}, "navn": {"Mine fejl"}}
	d.ask(http.MethodPost, "/log/filter", keep)
	d.shows("/log", "Mine fejl", `href="/log?tilstand=failed"`)
	bo := posttest.Person("demo", "bo")
	d.gate.who = &bo
	d.shows("/log", "-Mine fejl")
	d.gate.who = &eva
	d.ask(http.MethodPost, "/log/filter/fjern", url.Values{"navn": {"Mine fejl"}})
	d.shows("/log", "-Mine fejl")
	keep.Set("navn", " ")
	if page := d.ask(http.MethodPost, "/log/filter", keep); !strings.Contains(page, "Giv filteret et navn") {
		t.Error("a filter without a name")
	}
}

// TestASheetHasNoFormulas: a subject that a spreadsheet would run is a text in it.
func TestASheetHasNoFormulas(t *testing.T) {
	d := newCommands(t)
	d.shipment("aaaaaaaaaaaa", func(*post.Letter) {})
	_, err := d.store.Shipments().Change(t.Context(), "demo", "aaaaaaaaaaaa", func(s *post.Shipment) error {
		s.Subject = `=HYPERLINK("http://x";"Se her")`
		return nil
	})
	posttest.Check(t, err)
	file := d.ask(http.MethodGet, "/log/csv", nil)
	if !strings.Contains(file, "HYPERLINK") || strings.Contains(file, ";=HYPERLINK") ||
		strings.Contains(file, `;"=HYPERLINK`) {
		t.Error(file)
	}
}

// TestASearchShowsNoNumber: what is searched stands in no address, and a number not in the form that comes back.
func TestASearchShowsNoNumber(t *testing.T) {
	d := newCommands(t)
	page := d.ask(http.MethodPost, "/log/soeg", url.Values{"q": {"0101901234"}})
	if strings.Contains(page, "010190") || !strings.Contains(page, "Intet, du må se, passer") {
		t.Error(page)
	}
	if page := d.ask(http.MethodPost, "/log/soeg", url.Values{"q": {"Anna"}}); !strings.Contains(page, `value="Anna"`) {
		t.Error("a name is gone")
	}
	if page := d.ask(http.MethodPost, "/log/soeg", url.Values{"q": {"!"}}); !strings.Contains(page, "Skriv et navn") {
		t.Error("nothing is searched")
	}
}
