package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"brevdue/internal/post"
)

// outlineChunk is how much of a packed outline one item holds: an item is 400 KB at most, and this is written as text.
const outlineChunk = 200 << 10

// outlineKey is the key of a chunk of an outline: not beside the shipment, whose header and counts are read in one
// query.
func outlineKey(shipment, sha256 string, n int) Key {
	return Key{"P#" + shipment, fmt.Sprintf("%s#%04d", sha256, n)}
}

// PutOutline implements post.Outlines.
func (s *Store) PutOutline(ctx context.Context, sh *post.Shipment, o *post.Outline) (string, error) {
	b, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	fingerprint := fingerprintOf(b)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(b) // a bytes.Buffer does not fail
	_ = z.Close()
	for n := 0; packed.Len() > 0; n++ {
		if err := s.putBeside(ctx, sh, outlineKey(sh.ID, fingerprint, n), packed.Next(outlineChunk)); err != nil {
			return "", err
		}
	}
	return fingerprint, nil
}

func fingerprintOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Outline implements post.Outlines.
func (s *Store) Outline(ctx context.Context, sh *post.Shipment) (*post.Outline, error) {
	if sh.Outline == "" {
		return nil, nil
	}
	var packed bytes.Buffer
	for after := ""; ; {
		items, err := s.table.Query(ctx, "P#"+sh.ID, sh.Outline+"#", after, 10)
		if err != nil {
			return nil, err
		}
		if len(items) == 0 {
			break
		}
		for _, item := range items {
			var chunk []byte
			if err := read(item, &chunk); err != nil {
				return nil, err
			}
			packed.Write(chunk)
		}
		after = items[len(items)-1].SK
	}
	z, err := gzip.NewReader(&packed)
	if err != nil {
		return nil, fmt.Errorf("outline of %s: %w: %w", sh.ID, post.ErrDamaged, err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("outline of %s: %w: %w", sh.ID, post.ErrDamaged, err)
	}
	if fingerprintOf(b) != sh.Outline {
		return nil, fmt.Errorf("outline of %s: it is not the one that was stored: %w", sh.ID, post.ErrDamaged)
	}
	o := &post.Outline{}
	return o, json.Unmarshal(b, o)
}
