package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/texts"
	"brevdue/internal/workflow"
)

// TestWhatIsArchived: only what came is said to lie in the case.
func TestWhatIsArchived(t *testing.T) {
	d := newCommands(t)
	d.shipment("aaaaaaaaaaaa", filed(completed), filed(withoutNumber), filed(refused), filed(unanswered))
	d.shows("/forsendelse/aaaaaaaaaaaa?brev=1", "Brev og kvittering arkiveret i sag sag-1")
	for _, number := range []string{"2", "3"} {
		d.shows(
			"/forsendelse/aaaaaaaaaaaa?brev="+number,
			"Brevet, som ikke er sendt, er arkiveret i sag sag-1",
			"-Brev og kvittering",
		)
	}
	d.shows(
		"/forsendelse/aaaaaaaaaaaa?brev=4",
		"Brev uden kvittering er arkiveret i sag sag-1",
		"-Brev og kvittering",
		"-ikke er sendt",
	)
}

// TestScheduledIsNotSent: neither one that leaves on a day, nor one that leaves at once and has not left.
func TestScheduledIsNotSent(t *testing.T) {
	again := func(on time.Time) func(*post.Letter) {
		return func(l *post.Letter) {
			_ = l.Fail(posttest.Now, post.Problem{Code: post.NotEnrolled})
			_ = l.Requeue(keys.UUIDs([]byte("key")), posttest.Now, "eva", on)
		}
	}
	archiving := func(l *post.Letter) {
		completed(l)
		for range post.ArchiveTries {
			_ = l.RescheduleArchiving(posttest.Now, 1)
		}
		_ = l.ArchiveAgain(posttest.Now, "eva")
	}
	d := newCommands(t)
	d.shipment("aaaaaaaaaaaa", again(posttest.Start.Add(72*time.Hour)), again(time.Time{}), archiving)
	d.shows(
		"/forsendelse/aaaaaaaaaaaa?brev=1",
		"Sat til at blive sendt igen den "+d.day(72*time.Hour)+" af eva",
		"-Sendt igen af",
	)
	d.shows("/forsendelse/aaaaaaaaaaaa?brev=2", "Sat til at blive sendt igen af eva", "-Sendt igen af")
	d.shows("/forsendelse/aaaaaaaaaaaa?brev=3", "Sat til at blive arkiveret igen af eva", "-sendt igen")
}

func (d *testPortal) day(after time.Duration) string {
	p := &Portal{zone: post.Denmark()}
	p.Now = func() time.Time { return posttest.Start.Add(-400 * 24 * time.Hour) } // so that the year is shown
	return p.day(posttest.Start.Add(after))
}

// TestNoFieldIsPromised where there is none: what to do is said with where it is done.
func TestNoFieldIsPromised(t *testing.T) {
	for _, code := range post.Codes() {
		if do := texts.Explain(code).Do; strings.Contains(do, "her,") || strings.Contains(do, " her ") {
			t.Errorf("%s is told everywhere: %q", code, do)
		}
	}
	d := newCommands(t)
	d.shipment("aaaaaaaaaaaa", withoutNumber)
	d.shows(
		"/forsendelse/aaaaaaaaaaaa",
		"Vælg »Ret og send« i Ubehandlet, og skriv modtagerens nummer.",
		`<a href="/log/ubehandlet">Gå til Ubehandlet</a>`,
		"-nummer her",
	)
	page := d.ask(
		http.MethodPost,
		"/log/ubehandlet",
		url.Values{
			"kode":  {"no-recipient-found"},
			"h":     {"ret"},
			"valgt": {string(post.NewLetterID("aaaaaaaaaaaa", 1, 1, 1, 1))},
		},
	)
	if !strings.Contains(page, `name="modtager"`) {
		t.Error("there is no field for the number")
	}
}

