package send

import (
	"errors"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestAnOwnSystemOpensNoBreaker: what does not answer by an organization's own system is not counted against Digital
// Post; what answers by it is, and so is what does not by the installation's.
func TestAnOwnSystemOpensNoBreaker(t *testing.T) {
	for way, want := range map[string]int{"": 1, "own": 0} {
		_, letters := posttest.Shipment(t, "aaaaaaaaaaaa", 1)
		letters[0].Messages = []post.Message{{UUID: "u", Way: way}}
		guard := &batchGuard{h: &Handler{UUIDKey: []byte("key")}}
		guard.record(letters[0], errors.New("HTTP 503"))
		guard.record(letters[0], nil)
		if guard.errors != want || len(guard.silence.Recipients) != want || guard.answers != 1 {
			t.Errorf(
				"by %q: %d errors of %d recipients, %d answers",
				way,
				guard.errors,
				len(guard.silence.Recipients),
				guard.answers,
			)
		}
	}
}
