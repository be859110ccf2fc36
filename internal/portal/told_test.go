package portal

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// TestWhatWasDoneIsSaidOnce: on the next page that somebody looks at, and on no other.
func TestWhatWasDoneIsSaidOnce(t *testing.T) {
	d := newCommands(t)
	d.ask(http.MethodPost, "/profiler", url.Values{"navn": {"Studie"}, "regel": {"first-page"}})
	d.shows("/profiler", "Profilen Studie er gemt.")
	d.shows("/profiler", "-er gemt.")
}

// TestNobodyElsePutsWordsOnAPage: a cookie that is not ours says nothing.
func TestNobodyElsePutsWordsOnAPage(t *testing.T) {
	for said, want := range map[sentence.Sentence]bool{
		sentence.Of("done-undone"):                                       true,
		sentence.Of("sentences", sentence.Of("done-sends", "4 breve")):   true,
		sentence.Of("sentences", sentence.Of("typed", "Ring til Jens!")): false,
		sentence.Of("sentences", "Ring til Jens!"):                       false,
		sentence.Of("typed", "Ring til Jens!"):                           false,
		"Ring til Jens!":                                                 false,
		"":                                                               false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/log", nil)
		r.AddCookie(&http.Cookie{Name: toldCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(said))})
		v := &visit{Request: r, w: httptest.NewRecorder()}
		if got := v.told(); (got != "") != want || strings.Contains(got, "§") {
			t.Errorf("%s says %q", said, got)
		}
	}
}

// TestWhatARemedyHasDone is said with its day as people write it, and without anything that did not happen.
func TestWhatARemedyHasDone(t *testing.T) {
	got := texts.Of(doneOf(&post.Bulk{Replayed: post.Replayed{Sends: 4, Nothing: 1}}, "2026-12-15"))
	if got != "4 breve bliver sendt igen den 15.12.2026. 1 brev kan ikke sendes igen uden videre og står her endnu." {
		t.Error(got)
	}
}