// TestSendingOnlyWhileSomethingIsSent: what has left, and what failed, is not being sent any more.
func TestSendingOnlyWhileSomethingIsSent(t *testing.T) {
	queued := func(*post.Letter) {}
	cancelled := func(l *post.Letter) { _ = l.Cancel(posttest.Start, "eva") }
	for name, c := range map[string]struct {
		letters []func(*post.Letter)
		want    []string
	}{
		"all handed over": {[]func(*post.Letter){handedOver, completed},
			[]string{"Afleveret", "2 ud af 2 behandlet", "-Sendes", "-Venter på kvittering"}},
		"handed over and failed": {[]func(*post.Letter){handedOver, withoutNumber},
			[]string{"Venter på kvittering", "2 ud af 2 behandlet", "-Sendes"}},
		"one is on its way": {[]func(*post.Letter){handedOver, queued}, []string{"Sendes", "1 ud af 2 behandlet"}},
		"one was taken out": {[]func(*post.Letter){completed, cancelled},
			[]string{"Afsluttet", "1 ud af 1 behandlet", "1 annulleret", "alle de breve, der er sendt", "-1 ud af 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newCommands(t)
			d.shipment("aaaaaaaaaaaa", c.letters...)
			d.shows("/log", c.want...)
		})
	}
}

// TestHandledIsNotWaiting: what somebody took out of Ubehandlet is no longer an error to be treated, and the reason is
// shown. Until then it is.
func TestHandledIsNotWaiting(t *testing.T) {
	d := newCommands(t)
	d.shipment("aaaaaaaaaaaa", completed, withoutNumber, withoutNumber)
	d.shows("/log", "Afsluttet med fejl", "bd-state--err", "-håndteret")
	d.shows("/forsendelse/aaaaaaaaaaaa?brev=2", "Behandl 2 ubehandlede breve", "Holdt tilbage")
	handle := func(number int) {
		d.ask(
			http.MethodPost,
			"/log/ubehandlet",
			url.Values{"kode": {"no-recipient-found"}, "h": {"haandteret"}, "bekraeft": {"1"},
				"begrundelse": {
					"Udleveret til 010190-1234",
				}, "valgt": {string(post.NewLetterID("aaaaaaaaaaaa", 1, number, number, number))}},
		)
	}
	handle(2)
	d.shows("/log", "Afsluttet med fejl", "1 håndteret")
	d.shows(
		"/forsendelse/aaaaaaaaaaaa?brev=2",
		"Behandl 1 ubehandlet brev",
		"Markeret som håndteret af eva: Udleveret til 010190-xxxx",
		"Ikke sendt, håndteret",
		"-Gå til Ubehandlet",
	)
	d.shows("/forsendelse/aaaaaaaaaaaa?brev=3", "Gå til Ubehandlet")
	handle(3)
	d.shows("/log", "Afsluttet, fejl håndteret", "2 håndteret", "-Afsluttet med fejl", "-bd-errlink")
	d.shows("/forsendelse/aaaaaaaaaaaa?brev=2", "-Behandl ", "2 håndteret", "-bd-figure--err")
	d.shows("/log/ubehandlet", "Alt er behandlet")
}

// TestStoppedDocument stands in Ubehandlet as the document that it is.
func TestStoppedDocument(t *testing.T) {
	d, ctx := newCommands(t), context.Background()
	for _, id := range []string{"aaaaaaaaaaaa", "bbbbbbbbbbbb"} {
		s, _ := posttest.Shipment(t, id, 0)
		s.State, s.Letters, s.Pages = post.SplitRefused, 0, 0
		s.Problem = &post.Problem{Code: post.UnreadableDocument, At: posttest.Start}
		posttest.Check(t, d.store.Shipments().Create(ctx, s))
		posttest.Check(
			t,
			errors.Join(d.unhandled.DeadLetters(post.SplitQueue)(ctx, []post.Job{{Org: "demo", Shipment: id}})...),
		)
	}
	d.shows(
		"/log/ubehandlet",
		"<strong>2 dokumenter venter på nogen.",
		"2 dokumenter.</span>",
		"Hele dokumentet",
		"-Ingen modtager",
		"-1–0",
		"-2 breve",
		"-Vælg brevet på side",
	)
	d.shows("/log", "Stoppet", "-ud af", "-håndteret")
	d.shows("/forsendelse/aaaaaaaaaaaa", "Forsendelsen er stoppet", "-0 breve", "-0 sider", "-ud af")
	d.ask(
		http.MethodPost,
		"/log/ubehandlet",
		url.Values{
			"kode":        {"unreadable-document"},
			"h":           {"haandteret"},
			"bekraeft":    {"1"},
			"begrundelse": {"x"},
			"valgt":       {"aaaaaaaaaaaa"},
		},
	)
	d.shows("/log", "Stoppet, håndteret")
	d.shipment("cccccccccccc", withoutNumber)
	d.shows("/log/ubehandlet", "1 brev og 1 dokument venter på nogen.")
}

