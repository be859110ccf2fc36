package portal

import (
	"net/http"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestWhatWaitsForMe: each cause of Ubehandlet with its number, and nothing for whoever may not handle it.
func TestWhatWaitsForMe(t *testing.T) {
	d := newCommands(t)
	d.now = posttest.Start
	d.shows("/oversigt", "Intet venter på dig", "Brevdue kører", "Der er ikke oprettet forsendelser i dag")
	d.shipment("aaaaaaaaaaaa", withoutNumber, withoutNumber, completed)
	d.shows("/oversigt", "Der er intet nummer på brevet", `<b class="bd-num">2</b>`,
		"ud af 3 breve i 1 forsendelse")
	bo := posttest.Person("demo", "bo")
	bo.Grants = post.GrantsOf(post.RightWrite)
	d.gate.who = &bo
	d.shows("/oversigt", "Intet venter på dig", "ud af 0 breve")
}

// TestStatistics: a year by month, unit and sender; the picture says in words what it shows, and the sheet has it too.
func TestStatistics(t *testing.T) {
	d := newCommands(t)
	d.now = posttest.Start
	d.shipment("aaaaaaaaaaaa", completed, completed, withoutNumber)
	d.shows("/statistik", "Flest i november 2026: 3", "november 2026", "Pr. afsender", `height="130"`)
	sheet := d.ask(http.MethodGet, "/statistik.csv", nil)
	if !strings.Contains(sheet, "Måned;november 2026;1;3;2;1;") {
		t.Error(sheet)
	}
	bo := posttest.Person("demo", "bo")
	bo.Grants = post.GrantsOf(post.RightWrite)
	d.gate.who = &bo
	d.shows("/statistik", "Flest i december 2025: 0")
}
