package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"brevdue/internal/post"
)

// codeRequestsPK is the partition of those who are to get a code by mail.
const codeRequestsPK = "T#codes"

// requestKept is for how long a request waits for a mail server.
const requestKept = 24 * time.Hour

func codeRequestKey(login string) Key {
	sum := sha256.Sum256([]byte(login))
	return Key{codeRequestsPK, hex.EncodeToString(sum[:])}
}

// AskForCode implements auth.CodeRequests.
func (s *Store) AskForCode(ctx context.Context, r post.CodeRequest) error {
	return unlessRefused(s.put(ctx, codeRequestKey(r.Login), r, r.At.Add(requestKept), IfMissing))
}

// PutRequest implements auth.CodeRequests.
func (s *Store) PutRequest(ctx context.Context, r post.CodeRequest) error {
	return s.put(ctx, codeRequestKey(r.Login), r, r.At.Add(requestKept), Always)
}

// CodesAsked implements auth.CodeRequests.
func (s *Store) CodesAsked(ctx context.Context, limit int) ([]post.CodeRequest, error) {
	items, err := s.table.Query(ctx, codeRequestsPK, "", "", limit)
	all := make([]post.CodeRequest, len(items))
	for i, item := range items {
		if err := read(item, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, err
}

// DropRequest implements auth.CodeRequests.
func (s *Store) DropRequest(ctx context.Context, login string) error {
	k := codeRequestKey(login)
	return s.table.Transact(ctx, Write{Delete: &k})
}
