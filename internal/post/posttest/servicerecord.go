package posttest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"brevdue/internal/post"
)

// service: an outage and a shipment are noted once however often that is done, and what is too old is not told.
func service(t *testing.T, w Words) {
	ctx, record := context.Background(), w.Service
	old := post.Outage{Of: post.BrevdueOut, From: Start.Add(-48 * time.Hour), To: Start.Add(-47 * time.Hour)}
	lasts := post.Outage{Of: post.DigitalPostOut, From: Start}
	must(t, record.PutOutage(ctx, old))
	must(t, record.PutOutage(ctx, lasts))
	over := lasts
	over.To = Start.Add(time.Minute)
	must(t, record.PutOutage(ctx, over))
	for since, want := range map[time.Duration][]post.Outage{
		72 * time.Hour: {over, old}, time.Hour: {over}, -time.Hour: nil,
	} {
		got, err := record.Outages(ctx, Start.Add(-since))
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) && len(got)+len(want) > 0 {
			t.Errorf("since %v: %v, %v, want %v", since, got, err, want)
		}
	}
	shipments := func(prompt int) {
		for n, day := range []int{0, -1, -40} {
			id := fmt.Sprintf("ssssssssss%02d", n)
			must(t, record.PutService(ctx, post.ShipmentService{Shipment: id, Sent: Start.AddDate(0, 0, day),
				Letters: 10, Prompt: prompt - n}))
		}
	}
	sum := func(letters, prompt int) {
		t.Helper()
		all, err := record.Service(ctx, Start.AddDate(0, 0, -30))
		if err != nil || all.Letters != letters || all.Prompt != prompt {
			t.Errorf("%+v, %v, want %d and %d", all, err, letters, prompt)
		}
	}
	shipments(10) // before Brevdue was first noted to work
	sum(0, 0)
	last := func(want time.Time) {
		t.Helper()
		if at, err := w.Beats.LastBeat(ctx); err != nil || !at.Equal(want) {
			t.Errorf("the last beat was at %v, %v, want %v", at, err, want)
		}
	}
	last(time.Time{})
	for _, at := range []time.Time{Start.AddDate(0, 0, -50), Start} {
		must(t, w.Beats.PutBeat(ctx, at))
		last(at)
	}
	shipments(10)
	sum(20, 19)
	shipments(5) // noted again
	sum(20, 19)
	must(t, record.PutService(ctx, post.ShipmentService{Shipment: "tttttttttttt", Sent: Start, Letters: 5, Prompt: -1}))
	sum(25, 19)
}
