package app

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/texts"
)

// way is a connection that remembers what it was asked.
type way struct {
	link
	has      map[string]bool // messages that left by it
	receipts []post.Receipt
	removed  []string
	err      error
}

func (w *way) Send(_ context.Context, m post.Outgoing) (post.Answer, error) {
	w.has[m.UUID] = true
	return post.Answer{Accepted: true}, w.err
}

func (w *way) Find(_ context.Context, _, uuid string, _ time.Time) (bool, error) {
	return w.has[uuid], w.err
}

func (w *way) Receipts(context.Context, int) ([]post.Receipt, error) { return w.receipts, w.err }

func (w *way) RemoveReceipts(_ context.Context, ids []string) error {
	w.removed = append(w.removed, ids...)
	return nil
}

// ways are connections by their systems, of two organizations, with a clock that the test turns.
type ways struct {
	*connections
	by    map[string]*way
	store *store.Store
	at    time.Time
}

func newWays(t *testing.T) *ways {
	t.Helper()
	s := store.New(storetest.NewMemory())
	w := &ways{by: map[string]*way{"": {has: map[string]bool{}}}, store: s, at: posttest.Start}
	for id, cvr := range map[string]string{"nord": "99060816", "syd": "87654303"} {
		posttest.Check(t, s.CreateOrganization(t.Context(), &post.Organization{ID: id, Name: id,
			Senders: []post.Sender{{Number: posttest.Number(t, cvr), Name: id}}}))
	}
	w.connections = &connections{
		installation: w.by[""], organizations: s, places: s.ConnectionPlaces, now: func() time.Time { return w.at },
		open: func(c post.Connection) (link, error) {
			if w.by[c.SystemID] == nil {
				w.by[c.SystemID] = &way{has: map[string]bool{}}
			}
			return w.by[c.SystemID], nil
		},
	}
	return w
}

func (w *ways) connect(t *testing.T, org, system string) {
	t.Helper()
	_, err := w.store.ChangeOrganization(t.Context(), org, func(o *post.Organization) error {
		o.Connect(post.Connection{SystemID: system, SystemKey: "k"}, w.at)
		return nil
	})
	posttest.Check(t, err)
	w.at = w.at.Add(connectionsKept)
}

func (w *ways) send(t *testing.T, org, uuid string) {
	t.Helper()
	if _, err := w.Send(t.Context(), post.Outgoing{Org: org, UUID: uuid}); err != nil {
		t.Error(err)
	}
}

// TestEachOrganizationSendsByItsOwn: letters leave by their organization's connection, or by the installation's.
func TestEachOrganizationSendsByItsOwn(t *testing.T) {
	w := newWays(t)
	w.connect(t, "nord", "n1")
	w.send(t, "nord", "u1")
	w.send(t, "syd", "u2")
	if !w.by["n1"].has["u1"] || w.by[""].has["u1"] || !w.by[""].has["u2"] || w.by["n1"].has["u2"] {
		t.Errorf("%+v", w.by)
	}
	if _, err := w.Send(t.Context(), post.Outgoing{Org: "øst", UUID: "u3"}); err == nil || w.by[""].has["u3"] {
		t.Error("a letter of nobody's leaves")
	}
}

// TestWhatLeftBefore: a letter whose answer is not known is asked about where it may have left by, also when its
// organization has another connection since, or none; else it would be sent twice.
func TestWhatLeftBefore(t *testing.T) {
	w := newWays(t)
	w.send(t, "nord", "u0")
	for i, system := range []string{"n1", "n2", ""} {
		w.connect(t, "nord", system)
		w.send(t, "nord", "u"+string(rune('1'+i)))
	}
	for _, uuid := range []string{"u0", "u1", "u2", "u3"} {
		if found, err := w.Find(t.Context(), "nord", uuid, time.Time{}); err != nil || !found {
			t.Errorf("%s is found: %v, %v", uuid, found, err)
		}
	}
	w.by["n1"].err = errors.New("it does not answer")
	if found, err := w.Find(t.Context(), "nord", "u9", time.Time{}); err == nil {
		t.Errorf("one does not answer, and it is sure: %v", found)
	}
}

