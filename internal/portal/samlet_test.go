package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestManyAreDoneInTheBackground: the page says how far it is until it is over, and then what became of them.
func TestManyAreDoneInTheBackground(t *testing.T) {
	d := newCommands(t)
	letters := make([]func(*post.Letter), post.BulkRows+10)
	var chosen []string
	for i := range letters {
		letters[i] = withoutNumber
		chosen = append(chosen, string(post.NewLetterID("aaaaaaaaaaaa", 1, i+1, i+1, i+1)))
	}
	d.shipment("aaaaaaaaaaaa", letters...)
	form := url.Values{"kode": {"no-recipient-found"}, "valgt": chosen}
	for h, want := range map[string]string{"igen": "Behandl 60 igen", "haandteret": "Markér 60 som håndteret"} {
		form.Set("h", h)
		if page := asSeen(d.ask(http.MethodPost, "/log/ubehandlet", form)); !strings.Contains(page, want) {
			t.Errorf("%s is asked for without %q", h, want)
		}
	}
	form.Set("h", "haandteret")
	form.Set("bekraeft", "1")
	form.Set("begrundelse", "ringet op")
	d.ask(http.MethodPost, "/log/ubehandlet", form)
	d.shows("/log/ubehandlet", "Markerer som håndteret – 0 af 60", "Startet af eva.", "60 breve venter på nogen",
		"Stop resten", "60 rækker bliver behandlet i baggrunden.")
	posttest.Check(t, errors.Join(d.remedies.Handle(context.Background(), d.queues.Take(post.BulkQueue))...))
	d.shows("/log/ubehandlet", "60 rækker er markeret som håndteret", "-Stop resten", "Alt er behandlet")
	d.now = d.now.Add(time.Hour)
	d.shows("/log/ubehandlet", "-60 rækker er markeret", "Alt er behandlet")
}

// TestStopTheRest: what was pressed by mistake is stopped, and what it has not done stands there still.
func TestStopTheRest(t *testing.T) {
	d := newCommands(t)
	letters := make([]func(*post.Letter), post.BulkRows+10)
	for i := range letters {
		letters[i] = withoutNumber
	}
	d.shipment("aaaaaaaaaaaa", letters...)
	_, err := d.remedies.Dismiss(context.Background(), posttest.Person("demo", "bo"),
		[]post.FailureFilter{{}}, "forkert grund")
	posttest.Check(t, err)
	d.ask(http.MethodPost, "/log/ubehandlet/samlet/bbbbbbbbbbbb/stop", nil)
	posttest.Check(t, errors.Join(d.remedies.Handle(context.Background(), d.queues.Take(post.BulkQueue))...))
	d.shows("/log/ubehandlet", "Stoppet efter 0 af 60", "eva har stoppet det.", bulkRestText,
		"60 breve venter på nogen", "-Stop resten")
}

// TestTheResultOfABulk says what became of its rows, and why it ended before the last.
func TestTheResultOfABulk(t *testing.T) {
	by := post.Caller{Name: "eva"}
	done := &post.Bulk{Kind: post.BulkReplay, By: by, Total: 12, Done: 10, Ended: posttest.Start,
		Replayed: post.Replayed{Sends: 5, Asks: 2, Archives: 1, Splits: 1, Nothing: 1}}
	stopped := &post.Bulk{Kind: post.BulkReplay, By: by, Total: 1200, Done: 300, Ended: posttest.Start,
		Problem: &post.Problem{Code: post.ChannelDown}}
	for title, b := range map[string]*post.Bulk{
		"Sender igen – 300 af 1.200":        {Kind: post.BulkReplay, By: by, Total: 1200, Done: 300},
		"Færdig: 10 rækker er behandlet":    done,
		"Stoppet efter 300 af 1.200":        stopped,
		"1 række er markeret som håndteret": {Kind: post.BulkDismiss, By: by, Dismissed: 1, Ended: posttest.Start},
	} {
		if l := bulkLineOf(b); l.Title != title {
			t.Errorf("%q, want %q", l.Title, title)
		}
	}
	const want = "5 breve bliver sendt igen, 2 breve er hos Digital Post, som er spurgt, 1 brev bliver arkiveret " +
		"igen, 1 dokument bliver delt igen, 1 række venter på, at nogen retter eller beslutter noget, " +
		"2 rækker var her ikke, da turen kom til dem. " +
		"Startet af eva."
	if l := bulkLineOf(done); l.Text != want {
		t.Errorf("%q, want %q", l.Text, want)
	}
	if l := bulkLineOf(stopped); !strings.Contains(l.Text, bulkRestText) || !strings.Contains(l.Text, "Digital Post") {
		t.Errorf("%q", l.Text)
	}
}
