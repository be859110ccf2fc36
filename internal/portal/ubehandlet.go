package portal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// ubehandletPage has a box for each cause.
type ubehandletPage struct {
	Causes []*cause
	Waits  string // how much, in words
	Total  int
	More   bool // there are more than are shown
	Now    time.Time
	// OnTheirWay is how many letters Brevdue itself sends, or tries again.
	OnTheirWay int
	Mistakes   mistakes   // about a cause that is gone
	Bulks      []bulkLine // that are being done, or have ended just now
}

// Asked reports whether somebody is answering a question on the page: then it does not refresh itself under them.
func (u ubehandletPage) Asked() bool {
	return len(u.Mistakes) > 0 || slices.ContainsFunc(u.Causes, func(c *cause) bool {
		return c.Asking != "" || len(c.Mistakes) > 0
	})
}

type cause struct {
	Code post.Code
	texts.Explanation
	Remedies []post.Remedy
	Rows     []causeRow
	Dry      *post.Replayed
	Many     bool     // too many for a dry run while somebody waits
	On       string   // the day that was chosen
	Chosen   []string // of the dry run, the dismissal or the correction
	Asking   string   // which button was pressed: one of the verbs
	Letter   *causeRow
	Typed    typed
	Mistakes mistakes
}

// typed is what stands in the form of a correction.
type typed struct{ Recipient, Subject, Case string }

// The verbs are what a button says.
const (
	again     = "igen"
	onDay     = "dag"
	mend      = "ret"
	isHandled = "haandteret"
	otherCase = "sag"
)

// Outside reports whether some of it is about archives outside Brevdue.
func (c *cause) Outside() bool {
	return slices.ContainsFunc(c.Rows, func(r causeRow) bool { return r.Outside })
}

// Can reports whether a remedy can be pressed.
func (c *cause) Can(r string) bool { return slices.Contains(c.Remedies, post.Remedy(r)) }

type causeRow struct {
	Key       string // SHIPMENT or the letter's id
	What      thing
	Preview   string // address of the letter, to look at; "" for what is no letter
	Again     string // address to upload the document again; "" for what is no document
	Recipient string // or what the row is about instead
	Pages     string
	Subject   string
	Link      string
	Since     time.Time
	Text      string
	Support   string // a code, for who is asked for help
	Chosen    bool
	Outside   bool // it is about an archive outside Brevdue
	Name      string
	letter    post.LetterID
	number    int
}

// IsLetter reports whether the row is about a letter of its own.
func (r causeRow) IsLetter() bool { return r.What == aLetter }

const rowsShown = 500

// ubehandlet gathers the page Ubehandlet: the rows by cause, in the order of the list.
func (p *Portal) ubehandlet(v *visit) (*ubehandletPage, error) {
	rows, next, err := p.Failures.List(v.Context(), v.who.Org, post.FailureFilter{Seen: v.who.Sight()}, "", rowsShown)
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
	urgentFirst(u.Causes)
	if u.OnTheirWay, err = p.onTheirWay(v); err != nil {
		return nil, err
	}
	var all []causeRow
	for _, c := range u.Causes {
		all = append(all, c.Rows...)
	}
	u.Waits = thingsText(all)
	if err := p.addNames(v, u); err != nil {
		return nil, err
	}
	if err := p.addBulks(v, u); err != nil {
		return nil, err
	}
	return u, p.explainNotices(v, u)
}

func newCause(code post.Code) *cause {
	return &cause{Code: code, Explanation: texts.Explain(code), Remedies: post.ResponseTo(code).Remedies}
}

// explainNotices says of a cause that IT has to do something about whether anybody there is told.
func (p *Portal) explainNotices(v *visit, u *ubehandletPage) error {
	i := slices.IndexFunc(u.Causes, func(c *cause) bool { return c.Code == post.NotAllowed })
	if i < 0 {
		return nil
	}
	subscriptions, err := p.Notices.Subscriptions(v.Context(), v.who.Org)
	if err != nil {
		return err
	}
	u.Causes[i].Auto = nobodyToldText
	told := func(s post.Subscription) bool { return slices.Contains(s.Kinds, post.SendingStopped) }
	if slices.ContainsFunc(subscriptions, told) {
		u.Causes[i].Auto = somebodyToldText
	}
	return nil
}

