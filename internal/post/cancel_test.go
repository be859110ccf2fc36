package post_test

import (
	"errors"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestALetterThatWasSteppedBackIsCancelled: Stop took its attempt back, so nothing of it has left; when the
// organization sends again, it does not leave.
func TestALetterThatWasSteppedBackIsCancelled(t *testing.T) {
	l := letter(t)
	uuid := begin(t, l)
	must(t, l.UndoAttempt(posttest.Now, uuid, l.Lease))
	must(t, l.Cancel(posttest.Start, "eva"))
	later := post.Clock{At: posttest.Start.Add(time.Hour), Timings: posttest.Now.Timings}
	if err := l.Begin(keys.UUIDs(key), later, later.At.Add(time.Minute)); !errors.Is(err, post.ErrUnchanged) ||
		l.State != post.Cancelled || !l.Due.Equal(posttest.Start) { // to be archived as not sent
		t.Errorf("after the start it is %s, due %v: %v", l.State, l.Due, err)
	}
}

// TestWithdraw is what a sender does that finds the shipment cancelled at the last moment.
func TestWithdraw(t *testing.T) {
	late := post.Clock{At: posttest.Start.Add(posttest.Now.Timings.RetryFor), Timings: posttest.Now.Timings}
	for name, c := range map[string]struct {
		unanswered bool // an attempt before this one
		now        post.Clock
		want       post.LetterState
	}{
		"nothing has left":                         {false, posttest.Now, post.Cancelled},
		"an attempt before was not answered":       {true, posttest.Now, post.Sending},
		"and the deadline of temporary ones is up": {true, late, post.Failed},
	} {
		l := letter(t)
		uuid := begin(t, l)
		if c.unanswered {
			must(t, l.CountAttempt(uuid))
		}
		cancel := post.Clearance{Cancels: 1, CancelledBy: "eva"}
		must(t, l.Withdraw(c.now, uuid, cancel, 0, 1))
		if l.State != c.want || l.Current().Unanswered() != c.unanswered {
			t.Errorf("%s: it is %s with %+v", name, l.State, l.Current())
		}
		if last := l.History[len(l.History)-1]; c.want == post.Cancelled && (last.What != post.WasCancelled ||
			last.Note != "eva") {
			t.Errorf("%s: %+v does not say who cancelled", name, last)
		}
		if err := l.Withdraw(c.now, "another", cancel, 0, 1); !errors.Is(err, post.ErrUnchanged) {
			t.Errorf("%s: an attempt with another message is withdrawn: %v", name, err)
		}
	}
}

// TestWithdrawAfterItWasSentAgain: a sender that has stood still takes its own attempt back, and no more.
func TestWithdrawAfterItWasSentAgain(t *testing.T) {
	l := letter(t)
	uuid := begin(t, l)
	must(t, l.CountAttempt(uuid))
	must(t, l.Refuse(posttest.Now, uuid, false, post.Problem{Code: post.MessageRefused}))
	must(t, l.Requeue(keys.UUIDs([]byte("key")), posttest.Now, "eva", time.Time{}))
	l.Cancels = 1
	must(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute)))
	must(t, l.Withdraw(posttest.Now, uuid, post.Clearance{Cancels: 1, CancelledBy: "eva"}, 0, 1))
	if l.State != post.Sending || l.Current().Attempts != 1 {
		t.Errorf("it is %s with %+v", l.State, l.Current())
	}
}

// TestARefusalIsAskedAboutBeforeACancel: Digital Post may have taken what it refused in words, so neither the cancel
// nor a sender that has not asked since calls the letter cancelled.
func TestARefusalIsAskedAboutBeforeACancel(t *testing.T) {
	l := letter(t)
	uuid := begin(t, l) // this sender stands still
	must(t, l.CountAttempt(uuid))
	must(t, l.Refuse(posttest.Now, uuid, false, post.Problem{Code: post.MessageRefused}))
	must(t, l.Requeue(keys.UUIDs([]byte("key")), posttest.Now, "eva", time.Time{}))
	must(t, l.Begin(keys.UUIDs([]byte("key")), posttest.Now, posttest.Start.Add(time.Minute)))
	cancel := post.Clearance{Cancels: 1, CancelledBy: "eva"}
	must(t, l.Withdraw(posttest.Now, uuid, cancel, 0, 1))
	if err := l.Cancel(posttest.Start, "eva"); l.State != post.Sending || !errors.Is(err, post.ErrUnchanged) {
		t.Errorf("not asked about it is %s: %v", l.State, err)
	}
	must(t, l.Begin(keys.UUIDs([]byte("key")), post.Clock{At: l.Lease.Add(1), Timings: posttest.Now.Timings}, l.Lease))
	must(t, l.Withdraw(posttest.Now, uuid, cancel, 1, 1))
	if l.State != post.Cancelled {
		t.Errorf("asked about it is %s", l.State)
	}
}

