package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

var from = post.Client{Address: "192.0.2.1"}

func newAuth(t *testing.T) (g *Auth, code string) {
	t.Helper()
	s := store.New(storetest.NewMemory())
	g = &Auth{
		Accounts:      s,
		Changes:       s,
		Sessions:      s,
		Attempts:      s,
		Requests:      s,
		Organizations: s,
		Audit:         s.AuditLog(time.Now),
		Now:           time.Now,
	}
	posttest.Check(t, s.CreateOrganization(context.Background(), &post.Organization{ID: "demo", Name: "Nordøby"}))
	code, err := g.NewCode(context.Background(), post.Caller{Org: "demo", Name: "eva"})
	posttest.Check(t, err)
	return g, code
}

// TestWhoMayComeIn: keys, codes and sessions let in whose they are, and nothing else does.
func TestWhoMayComeIn(t *testing.T) {
	g, code := newAuth(t)
	ctx, now := context.Background(), time.Now()
	g.Now = func() time.Time { return now }
	key, err := g.NewKey(ctx, post.Caller{Org: "demo", Name: "fagsystem"})
	posttest.Check(t, err)
	if c, err := g.Key(ctx, key, "192.0.2.1"); err != nil || c.Org != "demo" || c.Kind != post.ByKey {
		t.Errorf("the key: %+v, %v", c, err)
	}
	token, _, err := g.Login(ctx, from, "eva", code)
	posttest.Check(t, err)
	if c, err := g.Session(ctx, token, true); err != nil || c.Name != "eva" || c.Kind != post.ByUser {
		t.Errorf("the session: %+v, %v", c, err)
	}
	for _, no := range []string{"", "x", key + "x", hash(key)} {
		if c, err := g.Key(ctx, no, "192.0.2.1"); !errors.Is(err, ErrDenied) || c.Org != "" {
			t.Errorf("key %q: %+v, %v", no, c, err)
		}
		if c, err := g.Session(ctx, no, true); !errors.Is(err, ErrDenied) || c.Org != "" {
			t.Errorf("session %q: %+v, %v", no, c, err)
		}
	}
	for _, c := range [][2]string{{"eva", "forkert"}, {"bo", code}, {"", ""}} {
		if token, _, err := g.Login(ctx, from, c[0], c[1]); !errors.Is(err, ErrDenied) || token != "" {
			t.Errorf("%v: %q, %v", c, token, err)
		}
	}
	now = now.Add(post.SessionTime + time.Second)
	if _, err := g.Session(ctx, token, true); !errors.Is(err, ErrDenied) {
		t.Errorf("a session for ever: %v", err)
	}
	now = now.Add(-time.Minute)
	posttest.Check(t, g.Logout(ctx, token))
	if _, err := g.Session(ctx, token, true); !errors.Is(err, ErrDenied) {
		t.Errorf("after the log-out: %v", err)
	}
}

// away is a table that does not answer.
type away struct{ Accounts }

var errAway = errors.New("connection refused")

func (away) Key(context.Context, string) (post.Caller, []string, error) {
	return post.Caller{}, nil, errAway
}

func (away) Credentials(context.Context, string) (post.Credentials, error) {
	return post.Credentials{}, errAway
}

// TestAnAnswerThatNobodyHasIsNoRefusal: a table that does not answer makes no key and no code wrong.
func TestAnAnswerThatNobodyHasIsNoRefusal(t *testing.T) {
	g, code := newAuth(t)
	g.Accounts = away{}
	if _, err := g.Key(context.Background(), "k", "192.0.2.1"); !errors.Is(err, errAway) || errors.Is(err, ErrDenied) {
		t.Errorf("a key: %v", err)
	}
	if _, _, err := g.Login(context.Background(), from, "eva", code); !errors.Is(err, errAway) || errors.Is(err,
		ErrDenied) {
		t.Errorf("a code: %v", err)
	}
}

// TestNobodyHoldsUpTheLogin: names that are made up, however many at once, take no turn from whoever has one.
func TestNobodyHoldsUpTheLogin(t *testing.T) {
	g, code := newAuth(t)
	ctx, stop := context.WithCancel(context.Background())
	var crowd sync.WaitGroup
	for i := range 60 {
		crowd.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				_, _, _ = g.Login(ctx, from, fmt.Sprintf("navn %d %d", i, n), "forkert")
			}
		})
	}
	defer crowd.Wait()
	defer stop()
	for _, address := range []string{"192.0.2.1", "192.0.2.2"} {
		began := time.Now()
		at := post.Client{Address: address}
		if _, _, err := g.Login(ctx, at, "eva", code); err != nil || time.Since(began) > 5*time.Second {
			t.Errorf("from %s: %v after %s", address, err, time.Since(began))
		}
	}
}

// TestTurns: an address has one turn at a time and a bounded line; who goes away leaves it; another address comes next.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns, ctx := newTurns(), context.Background()
		first, err := turns.begin(ctx, "a")
		posttest.Check(t, err)
		impatient, giveUp := context.WithTimeout(ctx, time.Second)
		defer giveUp()
		var wg sync.WaitGroup
		var ended []error
		var mu sync.Mutex
		for range 2 * waitingFrom {
			wg.Go(func() {
				_, err := turns.begin(impatient, "a")
				mu.Lock()
				ended = append(ended, err)
				mu.Unlock()
			})
		}
		synctest.Wait()
		other, err := turns.begin(ctx, "b")
		posttest.Check(t, err)
		third, err := turns.begin(ctx, "c")
		posttest.Check(t, err)
		late, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if _, err := turns.begin(late, "d"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("more than %d at once: %v", comparedAtOnce, err)
		}
		wg.Wait()
		busy, gone := 0, 0
		for _, err := range ended {
			switch {
			case errors.Is(err, ErrBusy):
				busy++
			case errors.Is(err, context.DeadlineExceeded):
				gone++
			}
		}
		if gone != waitingFrom-1 || busy != waitingFrom+1 {
			t.Errorf("%d waited until they went, %d were sent away", gone, busy)
		}
		for _, done := range []func(){first, other, third} {
			done()
		}
		if len(turns.lines) > 0 || len(turns.all) > 0 {
			t.Errorf("something is left: %v", turns.lines)
		}
		again, err := turns.begin(ctx, "a")
		posttest.Check(t, err)
		again()
	})
}

// TestTimeTellsNothing: a refusal comes at the same time for a name that exists and for one that does not.
func TestTimeTellsNothing(t *testing.T) {
	g, _ := newAuth(t)
	g.Refusals = 2 * time.Second // much longer than a code takes to compare here
	for _, name := range []string{"eva", "findes-ikke"} {
		began := time.Now()
		if _, _, err := g.Login(context.Background(), from, name, "forkert"); !errors.Is(err, ErrDenied) {
			t.Error(err)
		}
		if took := time.Since(began); took < g.Refusals || took > g.Refusals+time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, _, err := g.Login(ctx, from, "findes-ikke", "forkert"); err == nil || time.Since(began) > time.Second {
		t.Errorf("who went away is waited for: %v after %s", err, time.Since(began))
	}
}
