package api

import (
	"net/http"
	"time"

	"brevdue/internal/post"
)

// caseJSON is a case of the archive, with what lies in it.
type caseJSON struct {
	Case      string         `json:"case"`
	Title     string         `json:"title"`
	Letters   []filedJSON    `json:"letters"`
	More      bool           `json:"more"` // there are more letters than these
	Documents []documentJSON `json:"documents"`
}

// filedJSON is a letter in a case.
type filedJSON struct {
	Letter    post.LetterID    `json:"letter"`
	Shipment  string           `json:"shipment"`
	Title     string           `json:"title"`
	Status    string           `json:"status"`
	State     post.LetterState `json:"state"`
	Recipient string           `json:"recipient,omitempty"` // masked
	Concerns  string           `json:"concerns,omitempty"`  // whom it is about, masked; left out where it is the recipient
	Name      string           `json:"name,omitempty"`
	Filed     time.Time        `json:"filed"`
	Archived  bool             `json:"archived"` // with its receipt, or the reason why there is none
}

// documentJSON is a document of a letter. A file is at a link; what is a part of the record is here, in base64.
type documentJSON struct {
	ID      post.DocumentID   `json:"id"`
	Name    string            `json:"name"`
	Kind    post.DocumentKind `json:"kind"`
	Letter  post.LetterID     `json:"letter"`
	SHA256  string            `json:"sha256"`
	Link    *post.Link        `json:"link,omitempty"`
	Content []byte            `json:"content,omitempty"`
}

func documentOf(d post.ArchivedDocument) documentJSON {
	return documentJSON{ID: d.ID, Name: d.Name, Kind: d.Kind, Letter: d.ID.Letter(), SHA256: d.SHA256,
		Content: d.Content}
}

func caseOf(c post.ArchivedCase) caseJSON {
	out := caseJSON{Case: c.Case, Title: c.Title, More: c.More, Documents: []documentJSON{}}
	for _, l := range c.Letters {
		out.Letters = append(out.Letters, filedJSON{
			Letter: l.ID, Shipment: l.Shipment.ID, Title: l.Title, Status: l.Status, State: l.State,
			Recipient: l.Recipient, Concerns: l.Concerns, Name: l.Name, Filed: l.Filed.At,
			Archived: l.Archiving == post.Archived,
		})
		for _, d := range l.Documents {
			out.Documents = append(out.Documents, documentOf(d))
		}
	}
	return out
}

// searchArchive answers POST /v1/archive/search. What is searched stands in the body: addresses are logged.
func (a *API) searchArchive(c *call) (int, any, error) {
	var body struct {
		Text string `json:"text"`
		Said string `json:"words"`
		From string `json:"from"`
		To   string `json:"to"`
		Type string `json:"documentType"`
	}
	if err := c.read(&body); err != nil {
		return 0, nil, err
	}
	found, err := a.Archive.SearchArchive(c.Context(), c.who,
		post.ArchiveQuery{Text: body.Text, Words: body.Said, From: body.From, To: body.To, DocumentType: body.Type})
	if err != nil {
		return 0, nil, err
	}
	cases := make([]caseJSON, len(found.Cases))
	for i, one := range found.Cases {
		cases[i] = caseOf(one)
	}
	return http.StatusOK, map[string]any{"cases": cases, "more": found.More}, nil
}

func (a *API) archivedCase(c *call) (int, any, error) {
	found, err := a.Archive.ArchivedCase(c.Context(), c.who, c.PathValue("case"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, caseOf(*found), nil
}

// exportCase answers with a link to a zip file of a case.
func (a *API) exportCase(c *call) (int, any, error) {
	object, err := a.ArchiveExports.ExportCase(c.Context(), c.who, c.PathValue("case"))
	if err != nil {
		return 0, nil, err
	}
	link, err := a.Links.Download(c.Context(), c.who.Org, object, post.FileName("Sag "+c.PathValue("case")+".zip"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, link, nil
}

func (a *API) archivedDocument(c *call) (int, any, error) {
	d, err := a.Archive.ArchivedDocument(c.Context(), c.who, post.DocumentID(c.PathValue("document")))
	if err != nil {
		return 0, nil, err
	}
	out := documentOf(*d)
	if !d.Part() {
		link, err := a.Links.Download(c.Context(), c.who.Org, d.Object, d.Name)
		if err != nil {
			return 0, nil, err
		}
		out.Link = &link
	}
	return http.StatusOK, out, nil
}

// verifyArchive holds some of the archive against its hashes; "next" is where the next call goes on.
func (a *API) verifyArchive(c *call) (int, any, error) {
	var body struct {
		After string `json:"after"`
	}
	if err := c.read(&body); err != nil {
		return 0, nil, err
	}
	r, err := a.Archive.VerifyArchive(c.Context(), c.who, body.After)
	if err != nil {
		return 0, nil, err
	}
	damaged := append([]post.DocumentID{}, r.Damaged...)
	return http.StatusOK, map[string]any{"letters": r.Letters, "documents": r.Documents, "damaged": damaged,
		"next": r.Next}, nil
}
