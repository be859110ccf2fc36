package portal

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/workflow"
)

// banner says on every page what holds up all letters.
type banner struct {
	Heading, Text string
	Link          bool // to the page where it can be changed
}

// banner looks whether Digital Post answers and whether the organization may send.
func (p *Portal) banner(v *visit) (*banner, error) {
	if p.Trouble != nil {
		if text := p.Trouble(); text != "" {
			return &banner{troubleHeading, text, false}, nil
		}
	}
	if p.Restored != nil { // before a stop, which Drift says itself
		if r, err := p.Restored.Restored(v.Context()); err != nil || r.Held {
			return &banner{restoredHeading, restoredText, false}, err
		}
	}
	stop, err := p.Stops.Stopped(v.Context(), v.who.Org)
	if err != nil {
		return nil, err
	}
	if stop != nil {
		return &banner{stoppedHeading, p.stoppedText(stop), true}, nil
	}
	b, err := p.Breakers.Breaker(v.Context(), p.Environment)
	if err != nil || !b.Open {
		return nil, err
	}
	return &banner{downHeading, p.downText(b), false}, nil
}

// driftPage is how everything stands, and the one switch that stops it.
type driftPage struct {
	Now           time.Time
	Breaker       *post.Breaker
	Stop          *post.Stop
	StopText      string
	Backlog       []backlogLine
	Queued        int // held here, if it is stopped now
	AtPost        int // at Digital Post already
	Subscriptions []post.Subscription
	Deliveries    []deliveryLine
	Secret        string // of a hook that was just added
	Mistakes      mistakes
	Typed         string
}

type backlogLine struct {
	Place string
	post.Backlog
}

type deliveryLine struct {
	*post.Delivery
	What  string
	State mark
}

const deliveriesShown = 20

// drift gathers the page Drift: Digital Post, the stop, where letters wait, who is told and what was delivered.
func (p *Portal) drift(v *visit) (*driftPage, error) {
	ctx, org := v.Context(), v.who.Org
	d := &driftPage{Now: p.Now()}
	var errs [5]error
	d.Breaker, errs[0] = p.Breakers.Breaker(ctx, p.Environment)
	d.Stop, errs[1] = p.Stops.Stopped(ctx, org)
	var backlog []post.Backlog
	backlog, errs[2] = workflow.BacklogOf(
		ctx,
		p.Shipments,
		p.Failures,
		org,
		post.Clock{At: p.Now(), Timings: p.Timings},
	)
	d.Subscriptions, errs[3] = p.Notices.Subscriptions(ctx, org)
	var deliveries []*post.Delivery
	deliveries, errs[4] = p.Notices.Deliveries(ctx, org, deliveriesShown)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	if d.Stop != nil {
		d.StopText = p.stoppedText(d.Stop)
	}
	for _, s := range backlog {
		d.Backlog = append(d.Backlog, backlogLine{places[s.Place], s})
		switch s.Place {
		case post.AtQueue:
			d.Queued = s.Count
		case post.AtReceipt:
			d.AtPost = s.Count
		}
	}
	for _, x := range deliveries {
		d.Deliveries = append(d.Deliveries, deliveryLine{x, noticesText(x.Notices), deliveryMark(x)})
	}
	return d, nil
}

func (p *Portal) showDrift(v *visit) error { return p.driftWith(v, http.StatusOK, func(*driftPage) {}) }

func (p *Portal) driftWith(v *visit, status int, also func(*driftPage)) error {
	d, err := p.drift(v)
	if err != nil {
		return err
	}
	also(d)
	return p.show(v, status, "drift", "drift", "Drift", d)
}

func (p *Portal) pressStop(v *visit) error {
	return p.pressed(v, sentence.Of("done-stopped"),
		p.Organization.Stop(v.Context(), v.who, v.PostFormValue("begrundelse")), "")
}

func (p *Portal) pressStart(v *visit) error {
	return p.pressed(v, sentence.Of("done-started"), p.Organization.Start(v.Context(), v.who), "")
}

// pressSubscribe adds somebody who is told, and shows the secret of a hook once.
func (p *Portal) pressSubscribe(v *visit) error {
	to := strings.TrimSpace(v.PostFormValue("til"))
	wanted := post.Subscription{Mail: to}
	if strings.Contains(to, "://") {
		wanted = post.Subscription{Hook: to}
	}
	s, err := p.Organization.Subscribe(v.Context(), v.who, wanted)
	if err != nil || s.Secret == "" {
		return p.pressed(v, sentence.Of("done-subscribed", to), err, to)
	}
	return p.driftWith(v, http.StatusOK, func(d *driftPage) { d.Secret = s.Secret })
}

func (p *Portal) pressUnsubscribe(v *visit) error {
	return p.pressed(v, sentence.Of("done-unsubscribed"),
		p.Organization.Unsubscribe(v.Context(), v.who, v.PostFormValue("id")), "")
}

// pressed shows the page again after something was pressed, with what was wrong and with what was typed.
func (p *Portal) pressed(v *visit, done sentence.Sentence, err error, typed string) error {
	switch wrong := mistakesOf(err); {
	case wrong != nil:
		return p.driftWith(
			v,
			http.StatusUnprocessableEntity,
			func(d *driftPage) { d.Mistakes, d.Typed = wrong, typed },
		)
	case err != nil:
		return err
	}
	v.tell(done)
	return v.redirect("/drift")
}

func (p *Portal) pressResend(v *visit) error {
	return p.pressed(v, sentence.Of("done-resent"),
		p.Notices.Resend(v.Context(), v.who.Org, v.PostFormValue("id"), p.Now()), "")
}

// evidence makes the package for the data protection officer, and leads to it.
func (p *Portal) evidence(v *visit) error {
	if _, err := p.own(v); err != nil {
		return err
	}
	if p.Incident == nil {
		return &post.Problem{Code: post.Unknown, Text: post.NoEvidence}
	}
	link, err := p.Incident(v.Context(), v.who, v.PathValue("id"))
	if err != nil {
		return err
	}
	return v.redirect(p.here(v, link).URL)
}
