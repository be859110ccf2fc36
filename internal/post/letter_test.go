package post_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/memo"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

var key = []byte("a key that is not in the table")

func letter(t *testing.T) *post.Letter {
	t.Helper()
	_, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	return letters[0]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func begin(t *testing.T, l *post.Letter) string {
	t.Helper()
	if l.State == post.Created {
		must(t, l.Queue(posttest.Now))
	}
	must(t, l.Begin(keys.UUIDs(key), posttest.Now, posttest.Start.Add(time.Minute)))
	return l.Current().UUID
}

func receipt(uuid string, status post.ReceiptStatus, code string, n int) post.Receipt {
	r := post.Receipt{
		UUID:      uuid,
		Status:    status,
		ErrorCode: code,
		Issued:    posttest.Start,
		Raw:       []byte(fmt.Sprint(uuid, status, n)),
	}
	r.SetHash()
	return r
}

func TestUUIDIsMadeOnceAndIsOfVersion4(t *testing.T) {
	id := post.NewLetterID("aaaaaaaaaaaa", 1, 5999, 9999, 10000)
	seen := map[string]bool{}
	for refusals := range 50 {
		u := keys.MessageUUID(key, string(id), "", refusals)
		if !memo.IsUUID(u) || seen[u] || u != keys.MessageUUID(key, string(id), "", refusals) {
			t.Errorf("UUID %s", u)
		}
		seen[u] = true
	}
	if len(id) > 30 || strings.Trim(string(id), "abcdefghijklmnopqrstuvwxyz0123456789._~-") != "" {
		t.Errorf("%s cannot travel as messageID", id)
	}
	if p, err := id.Place(); err != nil || p != (post.Place{Shipment: "aaaaaaaaaaaa", Version: 1, Number: 5999}) {
		t.Errorf("%+v, %v", p, err)
	}
	id = post.DraftLetterID("aaaaaaaaaaaa", 9999, 20000, 999)
	if p, err := id.Place(); err != nil || len(id) > 30 ||
		p != (post.Place{Shipment: "aaaaaaaaaaaa", Number: 9999, Ordinal: 999}) {
		t.Errorf("%s: %+v, %v", id, p, err)
	}
	for _, bad := range []post.LetterID{"", "x", "aaaaaaaaaaaa.1.1", "AAAAAAAAAAAA.1.1.1.1", "aaaaaaaaaaaa.0.0.1.0",
		"aaaaaaaaaaaa.1.-1.1.0", "aaaaaaaaaaaa.0.1.1.-1"} {
		if _, err := bad.Place(); err == nil {
			t.Errorf("%q is taken for a letter id", bad)
		}
	}
}

// TestReceiptsInEveryOrder: whatever comes first, twice or before the answer, the letter ends in the same place.
func TestReceiptsInEveryOrder(t *testing.T) {
	const answer, done, again, invalid = "answer", "done", "again", "invalid"
	for _, c := range []struct {
		order string
		want  post.LetterState
	}{
		{"answer done", post.Completed}, {"done answer", post.Completed}, {"answer done again", post.Completed},
		{"done again answer", post.Completed}, {"answer invalid", post.Failed}, {"invalid answer", post.Failed},
		{"answer invalid done", post.Completed}, {"answer done invalid", post.Completed}, {"invalid done answer",
			post.Completed},
		{"done invalid again answer", post.Completed},
	} {
		l := letter(t)
		uuid := begin(t, l)
		for _, what := range strings.Fields(c.order) {
			var err error
			switch what {
			case answer:
				err = l.HandOver(posttest.Now, uuid, "t", "digest", false)
			case done, again:
				err = l.Take(receipt(uuid, post.ReceiptCompleted, "", 1), posttest.Now)
			case invalid:
				err = l.Take(receipt(uuid, post.ReceiptInvalid, "recipient.unknown", 1), posttest.Now)
			}
			if err != nil && !errors.Is(err, post.ErrUnchanged) {
				t.Fatalf("%s: %v", c.order, err)
			}
		}
		if l.State != c.want {
			t.Errorf("%s ends as %s, want %s", c.order, l.State, c.want)
		}
		if late := strings.Contains(c.order, "done invalid"); l.Doubted() != late ||
			late && (l.Archiving.Edition != 2 ||
				l.Due.IsZero()) {
			t.Errorf("%s: a person is told %v, edition %d", c.order, l.Doubted(), l.Archiving.Edition)
		}
		if l.State == post.Completed && (l.Replayable() != post.ReplayNothing || l.Problem != nil) {
			t.Errorf("%s: a completed letter can be replayed: %s", c.order, l.Replayable())
		}
	}
}

func TestStrayReceiptGivesNoTick(t *testing.T) {
	l := letter(t)
	begin(t, l)
	if err := l.Take(receipt("00000000-0000-4000-8000-000000000000", post.ReceiptCompleted, "", 1),
		posttest.Now); !errors.Is(
		err,
		post.ErrOrphanReceipt,
	) {
		t.Error(err)
	}
	if l.State != post.Sending || len(l.Receipts) != 0 {
		t.Errorf("%s with %d receipts", l.State, len(l.Receipts))
	}
}

// TestWhenAUUIDIsRenewed is data.md's rule: only when every attempt was answered and refused, and none as a duplicate.
func TestWhenAUUIDIsRenewed(t *testing.T) {
	refused := post.Problem{Code: post.MessageRefused}
	for name, c := range map[string]struct {
		happens func(l *post.Letter, uuid string)
		want    post.Replaying
		renewed bool
	}{
		"refused at the door": {func(l *post.Letter, u string) { must(t, l.Refuse(posttest.Now, u, false, refused)) },
			post.ReplaySends, true},
		"refused by receipt": {func(l *post.Letter, u string) {
			must(t, l.HandOver(posttest.Now, u, "t", "d", false))
			must(t, l.Take(receipt(u, post.ReceiptNotAllowed, "recipient.not.registered", 1), posttest.Now))
		}, post.ReplaySends, true},
		"refused at the door, and by receipt too": {func(l *post.Letter, u string) {
			must(t, l.Refuse(posttest.Now, u, false, refused))
			must(t, l.Take(receipt(u, post.ReceiptInvalid, "recipient.not.registered", 1), posttest.Now))
		}, post.ReplaySends, true},
		"never answered": {func(l *post.Letter, u string) {
			must(t,
				l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
		}, post.ReplaySends, false},
		"taken in, then given up": {func(l *post.Letter, u string) {
			must(t, l.HandOver(posttest.Now, u, "t", "d", false))
			must(t, l.Fail(posttest.Now, post.Problem{Code: post.Unknown}))
		}, post.ReplayAsks, false},
		"refused as a duplicate": {func(l *post.Letter, u string) {
			must(t,
				l.Refuse(posttest.Now, u, true, refused))
		}, post.ReplayNothing, false},
		"refused as a duplicate by receipt": {func(l *post.Letter, u string) {
			must(t, l.HandOver(posttest.Now, u, "t", "d", false))
			must(t, l.Take(receipt(u, post.ReceiptInvalid, post.DuplicateCode, 1), posttest.Now))
		}, post.ReplayNothing, false},
		"posted twice, one refusal": {func(l *post.Letter, u string) {
			must(t, l.CountAttempt(u))
			must(t, l.HandOver(posttest.Now, u, "t", "d", false))
			must(t, l.Take(receipt(u, post.ReceiptInvalid, "memo.invalid", 1), posttest.Now))
		}, post.ReplayNothing, false},
		"closed": {func(l *post.Letter, u string) {
			must(t, l.HandOver(posttest.Now, u, "t", "d", false))
			must(t, l.Take(receipt(u, post.ReceiptNotAllowed, "recipient.closed", 1), posttest.Now))
		}, post.ReplayNothing, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := letter(t)
			uuid := begin(t, l)
			c.happens(l, uuid)
			if got := l.Replayable(); got != c.want {
				t.Fatalf("replay would %s, want %s", got, c.want)
			}
			err := l.Requeue(keys.UUIDs(key), posttest.Now, "test", time.Time{})
			if c.want != post.ReplaySends {
				if !errors.Is(err, post.ErrUnchanged) {
					t.Errorf("it was queued: %v", err)
				}
				return
			}
			must(t, err)
			if renewed := l.Current().UUID != uuid; renewed != c.renewed || l.State != post.Queued {
				t.Errorf("renewed %v, want %v; %s", renewed, c.renewed, l.State)
			}
		})
	}
}

// TestLateAnswerCountsForItsOwnMessage: an answer to an old message neither ticks nor ends the new one.
func TestLateAnswerCountsForItsOwnMessage(t *testing.T) {
	l := letter(t)
	old := begin(t, l)
	must(t, l.Take(receipt(old, post.ReceiptInvalid, "recipient.unknown", 1), posttest.Now)) // before the answer
	must(t, l.Requeue(keys.UUIDs(key), posttest.Now, "test", time.Time{}))
	current := begin(t, l)
	must(t, l.HandOver(posttest.Now, old, "t", "d", false)) // the old 201 at last
	if l.State != post.Sending || !l.Current().Accepted.IsZero() {
		t.Errorf("one tick for a message that was never taken in: %s", l.State)
	}
	must(t, l.Refuse(posttest.Now, old, false, post.Problem{Code: post.MessageRefused}))
	if l.State != post.Sending || l.Current().Refused != 0 || l.Current().UUID != current {
		t.Errorf("an old refusal ended the letter: %s", l.State)
	}
	if err := l.Reschedule(posttest.Now, old, 0, "time-out"); !errors.Is(err, post.ErrUnchanged) {
		t.Errorf("an old time-out: %v", err)
	}
}

func TestCancelled(t *testing.T) {
	l := letter(t)
	must(t, l.Queue(posttest.Now))
	must(t, l.Cancel(posttest.Start, "test"))
	if err := l.Begin(keys.UUIDs(key), posttest.Now, posttest.Start); !errors.Is(err, post.ErrUnchanged) ||
		l.State != post.Cancelled {
		t.Errorf("a cancelled letter leaves: %v, %s", err, l.State)
	}
	l = letter(t)
	begin(t, l)
	if err := l.Cancel(posttest.Start, "test"); !errors.Is(err, post.ErrUnchanged) {
		t.Errorf("a letter that may have left was cancelled: %v", err)
	}
	must(t, l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
	must(
		t,
		l.Requeue(keys.UUIDs(key), posttest.Now, "test", time.Time{}),
	) // queued again, and its first attempt may have arrived
	if err := l.Cancel(posttest.Start, "test"); !errors.Is(err, post.ErrUnchanged) {
		t.Errorf("a queued letter that may have left was cancelled: %v", err)
	}
}

func TestShownState(t *testing.T) {
	for _, c := range []struct {
		counts post.Counts
		want   post.ShipmentState
	}{
		{post.Counts{Completed: 3}, post.ShipmentCompleted}, {post.Counts{Completed: 2, Failed: 1},
			post.CompletedWithErrors},
		{post.Counts{Completed: 2, HandedOver: 1}, post.InSending}, {post.Counts{Cancelled: 3}, post.ShipmentCancelled},
		{post.Counts{Completed: 1, Cancelled: 2}, post.ShipmentCompleted}, {post.Counts{Completed: 2}, post.InSending},
	} {
		s := &post.Shipment{State: post.InSending, Letters: 3, Counts: c.counts}
		if got := s.Derived(); got != c.want {
			t.Errorf("%+v is %s, want %s", c.counts, got, c.want)
		}
	}
}

func TestBackOff(t *testing.T) {
	p := post.ProductionTimings
	for tries := 1; tries < 20; tries++ {
		for _, jitter := range []float64{0, 0.5, 1} {
			if w := p.BackOff(tries, jitter); w < p.BackOffFrom || w > p.BackOffTo {
				t.Errorf("after %d tries: %v", tries, w)
			}
		}
	}
}

func TestSubjectAndFileNames(t *testing.T) {
	for subject, ok := range map[string]bool{"Møde": true, strings.Repeat("ø", 50): true,
		strings.Repeat("ø", 51): false, "": false, " ": false, "a\nb": false, "om 010190-1234": false} {
		if err := post.CheckSubject(subject); (err == nil) != ok {
			t.Errorf("subject %q: %v", subject, err)
		}
	}
	for name, ok := range map[string]bool{"brev.pdf": true, "Æ ø.PDF": true, "a/b.pdf": false, "a:b.pdf": false,
		"a\u00a0b.pdf": false, "brev": false, "b.exe": false, "0101901234.pdf": false, "": false} {
		if _, err := post.CheckFileName(name); (err == nil) != ok {
			t.Errorf("file name %q: %v", name, err)
		}
	}
}

func TestTimings(t *testing.T) {
	for text, want := range map[string]post.Timings{"production": post.ProductionTimings, "demo": post.DemoTimings,
		"": {}, "fast": {}, "demo look": {}, "demo look=-1s": {}, "demo lunch=1h": {}} {
		if got, err := post.ParseTimings(text); (err == nil) != (want != post.Timings{}) || err == nil && got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	want := post.DemoTimings
	want.CheckAfter, want.Upload = 3*time.Second, 90*time.Second
	if got, err := post.ParseTimings("demo look=3s upload=90s"); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestLateDeliveryAfterACorrection: Digital Post delivers what it had refused, after a person has set the letter
// right. That is no tick for the letter as it is now, and what has not left waits for a person.
func TestLateDeliveryAfterACorrection(t *testing.T) {
	key := []byte("key")
	_, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
	l := letters[0]
	must(t, l.Queue(posttest.Now))
	must(t, l.Begin(keys.UUIDs(key), posttest.Now, posttest.Start.Add(time.Minute)))
	old := l.Current().UUID
	must(t, l.HandOver(posttest.Now, old, "t", "d", false))
	refusal := post.Receipt{UUID: old, Status: post.ReceiptInvalid, ErrorCode: "recipient.unknown", Raw: []byte("1")}
	refusal.SetHash()
	must(t, l.Take(refusal, posttest.Now))
	must(
		t,
		l.Correct(keys.UUIDs(key), posttest.Now, "eva", post.Correction{Recipient: posttest.Number(t, "0505801235")}),
	)
	if l.Current().UUID == old || l.Current().UUID == keys.MessageUUID(key, string(l.ID), "", 1) {
		t.Error("the corrected letter's UUID does not depend on its recipient")
	}
	completed := post.Receipt{UUID: old, Status: post.ReceiptCompleted, Raw: []byte("2")}
	completed.SetHash()
	must(t, l.Take(completed, posttest.Now))
	if l.State != post.Failed || l.Problem.Code != post.Refused || l.Problem.Text == "" {
		t.Errorf("it is %s: %+v", l.State, l.Problem)
	}
}
