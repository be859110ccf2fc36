// Package sbsys files letters in SBSYS, as systems.md 1.2 describes it. What is not described there is not guessed: it
// is refused in words.
//
// Invariant: SBSYS knows no call again. What makes something is written down before it is made (post.Once), and what
// was not answered is looked for in the lists of SBSYS before anything is made again.
//
// letters in cases -> [sbsys] -> SBSYS
package sbsys

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/remote/token"
	"brevdue/internal/sentence"
)

// Archive implements post.Archive.
type Archive struct {
	To   post.ArchiveConnection
	HTTP *http.Client

	token token.Held
}

// foundCase is a case as SBSYS lists it.
type foundCase struct {
	ID     int    `json:"Id"`
	Number string `json:"Nummer"`
	Title  string `json:"SagsTitel"`
	Status struct {
		Name string `json:"Navn"`
	} `json:"SagsStatus"`
}

// open reports whether documents can be put into a case. The names of states are the system's own; a case that is
// closed is "Lukket" or "Afsluttet" (AAK-MBU/api-sbsys-client).
func (c foundCase) open() bool {
	state := strings.ToLower(c.Status.Name)
	return state != "lukket" && state != "afsluttet"
}

func (c foundCase) ref() post.CaseRef { return post.CaseRef{ID: strconv.Itoa(c.ID), Number: c.Number} }

// Pages of a search. Whoever has more cases of one type than these has a case chosen for each letter.
const (
	pageSize  = 100
	pagesMost = 5
)

// search returns the cases whose primary party is a person, of the type that the connection names.
func (a *Archive) search(ctx context.Context, person ident.Number) (all []foundCase, err error) {
	number := person.Reveal()
	for page := 1; page <= pagesMost; page++ {
		asked := map[string]any{
			"PrimaerPerson": map[string]string{"CprNummer": number[:6] + "-" + number[6:]},
			"SagsTyper":     []map[string]int{{"Id": idOf(a.To.CaseType)}},
			"PageNumber":    page,
			"PageSize":      pageSize,
		}
		var answer struct {
			Results []foundCase `json:"Results"`
		}
		if err := a.call(ctx, http.MethodPost, "/api/sag/search", asked, &answer); err != nil {
			return nil, err
		}
		if all = append(all, answer.Results...); len(answer.Results) < pageSize {
			return all, nil
		}
	}
	return nil, post.FailedTransfer(sentence.Of("archive-cases-many", a.To.Name, len(all)))
}

// idOf is an id of SBSYS: they are numbers, and are typed as text.
func idOf(text string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(text))
	return n
}

// oursCase begins our id in the title of a case that Brevdue has made.
const oursCase = "(BD-"

// EnsureCase implements post.Archive (practice.md E2): a case that Brevdue has made says so in its title; else there is
// one open case of the person; else one is made, where the connection has a template for it.
func (a *Archive) EnsureCase(ctx context.Context, w post.CaseWanted, once post.Once) (post.CaseRef, error) {
	if w.Person.Kind() == ident.CVR {
		return post.CaseRef{}, post.FailedTransfer(sentence.Of("archive-sbsys-company", a.To.Name))
	}
	all, err := a.search(ctx, w.Person)
	if err != nil {
		return post.CaseRef{}, err
	}
	var open []foundCase
	for _, c := range all {
		switch {
		case w.Given != "" && c.Number == w.Given && !c.open():
			return post.CaseRef{}, post.FailedTransfer(sentence.Of("archive-case-closed", c.Number, a.To.Name))
		case w.Given != "" && c.Number == w.Given,
			w.Given == "" && c.open() && (strings.Contains(c.Title, w.Ours) || c.ref() == w.Known):
			return c.ref(), nil
		case c.open() && !strings.Contains(c.Title, oursCase): // else it is for another type of letters
			open = append(open, c)
		}
	}
	switch {
	case w.Given != "": // it is not there, or its party is another one
		return post.CaseRef{}, post.ErrNoCase
	case len(open) == 1:
		return open[0].ref(), nil
	case len(open) > 1:
		return post.CaseRef{}, post.FailedTransfer(sentence.Of("archive-cases-many", a.To.Name, len(open)))
	case !w.Create || a.To.CaseTemplate == "":
		return post.CaseRef{}, post.ErrNoCase
	}
	return a.makeCase(ctx, w, once)
}

