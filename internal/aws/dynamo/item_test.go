package dynamo

import (
	"reflect"
	"strings"
	"testing"

	"brevdue/internal/store"
)

// TestItemsComeBack: short bodies as they are, long ones deflated.
func TestItemsComeBack(t *testing.T) {
	for _, body := range []string{`{}`, strings.Repeat("x", PlainLimit), strings.Repeat(`{"i":"æøå"}`, 500)} {
		item := &store.Item{
			Key:      store.Key{PK: "p", SK: "s"},
			Revision: 7,
			Body:     []byte(body),
			List:     store.Key{PK: "l", SK: "1"},
			Due:      store.Key{PK: "d", SK: "2"},
			Numbers:  map[string]int64{"queued": -3},
			Expires:  99,
		}
		a, err := attributes(item)
		if err != nil {
			t.Fatal(err)
		}
		got, err := itemOf(a)
		if err != nil || !reflect.DeepEqual(got, item) {
			t.Errorf("a body of %d bytes came back as %+v: %v", len(body), got, err)
		}
		if _, deflated := a["z"]; deflated != (len(body) > PlainLimit) {
			t.Errorf("a body of %d bytes: deflated %v", len(body), deflated)
		}
	}
}
