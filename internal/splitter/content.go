package splitter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Content is the fingerprint of what the letters say and to whom, in whatever order: the same letters exported again
// have it too, although the file has other bytes. It is "" where a page was not read.
func (p *Plan) Content() string {
	if len(p.pages) == 0 {
		return ""
	}
	sums := make([][]byte, 0, len(p.Segments))
	for _, segment := range p.Segments {
		h := sha256.New()
		h.Write([]byte(segment.Recipient.Reveal()))
		for i := segment.First - 1; i < segment.Last; i++ {
			if p.pages[i].unreadable != "" {
				return ""
			}
			h.Write(p.pages[i].said[:])
		}
		sums = append(sums, h.Sum(nil))
	}
	slices.SortFunc(sums, bytes.Compare)
	all := sha256.Sum256(bytes.Join(sums, nil))
	return hex.EncodeToString(all[:])
}