// TestCancelOfAShipment: it counts while something may still leave; a second click is no error; what is over is told.
func TestCancelOfAShipment(t *testing.T) {
	for name, c := range map[string]struct {
		is      post.Shipment
		want    error
		state   post.ShipmentState
		cancels int
	}{
		"in review": {post.Shipment{State: post.InReview}, nil, post.ShipmentCancelled, 0},
		"twice":     {post.Shipment{State: post.ShipmentCancelled}, post.ErrUnchanged, post.ShipmentCancelled, 0},
		"being sent": {post.Shipment{State: post.InSending, Letters: 2, FannedOut: true,
			Counts: post.Counts{Queued: 1, Completed: 1}}, nil, post.InSending, 1},
		"again": {post.Shipment{State: post.InSending, Letters: 2, Cancels: 1,
			Counts: post.Counts{Queued: 2}}, nil, post.InSending, 2},
		"a second click": {post.Shipment{State: post.InSending, Letters: 2, Cancels: 1,
			Counts: post.Counts{Cancelled: 2}}, post.ErrUnchanged, post.InSending, 1},
		"all of them have left": {post.Shipment{State: post.InSending, Letters: 1, Counts: post.Counts{HandedOver: 1}},
			post.ErrNotCancelled, post.InSending, 0},
		"stopped": {post.Shipment{State: post.SplitRefused}, post.ErrNotCancelled, post.SplitRefused, 0},
	} {
		s := c.is
		if err := s.Cancel(posttest.Start, "eva"); !errors.Is(err, c.want) || s.State != c.state ||
			s.Cancels != c.cancels {
			t.Errorf("%s: %v, %s, %d", name, err, s.State, s.Cancels)
		}
		if c.want == nil && (s.CancelledBy != "eva" || s.FannedOut || !s.Due.Equal(posttest.Start)) {
			t.Errorf("%s: by %q, and the sweep does not end what dies half way: %+v", name, s.CancelledBy, s)
		}
	}
}

// TestLateDeliveryIsTold: what Digital Post delivers after it was refused, and after the letter was cancelled or
// corrected, gives no tick, and a person is told once.
func TestLateDeliveryIsTold(t *testing.T) {
	refused := func() (*post.Letter, string) {
		l := letter(t)
		uuid := begin(t, l)
		must(t, l.HandOver(posttest.Now, uuid, "t", "d", false))
		must(t, l.Take(receipt(uuid, post.ReceiptInvalid, "recipient.unknown", 1), posttest.Now))
		return l, uuid
	}
	l, uuid := refused()
	must(t, l.Requeue(keys.UUIDs(key), posttest.Now, "eva", time.Time{}))
	must(t, l.Cancel(posttest.Start, "eva"))
	must(t, l.Take(receipt(uuid, post.ReceiptCompleted, "", 2), posttest.Now))
	if l.State != post.Cancelled || !l.Doubted() || l.Due.IsZero() {
		t.Errorf("cancelled, then delivered: %s, told %v, due %v", l.State, l.Doubted(), l.Due)
	}
	must(t, l.ShowDoubt(l.Doubt.At))
	must(t, l.Take(receipt(uuid, post.ReceiptCompleted, "", 3), posttest.Now))
	must(t, l.Archive(posttest.Now, post.Archiving{Edition: l.Archiving.Edition}, len(l.Receipts)))
	if l.Doubted() || !l.Due.IsZero() {
		t.Error("the same is told twice")
	}
	l, uuid = refused()
	must(
		t,
		l.Correct(keys.UUIDs(key), posttest.Now, "eva", post.Correction{Recipient: posttest.Number(t, "0505801235")}),
	)
	now := begin(t, l)
	must(t, l.HandOver(posttest.Now, now, "t", "d", false))
	must(t, l.Take(receipt(uuid, post.ReceiptCompleted, "", 2), posttest.Now))
	if l.State != post.HandedOver || !l.Doubted() {
		t.Errorf("corrected and sent, then delivered as it was: %s, told %v", l.State, l.Doubted())
	}
}

