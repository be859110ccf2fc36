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
	Handled, Letters, Failed int
	ArchiveFailed            int
	Running                  bool
	Link                     string
}

const shipmentsPerPage = 20

func (p *Portal) showLog(v *visit) error {
	cursor := v.FormValue("fra")
	shipments, next, err := p.Shipments.List(v.Context(), v.who.Org, cursor, shipmentsPerPage)
	if err != nil {
		return err
	}
	l := logPage{Now: p.Now(), Paused: v.FormValue("pause") != "", Older: cursor != ""}
	l.Refresh, l.Pause = address("/log", "fra", cursor), address("/log", "fra", cursor, "pause", "1")
	if l.Paused {
		l.Pause = l.Refresh
	}
	if next != "" {
		l.Next = address("/log", "fra", next)
	}
	for _, s := range shipments {
		l.Rows = append(l.Rows, rowOf(s))
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

func rowOf(s *post.Shipment) logRow {
	r := logRow{ID: s.ID, Subject: s.Subject, By: s.By, Created: s.Created, Sending: shipmentMark(s), Archiving: archivingMark(s),
		Handled: s.Counts.Handled(), Letters: s.Letters, Failed: s.Counts.Failed, ArchiveFailed: s.Counts.ArchiveFailed,
		Running: s.Shown() == post.InSending && s.Counts.Handled() < s.Letters, Link: "/forsendelse/" + s.ID}
	switch s.State {
	case post.Uploading, post.Splitting, post.InReview:
		r.Link = "/afsend/" + s.ID
	}
	return r
}
