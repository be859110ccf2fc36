package sentence

import (
	"reflect"
	"testing"
)

// TestSentencesAreTakenApart: what a sentence was made of comes back, also out of another sentence.
func TestSentencesAreTakenApart(t *testing.T) {
	inner := Of("inner", "[a]")
	code, args := Of("outer", 3, `§["typed"]`, inner).Parts()
	if code != "outer" || !reflect.DeepEqual(args, []any{int64(3), `§["typed"]`, inner}) {
		t.Errorf("%q %#v", code, args)
	}
	for _, old := range []Sentence{"", "§", "§[", "§[]", "Brevet er holdt tilbage.", "[\"a\"]"} {
		if code, _ := old.Parts(); code != "" || old.Error() != string(old) {
			t.Errorf("%q has the code %q", old, code)
		}
	}
}
