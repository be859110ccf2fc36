package portal

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"brevdue/internal/paper"
	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// statusPage is what everybody may see of how the installation works.
type statusPage struct {
	State   string
	Fine    bool
	Share   string // of letters that were with Digital Post in time; "" where none has left
	Letters int
	Outages []outageLine
}

type outageLine struct {
	post.Outage
	What, Lasted string
	Attest       string // address of its certificate; "" while it lasts
}

// What the page looks back on, and how long what was read is shown to all who ask: it is read for nobody in particular.
const (
	statusServiceDays = 30
	statusOutageDays  = 365
	statusKept        = 30 * time.Second
)

// statusCache is what was read last.
type statusCache struct {
	mutex sync.Mutex
	at    time.Time
	page  statusPage
}

// readStatus reads how the installation works, or returns what was read a moment ago.
func (p *Portal) readStatus(ctx context.Context) (page statusPage, err error) {
	c, now := &p.status, p.Now()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if now.Sub(c.at) < statusKept {
		return c.page, nil
	}
	b, err := p.Breakers.Breaker(ctx, p.Environment)
	if err != nil {
		return page, err
	}
	if page.State, page.Fine, err = p.statusNow(ctx, b); err != nil {
		return page, err
	}
	service, err := p.Service.Service(ctx, now.AddDate(0, 0, -statusServiceDays))
	if err != nil {
		return page, err
	}
	if page.Letters = service.Letters; service.Letters > 0 {
		page.Share = percent(service.Prompt, service.Letters)
	}
	outages, err := p.Service.Outages(ctx, now.AddDate(0, 0, -statusOutageDays))
	if err != nil {
		return page, err
	}
	for _, o := range outages {
		page.Outages = append(page.Outages, p.outageLine(o, b, now))
	}
	c.page, c.at = page, now
	return page, nil
}

// statusNow says how everything is now.
func (p *Portal) statusNow(ctx context.Context, b *post.Breaker) (text string, fine bool, err error) {
	if b.Open {
		return statusDownText, false, nil
	}
	if p.Restored != nil {
		if r, err := p.Restored.Restored(ctx); err != nil || r.Held {
			return statusRestoredText, false, err
		}
	}
	last, err := p.Beats.LastBeat(ctx)
	if err == nil && p.Now().Sub(last) >= workflow.BeatMissing {
		return statusStillText, false, nil
	}
	return statusFineText, true, err
}

// outageLine is an outage in words. One without an end that does not last any more ended when nobody could note it.
func (p *Portal) outageLine(o post.Outage, b *post.Breaker, now time.Time) outageLine {
	line := outageLine{Outage: o, What: outageNames[o.Of]}
	switch {
	case !o.To.IsZero():
		line.Lasted = lastedText(o.Lasted(now))
		line.Attest = attestAddress(o)
	case b.Open && b.Since.Equal(o.From):
		line.Lasted = outageLastsText
	default:
		line.Lasted = outageEndUnknownText
	}
	return line
}

// downloadAttest gives a certificate of one outage, for a case in which it matters.
func (p *Portal) downloadAttest(w http.ResponseWriter, r *http.Request) {
	v := &visit{Request: r, w: w}
	page, err := p.readStatus(r.Context())
	if err != nil {
		p.showError(v, err)
		return
	}
	asked := address("/status/attest", "af", r.FormValue("af"), "fra", r.FormValue("fra"))
	i := slices.IndexFunc(page.Outages, func(o outageLine) bool { return o.Attest == asked })
	if i < 0 {
		p.showError(v, post.ErrNotFound)
		return
	}
	b, err := paper.Write(p.attestPaper(page.Outages[i].Outage, r.Host))
	if err == nil {
		err = downloadFile(v, attestFileText, "application/pdf", b)
	}
	if err != nil {
		p.showError(v, err)
	}
}

// attestAddress is where the certificate of an outage is.
func attestAddress(o post.Outage) string {
	return address("/status/attest", "af", string(o.Of), "fra", o.From.UTC().Format(time.RFC3339Nano))
}
