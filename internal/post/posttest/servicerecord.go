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
	for n, day := range []int{0, -1, -40} {
		id := fmt.Sprintf("ssssssssss%02d", n)
		for range 2 {
			must(t, record.PutService(ctx, post.ShipmentService{Shipment: id, Day: Start.AddDate(0, 0, day),
				Letters: 10, Prompt: 10 - n}))
		}
	}
	all, err := record.Service(ctx, Start.AddDate(0, 0, -30))
	if err != nil || all.Letters != 20 || all.Prompt != 19 {
		t.Errorf("%+v, %v", all, err)
	}
	first, err := record.Beat(ctx, Start)
	must(t, err)
	second, err := record.Beat(ctx, Start.Add(time.Minute))
	if err != nil || !first.IsZero() || !second.Equal(Start) {
		t.Errorf("beats: %v, %v, %v", first, second, err)
	}
}
