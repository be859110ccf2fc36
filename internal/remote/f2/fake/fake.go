// Package fake is cBrain F2's REST service for tests: what systems.md 1.4 and the manual of version 13 say of it, and
// no more. Its addresses are its own: a client has to follow links.
//
// requests -> [fake] -> cases, matters and documents in memory
package fake

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Case is a case with its matters.
type Case struct {
	ID      int
	Number  string
	Title   string
	Closed  bool
	CPR     string
	Matters []*Matter
}

// Matter (akt) is a matter with its documents.
type Matter struct {
	ID        int
	Title     string
	CPR       string
	Documents []Document
}

// Document is a document of a matter.
type Document struct {
	ID      int
	Title   string
	Content []byte
}

// Server is F2.
type Server struct {
	mu    sync.Mutex
	next  int
	cases []*Case
	poes  map[string]*poe
}

// poe is an address that something is made at once (the manual's Post Once Exactly).
type poe struct {
	make func(r *http.Request) (string, error)
	made string // its address; "" while it is not
}

const (
	rel    = "http://cbrain.com/casefile/rel/"
	schema = "http://cbrain.com/casefile/schema/"
	token  = "fake-token"
)

// AddCase puts a case there.
func (s *Server) AddCase(c Case) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(&c)
}

func (s *Server) add(c *Case) int {
	s.next++
	c.ID = s.next
	if c.Number == "" {
		c.Number = fmt.Sprintf("2026 - %d", c.ID)
	}
	s.cases = append(s.cases, c)
	return c.ID
}

// Cases returns what is there.
func (s *Server) Cases() []Case {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Case, len(s.cases))
	for i, c := range s.cases {
		all[i] = *c
		all[i].Matters = nil
		for _, m := range c.Matters {
			own := *m
			own.Documents = slices.Clone(m.Documents)
			all[i].Matters = append(all[i].Matters, &own)
		}
	}
	return all
}

// Reclaim takes back all addresses that were given out, as F2 does after some time.
func (s *Server) Reclaim() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.poes = nil
}

// Handler serves F2. /x/index is the only address that a client knows.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	// systems.md 1.4: only the address of the service index is fixed
	mux.HandleFunc("GET /x/index", func(w http.ResponseWriter, _ *http.Request) {
		index := map[string]map[string]string{}
		for name, href := range map[string]string{"oauth2-token": "/x/token", "create-case": "/x/c/new",
			"case-by-case-number": "/x/by-number/{caseNumber}"} {
			index[rel+name] = map[string]string{"href": href, "title": name}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(index) // who asks sees that nothing comes
	})
	// systems.md 1.4: OAuth2, rel oauth2-token
	mux.HandleFunc("POST /x/token", func(w http.ResponseWriter, r *http.Request) {
		if _, secret, _ := r.BasicAuth(); secret != "hemmelig" {
			http.Error(w, "", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": token, "expires_in": 3600})
	})
	for path, do := range map[string]func(http.ResponseWriter, *http.Request){
		"GET /x/by-number/{n}":    s.byNumber,                // systems.md 1.4, case-by-case-number
		"GET /x/c/{id}":           s.getCase,                 // the manual's case resource
		"GET /x/c/{id}/structure": s.getCase,                 // the manual's complete case structure
		"GET /x/m/{id}":           s.getMatter,               // the manual's matter resource
		"PATCH /x/m/{id}":         s.patchMatter,             // the manual's JSON patch documents
		"POST /x/c/new":           s.factory(s.makeCase),     // systems.md 1.4, create-case
		"POST /x/c/{id}/matters":  s.factory(s.makeMatter),   // systems.md 1.4, create-matter
		"POST /x/m/{id}/files":    s.factory(s.makeDocument), // systems.md 1.4, create-document
		"POST /x/poe/{id}":        s.once,                    // systems.md 1.4, Post Once Exactly
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				http.Error(w, "", http.StatusUnauthorized)
				return
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			do(w, r)
		})
	}
	return mux
}

// factory gives out an address of Post Once Exactly.
func (s *Server) factory(do func(in string, r *http.Request) (string, error)) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		in := r.PathValue("id")
		s.next++
		id := strconv.Itoa(s.next)
		if s.poes == nil {
			s.poes = map[string]*poe{}
		}
		s.poes[id] = &poe{make: func(r *http.Request) (string, error) { return do(in, r) }}
		w.Header().Set("Location", "/x/poe/"+id)
		w.WriteHeader(http.StatusCreated) // every example shows it, the text says 303
	}
}

func (s *Server) once(w http.ResponseWriter, r *http.Request) {
	p := s.poes[r.PathValue("id")]
	if p == nil {
		http.Error(w, "", http.StatusNotFound)
		return
	}
	status := http.StatusSeeOther
	if p.made == "" {
		made, err := p.make(r)
		if err != nil {
			why := `<Error xmlns="` + schema + `"><ReasonCode>DossierBadTitle</ReasonCode></Error>`
			http.Error(w, why, http.StatusBadRequest)
			return
		}
		p.made, status = made, http.StatusCreated
	}
	w.Header().Set("Location", p.made)
	w.WriteHeader(status)
}

