package texts_test

import (
	"reflect"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// TestDemands: what is said of a document type is read again as it was, and a word that is none is named.
func TestDemands(t *testing.T) {
	for n := range 16 {
		want := post.DocumentType{ID: "a", Name: "Afgørelse"}
		want.Confidential, want.Mandatory, want.NoReply = n&1 > 0, n&2 > 0, n&4 > 0
		if n&8 > 0 {
			want.Archives, want.Cases = []string{"sbsys", "mappe"}, post.CasePerType
		}
		got := post.DocumentType{ID: "a", Name: "Afgørelse"}
		if err := texts.ReadDemands(&got, strings.ToUpper(texts.Demands(want))); err != nil ||
			!reflect.DeepEqual(got, want) {
			t.Errorf("%q is read as %+v, %v", texts.Demands(want), got, err)
		}
	}
	var got post.DocumentType
	err := texts.ReadDemands(&got, "fortrolig, hemmelig")
	if err == nil || !strings.Contains(err.Error(), "»hemmelig«") {
		t.Errorf("%v", err)
	}
}
