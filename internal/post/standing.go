package post

import (
	"context"
	"slices"
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
	longest := map[string]time.Duration{ // where it waits for a person it may wait for ever
		AtUpload: now.Pace.Upload, AtSplit: now.Pace.Look, AtQueue: now.Pace.Look, AtReceipt: now.Pace.ReceiptWithin, AtArchive: now.Pace.Look,
	}
	add := func(place string, n int, since time.Time) {
		s := &all[slices.IndexFunc(all, func(s Standing) bool { return s.Place == place })]
		if n <= 0 {
			return
		}
		s.Count += n
		if s.Oldest.IsZero() || since.Before(s.Oldest) {
			s.Oldest = since
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
		add(AtUnhandled, 1, f.Since)
	}
	for i := range all {
		s := &all[i]
		within := longest[s.Place]
		s.Late = s.Count > 0 && within > 0 && now.At.Sub(s.Oldest) > within
	}
	return all, nil
}

func standing(s *Shipment, add func(place string, n int, since time.Time)) {
	switch s.State {
	case Uploading:
		add(AtUpload, 1, s.Created)
	case Splitting:
		add(AtSplit, 1, s.Created)
	case InReview:
		add(AtReview, 1, s.Created)
	case InSending, ShipmentCancelled:
		add(AtQueue, s.Counts.Queued, s.Sent)
		add(AtReceipt, s.Counts.HandedOver, s.Sent)
		add(AtArchive, s.Counts.Completed+s.Counts.Failed-s.Counts.Archived-s.Counts.ArchiveFailed, s.Sent)
	}
}
