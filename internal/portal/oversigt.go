package portal

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// oversigtPage is what waits for whoever looks, and how today has gone.
type oversigtPage struct {
	Now       time.Time
	Today     string
	State     string // how Brevdue and Digital Post are
	Fine      bool
	Shipments int
	Letters   int // of today's shipments that were not cancelled
	Out       int // that Digital Post has taken
	Receipts  int
	Failed    int
	Incoming  int // of today
	SeesPost  bool
	More      bool // there are more shipments today than are added up
	Mine      []taskLine
	Rows      []logRow
}

// taskLine is something that waits for a person.
type taskLine struct {
	Text, Link string
	Count      int
}

// todayMost is how many shipments of today are added up, and todayShown how many of them are listed.
const (
	todayMost  = 200
	todayShown = 10
)

func (p *Portal) showOversigt(v *visit) error {
	now := p.Now().In(p.zone)
	o := oversigtPage{Now: now, Today: fmt.Sprintf("%s den %d. %s %d", capital(weekdays[now.Weekday()]), now.Day(),
		wholeMonths[now.Month()-1], now.Year())}
	var err error
	if o.State, o.Fine, err = p.stateText(v); err != nil {
		return err
	}
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, p.zone)
	today := post.ShipmentFilter{From: midnight}
	all, next, err := p.Shipments.Filtered(v.Context(), v.who.Org, v.who.Sight(), today, "", todayMost)
	if err != nil {
		return err
	}
	o.More = next != ""
	for _, s := range all {
		o.Shipments++
		o.Letters += sentLetters(s)
		o.Out += s.Counts.Accepted()
		o.Receipts += s.Counts.Completed
		o.Failed += s.Counts.Failed
		if len(o.Rows) < todayShown {
			handled, err := p.isHandled(v, s)
			if err != nil {
				return err
			}
			o.Rows = append(o.Rows, rowOf(s, handled))
		}
	}
	if o.SeesPost = v.who.May(post.RightInbox); o.SeesPost {
		if o.Incoming, err = p.incomingSince(v, midnight); err != nil {
			return err
		}
	}
	if o.Mine, err = p.waitsForMe(v); err != nil {
		return err
	}
	return p.show(v, http.StatusOK, "oversigt", "oversigt", "Oversigt", o)
}

// stateText says how everything is, in a sentence.
func (p *Portal) stateText(v *visit) (text string, fine bool, err error) {
	b, err := p.banner(v)
	if err != nil {
		return "", false, err
	}
	if b != nil {
		return b.Heading + ". " + b.Text, false, nil
	}
	return allFineText, true, nil
}

// incomingMost bounds how much incoming post is counted.
const incomingMost = 200

func (p *Portal) incomingSince(v *visit, since time.Time) (int, error) {
	all, _, err := p.Inbox.List(v.Context(), v.who.Org, "", incomingMost)
	return len(slices.DeleteFunc(all, func(m *post.InboxMessage) bool { return m.Received.Before(since) })), err
}

// waitsForMe is what somebody can do now: causes of Ubehandlet, reviews of their own, and what they may approve.
func (p *Portal) waitsForMe(v *visit) ([]taskLine, error) {
	var mine []taskLine
	rows, err := p.unhandled(v)
	if err != nil {
		return nil, err
	}
	for _, f := range rows.all {
		title := texts.Explain(f.Problem.Code).Title
		i := slices.IndexFunc(mine, func(t taskLine) bool { return t.Text == title })
		if i < 0 {
			i, mine = len(mine), append(mine, taskLine{Text: title, Link: "/log/ubehandlet#" + string(f.Problem.Code)})
		}
		mine[i].Count++
	}
	running, _, err := p.running(v)
	if err != nil {
		return nil, err
	}
	reviews, approvals := taskLine{Text: reviewsWaitText}, taskLine{Text: approvalsWaitText}
	for _, s := range running {
		if s.State != post.InReview {
			continue
		}
		switch asked := s.WaitsForApproval(); {
		case asked != nil && v.who.Grants.MayAt(post.RightApprove, s.Area) && !s.Wrote(v.who.Owner()):
			approvals.Count++
			approvals.Link = "/afsend/" + s.ID
		case asked == nil && s.Area.Owner == v.who.Owner():
			reviews.Count++
			reviews.Link = "/afsend/" + s.ID
		}
	}
	corrections := taskLine{Text: correctionsWaitText, Link: "/log/godkend"}
	if v.who.May(post.RightApprove) {
		all, err := p.Proposals.Proposals(v.Context(), v.who.Org, v.who.Sight())
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			if v.who.Grants.MayAt(post.RightApprove, one.Area) && one.By != v.who.Owner() {
				corrections.Count++
			}
		}
	}
	for _, t := range []taskLine{reviews, approvals} {
		if t.Count > 1 {
			t.Link = "/log?tilstand=" + string(post.LogRunning)
		}
		if t.Count > 0 {
			mine = append(mine, t)
		}
	}
	if corrections.Count > 0 {
		mine = append(mine, corrections)
	}
	return mine, nil
}
