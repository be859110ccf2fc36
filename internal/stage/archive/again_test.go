package archive

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

var refusedText = post.Problem{Code: post.MessageRefused}

// kinds are the kinds of a letter's documents, as they are listed.
func kinds(documents []post.ArchivedDocument) string {
	var all []string
	for _, d := range documents {
		all = append(all, string(d.Kind))
	}
	return strings.Join(all, " ")
}

func begin(l *post.Letter) error {
	return l.Begin(keys.UUIDs(key), posttest.Now, posttest.Start.Add(time.Minute))
}

func refuse(l *post.Letter) error {
	return l.Refuse(posttest.Now, l.Current().UUID, false, refusedText)
}

func receiptOf(l *post.Letter, status post.ReceiptStatus, raw string) error {
	r := post.Receipt{UUID: l.Current().UUID, Status: status, Raw: []byte(raw)}
	r.SetHash()
	return l.Take(r, posttest.Now)
}

// TestCorrectedInTheSameCase: a letter that lies in a case of its own is found under whom it is for now. Under whom it
// was for first it stands as it was: nothing of the other one, and what is listed there can be opened.
func TestCorrectedInTheSameCase(t *testing.T) {
	ctx := context.Background()
	d := newDesk(t)
	_, err := d.store.Shipments().Change(ctx, "demo", "aaaaaaaaaaaa", func(s *post.Shipment) error {
		s.Case = "2026-17"
		return nil
	})
	posttest.Check(t, err)
	d.change(0, queue)
	d.file(0)
	d.change(0, func(l *post.Letter) error {
		return errors.Join(l.Fail(posttest.Now, post.Problem{Code: post.UnknownRecipient}),
			l.Correct(keys.UUIDs(key), posttest.Now, "eva", post.Correction{
				Recipient: posttest.Number(t, "0505901234")}),
			begin(l), receiptOf(l, post.ReceiptCompleted, "{}"))
	})
	d.file(0)
	for number, want := range map[string]string{
		"0101901000": "IKKE AFSENDT: Emne, Failed, for : letter attachment",
		"0505901234": "Emne, Completed, for 050590-xxxx: letter attachment message receipt",
		"2026-17":    "Emne, Completed, for 050590-xxxx: letter attachment message receipt",
	} {
		found, err := d.reader.SearchArchive(ctx, d.who, post.ArchiveQuery{Text: number})
		if err != nil || len(found.Cases) != 1 || len(found.Cases[0].Letters) != 1 {
			t.Fatalf("%s: %+v: %v", number, found, err)
		}
		l := found.Cases[0].Letters[0]
		got := l.Title + ", " + string(l.State) + ", for " + l.Recipient + ": " + kinds(l.Documents)
		if got != want {
			t.Errorf("%s finds %s, want %s", number, got, want)
		}
		for _, a := range l.Documents {
			if _, err := d.reader.ArchivedDocument(ctx, d.who, a.ID); err != nil {
				t.Errorf("%s: %s: %v", number, a.ID, err)
			}
		}
	}
}

// TestAReceiptAfterItWasArchived: one that comes late joins the others, and what is listed can be opened meanwhile.
func TestAReceiptAfterItWasArchived(t *testing.T) {
	d := newDesk(t)
	d.change(0, func(l *post.Letter) error {
		return errors.Join(queue(l), begin(l), receiptOf(l, post.ReceiptCompleted, "{}"))
	})
	d.file(0)
	d.change(0, func(l *post.Letter) error { return receiptOf(l, post.ReceiptReceived, `{"late":1}`) })
	d.intact("letter attachment")
	if l := d.file(0); l.Archiving.State != post.Archived {
		t.Fatalf("%+v", l.Archiving)
	}
	d.intact("letter attachment message receipt receipt")
}

