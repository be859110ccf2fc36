package portal

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// ubehandletPage has a box for each cause.
type ubehandletPage struct {
	Causes  []*cause
	Total   int
	More    bool // there are more than are shown
	Now     time.Time
	Mistake string
}

type cause struct {
	Code post.Code
	post.Explanation
	Rows   []causeRow
	Dry    *post.Replayed
	On     string   // the day that was chosen
	Chosen []string // of the dry run, the dismissal or the correction
	Asking string   // which button was pressed: one of the verbs
	Letter *causeRow
	Typed  typed
}

// typed is what stands in the form of a correction.
type typed struct{ Recipient, Subject string }

// The verbs are what a button says.
const (
	again     = "igen"
	onDay     = "dag"
	mend      = "ret"
	isHandled = "haandteret"
)

// Can reports whether a remedy can be pressed.
func (c *cause) Can(r string) bool { return c.Offers(post.Remedy(r)) }

type causeRow struct {
	Key       string // SHIPMENT or the letter's id
	Recipient string
	Pages     string
	Subject   string
	Link      string
	Since     time.Time
	Text      string
	Chosen    bool
}

const rowsShown = 500

func (p *Portal) ubehandlet(v *visit) (*ubehandletPage, error) {
	rows, next, err := p.Failures.List(v.Context(), v.who.Org, post.FailureFilter{}, "", rowsShown)
	if err != nil {
		return nil, err
	}
	u := &ubehandletPage{Total: len(rows), More: next != "", Now: p.Now()}
	for _, f := range rows { // in the order of their codes
		if n := len(u.Causes); n == 0 || u.Causes[n-1].Code != f.Problem.Code {
			u.Causes = append(u.Causes, newCause(f.Problem.Code))
		}
		c := u.Causes[len(u.Causes)-1]
		c.Rows = append(c.Rows, causeRowOf(f))
	}
	return u, nil
}

func newCause(code post.Code) *cause {
	return &cause{Code: code, Explanation: post.Explain(code)}
}

func causeRowOf(f *post.Failure) causeRow {
	r := causeRow{Key: f.Shipment, Recipient: f.Recipient, Pages: pagesText(f.Pages[0], f.Pages[1]), Subject: f.Subject,
		Link: "/forsendelse/" + f.Shipment, Since: f.Since, Text: f.Problem.Text}
	switch {
	case r.Text != "" || f.Problem.Detail == "":
	case f.Problem.Code == post.Malware:
		r.Text = "Scanneren fandt: " + f.Problem.Detail
	case f.Problem.Code == post.Unknown:
		r.Text = "Reference: " + f.Problem.Detail
	default:
		r.Text = "Digital Posts kode: " + f.Problem.Detail
	}
	if f.Message != nil {
		r.Key, r.Link, r.Pages, r.Text = messageKey+f.Message.ID, "", "", ident.Mask(f.Message.Body)
	}
	if f.Letter != "" {
		r.Key = string(f.Letter)
		r.Link = address("/forsendelse/"+f.Shipment, "brev", strconv.Itoa(f.Letter.Number()), "fra", strconv.Itoa((f.Letter.Number()-1)/lettersPerPage*lettersPerPage+1))
	}
	return r
}

func (p *Portal) showUbehandlet(v *visit) error {
	u, err := p.ubehandlet(v)
	if err != nil {
		return err
	}
	return p.show(v, http.StatusOK, "ubehandlet", "log", "Ubehandlet – Log", u)
}

// pressUbehandlet first shows what would happen, with counts, and does it when that is confirmed (design principle 4).
func (p *Portal) pressUbehandlet(v *visit) error {
	if err := v.ParseForm(); err != nil {
		return err
	}
	code, chosen := post.Code(v.PostFormValue("kode")), v.PostForm["valgt"]
	confirmed := v.PostFormValue("bekraeft") != ""
	if v.PostFormValue("h") == mend && len(chosen) != 1 {
		return p.ask(v, code, chosen, nil, "Vælg ét brev ad gangen for at rette det.")
	}
	var sum post.Replayed
	for _, key := range chosen {
		did, err := p.press(v, keyFilter(key, code), confirmed, sum.Sends)
		var mistakes post.Mistakes
		if errors.As(err, &mistakes) {
			return p.ask(v, code, chosen, nil, mistakes.Error())
		}
		if err != nil {
			return err
		}
		sum.Join(did)
	}
	if confirmed {
		return v.redirect("/log/ubehandlet")
	}
	if len(chosen) == 0 {
		return p.ask(v, code, nil, nil, "Vælg mindst ét brev.")
	}
	return p.ask(v, code, chosen, &sum, "")
}

// press does one row, or says what it would do.
func (p *Portal) press(v *visit, filter post.FailureFilter, confirmed bool, sent int) (post.Replayed, error) {
	switch v.PostFormValue("h") {
	case mend:
		if !confirmed {
			return post.Replayed{}, nil
		}
		return post.Replayed{}, p.Remedies.Correct(v.Context(), v.who, filter.Letter, strings.TrimSpace(v.PostFormValue("modtager")), strings.TrimSpace(v.PostFormValue("emne")))
	case isHandled:
		if !confirmed {
			return post.Replayed{}, nil
		}
		_, err := p.Remedies.Dismiss(v.Context(), v.who, filter, v.PostFormValue("begrundelse"))
		return post.Replayed{}, err
	}
	how := post.Replay{DryRun: !confirmed, Sent: sent}
	if day := v.PostFormValue("dag"); day != "" {
		var err error
		if how.On, err = post.ParseDay(day); err != nil {
			return post.Replayed{}, err
		}
	}
	return p.Remedies.Replay(v.Context(), v.who, filter, how)
}

// messageKey begins the key of a row that is about a message and not about a letter.
const messageKey = "besked:"

func keyFilter(key string, code post.Code) post.FailureFilter {
	if id, ok := strings.CutPrefix(key, messageKey); ok {
		return post.FailureFilter{Message: id, Code: code}
	}
	id := post.LetterID(key)
	if _, err := id.Place(); err != nil {
		return post.FailureFilter{Shipment: key, Code: code}
	}
	return post.FailureFilter{Shipment: id.Shipment(), Letter: id, Code: code}
}

// ask shows the page with the question in the box of the cause.
func (p *Portal) ask(v *visit, code post.Code, chosen []string, dry *post.Replayed, mistake string) error {
	u, err := p.ubehandlet(v)
	if err != nil {
		return err
	}
	u.Mistake = mistake
	for _, c := range u.Causes {
		if c.Code != code {
			continue
		}
		c.Chosen = chosen
		for i := range c.Rows {
			if c.Rows[i].Chosen = slices.Contains(chosen, c.Rows[i].Key); c.Rows[i].Chosen {
				c.Letter = &c.Rows[i]
			}
		}
		if c.Letter == nil {
			continue
		}
		c.Asking, c.On = v.PostFormValue("h"), v.PostFormValue("dag")
		c.Typed = typed{v.PostFormValue("modtager"), v.PostFormValue("emne")}
		if c.Asking == again || c.Asking == onDay && c.On != "" && mistake == "" {
			c.Asking, c.Dry = again, dry
		}
	}
	status := http.StatusOK
	if mistake != "" {
		status = http.StatusUnprocessableEntity
	}
	return p.show(v, status, "ubehandlet", "log", "Ubehandlet – Log", u)
}
