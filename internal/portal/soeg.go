package portal

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sheet"
	"brevdue/internal/texts"
)

// filterForm is what the log is narrowed down to, as the form has it: none of it says who a letter is for, so that it
// may stand in an address.
type filterForm struct {
	State, From, To, Type, Sender string
	Types                         []post.DocumentType
	Senders                       []post.Sender
}

// filterOf reads the form, and says what is wrong with its days.
func (p *Portal) filterOf(v *visit) (filterForm, post.ShipmentFilter, error) {
	f := filterForm{State: v.FormValue("tilstand"), From: v.FormValue("fra_dag"), To: v.FormValue("til_dag"),
		Type: v.FormValue("type"), Sender: v.FormValue("afsender"), Types: v.org.Types}
	if len(v.org.Senders) > 1 {
		f.Senders = v.org.Senders
	}
	from, before, err := post.Period(f.From, f.To)
	return f, post.ShipmentFilter{From: from, Before: before, Sender: f.Sender, DocumentType: f.Type,
		State: post.LogState(f.State)}, err
}

// pairs are the filter in an address, with another state.
func (f filterForm) pairs(state string) []string {
	return []string{"tilstand", state, "fra_dag", f.From, "til_dag", f.To, "type", f.Type, "afsender", f.Sender}
}

// Address is the log with this filter.
func (f filterForm) Address() string { return address("/log", f.pairs(f.State)...) }

// Any reports whether the filter leaves anything out.
func (f filterForm) Any() bool { return f.State+f.From+f.To+f.Type+f.Sender != "" }

// chip is a state that the log can be narrowed down to, with how much there is of it where that is known.
type chip struct {
	Label, Count, Link string
	Current            bool
}

// chipsOf are the states, and how much moves or has failed just now.
func (p *Portal) chipsOf(v *visit, f filterForm) ([]chip, error) {
	running, more, err := p.running(v)
	if err != nil {
		return nil, err
	}
	rows, err := p.unhandled(v)
	if err != nil {
		return nil, err
	}
	counts := map[post.LogState]string{}
	if f.From+f.To+f.Type+f.Sender == "" { // with a filter they would be those of all
		counts[post.LogRunning] = atLeast(len(running), more)
		counts[post.LogFailed] = atLeast(len(failedOf(rows)), rows.more)
	}
	var chips []chip
	for _, c := range logChips {
		if c.state == post.LogFailed && !v.who.May(post.RightUnhandled) {
			continue
		}
		chips = append(chips, chip{c.label, counts[c.state], address("/log", f.pairs(string(c.state))...),
			f.State == string(c.state)})
	}
	return chips, nil
}

func atLeast(n int, more bool) string {
	if more {
		return thousands(n) + "+"
	}
	return thousands(n)
}

// runningMost is how many shipments on their way are counted and listed, and runningLooked how many are looked at for
// those that somebody may open.
const (
	runningMost   = 200
	runningLooked = 1000
)

// movingShipments are those that move, or wait to be reviewed.
type movingShipments struct {
	all  []*post.Shipment
	more bool
}

// running are the shipments that move, or wait to be reviewed, the newest first. They are read once for each page.
func (p *Portal) running(v *visit) (all []*post.Shipment, more bool, err error) {
	if v.moving != nil {
		return slices.Clone(v.moving.all), v.moving.more, nil
	}
	for cursor, looked := "", 0; ; {
		some, next, err := p.Shipments.Unfinished(v.Context(), v.who.Org, cursor, runningMost)
		if err != nil {
			return nil, false, err
		}
		for _, s := range some {
			if v.who.Sight().Opens(s.Area) && !s.Over() {
				all = append(all, s)
			}
		}
		looked += len(some)
		if cursor = next; cursor == "" || len(all) >= runningMost || looked >= runningLooked {
			more = cursor != ""
			break
		}
	}
	slices.SortFunc(all, func(a, b *post.Shipment) int { return b.Created.Compare(a.Created) })
	v.moving = &movingShipments{all, more}
	return slices.Clone(all), more, nil
}

