package post

import (
	"context"
	"time"
)

// Standing is how much of an organization's work is at one point of the way, and since when the oldest of it is there.
type Standing struct {
	Place  string    `json:"place"`
	Count  int       `json:"count"`
	Oldest time.Time `json:"oldest,omitzero"`
	Late   bool      `json:"late"` // longer than it should be: the sweep has taken it up
}

// The places of a Standing, in the order of the way.
const (
	AtUpload    = "uploading"
	AtSplit     = "splitting"
	AtReview    = "review"
	AtQueue     = "queued" // or being sent just now
	AtReceipt   = "handed-over"
	AtArchive   = "archiving"
	AtUnhandled = "unhandled"
)

// shipmentsLooked is how many of the newest shipments are looked at.
const shipmentsLooked = 200

// Standings says where everything of an organization stands.
func Standings(ctx context.Context, shipments Shipments, failures Failures, org string, now Moment) ([]Standing, error) {
	all := []Standing{{Place: AtUpload}, {Place: AtSplit}, {Place: AtReview}, {Place: AtQueue}, {Place: AtReceipt}, {Place: AtArchive}, {Place: AtUnhandled}}
	longest := []time.Duration{now.Pace.Upload, now.Pace.Look, 0, now.Pace.Look, now.Pace.ReceiptWithin, now.Pace.Look, 0}
	add := func(i, n int, since time.Time) {
		if s := &all[i]; n > 0 {
			s.Count += n
			if s.Oldest.IsZero() || since.Before(s.Oldest) {
				s.Oldest = since
			}
		}
	}
	for cursor, seen := "", 0; seen < shipmentsLooked; {
		list, next, err := shipments.List(ctx, org, cursor, 50)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			standing(s, add)
		}
		seen += len(list)
		if cursor = next; cursor == "" {
			break
		}
	}
	rows, _, err := failures.List(ctx, org, FailureFilter{}, "", 1000)
	if err != nil {
		return nil, err
	}
	for _, f := range rows {
		add(6, 1, f.Since)
	}
	for i := range all {
		all[i].Late = all[i].Count > 0 && longest[i] > 0 && now.At.Sub(all[i].Oldest) > longest[i]
	}
	return all, nil
}

func standing(s *Shipment, add func(i, n int, since time.Time)) {
	switch s.State {
	case Uploading:
		add(0, 1, s.Created)
	case Splitting:
		add(1, 1, s.Created)
	case InReview:
		add(2, 1, s.Created)
	case InSending, ShipmentCancelled:
		add(3, s.Counts.Queued, s.Sent)
		add(4, s.Counts.HandedOver, s.Sent)
		add(5, s.Counts.Completed+s.Counts.Failed-s.Counts.Archived-s.Counts.ArchiveFailed, s.Sent)
	}
}