func (s *Server) makeCase(_ string, r *http.Request) (string, error) {
	if r.PostFormValue("Title") == "" || r.PostFormValue("KeywordCode") == "" {
		return "", fmt.Errorf("no title or keyword")
	}
	return fmt.Sprintf("/x/c/%d", s.add(&Case{Title: r.PostFormValue("Title")})), nil
}

func (s *Server) makeMatter(in string, r *http.Request) (string, error) {
	c := s.caseOf(in)
	if c == nil || c.Closed || r.PostFormValue("Title") == "" || r.PostFormValue("Type") != "Outbound" {
		return "", fmt.Errorf("no case or title, or closed")
	}
	s.next++
	made := &Matter{ID: s.next, Title: r.PostFormValue("Title"), CPR: r.PostFormValue("CprNumber")}
	c.Matters = append(c.Matters, made)
	return fmt.Sprintf("/x/m/%d", s.next), nil
}

func (s *Server) makeDocument(in string, r *http.Request) (string, error) {
	_, m := s.matterOf(in)
	f, _, err := r.FormFile("File")
	if err != nil || m == nil {
		return "", fmt.Errorf("no file or matter")
	}
	content, err := io.ReadAll(f)
	if err != nil {
		return "", err
	}
	s.next++
	m.Documents = append(m.Documents, Document{s.next, r.FormValue("Title"), content})
	return fmt.Sprintf("/x/d/%d", s.next), nil
}

func (s *Server) caseOf(id string) *Case {
	for _, c := range s.cases {
		if strconv.Itoa(c.ID) == id {
			return c
		}
	}
	return nil
}

func (s *Server) matterOf(id string) (*Case, *Matter) {
	for _, c := range s.cases {
		for _, m := range c.Matters {
			if strconv.Itoa(m.ID) == id {
				return c, m
			}
		}
	}
	return nil, nil
}

func (s *Server) byNumber(w http.ResponseWriter, r *http.Request) {
	for _, c := range s.cases {
		if c.Number == r.PathValue("n") {
			http.Redirect(w, r, fmt.Sprintf("/x/c/%d", c.ID), http.StatusFound)
			return
		}
	}
	http.Error(w, "", http.StatusNotFound)
}

func text(name, content string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(content)) // into memory
	return "<" + name + ">" + b.String() + "</" + name + ">"
}

func linkTo(relation, href string) string {
	return fmt.Sprintf(`<Link rel="%s" href="%s"/>`, relation, href)
}

func (s *Server) getCase(w http.ResponseWriter, r *http.Request) {
	c := s.caseOf(r.PathValue("id"))
	if c == nil {
		http.Error(w, "", http.StatusNotFound)
		return
	}
	var matters strings.Builder
	if strings.HasSuffix(r.URL.Path, "/structure") {
		for _, m := range c.Matters {
			matters.WriteString(matterXML(c, m))
		}
	}
	self := fmt.Sprintf("/x/c/%d", c.ID)
	write(w, `<Case xmlns="`+schema+`">`+text("CaseNumber", c.Number)+text("Title", c.Title)+
		text("Closed", strconv.FormatBool(c.Closed))+text("CprNumber", c.CPR)+"<Matters>"+matters.String()+"</Matters>"+
		linkTo("self", self)+linkTo(rel+"create-matter", self+"/matters")+linkTo(rel+"structure", self+"/structure")+
		"</Case>")
}

func matterXML(c *Case, m *Matter) string {
	var documents strings.Builder
	for _, d := range m.Documents {
		documents.WriteString("<Document>" + text("Title", d.Title) + linkTo("self", fmt.Sprintf("/x/d/%d", d.ID)) +
			"</Document>")
	}
	self := fmt.Sprintf("/x/m/%d", m.ID)
	return `<Matter xmlns="` + schema + `">` + text("Title", m.Title) + text("CaseNumber", c.Number) +
		text("CprNumber", m.CPR) + "<Documents>" + documents.String() + "</Documents>" + linkTo("self", self) +
		linkTo(rel+"create-document", self+"/files") + "</Matter>"
}

func write(w http.ResponseWriter, content string) {
	w.Header().Set("Content-Type", "application/vnd.cbrain.casefile+xml")
	_, _ = io.WriteString(w, content) // who asks sees that nothing comes
}

func (s *Server) getMatter(w http.ResponseWriter, r *http.Request) {
	c, m := s.matterOf(r.PathValue("id"))
	if m == nil {
		http.Error(w, "", http.StatusNotFound)
		return
	}
	write(w, matterXML(c, m))
}

func (s *Server) patchMatter(w http.ResponseWriter, r *http.Request) {
	_, m := s.matterOf(r.PathValue("id"))
	var changes []struct{ Op, Path, Value string }
	if m == nil || json.NewDecoder(r.Body).Decode(&changes) != nil {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	for _, c := range changes {
		if c.Op == "replace" && c.Path == "/Title" {
			m.Title = c.Value
		}
	}
	w.WriteHeader(http.StatusOK)
}