// failedOf are the ids of the shipments that have a row in Ubehandlet.
func failedOf(rows *unhandledRows) []string {
	var ids []string
	for _, f := range rows.all {
		if f.Shipment != "" && !slices.Contains(ids, f.Shipment) {
			ids = append(ids, f.Shipment)
		}
	}
	return ids
}

// failed are those shipments, the newest first.
func (p *Portal) failed(v *visit) (all []*post.Shipment, more bool, err error) {
	rows, err := p.unhandled(v)
	if err != nil {
		return nil, false, err
	}
	for _, id := range failedOf(rows) {
		s, err := p.Shipments.Get(v.Context(), v.who.Org, id)
		switch {
		case errors.Is(err, post.ErrNotFound), errors.Is(err, post.ErrUnreadable): // its row is there all the same
		case err != nil:
			return nil, false, err
		case v.who.Sight().Opens(s.Area):
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b *post.Shipment) int { return b.Created.Compare(a.Created) })
	return all, rows.more, nil
}

// listed is a page of the log, and the cursor of the next one. What moves, or has failed, is one page; more says that
// it is not all of it.
func (p *Portal) listed(v *visit, f post.ShipmentFilter, cursor string, most int) (
	all []*post.Shipment, next string, more bool, err error) {
	switch f.State {
	case post.LogRunning:
		all, more, err = p.running(v)
	case post.LogFailed:
		all, more, err = p.failed(v)
	default:
		all, next, err = p.Shipments.Filtered(v.Context(), v.who.Org, v.who.Sight(), f, cursor, most)
		return all, next, false, err
	}
	return slices.DeleteFunc(all, func(s *post.Shipment) bool { return !f.TakesMade(s) }), "", more, err
}

// totalsMost is how many shipments are added up, or given as a list, while somebody waits.
const totalsMost = 5000

// everyListed is all that a filter takes, up to totalsMost.
func (p *Portal) everyListed(v *visit, f post.ShipmentFilter) (all []*post.Shipment, more bool, err error) {
	for cursor := ""; ; {
		some, next, part, err := p.listed(v, f, cursor, 500)
		if err != nil {
			return nil, false, err
		}
		all = append(all, some...)
		if cursor = next; cursor == "" || len(all) >= totalsMost {
			return all, part || cursor != "", nil
		}
	}
}

// sentLetters is how many letters of a shipment are sent, or were: none before anybody pressed Send.
func sentLetters(s *post.Shipment) int { return s.Counts.Total() - s.Counts.Cancelled }

// totals adds up what a filter takes.
func (p *Portal) totals(v *visit, f post.ShipmentFilter) (string, error) {
	all, more, err := p.everyListed(v, f)
	if err != nil {
		return "", err
	}
	var c post.Counts
	letters := 0
	for _, s := range all {
		letters += sentLetters(s)
		c.Completed += s.Counts.Completed
		c.HandedOver += s.Counts.HandedOver
		c.Failed += s.Counts.Failed
		c.Dismissed += s.Counts.Dismissed
	}
	text := fmt.Sprintf(totalsText, count(len(all), "forsendelse", "forsendelser"), count(letters, "brev", "breve"),
		thousands(c.Completed), thousands(c.HandedOver), thousands(c.Failed), thousands(c.Dismissed))
	if more {
		text = totalsPartText + text
	}
	return text, nil
}

// showLogCSV gives what a filter takes as a file for a spreadsheet: no names and no numbers of people.
func (p *Portal) showLogCSV(v *visit) error {
	form, f, err := p.filterOf(v)
	if err != nil {
		return v.redirect(form.Address()) // which says what is wrong
	}
	all, more, err := p.everyListed(v, f)
	if err != nil {
		return err
	}
	seen := v.who.Did(post.ActSee, "", "", texts.Say("log-exported", len(all)))
	if err := p.Audit.Record(v.Context(), seen); err != nil {
		return err
	}
	rows := [][]string{logColumns}
	for _, s := range all {
		rows = append(rows, p.csvRow(s, v.org))
	}
	if more {
		rows = append(rows, []string{csvPartText})
	}
	return download(v, "log.csv", string(sheet.Write(rows...)))
}

