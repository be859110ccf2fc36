package f2_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/f2"
	"brevdue/internal/remote/f2/fake"
)

// failing is F2 whose next answer below a path is another one, once.
type failing struct {
	fake.Server
	path   string
	status int
	after  bool // the call has its effect first
}

func openFailing(t *testing.T) (*f2.Archive, *failing) {
	t.Helper()
	s := &failing{}
	behind := s.Handler()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.path == "" || !strings.HasPrefix(r.Method+" "+r.URL.Path, s.path) {
			behind.ServeHTTP(w, r)
			return
		}
		if s.path = ""; s.after {
			behind.ServeHTTP(httptest.NewRecorder(), r)
		}
		w.WriteHeader(s.status)
	}))
	t.Cleanup(srv.Close)
	a, _ := open(t)
	a.To.URL = srv.URL + "/x/index"
	return a, s
}

func brev(t *testing.T) post.OutgoingDocument {
	return post.OutgoingDocument{ID: "aaaaaaaaaaaa.0.1.1.0~letter~0", Kind: post.LetterDocument, Title: "Brev",
		Name: "a.pdf", Type: "application/pdf", Content: []byte("%PDF"),
		Letter: post.SendingStatus{Letter: "aaaaaaaaaaaa.0.1.1.0", Title: "Brev", Person: wanted(t).Person}}
}

// TestRefusals: what F2 says, who has to do something about it, and whether it is sure that nothing was made. The call
// after it makes one document.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		path    string
		status  int
		after   bool
		want    string // the sentence for a person; "" where it is tried again
		notMade bool
	}{
		{"POST /x/token", http.StatusUnauthorized, false, "archive-login", false},
		{"POST /x/token", http.StatusTooManyRequests, false, "", false},
		{"POST /x/token", http.StatusBadGateway, false, "", false},
		{"GET /x/index", http.StatusBadGateway, false, "", false},
		{"GET /x/c/", http.StatusUnauthorized, false, "", true}, // the token has ended early
		{"GET /x/c/", http.StatusInternalServerError, false, "", false},
		{"POST /x/m/", http.StatusForbidden, false, "archive-login", true},
		{"POST /x/m/", http.StatusServiceUnavailable, false, "", false},
		{"POST /x/poe/", http.StatusBadRequest, false, "archive-refused", true},
		{"POST /x/poe/", http.StatusLocked, false, "", false},
		{"POST /x/poe/", http.StatusGatewayTimeout, true, "", false},
		{"POST /x/poe/", http.StatusOK, true, "", false}, // and says not what it has made
	} {
		ctx, token, document := context.Background(), "", ""
		a, s := openFailing(t)
		s.AddCase(fake.Case{Number: "2026 - 9", CPR: "010190-1234"})
		at := post.CaseRef{ID: "/x/c/1", Number: "2026 - 9"}
		s.path, s.status, s.after = c.path, c.status, c.after
		_, err := a.File(ctx, at, brev(t), remembering(&document))
		if err == nil || refused(err) != c.want || errors.Is(err, post.ErrNotMade) != c.notMade {
			t.Errorf("%s %d: %v", c.path, c.status, err)
		}
		if c.notMade {
			document = ""
		}
		ref, err := a.File(ctx, at, brev(t), remembering(&document))
		posttest.Check(t, err)
		m := s.Cases()[0].Matters
		if len(m) != 1 || len(m[0].Documents) != 1 || ref == "" {
			t.Errorf("%s %d: %d matters, %+v", c.path, c.status, len(m), m[0])
		}
		status := brev(t).Letter
		status.Documents = []post.FiledCopy{{Kind: post.LetterDocument, Ref: ref}}
		status.Title = "IKKE AFSENDT: Brev"
		s.path, s.status = "PATCH /x/m/", http.StatusConflict
		if err := a.Confirm(ctx, at, wanted(t), status, remembering(&token)); refused(err) != "archive-refused" {
			t.Errorf("a title that is refused: %v", err)
		}
	}
}

// TestAnAddressThatWasTakenBack before anything was made by it: it is made by another one.
func TestAnAddressThatWasTakenBack(t *testing.T) {
	ctx, document := context.Background(), ""
	a, s := openFailing(t)
	s.AddCase(fake.Case{Number: "2026 - 9", CPR: "010190-1234"})
	at := post.CaseRef{ID: "/x/c/1", Number: "2026 - 9"}
	for range 2 { // the address of the matter, then that of the document
		s.path, s.status = "POST /x/poe/", http.StatusBadGateway
		if _, err := a.File(ctx, at, brev(t), remembering(&document)); err == nil {
			t.Fatal("it was made")
		}
		s.Reclaim()
	}
	_, err := a.File(ctx, at, brev(t), remembering(&document))
	posttest.Check(t, err)
	if m := s.Cases()[0].Matters; len(m) != 1 || len(m[0].Documents) != 1 {
		t.Errorf("%d matters: %+v", len(m), m)
	}
}

// TestACaseThatIsClosed since it was made is not used any more.
func TestACaseThatIsClosed(t *testing.T) {
	a, s := open(t)
	s.AddCase(fake.Case{Number: "2026 - 9", Closed: true})
	w := wanted(t)
	for _, at := range []string{"/x/c/1", "/x/c/7"} { // and one that is not there
		w.Known = post.CaseRef{ID: at}
		if _, err := a.EnsureCase(context.Background(), w, post.Once{}); !errors.Is(err, post.ErrNoCase) {
			t.Errorf("%s: %v", at, err)
		}
	}
}

// TestALetterForAnotherOneNow: what lies in the case of whom it was for says so.
func TestALetterForAnotherOneNow(t *testing.T) {
	ctx, document, said := context.Background(), "", ""
	a, s := open(t)
	s.AddCase(fake.Case{Number: "2026 - 9", CPR: "010190-1234"})
	at := post.CaseRef{ID: "/x/c/1", Number: "2026 - 9"}
	status := post.SendingStatus{Letter: brev(t).Letter.Letter, Title: "IKKE AFSENDT: Brev", Ended: true,
		Status: "IKKE AFSENDT"}
	posttest.Check(t, a.Confirm(ctx, at, post.CaseWanted{}, status, remembering(&said))) // nothing lies there
	_, err := a.File(ctx, at, brev(t), remembering(&document))
	posttest.Check(t, err)
	posttest.Check(t, a.Confirm(ctx, at, post.CaseWanted{}, status, remembering(&said)))
	if got := s.Cases()[0].Matters[0].Title; !strings.HasPrefix(got, "IKKE AFSENDT: Brev [") {
		t.Error(got)
	}
}
