package embedded

import (
	"reflect"
	"testing"

	"brevdue/internal/store"
)

// TestHeads: what is written is read again, and so are the heads of the version before.
func TestHeads(t *testing.T) {
	all := map[string]record{
		"!7\x000\x00list\x00a#1\x00D#L#0\x0000000000000001#x": {Revision: 7, List: store.Key{PK: "list", SK: "a#1"},
			Due: store.Key{PK: "D#L#0", SK: "00000000000001#x"}},
		"!1\x001793000000\x00\x00\x00\x00":  {Revision: 1, Expires: 1793000000},
		`{"r":3,"n":{"letters":12}}`:        {Revision: 3, Numbers: map[string]int64{"letters": 12}},
		`{"r":4,"l":{"PK":"a\nb","SK":""}}`: {Revision: 4, List: store.Key{PK: "a\nb"}},
	}
	for head, r := range all {
		if got, err := r.appendTo(nil); err != nil || string(got) != head {
			t.Errorf("%+v is written as %q: %v", r, got, err)
		}
	}
	all[`{"r":7,"l":{"PK":"list","SK":"a#1"},"d":{"PK":"D","SK":"2"},"e":9}`] = record{Revision: 7, Expires: 9,
		List: store.Key{PK: "list", SK: "a#1"}, Due: store.Key{PK: "D", SK: "2"}} // as the version before wrote it
	for head, want := range all {
		var got record
		if err := got.read([]byte(head)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q is read as %+v: %v", head, got, err)
		}
	}
	for _, head := range []string{"", "!", "!1", "!x\x000\x00\x00\x00\x00", "noise", "{"} {
		if (&record{}).read([]byte(head)) == nil {
			t.Errorf("%q is read", head)
		}
	}
}