// Waits says how much the cause holds up.
func (c *cause) Waits() string { return thingsText(c.Rows) }

// Picked says how much of it was chosen.
func (c *cause) Picked() string {
	return thingsText(slices.DeleteFunc(slices.Clone(c.Rows), func(r causeRow) bool { return !r.Chosen }))
}

// causeRowOf returns a row as the page shows it: what it is about, and why, in Danish.
func causeRowOf(f *post.Failure) causeRow {
	r := causeRow{
		Key:       f.Shipment,
		What:      aDocument,
		Recipient: wholeDocumentText,
		Pages:     pagesText(f.Pages[0], f.Pages[1]),
		Subject:   texts.SubjectOf(f),
		Link:      "/forsendelse/" + f.Shipment,
		Since:     f.Since,
		Text:      texts.Of(f.Problem.Text),
	}
	detail := texts.Of(sentence.Sentence(f.Problem.Detail))
	switch {
	case r.Text != "" || detail == "":
	case f.Problem.Code == post.Malware:
		r.Text = "Scanneren fandt: " + detail
	case f.Problem.Code == post.Unknown:
		r.Support = "Reference: " + detail
	default:
		r.Support = detail
	}
	if f.Message != nil {
		r.Key, r.Link, r.Pages, r.Text = messageKey+f.Message.ID, "", "", ident.Mask(f.Message.Body)
		r.What, r.Recipient = aMessage, noLetterText
	}
	if f.Letter != "" {
		r.Key, r.What, r.Recipient = string(f.Letter), aLetter, f.Recipient
		r.Link, r.letter, r.number = letterLink(f.Letter, f.Place()), f.Letter, f.Place()
		r.Preview = fmt.Sprintf("/forsendelse/%s/brev/%d", f.Letter.Shipment(), f.Place())
	}
	if r.What == aDocument && f.Shipment != "" {
		r.Again = address("/afsend", "erstatter", f.Shipment)
	}
	if f.Archive != "" {
		r.Key, r.Outside = string(f.Letter)+archiveKey+f.Archive, true
	}
	return r
}

// letterLink is where a letter is shown in its shipment.
func letterLink(id post.LetterID, number int) string {
	return address("/forsendelse/"+id.Shipment(), "brev", strconv.Itoa(number), "fra",
		strconv.Itoa((number-1)/lettersPerPage*lettersPerPage+1))
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
		return p.ask(v, code, chosen, nil, mistaken("valgt", "Vælg ét brev ad gangen for at rette det."))
	}
	b, err := p.press(v, filtersOf(chosen, code), confirmed)
	if wrong := mistakesOf(err); wrong != nil {
		return p.ask(v, code, chosen, nil, wrong)
	}
	if len(chosen) == 0 {
		return p.ask(v, code, nil, nil, mistaken("valgt", "Vælg mindst ét brev."))
	}
	waits := errors.Is(err, post.ErrCorrectionAsked)
	if err != nil && !waits {
		return err
	}
	if confirmed {
		return p.pressedUbehandlet(v, b, waits)
	}
	if b == nil {
		return p.ask(v, code, chosen, nil, nil)
	}
	return p.ask(v, code, chosen, &b.Replayed, nil)
}

// pressedUbehandlet says what has come of it, on the list as it stands then.
func (p *Portal) pressedUbehandlet(v *visit, b *post.Bulk, waits bool) error {
	switch {
	case waits: // for another pair of eyes
		v.tell(sentence.Of("done-correction-asked"))
	case b == nil: // one letter was corrected
		v.tell(sentence.Of("done-corrected"))
	case v.PostFormValue("h") == otherCase && b.ID == "":
		v.tell(sentence.Of("done-case", count(b.Replayed.Archives, "brev", "breve")))
	default:
		v.tell(doneOf(b, v.PostFormValue("dag")))
	}
	if b != nil && b.ID != "" {
		return v.redirect("/log/ubehandlet#samlet") // where its progress is
	}
	return v.redirect("/log/ubehandlet")
}

