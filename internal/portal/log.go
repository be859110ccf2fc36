package portal

import (
	"net/http"
	"net/url"
	"time"

	"brevdue/internal/post"
)

// logPage is the list of shipments.
type logPage struct {
	Rows    []logRow
	Now     time.Time
	Paused  bool
	Refresh string // address of this page, for the next look
	Pause   string // address that starts or stops refreshing
	Next    string // address of the next page
	Older   bool   // this is not the first page
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

func (p *Portal) showLog(v *visit) error {
	cursor := v.FormValue("fra")
	place, err := post.Cursor(cursor).Place(v.who.Org, "log")
	if err != nil {
		return err
	}
	shipments, next, err := p.Shipments.List(v.Context(), v.who.Org, v.who.Sight(), place, shipmentsPerPage)
	if err != nil {
		return err
	}
	l := logPage{Now: p.Now(), Paused: v.FormValue("pause") != "", Older: cursor != ""}
	l.Refresh, l.Pause = address("/log", "fra", cursor), address("/log", "fra", cursor, "pause", "1")
	if l.Paused {
		l.Pause = l.Refresh
	}
	if next != "" {
		l.Next = address("/log", "fra", string(post.CursorOf(v.who.Org, "log", next)))
	}
	for _, s := range shipments {
		handled, err := p.isHandled(v, s)
		if err != nil {
			return err
		}
		l.Rows = append(l.Rows, rowOf(s, handled))
	}
	return p.show(v, http.StatusOK, "log", "log", "Log", l)
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