// TestReceiptsOfAllWays: they come from everywhere, and are removed where they came from; one that does not answer
// holds up none of the others.
func TestReceiptsOfAllWays(t *testing.T) {
	w := newWays(t)
	w.connect(t, "nord", "n1")
	w.connect(t, "syd", "s1")
	w.connect(t, "syd", "s2")
	w.send(t, "nord", "u")
	w.send(t, "syd", "u")
	for system, of := range map[string]string{"": "r0", "n1": "r1", "s1": "r2", "s2": "r3"} {
		if w.by[system] == nil {
			w.by[system] = &way{has: map[string]bool{}}
		}
		w.by[system].receipts = []post.Receipt{{ID: of}}
	}
	w.by["n1"].err = errors.New("it does not answer")
	all, err := w.Receipts(t.Context(), 10)
	posttest.Check(t, err)
	var ids []string
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	if slices.Sort(ids); !slices.Equal(ids, []string{"r0", "r2", "r3"}) {
		t.Errorf("%v", ids)
	}
	posttest.Check(t, w.RemoveReceipts(t.Context(), ids))
	for system, want := range map[string][]string{"": {"r0"}, "n1": nil, "s1": {"r2"}, "s2": {"r3"}} {
		if got := w.by[system].removed; !slices.Equal(got, want) {
			t.Errorf("%q removes %v, want %v", system, got, want)
		}
	}
	for _, is := range w.by {
		is.err = errors.New("it does not answer")
	}
	if _, err := w.Receipts(t.Context(), 10); err == nil {
		t.Error("nobody answers, and that is no error")
	}
}

// TestMailboxesOfAllWays: each is emptied, with whose it is, and one that fails holds up none of the others.
func TestMailboxesOfAllWays(t *testing.T) {
	w := newWays(t)
	w.connect(t, "nord", "n1")
	w.connect(t, "syd", "s1")
	var whose []string
	more, err := w.poll(t.Context(), func(_ context.Context, m post.Mailbox, org string) (bool, error) {
		whose = append(whose, org)
		if org == "nord" {
			return false, errors.New("it does not answer")
		}
		return m == w.by["s1"], nil
	})
	if slices.Sort(whose); !slices.Equal(whose, []string{"", "nord", "syd"}) || !more || err == nil {
		t.Errorf("%v, more %v, %v", whose, more, err)
	}
}

// certificateOf makes a certificate of its own, as PEM.
func certificateOf(t *testing.T, s *httptest.Server) (cert, key string) {
	t.Helper()
	pair := s.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	posttest.Check(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// TestTheOwnSystemIsShown: Digital Post sees the organization's system and certificate, in the environment of the
// installation.
func TestTheOwnSystemIsShown(t *testing.T) {
	var system string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		system, _, _ = r.BasicAuth()
		w.WriteHeader(http.StatusForbidden)
	}))
	defer s.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	cert, key := certificateOf(t, secure)
	house := DigitalPost{
		URL:         s.URL,
		Environment: post.Simulator,
		SystemID:    "installation",
		Certificate: &tls.Certificate{},
	}
	own, err := house.with(post.Connection{SystemID: "n1", SystemKey: "k", Certificate: cert, CertificateKey: key})
	posttest.Check(t, err)
	_, err = own.Channel(time.Second, 1).Find(t.Context(), "nord", "u", time.Now())
	if err == nil || system != "n1" || own.Environment != post.Simulator ||
		!bytes.Equal(own.Certificate.Certificate[0], secure.TLS.Certificates[0].Certificate[0]) {
		t.Errorf("%+v: system %q, %v", own, system, err)
	}
	if own, err = house.with(
		post.Connection{SystemID: "n2", SystemKey: "k"},
	); err != nil ||
		own.Certificate != nil {
		t.Errorf("it has the installation's certificate: %v", err)
	}
}

// TestBadConnections: what cannot be used is refused when it is set, in words, and no key is quoted.
func TestBadConnections(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	cert, key := certificateOf(t, s)
	for name, c := range map[string]struct {
		post.Connection
		e    post.Environment
		now  time.Time
		want string
	}{
		"no key of the system": {post.Connection{SystemID: "n1"}, post.Simulator, time.Now(), "Giv systemets"},
		"half a pair": {post.Connection{SystemID: "n", SystemKey: "k", Certificate: cert}, "", time.Now(),
			"skal have"},
		"no pair": {post.Connection{SystemID: "n", SystemKey: "k", Certificate: cert, CertificateKey: "hemmelig"},
			"", time.Now(), "hører ikke sammen"},
		"none": {post.Connection{SystemID: "n", SystemKey: "k"}, post.Production, time.Now(), "kræver organisationens"},
		"ended": {post.Connection{SystemID: "n", SystemKey: "k", Certificate: cert, CertificateKey: key}, post.Test,
			time.Now().AddDate(200, 0, 0), "udløb"},
		"good": {post.Connection{SystemID: "n", SystemKey: "k", Certificate: cert, CertificateKey: key}, post.Test,
			time.Now(), ""},
		"of the simulator": {post.Connection{SystemID: "n", SystemKey: "k"}, post.Simulator, time.Now(), ""},
		"the installation": {post.Connection{}, post.Production, time.Now(), ""},
	} {
		err := checkConnection(&c.Connection, c.e, c.now)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(texts.Error(err), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(texts.Error(err), "hemmelig") {
			t.Errorf("%s: it quotes the key", name)
		}
	}
}
