package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
)

// listing is a query that lists, of one organization or of all, and the item that is made unreadable for it.
type listing struct {
	name string
	bad  store.Key
	list func() (int, error) // how many words it gives
	want int                 // without the bad one
}

// unreadable: with one bad item every query that lists gives all others, and the item becomes one row of Ubehandlet.
func unreadable(t *testing.T, open func(t *testing.T) store.Table) {
	for _, body := range []string{"{", "null", `{"i":"aaaaaaaaaaaa.1.9.9.0","id":"zzzzzzzzzzzz","r":"CPR"}`} {
		for i, l := range listings(t, open(t)) {
			table := open(t)
			l = listings(t, table)[i]
			ctx := context.Background()
			items, err := table.Get(ctx, l.bad)
			must(t, err)
			if items[0] == nil {
				t.Fatalf("%s: there is no item %v", l.name, l.bad)
			}
			bad := *items[0]
			bad.Revision, bad.Body = bad.Revision+1, []byte(body)
			must(t, table.Transact(ctx, store.Write{Put: &bad}))
			for range 2 {
				if got, err := l.list(); err != nil || got != l.want {
					t.Errorf("%s with an item %s: %d words, want %d: %v", l.name, body, got, l.want, err)
				}
			}
			rows := unreadableRows(t, store.New(table))
			if len(rows) != 1 || !strings.Contains(string(rows[0].Text), l.bad.PK) {
				t.Errorf("%s with an item %s: %d rows", l.name, body, len(rows))
			}
		}
	}
}

func unreadableRows(t *testing.T, s *store.Store) (rows []*post.Problem) {
	all, _, err := s.Failures().List(context.Background(), "demo", post.EveryRow(), "", 100)
	must(t, err)
	for _, f := range all {
		if f.Problem.Text.Code() == "item-unreadable" {
			rows = append(rows, &f.Problem)
		}
	}
	return rows
}

// listings fills a table and returns everything that lists it.
func listings(t *testing.T, table store.Table) []listing {
	ctx, s := context.Background(), store.New(table)
	const id = "aaaaaaaaaaaa"
	later := posttest.Start.Add(time.Hour)
	sh, letters := posttest.Shipment(t, id, 3)
	sh.Due = posttest.Start
	other, _ := posttest.Shipment(t, "bbbbbbbbbbbb", 0)
	other.Due, other.Created = posttest.Start, later
	must(t, s.Shipments().Create(ctx, sh))
	must(t, s.Shipments().Create(ctx, other))
	for _, l := range letters {
		l.Due = posttest.Start
	}
	must(t, s.Letters().Create(ctx, &post.Shipment{}, letters))
	for i, l := range letters {
		must(
			t,
			s.Failures().Put(ctx, &post.Failure{
				Org:      "demo",
				Shipment: id,
				Letter:   l.ID,
				Problem:  post.Problem{Code: post.Refused},
				Since:    posttest.Start,
			}, nil),
		)
		must(t, s.Inbox().Put(ctx, &post.InboxMessage{ID: fmt.Sprint("m", i), Org: "demo", Received: posttest.Start}))
		must(t, s.PutProfile(ctx, "demo", post.Profile{Name: fmt.Sprint("p", i), Rule: post.FirstPage}))
		must(
			t,
			s.Notices().Subscribe(ctx, post.Subscription{
				ID:    fmt.Sprint("s", i),
				Org:   "demo",
				Mail:  "a@b.dk",
				Kinds: post.NoticeKinds,
			}),
		)
	}
	must(t, s.Notices().Note(ctx, post.Notice{Org: "demo", Kind: post.ShipmentErrors, About: id, At: posttest.Start}))
	must(t, s.Notices().Digest(ctx, "demo", posttest.Start))
	for _, about := range []string{"x", "y", "z"} {
		must(
			t,
			s.Notices().
				Note(ctx, post.Notice{Org: "demo", Kind: post.ShipmentErrors, About: about, At: posttest.Start}),
		)
	}
	auditLog := s.AuditLog(func() time.Time { return posttest.Start })
	for range 3 {
		must(t, auditLog.Record(ctx, post.Caller{Org: "demo", Name: "eva"}.Did(post.ActSend, id, "", "x")))
	}
	return allListings(t, s, sh, letters)
}

