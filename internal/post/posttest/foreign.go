package posttest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
)

// Notices is all that a store does with notices.
type Notices interface {
	post.Notices
	post.Notifier
	post.Deliveries
	Subscribe(ctx context.Context, s post.Subscription) error
	Unsubscribe(ctx context.Context, org, id string) error
}

// owned is what the demo organization owns of each kind: the ids that are asked for.
type owned struct {
	letter   post.LetterID
	row      *post.Failure
	delivery string
}

const (
	ownedShipment = "ffffffffffff"
	ownedMessage  = "message-of-demo"
)

// Foreign asks for what the demo organization owns, on behalf of an organization: each method of a port that takes an
// organization and something that it owns. seen is how much it has seen or changed.
var Foreign = map[string]func(ctx context.Context, w Words, o owned, org string) (seen int, err error){
	"Shipments.Get": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		return one(w.Shipments.Get(ctx, org, ownedShipment))
	},
	"Shipments.Change": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		return one(w.Shipments.Change(ctx, org, ownedShipment, func(s *post.Shipment) error { s.Pages++; return nil }))
	},
	"ShipmentLists.List": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, _, err := w.Shipments.List(ctx, org, post.Everything(), "", 9)
		return len(all), err
	},
	"ShipmentLists.Filtered": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, _, err := w.Shipments.Filtered(ctx, org, post.Everything(), post.ShipmentFilter{}, "", 9)
		return len(all), err
	},
	"ShipmentLists.Unfinished": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, _, err := w.Shipments.Unfinished(ctx, org, "", 9)
		return len(all), err
	},
	"Letters.Get": func(ctx context.Context, w Words, o owned, org string) (int, error) {
		return one(w.Letters.Get(ctx, org, o.letter))
	},
	"Letters.Change": func(ctx context.Context, w Words, o owned, org string) (int, error) {
		changed, err := w.Letters.Change(ctx, org, []post.LetterID{o.letter}, func(l *post.Letter) error {
			l.Tries++
			return nil
		})
		if err == nil {
			err = changed[0].Err
		}
		return one(changed, err)
	},
	"Failures.List": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, _, err := w.Failures.List(
			ctx,
			org,
			post.FailureFilter{Seen: post.Everything(), Shipment: ownedShipment},
			"",
			9,
		)
		return len(all), err
	},
	"Failures.Close": func(ctx context.Context, w Words, o owned, org string) (int, error) {
		row := *o.row
		row.Org = org
		return one(row, w.Failures.Close(ctx, &row, "ringet op", "eva", Start))
	},
	"Inbox.Get": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		return one(w.Inbox.Get(ctx, org, ownedMessage))
	},
	"Inbox.List": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, _, err := w.Inbox.List(ctx, org, "", 9)
		return len(all), err
	},
	"Clearances.Clearance": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		return one(w.Clearances.Clearance(ctx, org, ownedShipment))
	},
	"Auditor.Entries": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, _, err := w.Audit.Entries(ctx, org, ownedShipment, 1, 9)
		return len(all), err
	},
	"Auditor.EntriesBy": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, err := w.Audit.EntriesBy(ctx, org, "eva", 9)
		return len(all), err
	},
	"Auditor.Erase": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		return w.Audit.Erase(ctx, org, ownedShipment, time.Now().Add(time.Hour))
	},
	"Cases.LettersOf": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, err := w.Cases.LettersOf(ctx, org, "m-1")
		return len(all), err
	},
	"Cases.FiledUnder": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, _, err := w.Cases.FiledUnder(ctx, org, "m-1", "", 9)
		return len(all), err
	},
	"Titles.TitledUnder": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, _, err := w.Titles.TitledUnder(ctx, org, "t-1", "", 9)
		return len(all), err
	},
	"FilingPlans.FilingPlan": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		plan, err := w.FilingPlans.FilingPlan(ctx, org)
		return len(plan), err
	},
	"Profiles.Profiles": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, err := w.Profiles.Profiles(ctx, org)
		return len(all), err
	},
	"Profiles.RemoveProfile": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		return one(org, w.Profiles.RemoveProfile(ctx, org, "KMD Aktiv"))
	},
	"Requests.Begin": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		a, err := w.Requests.Begin(ctx, org, "key of demo", "hash", Start)
		if a == nil {
			return 0, err
		}
		return 1, err
	},
	"Bulks.Get": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		return one(w.Bulks.Get(ctx, org, "bulk-of-demo"))
	},
	"Bulks.Change": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		return one(w.Bulks.Change(ctx, org, "bulk-of-demo", func(b *post.Bulk) error { b.Done++; return nil }))
	},
	"Bulks.List": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, err := w.Bulks.List(ctx, org, 9)
		return len(all), err
	},
	"SentFiles.SentSince": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		shipment, err := w.Files.SentSince(ctx, org, "abc", Start.Add(-time.Hour))
		if shipment != ownedShipment { // nobody's, or one's own
			return 0, err
		}
		return 1, err
	},
	"SentFiles.Claim": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		owner, err := w.Files.Claim(ctx, org, "abc", "gggggggggggg", Start, Start.Add(-time.Hour), false)
		if owner == "gggggggggggg" { // whoever sees another organization's claim does not get it
			return 0, err
		}
		return 1, err
	},
	"Stops.Stopped": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		stop, err := w.Stops.Stopped(ctx, org)
		if stop == nil {
			return 0, err
		}
		return 1, err
	},
	"Notifier.Subscriptions": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, err := w.Notices.Subscriptions(ctx, org)
		return len(all), err
	},
	"Notifier.Deliveries": func(ctx context.Context, w Words, _ owned, org string) (int, error) {
		all, err := w.Notices.Deliveries(ctx, org, 9)
		return len(all), err
	},
	"Notifier.Resend": func(ctx context.Context, w Words, o owned, org string) (int, error) {
		return one(org, w.Notices.Resend(ctx, org, o.delivery, Start.Add(time.Hour)))
	},
	"Deliveries.ChangeDelivery": func(ctx context.Context, w Words, o owned, org string) (int, error) {
		return one(w.Notices.ChangeDelivery(ctx, org, o.delivery, func(d *post.Delivery) error {
			d.Tries++
			return nil
		}))
	},
}

