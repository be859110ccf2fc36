package sbsys_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/sbsys"
	"brevdue/internal/remote/sbsys/fake"
)

var keep = post.Once{Keep: func(string) error { return nil }}

func open(t *testing.T, c post.ArchiveConnection) (*sbsys.Archive, *fake.Server) {
	t.Helper()
	now := func() time.Time { return posttest.Start }
	s := &fake.Server{Now: now}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	c.Name, c.URL, c.TokenURL, c.CaseType, c.DocumentKind = "SBSYS", srv.URL, srv.URL, "5", "3"
	if c.ClientSecret == "" {
		c.ClientSecret = "hemmelig"
	}
	return &sbsys.Archive{To: c, HTTP: http.DefaultClient}, s
}

func wanted(t *testing.T) post.CaseWanted {
	return post.CaseWanted{Ours: "BD-1", Title: "Afgørelse", Person: posttest.Number(t, "0101901234"), Create: true}
}

// refused returns which sentence an error says to a person.
func refused(err error) string {
	var p *post.Problem
	if errors.As(err, &p) {
		return p.Text.Code()
	}
	return ""
}

// TestE2: one open case of the person is taken, of several a person chooses, one that is closed or another one's is not
// taken, and none is made where none may be.
func TestE2(t *testing.T) {
	const theirs, others = "010190-1234", "020290-1234"
	for _, c := range []struct {
		name     string
		cases    []fake.Case
		given    string
		template string
		want     string // the case's title, or the sentence; "none" for ErrNoCase
	}{
		{"none, and none may be made", nil, "", "", "none"},
		{"none, and one is made", nil, "", "7", "Afgørelse (BD-1)"},
		{"one", []fake.Case{{Title: "Elev", Party: theirs}}, "", "7", "Elev"},
		{"another one's", []fake.Case{{Title: "Elev", Party: others}}, "", "", "none"},
		{"closed", []fake.Case{{Title: "Elev", Party: theirs, State: "Lukket"}}, "", "", "none"},
		{"two", []fake.Case{{Title: "A", Party: theirs}, {Title: "B", Party: theirs}}, "", "7", "archive-cases-many"},
		{"two, one of ours", []fake.Case{{Title: "A", Party: theirs}, {Title: "B (BD-1)", Party: theirs}}, "", "7",
			"B (BD-1)"},
		{"given", []fake.Case{{Number: "9", Title: "A", Party: theirs}, {Title: "B", Party: theirs}}, "9", "", "A"},
		{"given, another one's", []fake.Case{{Number: "9", Party: others}}, "9", "7", "none"},
		{"given, closed", []fake.Case{{Number: "9", Party: theirs, State: "Afsluttet"}}, "9", "",
			"archive-case-closed"},
	} {
		a, s := open(t, post.ArchiveConnection{CaseTemplate: c.template})
		for _, is := range c.cases {
			s.AddCase(is)
		}
		w := wanted(t)
		w.Given = c.given
		ref, err := a.EnsureCase(context.Background(), w, keep)
		got := refused(err)
		if errors.Is(err, post.ErrNoCase) {
			got = "none"
		}
		for _, is := range s.Cases() {
			if err == nil && is.Number == ref.Number {
				got = is.Title
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q (%v)", c.name, got, c.want, err)
		}
	}
}

// TestE2PartyIsReadBack: a case that is not the recipient's is not confirmed.
func TestE2PartyIsReadBack(t *testing.T) {
	a, s := open(t, post.ArchiveConnection{})
	s.AddCase(fake.Case{Number: "9", Party: "020290-1234"})
	err := a.Confirm(context.Background(), post.CaseRef{ID: "1", Number: "9"}, wanted(t), post.SendingStatus{}, keep)
	if !errors.Is(err, post.ErrNotListed) {
		t.Errorf("another one's case is confirmed: %v", err)
	}
}

// TestRefusals: a wrong password, a company, and a case that is gone are said in words; nothing is made. No error names
// the person.
func TestRefusals(t *testing.T) {
	ctx := context.Background()
	wrong, _ := open(t, post.ArchiveConnection{ClientSecret: "forkert"})
	_, err := wrong.EnsureCase(ctx, wanted(t), keep)
	if refused(err) != "archive-login" {
		t.Errorf("a wrong password: %v", err)
	}
	a, _ := open(t, post.ArchiveConnection{})
	company := wanted(t)
	company.Person, err = ident.ParseCVR("99060816")
	posttest.Check(t, err)
	_, err = a.EnsureCase(ctx, company, keep)
	if refused(err) != "archive-sbsys-company" {
		t.Errorf("a company: %v", err)
	}
	d := post.OutgoingDocument{ID: "aaaaaaaaaaaa.0.1.1.0~letter~0", Title: "Brev", Name: "a.pdf",
		Type: "application/pdf"}
	_, err = a.File(ctx, post.CaseRef{ID: "404"}, d, keep)
	if refused(err) != "archive-refused" || !errors.Is(err, post.ErrNotMade) {
		t.Errorf("a case that is gone: %v", err)
	}
	if strings.Contains(err.Error(), "010190") {
		t.Errorf("an error names a person: %v", err)
	}
}

// TestSilence: 200 without an id is no success, and nobody says that nothing was made.
func TestSilence(t *testing.T) {
	a, s := open(t, post.ArchiveConnection{})
	s.AddCase(fake.Case{Party: "010190-1234"})
	s.Silent = func() (bool, bool) { return true, true }
	kept := 0
	once := post.Once{Keep: func(string) error { kept++; return nil }}
	d := post.OutgoingDocument{ID: "aaaaaaaaaaaa.0.1.1.0~letter~0", Title: "Brev", Name: "a.pdf",
		Type: "application/pdf", Content: []byte("%PDF")}
	_, err := a.File(context.Background(), post.CaseRef{ID: "1"}, d, once)
	if err == nil || errors.Is(err, post.ErrNotMade) || kept != 1 {
		t.Errorf("kept %d times: %v", kept, err)
	}
	found, err := a.Find(context.Background(), post.CaseRef{ID: "1"}, d.ID.Letter())
	if err != nil || found[d.ID] == "" {
		t.Errorf("it is not found: %v, %v", found, err)
	}
}

// TestACaseOfAnotherType: a case that Brevdue has made for another type of letters is not the person's one open case.
func TestACaseOfAnotherType(t *testing.T) {
	a, s := open(t, post.ArchiveConnection{CaseTemplate: "7"})
	s.AddCase(fake.Case{Title: "Afgørelse (BD-2)", Party: "010190-1234"})
	ref, err := a.EnsureCase(context.Background(), wanted(t), keep)
	posttest.Check(t, err)
	if all := s.Cases(); len(all) != 2 || all[1].Number != ref.Number {
		t.Errorf("%+v of %d cases", ref, len(all))
	}
}

// TestMarks: a document is found again by what stands at the end of its name, whatever its subject says.
func TestMarks(t *testing.T) {
	a, s := open(t, post.ArchiveConnection{})
	s.AddCase(fake.Case{Party: "010190-1234"})
	d := post.OutgoingDocument{ID: "aaaaaaaaaaaa.0.1.1.0~letter~0", Name: "a.pdf", Type: "application/pdf",
		Title: strings.Repeat("Svar [Brevdue x] ", 30)}
	_, err := a.File(context.Background(), post.CaseRef{ID: "1"}, d, keep)
	posttest.Check(t, err)
	found, err := a.Find(context.Background(), post.CaseRef{ID: "1"}, d.ID.Letter())
	if err != nil || found[d.ID] == "" || len([]rune(s.Cases()[0].Documents[0].Name)) > 200 {
		t.Errorf("%v: %v", found, err)
	}
}

// TestWhatSBSYSAnswers is a refusal, or not, and sure that nothing was made, or not: a line a status.
func TestWhatSBSYSAnswers(t *testing.T) {
	d := post.OutgoingDocument{ID: "aaaaaaaaaaaa.0.1.1.0~letter~0", Title: "Brev", Name: "a.pdf",
		Type: "application/pdf"}
	for _, c := range []struct {
		status  int
		want    string
		notMade bool
	}{
		{http.StatusUnauthorized, "", true}, // the token has ended early
		{http.StatusForbidden, "archive-login", true},
		{http.StatusTooManyRequests, "", true},
		{http.StatusConflict, "archive-refused", true},
		{http.StatusBadGateway, "", false},
		{http.StatusFound, "", false},
		{0, "", true}, // nobody listens
	} {
		a, s := open(t, post.ArchiveConnection{})
		s.AddCase(fake.Case{Party: "010190-1234"})
		_, err := a.Find(context.Background(), post.CaseRef{ID: "1"}, d.ID.Letter())
		posttest.Check(t, err)
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
		}))
		if a.To.URL = srv.URL; c.status == 0 {
			srv.Close()
		}
		_, err = a.File(context.Background(), post.CaseRef{ID: "1"}, d, keep)
		srv.Close()
		if err == nil || refused(err) != c.want || errors.Is(err, post.ErrNotMade) != c.notMade {
			t.Errorf("%d: %v", c.status, err)
		}
	}
}

// TestAPersonThatIsNotThere is not made: which fields that takes is not described.
func TestAPersonThatIsNotThere(t *testing.T) {
	a, s := open(t, post.ArchiveConnection{CaseTemplate: "7"})
	s.Strangers = true
	if _, err := a.EnsureCase(context.Background(), wanted(t), keep); refused(err) != "archive-sbsys-person" {
		t.Errorf("%v", err)
	}
	if len(s.Cases()) > 0 {
		t.Error("a case is made")
	}
}
