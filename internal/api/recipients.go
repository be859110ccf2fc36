package api

import (
	"net/http"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// recipientListJSON is a list of saved recipients. Their numbers are masked.
type recipientListJSON struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	Unit       string             `json:"unit,omitempty"`
	Count      int                `json:"count"`
	By         string             `json:"by"`
	Changed    time.Time          `json:"changed"`
	Recipients []savedJSON        `json:"recipients,omitempty"`
	Added      int                `json:"added,omitempty"` // rows of an import that are on it
	Head       []string           `json:"head,omitempty"`  // of an import: the names of its columns
	Bad        []badRecipientJSON `json:"bad,omitempty"`   // rows of an import that are no recipients
}

type savedJSON struct {
	Recipient string `json:"recipient"`
	Unit      string `json:"unit,omitempty"`
	Name      string `json:"name,omitempty"`
}

type badRecipientJSON struct {
	Line  int      `json:"line"`
	Cells []string `json:"cells"`
	Why   string   `json:"why"`
}

func recipientListOf(l *post.RecipientList) recipientListJSON {
	out := recipientListJSON{ID: l.ID, Name: l.Name, Unit: l.Area.Unit, Count: l.Count, By: l.By, Changed: l.Changed}
	for _, r := range l.Recipients {
		out.Recipients = append(out.Recipients, savedJSON{r.Number.String(), r.Unit, r.Name})
	}
	return out
}

// recipientLists answers GET /v1/recipient-lists.
func (a *API) recipientLists(c *call) (int, any, error) {
	all, err := a.RecipientLists.RecipientLists(c.Context(), c.who.Org, c.who.Sight())
	out := make([]recipientListJSON, len(all))
	for i := range all {
		out[i] = recipientListOf(&all[i])
	}
	return http.StatusOK, map[string]any{"lists": out}, err
}

// recipientList answers GET /v1/recipient-lists/{id}.
func (a *API) recipientList(c *call) (int, any, error) {
	l, err := a.RecipientListCommands.Recipients(c.Context(), c.who, c.PathValue("id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, recipientListOf(l), nil
}

// importRecipients answers POST /v1/recipient-lists: the good rows become a list, or come to one.
func (a *API) importRecipients(c *call) (int, any, error) {
	var in struct {
		List    string `json:"list"`
		Name    string `json:"name"`
		Unit    string `json:"unit"`
		Replace bool   `json:"replace"`
		CSV     string `json:"csv"`
	}
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	done, err := a.RecipientListCommands.ImportRecipients(c.Context(), c.who,
		post.RecipientImport{List: in.List, Name: in.Name, Unit: in.Unit, Replace: in.Replace, Rows: []byte(in.CSV)})
	if err != nil {
		return 0, nil, err
	}
	out := recipientListOf(done.List)
	out.Added, out.Head = done.Added, done.Head
	for _, b := range done.Bad {
		out.Bad = append(out.Bad, badRecipientJSON{b.Line, b.Cells, texts.Of(b.Why)})
	}
	return http.StatusOK, out, nil
}

// removeRecipients answers DELETE /v1/recipient-lists/{id}.
func (a *API) removeRecipients(c *call) (int, any, error) {
	return http.StatusOK, struct{}{}, a.RecipientListCommands.RemoveRecipients(c.Context(), c.who, c.PathValue("id"))
}