// TestWhoIsTold: of a stop that only IT can mend it is said whether anybody was told.
func TestWhoIsTold(t *testing.T) {
	d, ctx := newCommands(t), context.Background()
	d.shipment("aaaaaaaaaaaa", refused)
	d.shows("/log/ubehandlet", nobodyToldText, "-underrettet")
	wanted := post.NewSubscription("demo", "eva")
	wanted.Mail, wanted.Kinds = "it@nordoby.dk", []post.NoticeKind{post.ShipmentErrors}
	posttest.Check(t, d.store.Notices().Subscribe(ctx, wanted))
	d.shows("/log/ubehandlet", nobodyToldText) // not of this
	wanted.Kinds = post.NoticeKinds
	posttest.Check(t, d.store.Notices().Subscribe(ctx, wanted))
	d.shows("/log/ubehandlet", somebodyToldText, "-Ingen er skrevet på")
}

// TestLivePages: banner and menu are refreshed with the list, and nothing claims to be refreshed without script.
func TestLivePages(t *testing.T) {
	d, ctx := newCommands(t), context.Background()
	d.shipment("aaaaaaaaaaaa", func(*post.Letter) {})
	for _, path := range []string{"/log", "/forsendelse/aaaaaaaaaaaa"} {
		d.shows(
			path,
			`data-hx-select-oob="#banner,#waiting"`,
			`<div id="banner" role="status"></div>`,
			`<span id="waiting">Log</span>`,
		)
	}
	d.shows("/log?pause=1", "-data-hx-get", "-bd-refreshing", "Opdatér af sig selv")
	d.shows("/log", `<span class="bd-still">Hentet kl.`)
	_, err := d.store.ChangeBreaker(ctx, post.Simulator, func(b *post.Breaker) error {
		for range post.BreakAfter {
			posttest.Check(t, b.Failed(posttest.Now, post.Silence{NoConnection: true}, 1))
		}
		return nil
	})
	posttest.Check(t, err)
	d.shows("/log", "Digital Post svarer ikke", "Næste forsøg kl.")
	d.now = d.now.Add(time.Hour)
	d.shows("/log", "Digital Post svarer ikke", "Der bliver prøvet igen nu.", "-Næste forsøg kl.")
}

// TestReceiptInTheAuditLog: whoever fetches a receipt stands in the audit log.
func TestReceiptInTheAuditLog(t *testing.T) {
	d := newCommands(t)
	d.shipment("aaaaaaaaaaaa", completed)
	d.shows("/forsendelse/aaaaaaaaaaaa/brev/1/kvittering", "Kvittering (Simulator)", "uændret?", "-COMPLETED")
	d.shows("/forsendelse/aaaaaaaaaaaa/brev/1/kvittering.json", `"environment":"Simulator"`)
	d.shows("/forsendelse/aaaaaaaaaaaa/brev/1/kvittering.pdf", "%PDF-")
	chain, err := workflow.AuditChain(context.Background(), d.store.AuditLog(time.Now), "demo", "aaaaaaaaaaaa")
	posttest.Check(t, err)
	if len(chain) != 3 || chain[0].Action != post.ActSee || chain[0].Name != "eva" || chain[0].Letter.Number() != 1 ||
		chain[0].Text != "kvittering" {
		t.Errorf("the trail has %+v", chain)
	}
}

// TestAShipmentIsLiveFromSendOn: also before its letters are written, which is when somebody first looks at it.
func TestAShipmentIsLiveFromSendOn(t *testing.T) {
	d := newCommands(t)
	s, _ := posttest.Shipment(t, "aaaaaaaaaaaa", 3)
	posttest.Check(t, d.store.Shipments().Create(t.Context(), s))
	d.shows("/forsendelse/aaaaaaaaaaaa", `data-hx-get="/forsendelse/aaaaaaaaaaaa"`)
}
