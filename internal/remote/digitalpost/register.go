package digitalpost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// contactJSON is Contact of API 1.68: what is needed of it.
type contactJSON struct {
	CPR          string `json:"cprNumber"`
	CVR          string `json:"cvrNumber"`
	Subscription struct {
		Public string `json:"publicRegistrationStatus"`
	} `json:"mailboxSubscription"`
}

// Enrollments implements post.Register: GET /contacts/?isBulkLookup=true (API 1.68: QueryContacts). The numbers stand
// in the body, and in no error: an address would be logged on its way. What is not in the answer the register has not.
func (c *Client) Enrollments(ctx context.Context, _ string,
	numbers []ident.Number) (map[string]post.Enrollment, error) {
	found := map[string]post.Enrollment{}
	asked := map[string][]string{"cprNumber": {}, "cvrNumber": {}}
	for _, n := range numbers {
		found[n.Key()] = post.Unlisted
		kind := "cprNumber"
		if n.Kind() == ident.CVR {
			kind = "cvrNumber"
		}
		asked[kind] = append(asked[kind], n.Reveal())
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, errors.New("look up: the request cannot be made") // and not its cause, which may quote a number
	}
	for page := 0; ; page++ {
		more, err := c.contactsPage(ctx, body, page, found)
		if err != nil || !more {
			return found, err
		}
	}
}

// contactPages bounds the pages of one answer.
const contactPages = 50

// contactsPage reads one page of the answer.
func (c *Client) contactsPage(ctx context.Context, body []byte, page int,
	found map[string]post.Enrollment) (more bool, err error) {
	path := fmt.Sprintf("%s&page=%d&size=%d", bulkLookUp, page, post.LookUpAtOnce)
	req, err := c.request(ctx, http.MethodGet, path, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	req.Header.Set("Content-Type", "application/json")
	status, answer, err := c.do(req)
	switch {
	case err != nil:
		return false, err
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status == http.StatusForbidden:
		return false, fmt.Errorf("HTTP %d: %w", status, post.ErrNoRegister)
	case status != http.StatusOK:
		return false, fmt.Errorf("look up: HTTP %d", status)
	}
	var result struct {
		Contacts   []contactJSON `json:"contacts"`
		TotalPages int           `json:"totalPages"`
	}
	if json.Unmarshal(answer, &result) != nil {
		return false, errors.New("look up: the answer cannot be read")
	}
	for _, contact := range result.Contacts {
		n, err := ident.ParseAny(contact.CPR + contact.CVR)
		if _, asked := found[n.Key()]; err == nil && asked {
			found[n.Key()] = enrollmentOf(contact.Subscription.Public)
		}
	}
	return page+1 < min(result.TotalPages, contactPages), nil
}

// enrollmentOf reads publicRegistrationStatus (digital-post.md 4.2). What nobody knows is no reason to say that
// somebody cannot receive anything.
func enrollmentOf(status string) post.Enrollment {
	switch status {
	case "EXEMPT":
		return post.Exempt
	case "CLOSED":
		return post.NoMailbox
	case "REGISTERED":
		return post.Registered
	}
	return post.NotLookedUp
}
