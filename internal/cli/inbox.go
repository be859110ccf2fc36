package cli

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"brevdue/internal/post"
)

type inboxCommand struct {
	List     inboxListCommand     `cmd:"" default:"withargs" help:"Vis indbakken, det nyeste først."`
	Document inboxDocumentCommand `cmd:"" help:"Hent et dokument fra indbakken."`
}

type inboxMessage struct {
	ID       string    `json:"id"`
	FromName string    `json:"fromName"`
	Subject  string    `json:"subject"`
	Received time.Time `json:"received"`
	From     *struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	} `json:"from"`
	Files []struct {
		Number int    `json:"number"`
		Name   string `json:"name"`
		Type   string `json:"type"`
		Size   int64  `json:"size"`
	} `json:"files"`
	Failure *failure `json:"failure"`
}

type inboxListCommand struct {
	Limit int `help:"Hvor mange." default:"20"`
}

// Run lists incoming post.
func (x *inboxListCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var page struct {
		Messages []inboxMessage `json:"messages"`
	}
	if err := c.call(http.MethodGet, fmt.Sprintf("/v1/inbox?limit=%d", x.Limit), nil, &page); err != nil {
		return err
	}
	return e.print(page.Messages, func(w io.Writer) {
		if len(page.Messages) == 0 {
			fmt.Fprintln(w, "Indbakken er tom.")
		}
		for _, m := range page.Messages {
			fmt.Fprintf(
				w,
				"%s  %s  %-30s %s (%d dokumenter)\n",
				m.ID,
				m.Received.In(post.Denmark()).Format("02.01.2006 15:04"),
				m.FromName,
				m.Subject,
				len(m.Files),
			)
		}
	})
}

type inboxDocumentCommand struct {
	ID     string `arg:"" help:"Beskedens id."`
	Number int    `arg:"" optional:"" default:"1" help:"Dokumentets plads; 0 er hele beskeden (XML)."`
	Out    string `help:"Fil at skrive til; uden den skrives dokumentet ud." type:"path"`
}

// Run fetches a document of a message.
func (x *inboxDocumentCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	return e.save(c, fmt.Sprintf("/v1/inbox/%s/files/%d", url.PathEscape(x.ID), x.Number), x.Out)
}
