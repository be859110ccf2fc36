package workflow

import (
	"context"
	"slices"
	"time"

	"brevdue/internal/post"
)

// BacklogOf says where everything of an organization stands.
func BacklogOf(
	ctx context.Context,
	shipments post.Shipments,
	failures post.Failures,
	org string,
	now post.Clock,
) ([]post.Backlog, error) {
	all := []post.Backlog{
		{Place: post.AtUpload},
		{Place: post.AtSplit},
		{Place: post.AtReview},
		{Place: post.AtWaiting},
		{Place: post.AtQueue},
		{Place: post.AtReceipt},
		{Place: post.AtArchive},
		{Place: post.AtUnhandled},
	}
	longest := map[string]time.Duration{ // where it waits for a person it may wait for ever
		post.AtUpload: now.Timings.Upload, post.AtSplit: now.Timings.CheckAfter, post.AtQueue: now.Timings.CheckAfter,
		post.AtReceipt: now.Timings.ReceiptWithin, post.AtArchive: now.Timings.CheckAfter,
	}
	add := func(place string, n int, since time.Time) {
		s := &all[slices.IndexFunc(all, func(s post.Backlog) bool { return s.Place == place })]
		if n <= 0 {
			return
		}
		s.Count += n
		if s.Oldest.IsZero() || since.Before(s.Oldest) {
			s.Oldest = since
		}
	}
	if err := eachUnfinished(ctx, shipments, org, func(s *post.Shipment) { addShipment(s, add) }); err != nil {
		return nil, err
	}
	if err := eachRow(ctx, failures, org, func(f *post.Failure) { add(post.AtUnhandled, 1, f.Since) }); err != nil {
		return nil, err
	}
	for i := range all {
		s := &all[i]
		within := longest[s.Place]
		s.Late = s.Count > 0 && within > 0 && now.At.Sub(s.Oldest) > within
	}
	return all, nil
}

// pageOfBacklog is how much of a backlog is read at a time.
const pageOfBacklog = 100

func eachUnfinished(ctx context.Context, shipments post.Shipments, org string, do func(*post.Shipment)) error {
	return eachOfPages(do, func(cursor string) ([]*post.Shipment, string, error) {
		return shipments.Unfinished(ctx, org, cursor, pageOfBacklog)
	})
}

func eachRow(ctx context.Context, failures post.Failures, org string, do func(*post.Failure)) error {
	return eachOfPages(do, func(cursor string) ([]*post.Failure, string, error) {
		return failures.List(ctx, org, post.EveryRow(), cursor, pageOfBacklog)
	})
}

func eachOfPages[T any](do func(T), page func(cursor string) ([]T, string, error)) error {
	for cursor := ""; ; {
		items, next, err := page(cursor)
		if err != nil {
			return err
		}
		for _, item := range items {
			do(item)
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

// addShipment adds up where a shipment's letters wait: at upload, split or review as a whole, then letter by letter.
func addShipment(s *post.Shipment, add func(place string, n int, since time.Time)) {
	switch s.State {
	case post.Uploading:
		add(post.AtUpload, 1, s.Created)
	case post.Splitting:
		add(post.AtSplit, 1, s.Created)
	case post.InReview:
		add(post.AtReview, 1, s.Created)
	case post.InSending, post.ShipmentCancelled:
		queued := s.Counts.Queued
		if s.State == post.InSending { // on their way into the queue
			queued += s.Counts.Created
		}
		place := post.AtQueue
		if s.State == post.InSending && (s.Waiting || s.Paused) {
			place = post.AtWaiting
			if !s.HasLetters() {
				queued = s.Letters
			}
		}
		add(place, queued, s.SentAt)
		add(post.AtReceipt, s.Counts.HandedOver, s.SentAt)
		add(post.AtArchive, s.Counts.Unarchived(), s.SentAt)
	}
}