// makeCase makes a case from the connection's template, with the person as its primary party.
func (a *Archive) makeCase(ctx context.Context, w post.CaseWanted, once post.Once) (post.CaseRef, error) {
	party, err := a.person(ctx, w.Person)
	if err != nil {
		return post.CaseRef{}, err
	}
	is := map[string]any{"PartId": party, "PartType": "Person"}
	asked := map[string]any{
		"SagsTitel":       fmt.Sprintf("%s (%s)", w.Title, w.Ours),
		"SkabelonId":      idOf(a.To.CaseTemplate),
		"PrimaryPart":     is,
		"Parts":           []any{is},
		"SagsBehandlerID": idOf(a.To.Caseworker),
	}
	if _, err := a.letIn(ctx); err != nil {
		return post.CaseRef{}, err
	}
	if err := once.Keep(""); err != nil {
		return post.CaseRef{}, err
	}
	var made foundCase
	if err := a.call(ctx, http.MethodPost, "/api/sag/template", asked, &made); err != nil {
		return post.CaseRef{}, err
	}
	if made.ID == 0 { // 200, and no case: nobody knows
		return post.CaseRef{}, errNoID
	}
	return made.ref(), nil
}

var errNoID = errors.New("SBSYS answered without an id")

// person returns the id of a person in SBSYS. One that is not there is not made: which fields that takes is not
// described.
func (a *Archive) person(ctx context.Context, n ident.Number) (int, error) {
	var answer []struct {
		ID int `json:"Id"`
	}
	asked := map[string]string{"CprNummer": n.Reveal()[:6] + "-" + n.Reveal()[6:]}
	if err := a.call(ctx, http.MethodPost, "/api/person/search", asked, &answer); err != nil {
		return 0, err
	}
	if len(answer) != 1 || answer[0].ID == 0 {
		return 0, post.FailedTransfer(sentence.Of("archive-sbsys-person", a.To.Name))
	}
	return answer[0].ID, nil
}

// ours stands around the id of a document in its name: by it a document is found again.
const (
	oursBegins = " [Brevdue "
	oursEnds   = "]"
)

// nameMost is how long the name of a document is at most. SBSYS's own limit is not described; what is found again
// stands at the end.
const nameMost = 200

func named(title string, id post.DocumentID) string {
	end := oursBegins + string(id) + oursEnds
	letters := []rune(title)
	if most := nameMost - len(end); len(letters) > most {
		letters = letters[:most]
	}
	return string(letters) + end
}

// Find implements post.Archive.
func (a *Archive) Find(ctx context.Context, c post.CaseRef, letter post.LetterID) (map[post.DocumentID]string, error) {
	var answer []struct {
		ID   int    `json:"Id"`
		Name string `json:"DokumentNavn"`
	}
	err := a.call(ctx, http.MethodGet, "/api/sag/"+url.PathEscape(c.ID)+"/dokumenter", nil, &answer)
	if err != nil {
		return nil, err
	}
	found := map[post.DocumentID]string{}
	for _, d := range answer {
		at := strings.LastIndex(d.Name, oursBegins)
		if at < 0 {
			continue
		}
		id := post.DocumentID(strings.TrimSuffix(d.Name[at+len(oursBegins):], oursEnds))
		if id.Letter() == letter {
			found[id] = strconv.Itoa(d.ID)
		}
	}
	return found, nil
}

// File implements post.Archive.
func (a *Archive) File(ctx context.Context, c post.CaseRef, d post.OutgoingDocument, once post.Once) (string, error) {
	if _, err := a.letIn(ctx); err != nil {
		return "", err
	}
	if err := once.Keep(""); err != nil {
		return "", err
	}
	meta := map[string]any{
		"SagID":                idOf(c.ID),
		"DokumentNavn":         named(d.Title, d.ID),
		"OmfattetAfAktindsigt": true,
		"DokumentArt":          map[string]int{"Id": idOf(a.To.DocumentKind)},
	}
	var made struct {
		ID int `json:"Id"`
	}
	if err := a.upload(ctx, meta, d, &made); err != nil {
		return "", err
	}
	if made.ID == 0 {
		return "", errNoID
	}
	return strconv.Itoa(made.ID), nil
}

// Confirm implements post.Archive. The party is read back by the search that found the case: one that is not among the
// person's any more, or never was, is not theirs. How the name of a document is changed is not described; so the end of
// a letter's sending is a document of its own.
func (a *Archive) Confirm(ctx context.Context, c post.CaseRef, w post.CaseWanted, s post.SendingStatus,
	once post.Once) error {
	if !w.Person.IsZero() {
		all, err := a.search(ctx, w.Person)
		if err != nil {
			return err
		}
		theirs := false
		for _, is := range all {
			theirs = theirs || is.ref().ID == c.ID
		}
		if !theirs {
			return fmt.Errorf("case %s: %w", c.ID, post.ErrNotListed)
		}
	}
	if !s.Ended {
		return nil
	}
	text := fmt.Sprintf("%s\r\n%s\r\n%s\r\n", s.Title, s.Status, s.Reason)
	_, err := a.File(ctx, c, post.OutgoingDocument{ID: s.ID, Kind: post.StatusDocument,
		Title: s.Status + ": " + s.Title, Name: "status.txt", Type: "text/plain; charset=utf-8",
		Content: []byte(text), Letter: s}, once)
	return err
}