// intact is that a letter is found with these documents, and that all of them are as they were stored.
func (d *desk) intact(want string) {
	d.t.Helper()
	_, documents := d.search("anton")
	report, err := d.reader.VerifyArchive(context.Background(), d.who, "")
	if got := kinds(documents); err != nil || got != want || len(report.Damaged) > 0 ||
		report.Documents != len(documents) {
		d.t.Errorf("%s, want %s; %+v: %v", got, want, report, err)
	}
}

// TestReplayedAfterItWasRefused: a letter that was first filed at its end is filed with the message that leaves when it
// is sent again; until then none is listed.
func TestReplayedAfterItWasRefused(t *testing.T) {
	d := newDesk(t)
	d.change(0, func(l *post.Letter) error { return errors.Join(queue(l), begin(l), refuse(l)) })
	d.file(0)
	d.intact("letter attachment message")
	d.change(0, func(l *post.Letter) error {
		return l.Requeue(keys.UUIDs(key), posttest.Now, "eva", time.Time{})
	})
	d.intact("letter attachment")
	d.file(0)
	d.intact("letter attachment message")
	filed, err := d.store.Filed(context.Background(), d.place(0))
	posttest.Check(t, err)
	l, err := d.store.Letters().GetAny(context.Background(), d.letters[0])
	posttest.Check(t, err)
	if filed[0].UUID != l.Current().UUID || !strings.Contains(d.read(filed[0].Record).Message, l.Current().UUID) {
		t.Error("the message that is filed is the one of before")
	}
}

// TestE1SentAgainOnADay: what a person sends again on a day begins on that day; cancelled before it lies in no archive.
func TestE1SentAgainOnADay(t *testing.T) {
	d := newDesk(t)
	d.change(0, func(l *post.Letter) error {
		l.Problem = &refusedText
		return errors.Join(queue(l), l.Requeue(keys.UUIDs(key), posttest.Now, "eva", posttest.Start.Add(48*time.Hour)))
	})
	if l := d.file(0); l.Begun() {
		t.Error("its sending has begun before its day")
	}
	d.change(0, func(l *post.Letter) error { return l.Cancel(posttest.Start.Add(time.Hour), "eva") })
	if l := d.file(0); l.State != post.Cancelled || l.Archiving.State != "" || !l.Due.IsZero() {
		t.Errorf("%s, %+v, due %v", l.State, l.Archiving, l.Due)
	}
	if titles, _ := d.search("anton"); len(titles) > 0 {
		t.Errorf("it lies in the archive: %v", titles)
	}
}

// TestDeliveredBeforeItWasCorrected: what Digital Post has delivered after all is not called unsent.
func TestDeliveredBeforeItWasCorrected(t *testing.T) {
	d := newDesk(t)
	d.change(0, func(l *post.Letter) error {
		err := errors.Join(queue(l), begin(l), refuse(l))
		late := post.Receipt{UUID: l.Current().UUID, Status: post.ReceiptCompleted, Raw: []byte("{}")}
		late.SetHash()
		return errors.Join(err, l.Correct(keys.UUIDs(key), posttest.Now, "eva", post.Correction{Subject: "Andet"}),
			l.Take(late, posttest.Now))
	})
	l := d.file(0)
	record := d.read(l.Archiving.Record)
	if l.State != post.Failed || record.Status != "Afsendt, før det blev rettet" || record.Title != "Andet" {
		t.Errorf("%s: %q, %q", l.State, record.Status, record.Title)
	}
}

// TestUnfiledIsKnownToItsPerson: a letter that was held back lies in no archive, and whoever it was for may know of it.
func TestUnfiledIsKnownToItsPerson(t *testing.T) {
	d := newDesk(t)
	d.change(0, func(l *post.Letter) error {
		l.Problem = &refusedText
		return queue(l)
	})
	l := d.file(0)
	known, err := d.store.LettersOf(context.Background(), "demo", personOf(key, l))
	if err != nil || !slices.Equal(known, d.letters[:1]) {
		t.Errorf("%v: %v", known, err)
	}
	if titles, _ := d.search("0101901000"); len(titles) > 0 {
		t.Errorf("it lies in the archive: %v", titles)
	}
}