func allListings(t *testing.T, s *store.Store, sh *post.Shipment, letters []*post.Letter) []listing {
	ctx, later := context.Background(), posttest.Start.Add(2*time.Hour)
	deliveries, err := s.Notices().Deliveries(ctx, "demo", 10)
	must(t, err)
	letter := store.Key{PK: "L#" + sh.ID + "#1#0000", SK: "000002"}
	row := store.Key{PK: "F#" + sh.ID, SK: string(letters[1].ID) + "#" + string(post.Refused)}
	delivery := store.Key{PK: "W#demo", SK: deliveries[0].ID}
	refused := func(f post.FailureFilter) func() (int, error) {
		return func() (int, error) {
			rows, _, err := s.Failures().List(ctx, "demo", f, "", 100)
			rows = slices.DeleteFunc(rows, func(f *post.Failure) bool { return f.Problem.Code != post.Refused })
			return len(rows), err
		}
	}
	return []listing{
		{"shipments", store.Key{PK: "S#" + sh.ID, SK: "H"}, func() (int, error) {
			all, _, err := s.Shipments().List(ctx, "demo", post.Everything(), "", 10)
			return len(all), err
		}, 1},
		{
			"shipments that are due",
			store.Key{PK: "S#" + sh.ID, SK: "H"},
			func() (int, error) { return count(s.Shipments().Due(ctx, later, 10)) },
			1,
		},
		{"a page of letters", letter, func() (int, error) { return count(s.Letters().Page(ctx, sh, 1, 10)) }, 2},
		{"letters that are due", letter, func() (int, error) { return count(s.Letters().Due(ctx, later, 10)) }, 2},
		{"letters that are changed together", letter, func() (int, error) {
			n := 0
			changed, err := s.Letters().
				ChangeAny(ctx, post.IDs(letters), func(l *post.Letter) error { l.Tries++; return nil })
			for _, c := range changed {
				if c.Wrote {
					n++
				}
			}
			return n, err
		}, 2},
		{"rows", row, refused(post.EveryRow()), 2},
		{"rows of a shipment", row, refused(post.FailureFilter{Seen: post.Everything(), Shipment: sh.ID}), 2},
		{"incoming post", store.Key{PK: "I#m1", SK: "H"}, func() (int, error) {
			all, _, err := s.Inbox().List(ctx, "demo", "", 10)
			return len(all), err
		}, 2},
		{
			"profiles",
			store.Key{PK: "O#demo", SK: "PROFILE#p1"},
			func() (int, error) { return count(s.Profiles(ctx, "demo")) },
			2,
		},
		{
			"subscriptions",
			store.Key{PK: "M#demo", SK: "S#s1"},
			func() (int, error) { return count(s.Notices().Subscriptions(ctx, "demo")) },
			2,
		},
		{"deliveries", delivery, func() (int, error) { return count(s.Notices().Deliveries(ctx, "demo", 10)) }, 2},
		{
			"deliveries that are due",
			delivery,
			func() (int, error) { return count(s.Notices().DueDeliveries(ctx, later, 10)) },
			2,
		},
		{"notices that wait", store.Key{PK: "M#demo", SK: "P#shipment-errors#y"}, func() (int, error) {
			err := s.Notices().Digest(ctx, "demo", later)
			all, err2 := s.Notices().Deliveries(ctx, "demo", 3)
			if err == nil {
				err = err2
			}
			return len(all[0].Notices), err
		}, 2},
		{"entries of the trail", store.Key{PK: "Z#demo#" + sh.ID, SK: "000000000002"}, func() (int, error) {
			all, _, err := s.AuditLog(time.Now).Entries(ctx, "demo", sh.ID, 1, 10)
			return len(all), err
		}, 3},
	}
}

func count[T any](all []T, err error) (int, error) { return len(all), err }
