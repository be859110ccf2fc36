package post

import (
	"errors"
	"net/url"
	"testing"
)

// TestACursorIsWholeOrNone: it needs no escaping, and whatever was made of it is told, never taken for the first page.
func TestACursorIsWholeOrNone(t *testing.T) {
	const place = "2026-11-28T10:00:00Z#aaaaaaaaaaaa#æ/+?&"
	c := CursorOf("demo", "shipments", place)
	if got, err := c.Place("demo", "shipments"); err != nil || got != place {
		t.Errorf("%q, %v", got, err)
	}
	if url.QueryEscape(string(c)) != string(c) {
		t.Errorf("%s needs escaping", c)
	}
	if got, err := Cursor("").Place("demo", "shipments"); got != "" || err != nil || CursorOf("demo", "shipments",
		"") != "" {
		t.Errorf("the beginning is %q, %v", got, err)
	}
	for _, wrong := range []Cursor{place, "x", c[:len(c)-1], c[:len(c)-4], c[1:], c + "A", c + "=", "%" + c, "AAAA"} {
		if got, err := wrong.Place("demo", "shipments"); !errors.Is(err, ErrCursor) {
			t.Errorf("%q is %q, %v", wrong, got, err)
		}
	}
	for _, of := range [][2]string{{"demo", "inbox"}, {"anden", "shipments"}} {
		if _, err := c.Place(of[0], of[1]); !errors.Is(err, ErrCursor) {
			t.Errorf("it is good for %s: %v", of, err)
		}
	}
}
