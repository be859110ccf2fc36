package workflow_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/workflow"
)

// remembered is for how long connections are.
const remembered = 10 * time.Second

// way is a connection that remembers what it was asked.
type way struct {
	workflow.Link
	has      map[string]bool // messages that left by it
	receipts []post.Receipt
	removed  []string
	looked   int
	err      error
}

func (w *way) Enrollments(context.Context, string, []ident.Number) (map[string]post.Enrollment, error) {
	w.looked++
	return nil, w.err
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
	*workflow.Connections
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
	w.Connections = &workflow.Connections{
		Installation: w.by[""], Organizations: s, Places: s.ConnectionPlaces, Now: func() time.Time { return w.at },
		Remembered: remembered,
		Open: func(c post.Connection) (workflow.Link, error) {
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
	w.at = w.at.Add(remembered)
}

func (w *ways) send(t *testing.T, org, uuid string) {
	t.Helper()
	by, err := w.Way(t.Context(), org)
	posttest.Check(t, err)
	if _, err := w.Send(t.Context(), post.Outgoing{Org: org, Way: by, UUID: uuid}); err != nil {
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
	if _, err := w.Way(t.Context(), "øst"); err == nil {
		t.Error("nobody has a connection")
	}
	if _, err := w.Enrollments(t.Context(), "øst", nil); err == nil || w.by[""].looked > 0 {
		t.Error("the installation asks about the recipients of whom it cannot read")
	}
	w.connect(t, "nord", "n2")
	if _, err := w.Send(t.Context(), post.Outgoing{Org: "nord", Way: "n1", UUID: "u4"}); err != nil ||
		!w.by["n1"].has["u4"] {
		t.Errorf("what began by a connection goes on by another: %v", err)
	}
	if _, err := w.Send(t.Context(), post.Outgoing{Org: "syd", Way: "n1", UUID: "u5"}); err == nil ||
		w.by["n1"].has["u5"] {
		t.Error("a letter leaves by another organization's connection")
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
	if found, err := w.Find(t.Context(), "nord", "u2", time.Time{}); err != nil || !found {
		t.Errorf("another one has it: %v, %v", found, err)
	}
	w.at = w.at.Add(91 * 24 * time.Hour)
	if found, err := w.Find(t.Context(), "nord", "u9", time.Time{}); err != nil || found {
		t.Errorf("after 90 days it is asked still: %v, %v", found, err)
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
		if want := map[string]string{"r0": "", "r2": "syd", "r3": "syd"}[r.ID]; r.Org != want {
			t.Errorf("%s came by the connection of %q, want %q", r.ID, r.Org, want)
		}
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

// TestAConnectionThatCannotBeUsed: its organization's letters wait, and nobody else's.
func TestAConnectionThatCannotBeUsed(t *testing.T) {
	w := newWays(t)
	w.connect(t, "syd", "s1")
	w.connect(t, "nord", "n1")
	open := w.Open
	w.Open = func(c post.Connection) (workflow.Link, error) {
		if c.SystemID == "n1" {
			return nil, errors.New("the certificate and its key do not belong together")
		}
		return open(c)
	}
	if _, err := w.Way(t.Context(), "nord"); err == nil {
		t.Error("a letter of nord's may leave")
	}
	if found, err := w.Find(t.Context(), "nord", "u", time.Time{}); err == nil {
		t.Errorf("nobody knows whether it left, and it is sure: %v", found)
	}
	if _, err := w.Enrollments(t.Context(), "nord", nil); err == nil || w.by[""].looked > 0 {
		t.Error("another's connection asks about nord's recipients")
	}
	_, err := w.store.ChangeOrganization(t.Context(), "nord", func(o *post.Organization) error {
		o.Connect(post.Connection{}, w.at)
		return nil
	})
	posttest.Check(t, err)
	w.at = w.at.Add(remembered)
	w.send(t, "nord", "u0") // by the installation's again
	if !w.by[""].has["u0"] {
		t.Error("after it was given up, nord's letters wait still")
	}
	w.send(t, "syd", "u1")
	w.by["s1"].receipts = []post.Receipt{{ID: "r"}}
	if all, err := w.Receipts(t.Context(), 10); err != nil || len(all) != 1 || !w.by["s1"].has["u1"] {
		t.Errorf("the others: %v, %v", all, err)
	}
}

// TestMailboxesOfAllWays: each is emptied, with whose it is, and one that fails holds up none of the others.
func TestMailboxesOfAllWays(t *testing.T) {
	w := newWays(t)
	w.connect(t, "nord", "n1")
	w.connect(t, "syd", "s1")
	var whose []string
	more, err := w.Poll(t.Context(), func(_ context.Context, m post.Mailbox, org string) (bool, error) {
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
