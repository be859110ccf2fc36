package main

import (
	"io"
	"time"

	"brevdue/internal/memo"
)

// source is a file of some bytes that stands nowhere.
type source struct{ left int64 }

func (s *source) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), s.left))
	s.left -= int64(n)
	return n, nil
}

func (s *source) Close() error { return nil }

func message(size int64) *memo.Message {
	return &memo.Message{
		Version: "1.2",
		Header: memo.Header{
			Type: memo.DigitalPost, UUID: "8c2ea15d-61fb-4ba9-9366-42f8b194c114", Label: "Afgørelse om tilskud",
			Sender:    memo.Sender{ID: "99060816", Type: "CVR", Label: "Nordøby Kommune"},
			Recipient: memo.Recipient{ID: "0101901234", Type: "CPR"},
		},
		Body: &memo.Body{Created: memo.At(time.Unix(1_790_000_000, 0)), Main: memo.MainDocument{Files: []memo.File{{
			Name: "Brev.pdf", EncodingFormat: "application/pdf", Language: "da",
			Content: memo.Content{Size: size, Open: func() (io.ReadCloser, error) { return &source{size}, nil }},
		}}}},
	}
}

// perSecond returns how many megabytes of a file of some bytes are done in a second, the best of three.
func perSecond(size int64, do func() error) (float64, error) {
	best := 0.0
	for range 3 {
		times, start := 0, time.Now()
		for time.Since(start) < time.Second/4 {
			if err := do(); err != nil {
				return 0, err
			}
			times++
		}
		best = max(best, float64(size)*float64(times)/1e6/time.Since(start).Seconds())
	}
	return best, nil
}
