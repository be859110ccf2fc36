package f2_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/remote/f2"
	"brevdue/internal/remote/f2/fake"
)

func open(t *testing.T) (*f2.Archive, *fake.Server) {
	t.Helper()
	s := &fake.Server{}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return &f2.Archive{HTTP: http.DefaultClient,
		To: post.ArchiveConnection{Name: "F2", URL: srv.URL + "/x/index", ClientID: "b", ClientSecret: "hemmelig",
			User: "BREVDUE", CreateCases: true, KLE: "27.12.03"}}, s
}

func wanted(t *testing.T) post.CaseWanted {
	return post.CaseWanted{Ours: "BD-1", Title: "Afgørelse", Person: posttest.Number(t, "0101901234"), Create: true}
}

func refused(err error) string {
	var p *post.Problem
	if errors.As(err, &p) {
		return p.Text.Code()
	}
	return ""
}

// TestE2: a case that was given is open and about the recipient, or it is refused in words.
func TestE2(t *testing.T) {
	for _, c := range []struct {
		is   fake.Case
		want string
	}{
		{fake.Case{Number: "2026 - 9", CPR: "010190-1234"}, ""},
		{fake.Case{Number: "2026 - 9", CPR: "020290-1234"}, "archive-wrong-party"},
		{fake.Case{Number: "2026 - 9", CPR: "010190-1234", Closed: true}, "archive-case-closed"},
	} {
		a, s := open(t)
		s.AddCase(c.is)
		w := wanted(t)
		w.Given = "2026 - 9"
		ref, err := a.EnsureCase(context.Background(), w, post.Once{})
		if refused(err) != c.want || c.want == "" && (err != nil || ref.Number != "2026 - 9") {
			t.Errorf("%+v: %+v, %v", c.is, ref, err)
		}
	}
	a, _ := open(t)
	w := wanted(t)
	w.Given = "2026 - 9"
	if _, err := a.EnsureCase(context.Background(), w, post.Once{}); !errors.Is(err, post.ErrNoCase) {
		t.Errorf("a case that is not there: %v", err)
	}
}

// remembering keeps the token of a call.
func remembering(token *string) post.Once {
	return post.Once{Token: *token, Keep: func(is string) error { *token = is; return nil }}
}

// TestPostOnceExactly: the same address again makes nothing again; where it was taken back, what is there is found, and
// nothing is made twice.
func TestPostOnceExactly(t *testing.T) {
	ctx := context.Background()
	a, s := open(t)
	token := ""
	first, err := a.EnsureCase(ctx, wanted(t), remembering(&token))
	posttest.Check(t, err)
	again, err := a.EnsureCase(ctx, wanted(t), remembering(&token))
	posttest.Check(t, err)
	if first != again || len(s.Cases()) != 1 {
		t.Fatalf("%+v, then %+v: %d cases", first, again, len(s.Cases()))
	}
	d := post.OutgoingDocument{ID: "aaaaaaaaaaaa.0.1.1.0~letter~0", Kind: post.LetterDocument, Title: "Brev",
		Name: "a.pdf", Type: "application/pdf", Content: []byte("%PDF"),
		Letter: post.SendingStatus{Letter: "aaaaaaaaaaaa.0.1.1.0", Title: "Brev", Person: wanted(t).Person}}
	document := ""
	for range 2 {
		_, err = a.File(ctx, first, d, remembering(&document))
		posttest.Check(t, err)
	}
	s.Reclaim()
	_, err = a.File(ctx, first, d, remembering(&document))
	posttest.Check(t, err)
	m := s.Cases()[0].Matters
	if len(m) != 1 || len(m[0].Documents) != 1 || m[0].CPR != "010190-1234" {
		t.Fatalf("%d matters: %+v", len(m), m)
	}
	if _, err := a.EnsureCase(ctx, wanted(t), remembering(&token)); refused(err) != "archive-case-doubt" {
		t.Errorf("a case that may have been made is made again: %v", err)
	}
}

