package fake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"brevdue/internal/memo"
	"brevdue/internal/wal"
)

// events is GET /events/ (API 1.68: QueryEvents): for one message with any={uuid}, or all that were received since
// dateFrom, newest first.
func (s *Simulator) events(w http.ResponseWriter, r *http.Request) {
	uuid := r.URL.Query().Get("any")
	if uuid == "" {
		s.allEvents(w, r)
		return
	}
	found := []map[string]any{}
	err := s.file.View(func(tx *wal.Tx) error {
		v := tx.Get(messagesBucket, uuid)
		if v == nil {
			return nil
		}
		var m message
		if err := json.Unmarshal(v, &m); err != nil || m.Accepted == 0 || !s.shown(&m) {
			return err
		}
		for _, tag := range []string{"MEMO_SEND_RECEIVED", "TECHNICAL_RECEIPT_SENT"} {
			found = append(
				found,
				map[string]any{"id": newUUID(), "eventTag": tag, "message": uuid, "eventTime": stamp(m.At)},
			)
		}
		return nil
	})
	answer(w, http.StatusOK, map[string]any{"events": found, "currentPage": 0, "totalPages": 1,
		"elementsOnPage": len(found), "totalElements": len(found)}, err)
}

// shown reports whether the event of a message is found by now.
func (s *Simulator) shown(m *message) bool {
	return !m.At.Add(time.Duration(s.eventsLate.Load())).After(s.now())
}

// allEvents returns a page of the events of what was taken in.
func (s *Simulator) allEvents(w http.ResponseWriter, r *http.Request) {
	from, _ := time.Parse(time.RFC3339, r.URL.Query().Get("dateFrom")) // none is from the beginning
	number, size := pageOf(r)
	var all []message
	err := s.file.View(func(tx *wal.Tx) error {
		for _, v := range tx.Up(messagesBucket, "") {
			var m message
			if err := json.Unmarshal(v, &m); err != nil {
				return err
			}
			if m.Accepted > 0 && !m.At.Before(from) && s.shown(&m) {
				all = append(all, m)
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b message) int { return b.At.Compare(a.At) })
	found := []map[string]any{}
	for _, m := range all[min(number*size, len(all)):min((number+1)*size, len(all))] {
		found = append(found, map[string]any{
			"id": newUUID(), "eventTag": "MEMO_SEND_RECEIVED", "message": m.UUID, "eventTime": stamp(m.At),
		})
	}
	answer(w, http.StatusOK, map[string]any{"events": found, "currentPage": number,
		"totalPages": (len(all) + size - 1) / size, "elementsOnPage": len(found), "totalElements": len(all)}, err)
}

// contacts is GET /contacts/?cprNumber= or ?cvrNumber= (API 1.68: QueryContacts; digital-post.md 4.2). The ending of
// the number says how a person is registered; everybody else is REGISTERED.
func (s *Simulator) contacts(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	contact := map[string]any{"id": newUUID(), "version": 1}
	status := "REGISTERED"
	if cvr := q.Get("cvrNumber"); cvr != "" {
		contact["type"], contact["cvrNumber"] = "COMPANY", cvr
	} else {
		cpr := q.Get("cprNumber")
		contact["type"], contact["cprNumber"] = "CITIZEN", cpr
		switch c := courseOf(&memo.Message{Header: memo.Header{Recipient: memo.Recipient{ID: cpr, Type: "CPR"}}}); {
		case c.code == "recipient.unknown":
			contact = nil
		case c.code == "recipient.closed":
			status = "CLOSED"
		case strings.HasPrefix(c.code, "recipient.not.registered"):
			status = "EXEMPT"
		}
	}
	contacts := []any{}
	if contact != nil {
		contact["mailboxSubscription"] = map[string]any{
			"id":                       newUUID(),
			"version":                  1,
			"publicRegistrationStatus": status,
		}
		contacts = append(contacts, contact)
	}
	answer(w, http.StatusOK, map[string]any{"currentPage": 0, "next": nil, "totalPages": 1,
		"elementsOnPage": len(contacts), "totalElements": len(contacts), "contacts": contacts}, nil)
}
