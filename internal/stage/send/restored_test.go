package send

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

type restorations struct{ now post.Restored }

func (r *restorations) Restored(context.Context) (post.Restored, error) { return r.now, nil }

// TestNothingLeavesARestoredTable before it is released; after that, what Digital Post has is not posted again.
func TestNothingLeavesARestoredTable(t *testing.T) {
	o := newOffice(t, 3, accept)
	restored := &restorations{post.Restored{Held: true}}
	o.Handler.Restored = restored
	o.send(t)
	if l := o.get(t, 0); l.State != post.Queued || len(o.channel.Posted) > 0 {
		t.Fatalf("while it is held a letter is %s, and %d were posted", l.State, len(o.channel.Posted))
	}
	sent := keys.MessageUUID([]byte("key"), string(o.letters[1].ID), "", 0) // it left after the backup was made
	o.channel.Taken = map[string]bool{sent: true}
	o.channel.Posted = map[string]int{}
	o.now = posttest.Start.Add(72 * time.Hour) // days later
	restored.now = post.Restored{Before: o.now}
	o.send(t)
	if len(o.channel.Posted) > 0 {
		t.Error("posted before Digital Post surely knows what it took in after the backup, in a container, say")
	}
	o.now = o.now.Add(o.Timings.Events)
	o.send(t)
	if !o.channel.Since.Before(posttest.Start) {
		t.Errorf("asked for what happened since %v: the letter may have left before", o.channel.Since)
	}
	for i := range 3 {
		if l := o.get(t, i); l.State != post.HandedOver || l.Current().Attempts != 1 {
			t.Errorf("letter %d is %s after %d posts", i+1, l.State, l.Current().Attempts)
		}
	}
	if o.channel.Posted[sent] != 0 || len(o.channel.Posted) != 2 {
		t.Errorf("posted %v", o.channel.Posted)
	}
}

// TestSentUnderALostNumberOfRefusals: between a backup and its return a letter was refused, sent again and taken in,
// so that it is there under another UUID than the one that comes next.
func TestSentUnderALostNumberOfRefusals(t *testing.T) {
	o := newOffice(t, 3, accept)
	o.Handler.Restored = &restorations{post.Restored{Before: o.now.Add(time.Hour)}}
	lost := keys.MessageUUID(o.Handler.UUIDKey, string(o.letters[1].ID), "", 2)
	o.channel.Posted, o.channel.Taken = map[string]int{}, map[string]bool{lost: true}
	o.now = o.now.Add(time.Hour + o.Timings.Events)
	o.send(t)
	l := o.get(t, 1)
	if l.State != post.HandedOver || l.Current().UUID != lost || o.channel.Posted[l.Messages[0].UUID] != 0 {
		t.Errorf("it is %s under %s", l.State, l.Current().UUID)
	}
	if len(o.channel.Posted) != 2 {
		t.Errorf("posted %v", o.channel.Posted)
	}
}
