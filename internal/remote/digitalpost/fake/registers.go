package fake

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"brevdue/internal/memo"
	"brevdue/internal/wal"
)

// events is GET /events/ (API 1.68: QueryEvents): for one message with any={uuid}, or all that were received since
// dateFrom, newest first unless sortFields asks for the oldest.
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
	tag := cmp.Or(r.URL.Query().Get("eventTag"), "MEMO_SEND_RECEIVED")
	var all []message
	err := s.file.View(func(tx *wal.Tx) error {
		for _, v := range tx.Up(messagesBucket, "") {
			var m message
			if err := json.Unmarshal(v, &m); err != nil {
				return err
			}
			if m.Accepted > 0 && !m.At.Before(from) && s.shown(&m) && happened(&m, tag) {
				all = append(all, m)
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b message) int { return a.At.Compare(b.At) })
	if r.URL.Query().Get("sortFields") != "eventTime:asc" {
		slices.Reverse(all)
	}
	found := []map[string]any{}
	for _, m := range all[min(number*size, len(all)):min((number+1)*size, len(all))] {
		found = append(found, map[string]any{
			"id": newUUID(), "eventTag": tag, "message": m.UUID, "eventTime": stamp(m.At),
		})
	}
	answer(w, http.StatusOK, map[string]any{"events": found, "currentPage": number,
		"totalPages": (len(all) + size - 1) / size, "elementsOnPage": len(found), "totalElements": len(all)}, err)
}

// happened reports whether a message has an event of a kind. That whoever is registered has been legally notified at
// once is our invention: really it may take weeks.
func happened(m *message, tag string) bool {
	switch tag {
	case "MEMO_SEND_RECEIVED":
		return true
	case "MESSAGE_LEGALLY_NOTIFIED":
		return m.Legal && (len(m.Recipient) == 8 || statusOf(m.Recipient) == "REGISTERED")
	}
	return false
}

// contacts is GET /contacts/ (API 1.68: QueryContacts; digital-post.md 4.2): one number in the address, or many in the
// body with isBulkLookup. What that body looks like is our invention. The ending of a CPR number says how its person is
// registered; everybody else is REGISTERED.
func (s *Simulator) contacts(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	asked := struct {
		CPR []string `json:"cprNumber"`
		CVR []string `json:"cvrNumber"`
	}{q["cprNumber"], q["cvrNumber"]}
	if q.Get("isBulkLookup") == "true" {
		if s.noLookUp.Load() {
			refuse(w, http.StatusNotFound, "not.found", "The resource was not found")
			return
		}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&asked); err != nil {
			refuse(w, http.StatusBadRequest, "validation.failed", "the body is no query")
			return
		}
	}
	contacts := []any{}
	for _, cvr := range asked.CVR {
		contacts = append(contacts, contact("COMPANY", "cvrNumber", cvr, "REGISTERED"))
	}
	for _, cpr := range asked.CPR {
		status := statusOf(cpr)
		if status == "REGISTERED" && s.nowExempt.Load() {
			status = "EXEMPT"
		}
		if status != "" {
			contacts = append(contacts, contact("CITIZEN", "cprNumber", cpr, status))
		}
	}
	number, size := pageOf(r)
	page := contacts[min(number*size, len(contacts)):min((number+1)*size, len(contacts))]
	answer(w, http.StatusOK, map[string]any{"currentPage": number, "next": nil,
		"totalPages": (len(contacts) + size - 1) / size, "elementsOnPage": len(page), "totalElements": len(contacts),
		"contacts": page}, nil)
}

func contact(kind, field, number, status string) map[string]any {
	return map[string]any{"id": newUUID(), "version": 1, "type": kind, field: number,
		"mailboxSubscription": map[string]any{"id": newUUID(), "version": 1, "publicRegistrationStatus": status}}
}

// statusOf is how a person is registered; "" for one that the register does not have.
func statusOf(cpr string) string {
	switch c := courseOf(&memo.Message{Header: memo.Header{Recipient: memo.Recipient{ID: cpr, Type: "CPR"}}}); {
	case c.code == "recipient.unknown":
		return ""
	case c.code == "recipient.closed":
		return "CLOSED"
	case strings.HasPrefix(c.code, "recipient.not.registered"):
		return "EXEMPT"
	}
	return "REGISTERED"
}
