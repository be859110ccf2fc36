// Package fake is SBSYS for tests: what systems.md 1.2 says of it, and no more. Its index of cases may be late, as
// those of such systems are.
//
// requests -> [fake] -> cases and documents in memory
package fake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Case is a case with what was put into it.
type Case struct {
	ID        int
	Number    string
	Title     string
	State     string
	Party     string // CPR number, as it is searched: DDMMYY-NNNN
	Made      time.Time
	Documents []Document
}

// Document is a document of a case.
type Document struct {
	ID      int
	Name    string
	File    string
	Content []byte
}

// Server is SBSYS.
type Server struct {
	Late time.Duration // before a new case is found by a search
	Now  func() time.Time
	// Silent answers the next makings of cases and documents with 200 and without an id, having made them or not.
	Silent func() (silent, made bool)
	// Strangers are persons that it does not know: all that are asked for.
	Strangers bool

	mu    sync.Mutex
	next  int
	cases []*Case
}

// token is what the fake lets in by.
const token = "fake-token"

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
		c.Number = fmt.Sprintf("81.03.00-G01-%d-26", c.ID)
	}
	if c.State == "" {
		c.State = "Igang"
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
		all[i].Documents = slices.Clone(c.Documents)
	}
	return all
}

// Handler serves SBSYS.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	// systems.md 1.2, Token
	mux.HandleFunc("POST /auth/realms/sbsip/protocol/openid-connect/token", letIn)
	for path, do := range map[string]http.HandlerFunc{
		"POST /api/sag/search":           s.search,    // systems.md 1.2, Search
		"POST /api/sag/template":         s.makeCase,  // systems.md 1.2, Case
		"POST /api/person/search":        s.person,    // systems.md 1.2, Person
		"POST /api/dokument/journaliser": s.file,      // systems.md 1.2, Upload
		"GET /api/sag/{id}/dokumenter":   s.documents, // systems.md 1.2, Lists
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				http.Error(w, "", http.StatusUnauthorized)
				return
			}
			do(w, r)
		})
	}
	return mux
}

func letIn(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("grant_type") != "password" || r.PostFormValue("client_secret") != "hemmelig" {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusUnauthorized)
		return
	}
	answer(w, map[string]any{"access_token": token, "expires_in": 300})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // who asks sees that nothing comes
}

func read(w http.ResponseWriter, r *http.Request, v any) bool {
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func listed(c *Case) map[string]any {
	return map[string]any{"Id": c.ID, "Nummer": c.Number, "SagsTitel": c.Title,
		"SagsStatus": map[string]string{"Navn": c.State}, "Oprettet": c.Made}
}

func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		PrimaerPerson struct{ CprNummer string }
	}
	if !read(w, r, &asked) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []any{}
	for _, c := range s.cases {
		if c.Party == asked.PrimaerPerson.CprNummer && s.Now().Sub(c.Made) >= s.Late {
			found = append(found, listed(c))
		}
	}
	answer(w, map[string]any{"Results": found})
}

// person knows everybody: the id is the number without its hyphen.
func (s *Server) person(w http.ResponseWriter, r *http.Request) {
	var asked struct{ CprNummer string }
	if !read(w, r, &asked) {
		return
	}
	id, err := strconv.Atoi(strings.ReplaceAll(asked.CprNummer, "-", ""))
	if err != nil || s.Strangers {
		answer(w, []any{})
		return
	}
	answer(w, []any{map[string]int{"Id": id}})
}

func (s *Server) silence() (silent, made bool) {
	if s.Silent == nil {
		return false, true
	}
	return s.Silent()
}

func (s *Server) makeCase(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		SagsTitel   string
		SkabelonId  int
		PrimaryPart struct{ PartId int }
	}
	if !read(w, r, &asked) {
		return
	}
	if asked.SagsTitel == "" || asked.SkabelonId == 0 || asked.PrimaryPart.PartId == 0 {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	silent, made := s.silence()
	number := fmt.Sprintf("%010d", asked.PrimaryPart.PartId)
	c := &Case{Title: asked.SagsTitel, Party: number[:6] + "-" + number[6:], Made: s.Now()}
	if made {
		s.add(c)
	}
	if silent {
		answer(w, map[string]any{})
		return
	}
	answer(w, listed(c))
}

func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	var meta struct {
		SagID        int
		DokumentNavn string
	}
	if err := json.Unmarshal([]byte(r.FormValue("json")), &meta); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f, head, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	content, err := io.ReadAll(f)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.cases, func(c *Case) bool { return c.ID == meta.SagID })
	if i < 0 {
		http.Error(w, "", http.StatusNotFound)
		return
	}
	silent, made := s.silence()
	s.next++
	if made {
		s.cases[i].Documents = append(s.cases[i].Documents, Document{s.next, meta.DokumentNavn, head.Filename, content})
	}
	if silent {
		answer(w, map[string]any{})
		return
	}
	answer(w, map[string]int{"Id": s.next})
}

func (s *Server) documents(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []any{}
	for _, c := range s.cases {
		if strconv.Itoa(c.ID) != r.PathValue("id") {
			continue
		}
		for _, d := range c.Documents {
			all = append(all, map[string]any{"Id": d.ID, "DokumentNavn": d.Name})
		}
	}
	answer(w, all)
}
