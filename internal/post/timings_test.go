package post_test

import (
	"testing"
	"time"

	"brevdue/internal/post"
)

// TestDaysBeginAtEight: also on the days on which summer time begins and ends.
func TestDaysBeginAtEight(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Skip(err)
	}
	for _, day := range []string{"2026-03-28", "2026-03-29", "2026-07-01", "2026-10-25", "2026-12-20"} {
		at, err := post.ParseDay(day)
		if got := at.In(zone).Format("2006-01-02 15:04"); err != nil || got != day+" 08:00" {
			t.Errorf("%s begins at %s: %v", day, got, err)
		}
	}
	if _, err := post.ParseDay("2026-02-30"); err == nil {
		t.Error("30 February is a day")
	}
}

// TestArrivedSaysWhoseItIs: so that one organization's uploads do not hold up another one's.
func TestArrivedSaysWhoseItIs(t *testing.T) {
	for key, org := range map[string]string{"uploads/demo/aaaaaaaaaaaa/0": "demo", "uploads/x/names": "",
		"letters/demo/a/0": "", "": ""} {
		if e := post.UploadArrived(key); e.Org != org || e.Object != key {
			t.Errorf("%q: %+v, want %q", key, e, org)
		}
	}
}