// press does rows, or says what it would do; of many it says nothing before they are done.
func (p *Portal) press(v *visit, chosen []post.FailureFilter, confirmed bool) (*post.Bulk, error) {
	if len(chosen) == 0 {
		return nil, nil
	}
	switch h := v.PostFormValue("h"); {
	case (h == mend || h == isHandled || h == otherCase) && !confirmed:
		return nil, nil
	case h == mend:
		return nil, p.Remedies.Correct(
			v.Context(),
			v.who,
			chosen[0].Letter,
			strings.TrimSpace(v.PostFormValue("modtager")),
			strings.TrimSpace(v.PostFormValue("emne")),
		)
	case h == isHandled:
		return p.Remedies.Dismiss(v.Context(), v.who, chosen, v.PostFormValue("begrundelse"))
	case h == otherCase && post.IsBlank(v.PostFormValue("sag")):
		return nil, post.Mistakes{{Field: "case", Text: sentence.Of("case-typed")}}
	case h == otherCase:
		return p.Remedies.Replay(v.Context(), v.who, chosen,
			post.Replay{Case: strings.TrimSpace(v.PostFormValue("sag"))})
	}
	how := post.Replay{DryRun: !confirmed}
	if day := v.PostFormValue("dag"); day != "" {
		var err error
		if how.On, err = post.ParseDay(day); err != nil {
			return nil, err
		}
	}
	if how.DryRun && len(chosen) > post.BulkRows {
		return nil, nil
	}
	return p.Remedies.Replay(v.Context(), v.who, chosen, how)
}

// archiveKey stands before the archive in the key of a row that is about one outside Brevdue.
const archiveKey = "~"

// messageKey begins the key of a row that is about a message and not about a letter.
const messageKey = "besked:"

func filtersOf(keys []string, code post.Code) []post.FailureFilter {
	filters := make([]post.FailureFilter, len(keys))
	for i, key := range keys {
		filters[i] = keyFilter(key, code)
	}
	return filters
}

func keyFilter(key string, code post.Code) post.FailureFilter {
	if id, ok := strings.CutPrefix(key, messageKey); ok {
		return post.FailureFilter{Message: id, Code: code}
	}
	key, archive, outside := strings.Cut(key, archiveKey)
	if !outside && code == post.ArchiveFailedCode { // and not the rows of others about the same letter
		archive = post.BuiltInArchive
	}
	id := post.LetterID(key)
	if _, err := id.Place(); err != nil {
		return post.FailureFilter{Shipment: key, Code: code}
	}
	return post.FailureFilter{Shipment: id.Shipment(), Letter: id, Code: code, Archive: archive}
}

// ask shows the page with the question in the box of the cause.
func (p *Portal) ask(v *visit, code post.Code, chosen []string, dry *post.Replayed, wrong mistakes) error {
	u, err := p.ubehandlet(v)
	if err != nil {
		return err
	}
	u.Mistakes = wrong
	for _, c := range u.Causes {
		if c.Code != code {
			continue
		}
		c.Chosen, c.Mistakes, u.Mistakes = chosen, wrong.within("-"+string(code)), nil
		for i := range c.Rows {
			if c.Rows[i].Chosen = slices.Contains(chosen, c.Rows[i].Key); c.Rows[i].Chosen {
				c.Letter = &c.Rows[i]
			}
		}
		if c.Letter == nil {
			continue
		}
		c.Asking, c.On = v.PostFormValue("h"), v.PostFormValue("dag")
		c.Typed = typed{v.PostFormValue("modtager"), v.PostFormValue("emne"), v.PostFormValue("sag")}
		if ident.ContainsCPR(c.Typed.Case) { // it is not shown again
			c.Typed.Case = ""
		}
		if c.Asking == again || c.Asking == onDay && c.On != "" && wrong == nil {
			c.Asking, c.Dry, c.Many = again, dry, len(chosen) > post.BulkRows
		}
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return p.show(v, status, "ubehandlet", "log", "Ubehandlet – Log", u)
}
