package portal

import (
	"cmp"
	"log/slog"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// urgency puts causes in order: what keeps letters of everybody from leaving, then what nobody but a person can say,
// then what can wait. A cause that is not here stands between.
var urgency = map[post.Code]int{
	post.NotAllowed: -5, post.Malware: -4, post.ChangedAnswer: -3, post.Unknown: -2, post.UnreadableDocument: -1,
	post.NoReceipt: 1, post.ArchiveFailedCode: 2,
}

// urgentFirst puts causes in order of urgency, and those alike by their oldest row.
func urgentFirst(causes []*cause) {
	oldest := func(c *cause) time.Time {
		return slices.MinFunc(c.Rows, func(a, b causeRow) int { return a.Since.Compare(b.Since) }).Since
	}
	slices.SortStableFunc(causes, func(a, b *cause) int {
		return cmp.Or(urgency[a.Code]-urgency[b.Code], oldest(a).Compare(oldest(b)))
	})
}

// onTheirWay counts the letters that Brevdue itself sends, or tries again.
func (p *Portal) onTheirWay(v *visit) (int, error) {
	running, _, err := p.running(v)
	n := 0
	for _, s := range running {
		if s.State == post.InSending && !s.Waiting && !s.Paused {
			n += s.Counts.Created + s.Counts.Queued
		}
	}
	return n, err
}

// showLetter leads to the PDF of a letter that was sent or held back, to be shown in the page.
func (p *Portal) showLetter(v *visit) error {
	s, l, err := p.letterOfAddress(v)
	if err != nil {
		return err
	}
	if s.State == post.InReview {
		return v.redirect("/afsend/" + s.ID)
	}
	if err := p.Audit.Record(v.Context(), v.who.Did(post.ActSee, l.ID.Shipment(), l.ID, "brev")); err != nil {
		return err
	}
	link, err := p.Links.Preview(v.Context(), v.who.Org, l.Document)
	if err != nil {
		return err
	}
	return v.redirect(p.here(v, link).URL)
}

// replaced takes the row of a document that could not be split out of Ubehandlet, once the one that takes its place is
// sent. Where that cannot be done the row stays, and a person takes it out.
func (p *Portal) replaced(v *visit, by *post.Shipment) {
	if by.Replaces == "" || !v.who.May(post.RightUnhandled) {
		return
	}
	s, err := p.Shipments.Get(v.Context(), v.who.Org, by.Replaces)
	if err != nil || s.State != post.SplitRefused {
		return
	}
	_, err = p.Remedies.Dismiss(v.Context(), v.who, []post.FailureFilter{{Shipment: s.ID}},
		texts.Say("replaced-by", by.ID))
	if err != nil {
		slog.Error("the row of a document that was replaced stays", "shipment", s.ID, "error", err)
	}
}
