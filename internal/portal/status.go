package portal

import (
	"context"
	"net/http"
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
	What, Lasted string
	From, To     time.Time
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
	mutex   sync.Mutex
	at      time.Time
	page    statusPage
	outages []post.Outage
}

// readStatus reads how the installation works, or returns what was read a moment ago.
func (p *Portal) readStatus(ctx context.Context) (statusPage, []post.Outage, error) {
	c, now := &p.status, p.Now()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if now.Sub(c.at) < statusKept {
		return c.page, c.outages, nil
	}
	b, err := p.Breakers.Breaker(ctx, p.Environment)
	if err != nil {
		return statusPage{}, nil, err
	}
	page := statusPage{}
	if page.State, page.Fine, err = p.statusNow(ctx, b); err != nil {
		return page, nil, err
	}
	service, err := p.Service.Service(ctx, now.AddDate(0, 0, -statusServiceDays))
	if err != nil {
		return page, nil, err
	}
	if page.Letters = service.Letters; service.Letters > 0 {
		page.Share = percent(service.Prompt, service.Letters)
	}
	outages, err := p.Service.Outages(ctx, now.AddDate(0, 0, -statusOutageDays))
	if err != nil {
		return page, nil, err
	}
	for _, o := range outages {
		page.Outages = append(page.Outages, p.outageLine(o, b, now))
	}
	c.page, c.outages, c.at = page, outages, now
	return page, outages, nil
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
	line := outageLine{What: outageNames[o.Of], From: o.From, To: o.To}
	switch {
	case !o.To.IsZero():
		line.Lasted = lastedText(o.Lasted(now))
		line.Attest = address("/status/attest", "af", string(o.Of), "fra", o.From.UTC().Format(time.RFC3339Nano))
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
	_, outages, err := p.readStatus(r.Context())
	if err != nil {
		p.showError(v, err)
		return
	}
	for _, o := range outages {
		from := o.From.UTC().Format(time.RFC3339Nano)
		if o.To.IsZero() || string(o.Of) != r.FormValue("af") || from != r.FormValue("fra") {
			continue
		}
		b, err := paper.Write(p.attestPaper(o, r.Host))
		if err != nil {
			p.showError(v, err)
			return
		}
		_ = downloadFile(v, attestFileText, "application/pdf", b)
		return
	}
	p.showError(v, post.ErrNotFound)
}
