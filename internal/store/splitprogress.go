package store

import (
	"context"
	"time"

	"brevdue/internal/post"
)

type progressBody struct {
	Read       int   `json:"read"`
	Pages      int   `json:"pages"`
	Recognized int   `json:"recognized,omitempty"`
	Scanned    int   `json:"scanned,omitempty"`
	At         stamp `json:"at"`
}

// progressLife is how long somebody may want to know it.
const progressLife = 24 * time.Hour

func progressKey(org, shipment string) Key { return Key{"H#" + org, "PROGRESS#" + shipment} }

// PutProgress implements post.SplitProgresses.
func (s *Store) PutProgress(ctx context.Context, org, shipment string, p post.SplitProgress) error {
	body := progressBody{p.Read, p.Pages, p.Recognized, p.Scanned, stampOf(p.At)}
	return s.put(ctx, progressKey(org, shipment), body, p.At.Add(progressLife), Always)
}

// Progress implements post.SplitProgresses.
func (s *Store) Progress(ctx context.Context, org, shipment string) (*post.SplitProgress, error) {
	var b progressBody
	there, err := s.get(ctx, progressKey(org, shipment), &b)
	if err != nil || !there {
		return nil, err
	}
	return &post.SplitProgress{Read: b.Read, Pages: b.Pages, Recognized: b.Recognized, Scanned: b.Scanned,
		At: b.At.time()}, nil
}