// TestLateDeliveryOfAnyMessageBeforeACorrection: also one that was followed by another before the letter was set right.
func TestLateDeliveryOfAnyMessageBeforeACorrection(t *testing.T) {
	l := letter(t)
	first := begin(t, l)
	must(t, l.Take(receipt(first, post.ReceiptInvalid, "recipient.unknown", 1), posttest.Now))
	must(t, l.Requeue(keys.UUIDs(key), posttest.Now, "eva", time.Time{}))
	second := begin(t, l)
	must(t, l.Take(receipt(second, post.ReceiptInvalid, "recipient.unknown", 1), posttest.Now))
	must(
		t,
		l.Correct(keys.UUIDs(key), posttest.Now, "eva", post.Correction{Recipient: posttest.Number(t, "0505801235")}),
	)
	third := begin(t, l)
	must(t, l.HandOver(posttest.Now, third, "t", "d", false))
	for _, c := range []struct {
		uuid string
		want post.LetterState
	}{{first, post.HandedOver}, {second, post.HandedOver}, {third, post.Completed}} {
		must(t, l.Take(receipt(c.uuid, post.ReceiptCompleted, "", 2), posttest.Now))
		if l.State != c.want || !l.Doubted() {
			t.Errorf("it is %s, and a person is told: %v", l.State, l.Doubted())
		}
	}
}

// TestARefusalIsFiled: a letter that had failed, and is refused by receipt after that, is archived anew, once.
func TestARefusalIsFiled(t *testing.T) {
	l := letter(t)
	uuid := begin(t, l)
	must(t, l.Refuse(posttest.Now, uuid, false, post.Problem{Code: post.MessageRefused}))
	for n, want := range []int{2, 2} {
		must(t, l.Take(receipt(uuid, post.ReceiptInvalid, "recipient.unknown", n), posttest.Now))
		if l.Archiving.Edition != want || l.Due.IsZero() || l.State != post.Failed ||
			l.Problem.Code != post.MessageRefused {
			t.Errorf("edition %d, due %v, %s", l.Archiving.Edition, l.Due, l.State)
		}
	}
}

// TestAdoptAfterARefusal: a message that was made after the backup, for the one before was refused, is known again too.
func TestAdoptAfterARefusal(t *testing.T) {
	l := letter(t)
	uuid := begin(t, l)
	must(t, l.Refuse(posttest.Now, uuid, false, post.Problem{Code: post.MessageRefused}))
	next := receipt(keys.MessageUUID(key, string(l.ID), "", 1), post.ReceiptCompleted, "", 1)
	l.RestoreMessage(keys.UUIDs(key), next, posttest.Now)
	must(t, l.Take(next, posttest.Now))
	if l.State != post.Completed {
		t.Errorf("it is %s", l.State)
	}
	l = letter(t)
	uuid = begin(t, l) // not answered: nothing was made after it
	l.RestoreMessage(
		keys.UUIDs(key),
		receipt(keys.MessageUUID(key, string(l.ID), "", 1), post.ReceiptCompleted, "", 1),
		posttest.Now,
	)
	if len(l.Messages) != 1 || l.Current().UUID != uuid {
		t.Errorf("%+v", l.Messages)
	}
}

// TestFiledAfterItWasGivenUp: who files a letter late does not take its row's reason away.
func TestFiledAfterItWasGivenUp(t *testing.T) {
	l := letter(t)
	begin(t, l)
	must(t, l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
	for range post.ArchiveTries {
		must(t, l.RescheduleArchiving(posttest.Now, 1))
	}
	err := l.Archive(posttest.Now, post.Archiving{Edition: l.Archiving.Edition}, len(l.Receipts))
	if !errors.Is(err, post.ErrUnchanged) || l.Archiving.State != post.ArchiveFailed {
		t.Errorf("it is %s: %v", l.Archiving.State, err)
	}
}

// TestADuplicateOfAFailedLetter: "already received" that comes when the letter was given up is what a person decides
// about, not a row whose button does nothing.
func TestADuplicateOfAFailedLetter(t *testing.T) {
	l := letter(t)
	uuid := begin(t, l)
	must(t, l.Fail(posttest.Now, post.Problem{Code: post.ChannelDown}))
	must(t, l.Report())
	must(t, l.Refuse(posttest.Now, uuid, true, post.Problem{Code: post.Refused}))
	if l.State != post.Failed || l.Problem.Code != post.Refused || l.Reported {
		t.Errorf("it is %s with %s, reported %v", l.State, l.Problem.Code, l.Reported)
	}
}