func (p *Portal) csvRow(s *post.Shipment, o *post.Organization) []string {
	subject, n := s.Subject, func(i int) string { return fmt.Sprint(i) }
	if s.Withheld() {
		subject = confidentialText
	}
	sent := ""
	if !s.SentAt.IsZero() {
		sent = s.SentAt.In(p.zone).Format(time.DateTime)
	}
	c := s.Counts
	return []string{s.Created.In(p.zone).Format(time.DateTime), sent, subject, s.Sender.Name, s.By, s.Options.TypeName,
		o.UnitName(s.Area.Unit), shipmentMark(s, false).Word, n(sentLetters(s)), n(c.Completed),
		n(c.HandedOver), n(c.Failed), n(c.Dismissed), n(c.Cancelled), n(c.Archived)}
}

// soegPage is what a search of the log has found.
type soegPage struct {
	Filter    filterForm
	Text      string // as it was typed; a number is not shown again
	Mistakes  mistakes
	Asked     bool
	Shipments []logRow
	Letters   []soegLine
	More      bool
}

type soegLine struct {
	Name, Recipient, Subject, Link string
	Number                         int
	Sent                           time.Time
	Mark, Archiving                mark
}

// pressSoeg searches. What is searched is in the form and in no address: it may be a number. Without it the form is a
// filter, which is an address.
func (p *Portal) pressSoeg(v *visit) error {
	form, f, err := p.filterOf(v)
	text := strings.TrimSpace(v.PostFormValue("q"))
	if text == "" {
		return v.redirect(form.Address())
	}
	page := soegPage{Filter: form, Text: text, Asked: true}
	if strings.ContainsAny(text, "0123456789") {
		page.Text = ""
	}
	var found *post.LogFound
	if err == nil {
		found, err = p.LogReading.SearchLog(v.Context(), v.who, post.LogQuery{Text: text, ShipmentFilter: f})
	}
	if page.Mistakes = mistakesOf(err); page.Mistakes != nil {
		page.Asked = false
		return p.show(v, http.StatusUnprocessableEntity, "soeg", "log", "Søg – Log", page)
	}
	if err != nil {
		return err
	}
	page.More = found.More
	for _, s := range found.Shipments {
		page.Shipments = append(page.Shipments, rowOf(s, false))
	}
	for _, l := range found.Letters {
		page.Letters = append(page.Letters, p.soegLineOf(v, l))
	}
	return p.show(v, http.StatusOK, "soeg", "log", "Søg – Log", page)
}

func (p *Portal) soegLineOf(v *visit, l post.FoundLetter) soegLine {
	line := lineOf(l.Letter, l.Filed)
	s := soegLine{Recipient: strings.TrimSpace(line.Kind + " " + line.Recipient), Number: l.Letter.Number,
		Subject: cmp.Or(l.Letter.Subject, l.Shipment.Subject), Sent: l.Shipment.Created, Mark: line.Mark,
		Archiving: letterArchivingMark(l.Letter, l.Filed), Link: letterLink(l.Letter.ID, l.Letter.Number)}
	if !v.org.HideNames {
		s.Name = l.Name
	}
	return s
}

// pressGemFilter keeps a filter under a name, for whoever has made it.
func (p *Portal) pressGemFilter(v *visit) error {
	form, _, _ := p.filterOf(v)
	kept := post.SavedFilter{Name: strings.TrimSpace(v.PostFormValue("navn")), Address: form.Address()}
	err := p.SavedFilters.PutFilter(v.Context(), v.who.Org, v.who.Owner(), kept)
	if wrong := mistakesOf(err); wrong != nil {
		return p.log(v, http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	return v.redirect(kept.Address)
}

func (p *Portal) pressFjernFilter(v *visit) error {
	if err := p.SavedFilters.RemoveFilter(v.Context(), v.who.Org, v.who.Owner(), v.PostFormValue("navn")); err != nil {
		return err
	}
	return v.redirect("/log")
}

// savedOf are the caller's filters. An address that is not the log's leads nowhere.
func (p *Portal) savedOf(v *visit) ([]post.SavedFilter, error) {
	all, err := p.SavedFilters.Filters(v.Context(), v.who.Org, v.who.Owner())
	return slices.DeleteFunc(all, func(f post.SavedFilter) bool {
		u, err := url.Parse(f.Address)
		return err != nil || u.Path != "/log" || u.Host != ""
	}), err
}