// one is how much somebody has seen who was answered with one thing.
func one[T any](_ T, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return 1, nil
}

// lastIfRemoves lets what the owner removes be there for all other calls.
func lastIfRemoves(name string) string {
	for _, removes := range []string{"Failures.Close", "Profiles.RemoveProfile", "Auditor.Erase"} {
		if name == removes {
			return "~" + name
		}
	}
	return name
}

// foreign: what an organization owns is not there for another one, nor for whoever names none, in every port.
func foreign(t *testing.T, w Words) {
	ctx := context.Background()
	o := own(t, w)
	for name, call := range Foreign {
		for _, org := range []string{"other", ""} {
			if seen, err := call(ctx, w, o, org); seen != 0 || err != nil && !errors.Is(err, post.ErrNotFound) {
				t.Errorf("%s: organization %q sees %d of another one's: %v", name, org, seen, err)
			}
		}
	}
	names := slices.Collect(maps.Keys(Foreign))
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(lastIfRemoves(a), lastIfRemoves(b)) })
	for _, name := range names {
		if seen, err := Foreign[name](ctx, w, o, "demo"); seen == 0 || err != nil {
			t.Errorf("%s: the owner sees %d: %v", name, seen, err)
		}
	}
}

// own writes something of each kind that is the demo organization's.
func own(t *testing.T, w Words) owned {
	t.Helper()
	ctx := context.Background()
	s, letters := Shipment(t, ownedShipment, 1)
	must(t, w.Shipments.Create(ctx, s))
	must(t, w.Letters.Create(ctx, s, letters))
	o := owned{letter: letters[0].ID}
	o.row = &post.Failure{Org: "demo", Shipment: s.ID, Letter: o.letter, Number: 1, Subject: "Emne",
		Problem: post.Problem{Code: post.NotEnrolled, At: Start}, Since: Start}
	must(t, w.Failures.Put(ctx, o.row, nil))
	must(t, w.Inbox.Put(ctx, &post.InboxMessage{ID: ownedMessage, Org: "demo", Received: Start}))
	must(t, w.Audit.Record(ctx, post.Caller{Org: "demo", Name: "eva"}.Did(post.ActSend, s.ID, "", "emne")))
	must(t, w.Cases.File(ctx, post.Filing{Org: "demo", Case: "m-1", Person: "m-1", Letter: o.letter, At: Start}))
	must(t, w.Titles.FileTitle(ctx, post.Titled{Org: "demo", Shipment: s.ID, Keys: []string{"t-1"}, At: Start}))
	must(t, w.FilingPlans.PutFilingPlan(ctx, "demo", post.FilingPlan{{Number: "27", Title: "Sociale ydelser"}}))
	must(t, w.Profiles.PutProfile(ctx, "demo", post.Profile{Name: "KMD Aktiv", Rule: post.FirstPage}))
	_, err := w.Requests.Begin(ctx, "demo", "key of demo", "hash", Start)
	must(t, err)
	must(t, w.Requests.Finish(ctx, "demo", "key of demo", "hash", &post.Answered{Status: 201, Body: []byte("{}")}))
	must(t, w.Bulks.Create(ctx, &post.Bulk{ID: "bulk-of-demo", Org: "demo", Kind: post.BulkReplay, Made: Start}))
	_, err = w.Files.Claim(ctx, "demo", "abc", s.ID, Start, Start.Add(-time.Hour), false)
	must(t, err)
	must(t, w.Stops.Stop(ctx, "demo", post.Stop{At: Start, By: "eva", Reason: "forkert fil"}))
	must(t, w.Notices.Subscribe(ctx, post.Subscription{ID: "s1", Org: "demo", User: "eva", Mail: "it@demo.dk",
		Kinds: post.NoticeKinds}))
	must(t, w.Notices.Note(ctx, post.Notice{Org: "demo", Kind: post.QueueStands, At: Start}))
	must(t, w.Notices.Digest(ctx, "demo", Start.Add(time.Hour)))
	deliveries, err := w.Notices.Deliveries(ctx, "demo", 9)
	must(t, err)
	if len(deliveries) != 1 {
		t.Fatalf("%d deliveries, want 1", len(deliveries))
	}
	o.delivery = deliveries[0].ID
	return o
}
