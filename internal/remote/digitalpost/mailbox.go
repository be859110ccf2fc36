package digitalpost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"brevdue/internal/post"
)

// Waiting implements post.Mailbox: GET /memos/ (API 1.68: ListAvailableMemos).
func (c *Client) Waiting(ctx context.Context, page, size int) ([]string, error) {
	req, err := c.request(ctx, http.MethodGet, "/memos/?page="+strconv.Itoa(page)+"&size="+strconv.Itoa(size), nil)
	if err != nil {
		return nil, err
	}
	status, body, err := c.do(req)
	if err != nil || status != http.StatusOK {
		return nil, errors.Join(err, fmt.Errorf("list incoming post: HTTP %d", status))
	}
	var list struct {
		Content []string `json:"content"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("incoming post: %w", err)
	}
	return list.Content, nil
}

// Fetch implements post.Mailbox: GET /memos/{id} (API 1.68: FetchMemo), which deletes nothing.
func (c *Client) Fetch(ctx context.Context, id string) ([]byte, error) {
	req, err := c.request(ctx, http.MethodGet, "/memos/"+url.PathEscape(id), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/xml")
	status, body, err := c.doUpTo(req, post.MessageLimit+1)
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusNotFound:
		return nil, post.ErrNotFound
	case status != http.StatusOK:
		return nil, fmt.Errorf("fetch incoming post: HTTP %d", status)
	case len(body) > post.MessageLimit:
		return nil, errors.New("incoming post is larger than Digital Post allows")
	}
	return body, nil
}

// Confirm implements post.Mailbox: POST /memos/{id}/receipt (API 1.68: CreateReceipt), then DELETE /memos/{id}
// (DeleteMemo). A receipt that is there already (409) is as good.
func (c *Client) Confirm(ctx context.Context, id, uuid string, status post.ReceiptStatus) error {
	at := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	body, err := json.Marshal(receiptJSON{MessageUUID: uuid, TimeStamp: at, ReceiptStatus: status})
	if err != nil {
		return err
	}
	for _, step := range []struct {
		method, path string
		body         []byte
		good         []int
	}{
		{http.MethodPost, "/memos/" + url.PathEscape(id) + "/receipt", body,
			[]int{http.StatusOK, http.StatusConflict, http.StatusNotFound}},
		{http.MethodDelete, "/memos/" + url.PathEscape(id), nil, []int{http.StatusNoContent, http.StatusNotFound}},
	} {
		req, err := c.request(ctx, step.method, step.path, bytes.NewReader(step.body))
		if err != nil {
			return err
		}
		if step.body != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		got, _, err := c.do(req)
		if err != nil {
			return err
		}
		good := false
		for _, g := range step.good {
			good = good || g == got
		}
		if !good {
			return fmt.Errorf("confirm incoming post: HTTP %d", got)
		}
	}
	return nil
}
