package store

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"brevdue/internal/post"
)

// TestFindingsComeBack: whatever pages a finding has, they come back; many that stand in a row take little.
func TestFindingsComeBack(t *testing.T) {
	row := func(n, step int) (pages []int) {
		for i := range n {
			pages = append(pages, 1+i*step)
		}
		return pages
	}
	many := [][]int{nil, {}, {1}, {5, 3}, {0, 1}, {7, 7}, row(500, 1), row(501, 1), row(100_000, 1), row(100_000, 2),
		append(row(600, 2), 3), append(row(600, 3), 5000, 5001, 5003, 5005, 5006)}
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		var pages []int
		page := 0
		for range r.IntN(1500) {
			page += 1 + r.IntN(3)*r.IntN(2)
			pages = append(pages, page)
		}
		many = append(many, pages)
	}
	for _, pages := range many {
		b, err := json.Marshal(findingBodies([]post.Finding{{Code: "x", Pages: pages, Text: "t"}}))
		if err != nil {
			t.Fatal(err)
		}
		var bodies []findingBody
		if err := json.Unmarshal(b, &bodies); err != nil {
			t.Fatal(err)
		}
		got := findingsOf(bodies)[0]
		if got.Code != "x" || got.Text != "t" || !reflect.DeepEqual(got.Pages, pages) {
			t.Errorf("%d pages came back as %v", len(pages), got.Pages)
		}
		if len(pages) == 100_000 && len(b) > 100 {
			t.Errorf("%d pages in a row take %d bytes", len(pages), len(b))
		}
	}
	var stored []findingBody // this is the form that lies in tables
	if err := json.Unmarshal([]byte(`[{"code":"x","pages":null,"runs":"3-9,12,20-40/5","text":"t"}]`), &stored); err != nil ||
		!reflect.DeepEqual(findingsOf(stored)[0].Pages, []int{3, 4, 5, 6, 7, 8, 9, 12, 20, 25, 30, 35, 40}) {
		t.Errorf("%+v: %v", stored, err)
	}
	var old []findingBody // of a version before
	if err := json.Unmarshal([]byte(`[{"code":"x","pages":[1,2,9],"text":"t"}]`), &old); err != nil ||
		!reflect.DeepEqual(findingsOf(old)[0].Pages, []int{1, 2, 9}) {
		t.Errorf("%+v: %v", old, err)
	}
}

// TestReleasedIsTheShipments: what is read before a letter leaves is what stands in its shipment.
func TestReleasedIsTheShipments(t *testing.T) {
	for i := range 64 {
		s := &post.Shipment{ID: "aaaaaaaaaaaa", Org: "demo", State: post.InSending}
		if s.Drafted, s.Waiting, s.Paused = i&1 > 0, i&2 > 0, i&4 > 0; i&8 > 0 {
			s.State = post.InReview
		}
		if i&16 > 0 {
			s.Cancels, s.CancelledBy = 3, "eva"
		}
		if i&32 > 0 {
			s.Findings = []post.Finding{{Code: "x", Pages: []int{1}}}
		}
		body, err := JSON.Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		var got Released
		if err := JSON.Decode(body, &got); err != nil || got != ReleasedOf(s) {
			t.Errorf("%+v of %+v: %v", got, s, err)
		}
	}
}
