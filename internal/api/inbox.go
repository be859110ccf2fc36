package api

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// inboxJSON is incoming post as programs see it.
type inboxJSON struct {
	ID       string          `json:"id"`
	From     *recipientJSON  `json:"from"`
	FromName string          `json:"fromName"`
	Subject  string          `json:"subject"`
	Sent     *time.Time      `json:"sent"`
	Received time.Time       `json:"received"`
	Files    []inboxFileJSON `json:"files"` // the main document first
	Failure  *failureText    `json:"failure"`
}

type inboxFileJSON struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
}

func inboxOf(m *post.InboxMessage) inboxJSON {
	out := inboxJSON{
		ID:       m.ID,
		FromName: post.Visible(m.FromName),
		Subject:  post.Visible(m.Subject),
		Received: m.Received,
		Files:    []inboxFileJSON{},
		Failure:  textOf(m.Problem),
	}
	if !m.From.IsZero() {
		out.From = &recipientJSON{m.From.Kind(), m.From.String()}
	}
	if !m.Sent.IsZero() {
		out.Sent = &m.Sent
	}
	for i, f := range m.Files {
		out.Files = append(out.Files, inboxFileJSON{i + 1, post.Visible(f.Name), f.Type, f.Object.Size})
	}
	return out
}

func (a *API) inbox(c *call) (int, any, error) {
	place, limit, err := c.page("inbox", 20, 100)
	if err != nil {
		return 0, nil, err
	}
	messages, next, err := a.Inbox.List(c.Context(), c.who.Org, place, limit)
	if err != nil {
		return 0, nil, err
	}
	out := make([]inboxJSON, len(messages))
	for i, m := range messages {
		out[i] = inboxOf(m)
	}
	return http.StatusOK, map[string]any{"messages": out, "next": c.next("inbox", next)}, nil
}

// inboxFile answers with a link to a file; 0 is the message as it came.
func (a *API) inboxFile(c *call) (int, any, error) {
	m, err := a.Inbox.Get(c.Context(), c.who.Org, c.PathValue("id"))
	if err != nil {
		return 0, nil, err
	}
	n, err := strconv.Atoi(c.PathValue("number"))
	if err != nil || n < 0 || n > len(m.Files) {
		return 0, nil, fmt.Errorf("file %s of message %s: %w", c.PathValue("number"), m.ID, post.ErrNotFound)
	}
	if m.Problem != nil && m.Problem.Code == post.Malware {
		return 0, nil, post.Mistakes{{Field: "id", Text: sentence.Of("inbox-malware")}}
	}
	if err := a.Audit.Record(c.Context(), c.who.Did(post.ActSee, "", "", "indbakke "+m.ID)); err != nil {
		return 0, nil, err
	}
	object, name := m.Raw, m.ID+".xml"
	if n > 0 {
		object, name = m.Files[n-1].Object, m.Files[n-1].Name
	}
	link, err := a.Links.Download(c.Context(), c.who.Org, object, name)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, link, nil
}
