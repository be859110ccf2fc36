package fake

import (
	"encoding/json"
	"net/http"
	"strings"

	"brevdue/internal/memo"
	"brevdue/internal/wal"
)

// events is GET /events/?any={uuid} (API 1.68: QueryEvents), for one message: was it received?
func (s *Simulator) events(w http.ResponseWriter, r *http.Request) {
	uuid := r.URL.Query().Get("any")
	found := []map[string]any{}
	err := s.file.View(func(tx *wal.Tx) error {
		v := tx.Get(messagesBucket, uuid)
		if v == nil {
			return nil
		}
		var m message
		if err := json.Unmarshal(v, &m); err != nil || m.Accepted == 0 {
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
