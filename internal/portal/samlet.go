package portal

import (
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
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
		u.Bulks = append(u.Bulks, bulkLineOf(b))
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

// pressSamletStop ends what is being done to many rows.
func (p *Portal) pressSamletStop(v *visit) error {
	if _, err := p.Remedies.StopBulk(v.Context(), v.who, v.PathValue("bulk")); err != nil {
		return err
	}
	v.tell(sentence.Of("done-bulk-stopped"))
	return v.redirect("/log/ubehandlet#samlet")
}
