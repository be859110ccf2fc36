package portal

import (
	"net/http"
	"net/url"
	"time"

	"brevdue/internal/post"
)

// logPage is the list of shipments.
type logPage struct {
	Rows     []logRow
	Now      time.Time
	Paused   bool
	Refresh  string // address of this page, for the next look
	Pause    string // address that starts or stops refreshing
	Next     string // address of the next page
	Older    bool   // this is not the first page
	Filter   filterForm
	Chips    []chip
	Saved    []post.SavedFilter
	Text     string // that is searched; the list itself has none
	Totals   string // "" until somebody asks
	AddUp    string // address that asks
	Part     bool   // there is more of it than is listed
	Still    bool   // it does not refresh itself: somebody mends something, or looking takes long
	CSV      string
	Mistakes mistakes
}

type logRow struct {
	ID, Subject, By          string
	Created                  time.Time
	Sending, Archiving       mark
	Handled, Letters, Failed int // Letters without those that were cancelled; Failed waits for somebody
	Cancelled                int
	Dismissed                int // handled in another way
	ArchiveFailed            int
	Outside                  bool // its letters are put into archives outside Brevdue as well
	Running                  bool
	Link                     string
}

const shipmentsPerPage = 20

func (p *Portal) showLog(v *visit) error { return p.log(v, http.StatusOK, nil) }

func (p *Portal) log(v *visit, status int, wrong mistakes) error {
	cursor := v.FormValue("fra")
	place, err := post.Cursor(cursor).Place(v.who.Org, "log")
	if err != nil {
		return err
	}
	form, filter, err := p.filterOf(v)
	if bad := mistakesOf(err); bad != nil { // the days are none
		status, wrong, filter = http.StatusUnprocessableEntity, bad, post.ShipmentFilter{State: filter.State}
	}
	l := logPage{Now: p.Now(), Paused: v.FormValue("pause") != "", Older: cursor != "", Filter: form, Mistakes: wrong}
	pairs := append(form.pairs(form.State), "fra", cursor)
	l.Refresh, l.Pause = address("/log", pairs...), address("/log", append(pairs, "pause", "1")...)
	if l.Paused {
		l.Pause = l.Refresh
	}
	l.CSV = address("/log/csv", form.pairs(form.State)...)
	l.AddUp = address("/log", append(pairs, "ialt", "1", "pause", "1")...)
	shipments, next, more, err := p.listed(v, filter, place, shipmentsPerPage)
	l.Part = more
	if err != nil {
		return err
	}
	if next != "" {
		pairs := append(form.pairs(form.State), "fra", string(post.CursorOf(v.who.Org, "log", next)))
		if l.Paused {
			pairs = append(pairs, "pause", "1")
		}
		l.Next = address("/log", pairs...)
	}
	if l.Chips, err = p.chipsOf(v, form); err != nil {
		return err
	}
	if l.Saved, err = p.savedOf(v); err != nil {
		return err
	}
	if v.FormValue("ialt") != "" {
		if l.Totals, err = p.totals(v, filter); err != nil {
			return err
		}
	}
	for _, s := range shipments {
		handled, err := p.isHandled(v, s)
		if err != nil {
			return err
		}
		l.Rows = append(l.Rows, rowOf(s, handled))
	}
	l.Still = len(wrong) > 0 || filter.State == post.LogDone || filter.State == post.LogCancelled
	return p.show(v, status, "log", "log", "Log", l)
}

// address makes an address with the pairs whose value is not empty.
func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func rowOf(s *post.Shipment, handled bool) logRow {
	r := logRow{
		ID:            s.ID,
		Subject:       s.Subject,
		By:            s.By,
		Created:       s.Created,
		Sending:       shipmentMark(s, handled),
		Archiving:     archivingMark(s),
		Handled:       s.Counts.Processed(),
		Letters:       s.Letters - s.Counts.Cancelled,
		Cancelled:     s.Counts.Cancelled,
		Failed:        s.Counts.Failed,
		Dismissed:     s.Counts.Dismissed,
		ArchiveFailed: s.Counts.ArchiveFailed,
		Outside:       len(s.Archives) > 0,
		Running: s.Derived() == post.InSending &&
			s.Counts.Processed()+s.Counts.Cancelled < s.Letters,
		Link: "/forsendelse/" + s.ID,
	}
	if s.Withheld() {
		r.Subject, r.Link = confidentialText, ""
		return r
	}
	if s.WaitsForApproval() != nil {
		r.Sending = approvalMark
	}
	switch s.State {
	case post.Uploading, post.Splitting, post.InReview:
		r.Link = "/afsend/" + s.ID
	}
	return r
}
