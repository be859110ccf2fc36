package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"brevdue/internal/post"
)

type requestBody struct {
	Hash   string `json:"hash"`
	Begun  stamp  `json:"begun"`
	Status int    `json:"status,omitempty"` // 0 while it is being done
	Answer []byte `json:"answer,omitempty"`
}

// requestKey keeps a key by its hash: what a program chooses may say anything.
func requestKey(org, key string) Key {
	sum := sha256.Sum256([]byte(key))
	return Key{"Q#" + org, hex.EncodeToString(sum[:])}
}

// Begin implements post.Requests.
func (s *Store) Begin(ctx context.Context, org, key, hash string, at time.Time) (*post.Answered, error) {
	var answer *post.Answered
	err := s.change(ctx, requestKey(org, key), func(old *Item) (*Item, error) {
		answer = nil
		var b requestBody
		if err := read(old, &b); err != nil {
			return nil, err
		}
		switch {
		case old == nil:
		case b.Hash != hash:
			return nil, post.ErrOtherRequest
		case b.Status != 0:
			answer = &post.Answered{Status: b.Status, Body: b.Answer}
			return nil, post.ErrUnchanged
		case at.Sub(b.Begun.time()) < post.RunningFor:
			return nil, post.ErrRunning
		}
		return small(requestKey(org, key), requestBody{Hash: hash, Begun: stampOf(at)}, time.Time{})
	})
	return answer, err
}

// Finish implements post.Requests.
func (s *Store) Finish(ctx context.Context, org, key, hash string, a *post.Answered) error {
	k := requestKey(org, key)
	if a == nil {
		return s.table.Transact(ctx, Write{Delete: &k})
	}
	return s.put(ctx, k, requestBody{Hash: hash, Status: a.Status, Answer: a.Body}, time.Time{}, Always)
}
