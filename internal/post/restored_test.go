package post_test

import (
	"slices"
	"testing"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestSentUnderALostCorrection: between a backup and its return a letter was corrected and delivered. A person corrects
// it as before, Digital Post delivers the message that it had refused, and the person corrects it as before once more:
// the message of the first repetition was never posted, and Digital Post has had it since before the return.
func TestSentUnderALostCorrection(t *testing.T) {
	l := letter(t)
	refused := begin(t, l)
	must(t, l.Take(receipt(refused, post.ReceiptInvalid, "recipient.unknown", 1), posttest.Now))
	again := post.Correction{Recipient: posttest.Number(t, "0505801235")}
	must(t, l.Correct(keys.UUIDs(key), posttest.Now, "eva", again))
	lost := l.Current().UUID
	must(t, l.Take(receipt(refused, post.ReceiptCompleted, "", 2), posttest.Now))
	if l.State != post.Failed {
		t.Fatalf("it is %s", l.State)
	}
	must(t, l.Correct(keys.UUIDs(key), posttest.Now, "eva", again))
	current := begin(t, l)
	if current == lost {
		t.Fatal("the second repetition is not a message of its own")
	}
	uuids := l.LostUUIDs(keys.UUIDs(key))
	if !slices.Contains(uuids, lost) || slices.Contains(uuids, current) || slices.Contains(uuids, refused) {
		t.Fatalf("asked about %v; lost %s, current %s, refused %s", uuids, lost, current, refused)
	}
	must(t, l.FindLost(posttest.Now, current, lost))
	if l.State != post.HandedOver || l.Current().UUID != lost || len(l.Messages) != 3 {
		t.Errorf("it is %s under %s, with %d messages", l.State, l.Current().UUID, len(l.Messages))
	}
	must(t, l.Take(receipt(lost, post.ReceiptCompleted, "", 3), posttest.Now))
	if l.State != post.Completed {
		t.Errorf("with the receipt of what was found it is %s", l.State)
	}
}