// TestE1InTheTitle: the title of the letter's matter says that it was not sent, once.
func TestE1InTheTitle(t *testing.T) {
	ctx, token := context.Background(), ""
	a, s := open(t)
	c, err := a.EnsureCase(ctx, wanted(t), remembering(&token))
	posttest.Check(t, err)
	status := post.SendingStatus{Letter: "aaaaaaaaaaaa.0.1.1.0", Title: "Brev", Person: wanted(t).Person}
	d := post.OutgoingDocument{ID: "aaaaaaaaaaaa.0.1.1.0~letter~0", Kind: post.LetterDocument, Title: "Brev",
		Name: "a.pdf", Type: "application/pdf", Content: []byte("%PDF"), Letter: status}
	document, said := "", ""
	ref, err := a.File(ctx, c, d, remembering(&document))
	posttest.Check(t, err)
	status.Documents = []post.FiledCopy{{ID: d.ID, Kind: d.Kind, Ref: ref}}
	status.Title, status.Status, status.Ended = "IKKE AFSENDT: Brev", "IKKE AFSENDT", true
	for range 2 {
		posttest.Check(t, a.Confirm(ctx, c, wanted(t), status, remembering(&said)))
	}
	if got := s.Cases()[0].Matters[0].Title; got != "IKKE AFSENDT: Brev [Brevdue aaaaaaaaaaaa.0.1.1.0]" {
		t.Error(got)
	}
	other := wanted(t)
	other.Person = posttest.Number(t, "0202901234")
	if err := a.Confirm(ctx, c, other, status, remembering(&said)); refused(err) != "archive-wrong-party" {
		t.Errorf("another one's matter is confirmed: %v", err)
	}
}

// TestLinksStayOnTheServer: a link to another server is not followed, for it would get the token.
func TestLinksStayOnTheServer(t *testing.T) {
	reached := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(elsewhere.Close)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"http://cbrain.com/casefile/rel/oauth2-token": {"href": "` + elsewhere.URL + `/token"}}`))
	}))
	t.Cleanup(srv.Close)
	a := &f2.Archive{HTTP: http.DefaultClient,
		To: post.ArchiveConnection{URL: srv.URL, ClientSecret: "x"}}
	if _, err := a.Find(context.Background(), post.CaseRef{ID: "/c"}, "l"); err == nil || reached {
		t.Errorf("reached %v: %v", reached, err)
	}
}

// TestOneMatter: where the matter of a letter is there and its document is not, the next try makes no second one; also
// when nothing is known of it any more.
func TestOneMatter(t *testing.T) {
	ctx, token := context.Background(), ""
	a, s := open(t)
	c, err := a.EnsureCase(ctx, wanted(t), remembering(&token))
	posttest.Check(t, err)
	d := post.OutgoingDocument{ID: "aaaaaaaaaaaa.0.1.1.0~letter~0", Kind: post.LetterDocument, Title: "Brev",
		Name: "a.pdf", Type: "application/pdf", Content: []byte("%PDF"),
		Letter: post.SendingStatus{Letter: "aaaaaaaaaaaa.0.1.1.0", Title: "Brev", Person: wanted(t).Person}}
	dies := errors.New("dies between the matter and its document")
	calls := 0
	_, err = a.File(ctx, c, d, post.Once{Keep: func(string) error {
		if calls++; calls == 2 {
			return dies
		}
		return nil
	}})
	if !errors.Is(err, dies) {
		t.Fatal(err)
	}
	_, err = a.File(ctx, c, d, post.Once{Keep: func(string) error { return nil }})
	posttest.Check(t, err)
	if m := s.Cases()[0].Matters; len(m) != 1 || len(m[0].Documents) != 1 {
		t.Errorf("%d matters: %+v", len(m), m[0])
	}
}

// TestANumberWithoutSpaces is the year and the number of a case.
func TestANumberWithoutSpaces(t *testing.T) {
	a, s := open(t)
	s.AddCase(fake.Case{Number: "2022 - 60", CPR: "010190-1234"})
	w := wanted(t)
	w.Given = "2022-60"
	ref, err := a.EnsureCase(context.Background(), w, post.Once{})
	if err != nil || ref.Number != "2022 - 60" {
		t.Errorf("%+v: %v", ref, err)
	}
	w.Known, w.Given = ref, ""
	if again, err := a.EnsureCase(context.Background(), w, post.Once{}); err != nil || again != ref {
		t.Errorf("%+v: %v", again, err)
	}
}
