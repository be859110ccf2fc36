package portal

import (
	"net/http"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// bulkLine is a remedy for many rows at once, as Ubehandlet shows it (samlet behandling).
type bulkLine struct {
	ID      string
	Title   string
	Text    string
	Over    bool
	Problem bool // it ended before its last row
	Done    int
	Total   int
}

// bulkShown is for how long the result of a bulk is shown.
const bulkShown = 10 * time.Minute

// bulksShown is how many are looked at: the newest.
const bulksShown = 10

// addBulks shows what is being done in the background, and what has ended just now.
func (p *Portal) addBulks(v *visit, u *ubehandletPage) error {
	bulks, err := p.Bulks.List(v.Context(), v.who.Org, bulksShown)
	for _, b := range bulks {
		if b.How.DryRun || b.Over() && p.Now().Sub(b.Ended) > bulkShown {
			continue
		}
		u.Bulks, u.Doing = append(u.Bulks, bulkLineOf(b)), u.Doing || !b.Over()
	}
	return err
}

func bulkLineOf(b *post.Bulk) bulkLine {
	l := bulkLine{ID: b.ID, Over: b.Over(), Problem: b.Problem != nil, Done: b.Done, Total: b.Total}
	switch {
	case !l.Over:
		l.Title, l.Text = bulkDoingTitle(b), bulkDoingText(b)
	case l.Problem:
		l.Title, l.Text = bulkStoppedTitle(b), texts.Problem(b.Problem)+" "+bulkRestText
	default:
		l.Title, l.Text = bulkDoneTitle(b), bulkDoneText(b)
	}
	return l
}

// showSamlet shows that part of Ubehandlet alone, for it to refresh itself.
func (p *Portal) showSamlet(v *visit) error {
	u := &ubehandletPage{}
	if err := p.addBulks(v, u); err != nil {
		return err
	}
	return p.render(v.w, http.StatusOK, "samlet", u)
}

// pressSamletStop ends what is being done to many rows.
func (p *Portal) pressSamletStop(v *visit) error {
	if _, err := p.Remedies.StopBulk(v.Context(), v.who, v.PathValue("bulk")); err != nil {
		return err
	}
	return v.redirect("/log/ubehandlet#samlet")
}
