package portal

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// forsendelsePage is a shipment with its letters, and one letter's course.
type forsendelsePage struct {
	S                  *post.Shipment
	Sending, Archiving mark
	Handled            int
	Count              int // of letters that were not cancelled
	Total              int // of all
	Waiting            int // handed over, without a receipt yet
	Findings           []findingLine
	Letters            []letterLine
	From, To           int
	Previous, Next     int
	Letter             *letterCourse
	Cancellable, Live  bool
	Undoable           bool // nothing has begun to leave
	Refresh            string
	Problem            string
	View               string // of the list: there is one
	Chosen             []string
	Rehearsal          *rehearsalPart // it was tried, and is never sent
}

// letterCourse is one letter with its history.
type letterCourse struct {
	letterLine
	Title       string
	ID          post.LetterID
	Code        post.Code // why it failed
	Events      []eventLine
	Why         string // it failed
	Do          string
	Handled     string // who has taken it out of Ubehandlet, and why
	Notified    string // when it was legally notified; "" where it is no legal notification
	Available   string // when it reached its recipient
	Unit        string // P-number
	UUID        string
	Receipt     bool
	Support     []supportLine // codes and ids, for who is asked for help
	Folded      int           // events in the middle of a long history, which are folded
	Fingerprint string        // fingerprint of the receipt
	Intact      bool          // and it still matches
	Outside     []outsideLine
}

// outsideLine is what has come of a letter in an archive outside Brevdue.
type outsideLine struct {
	Name, Status, Case, Why string
	Failed                  bool
}

// outside shows what has come of a letter in archives outside Brevdue.
func (p *Portal) outside(v *visit, s *post.Shipment, l *post.Letter) ([]outsideLine, error) {
	if len(s.Archives) == 0 {
		return nil, nil
	}
	all, err := p.Transfers.Transfers(v.Context(), v.who.Org, l.ID)
	var lines []outsideLine
	for _, t := range all {
		line := outsideLine{Name: v.org.ArchiveName(t.Archive), Status: texts.Transfer(t), Case: t.Case.Number,
			Failed: t.State == post.TransferFailed}
		if t.Problem != nil {
			line.Why = texts.Problem(t.Problem)
		}
		lines = append(lines, line)
	}
	return lines, err
}

type eventLine struct {
	mark
	Text string
	post.Event
	Folded bool
}

// historyShown is how many events at each end of a long history are not folded.
const historyShown = 5

// supportLine is something that only who is asked for help can read.
type supportLine struct{ What, Text string }

func (p *Portal) showForsendelse(v *visit) error {
	s, err := p.own(v)
	if err != nil {
		return err
	}
	handled, err := p.isHandled(v, s)
	if err != nil {
		return err
	}
	f := forsendelsePage{
		S:           s,
		Sending:     shipmentMark(s, handled),
		Archiving:   archivingMark(s),
		Handled:     s.Counts.Processed(),
		Count:       s.Letters - s.Counts.Cancelled,
		Total:       s.Letters,
		Waiting:     s.Counts.HandedOver,
		Cancellable: s.State == post.InSending && (s.Counts.Created+s.Counts.Queued > 0 || !s.HasLetters()),
		Undoable:    !s.WaitsUntil().IsZero(),
		Chosen:      chosen(s),
		Live:        s.State == post.InSending && s.Unfinished(),
	}
	if f.Rehearsal, err = p.rehearsalOf(v, s); err != nil {
		return err
	}
	f.Live = f.Live || f.Rehearsal != nil && !f.Rehearsal.Ended
	if s.Problem != nil {
		f.Problem = texts.Problem(s.Problem)
	}
	if f.Letters, f.From, f.To, f.Previous, f.Next, err = p.letterPage(v, s); err != nil {
		return err
	}
	f.Refresh = address("/forsendelse/"+s.ID, "fra", v.FormValue("fra"), "brev", v.FormValue("brev"))
	if err := p.course(v, s, &f); err != nil {
		return err
	}
	return p.show(v, http.StatusOK, "forsendelse", "log", s.Subject, f)
}

// course shows the letter of ?brev, or the first of the page.
func (p *Portal) course(v *visit, s *post.Shipment, f *forsendelsePage) error {
	if len(f.Letters) == 0 {
		return nil
	}
	number, err := strconv.Atoi(v.FormValue("brev"))
	if err != nil {
		number = f.Letters[0].Number
	}
	l, err := p.letter(v, s, number)
	if err != nil {
		return err
	}
	filed, err := p.lies(v, s, l, f.Letters)
	if err != nil {
		return err
	}
	c := &letterCourse{letterLine: lineOf(l, filed), Title: fmt.Sprintf("Brev %d", number), ID: l.ID, Unit: l.Unit}
	if c.Name, err = p.nameIn(v, s, l); err != nil {
		return err
	}
	c.Available, c.Notified = availability(s, l), notified(s, l)
	if c.Outside, err = p.outside(v, s, l); err != nil {
		return err
	}
	if l.Problem != nil {
		c.Code = l.Problem.Code
	}
	for i, e := range l.History {
		line := eventLine{mark: events[e.What].mark, Event: e,
			Text:   p.eventText(l.History[:i], texts.History([]post.Event{e})[0]),
			Folded: i >= historyShown && i < len(l.History)-historyShown}
		if line.Folded {
			c.Folded++
		}
		if coded[e.What] && e.Note != "" {
			c.Support = append(c.Support, supportLine{p.stamp(e.At), e.Note})
		}
		c.Events = append(c.Events, line)
	}
	if l.Problem != nil {
		c.Why = texts.Problem(l.Problem)
		if c.Handled = l.Dismissal(); c.Handled == "" && l.State == post.Failed {
			c.Do = texts.Explain(l.Problem.Code).Do
		}
	}
	c.Support = append(c.Support, supportLine{"Brevets id", string(l.ID)})
	if l.Archiving.Case != "" {
		c.Support = append(c.Support, supportLine{"Sagens id", l.Archiving.Case})
	}
	if m := l.Current(); m != nil {
		c.UUID = m.UUID
		c.Support = append(c.Support, supportLine{"Besked-id", m.UUID})
	}
	if l.Problem != nil && l.Problem.Detail != "" {
		c.Support = append(c.Support, supportLine{"Kode", texts.Of(sentence.Sentence(l.Problem.Detail))})
	}
	if n := len(l.Receipts); n > 0 {
		r := l.Receipts[n-1]
		c.Receipt, c.Fingerprint, c.Intact = true, r.SHA256, r.Verify()
		answer := strings.TrimSpace(string(r.Status) + " " + r.ErrorCode)
		c.Support = append(c.Support, supportLine{"Digital Posts svar", answer},
			supportLine{"Fingeraftryk (SHA-256)", r.SHA256})
	}
	f.Letter = c
	return nil
}

// lies makes a letter the current one of the page, and reports whether it lies in its case: the page knows that of its
// own letters.
func (p *Portal) lies(v *visit, s *post.Shipment, l *post.Letter, page []letterLine) (bool, error) {
	for i := range page {
		if page[i].Number == l.Number {
			page[i].Current = true
			return page[i].Filed, nil
		}
	}
	filed, err := p.Archive.FiledOf(v.Context(), s, []*post.Letter{l})
	return filed[l.ID], err
}

func (p *Portal) letter(v *visit, s *post.Shipment, number int) (*post.Letter, error) {
	letters, err := p.Lists.Page(v.Context(), s, number, 1)
	if err != nil {
		return nil, err
	}
	if len(letters) == 0 || letters[0].Number != number {
		return nil, fmt.Errorf("letter %d of %s: %w", number, s.ID, post.ErrNotFound)
	}
	return letters[0], nil
}

func (p *Portal) letterOfAddress(v *visit) (*post.Shipment, *post.Letter, error) {
	s, err := p.own(v)
	if err != nil {
		return nil, nil, err
	}
	if s.State == post.InReview {
		s, _, l, err := p.reviewed(v)
		if err == nil && l == nil { // it was sent just now
			err = post.ErrNotInReview
		}
		return s, l, err
	}
	number, err := strconv.Atoi(v.PathValue("number"))
	if err != nil {
		return nil, nil, post.ErrNotFound
	}
	l, err := p.letter(v, s, number)
	return s, l, err
}

// showLetter leads to the PDF of a letter that was sent or held back, to be shown in the page.
func (p *Portal) showLetter(v *visit) error {
	s, l, err := p.letterOfAddress(v)
	if err != nil {
		return err
	}
	if s.State == post.InReview {
		return v.redirect("/afsend/" + s.ID)
	}
	if err := p.Audit.Record(v.Context(), v.who.Did(post.ActSee, l.ID.Shipment(), l.ID, "brev")); err != nil {
		return err
	}
	return p.inPage(v, l.Document)
}

// downloadLetter leads to the presigned address: no document passes through an answer.
func (p *Portal) downloadLetter(v *visit) error {
	s, l, err := p.letterOfAddress(v)
	if err == nil {
		err = p.Audit.Record(v.Context(), v.who.Did(post.ActSee, l.ID.Shipment(), l.ID, "brev"))
	}
	if err != nil {
		return err
	}
	document := l.Document
	if s.State == post.InReview {
		if document, err = p.Reviews.Preview(v.Context(), s, l); err != nil {
			return err
		}
	}
	link, err := p.Links.Download(v.Context(), v.who.Org, document, letterFileName(s, l))
	if err != nil {
		return err
	}
	return v.redirect(p.here(v, link).URL)
}

// letterFileName is what a letter is called on somebody's machine.
func letterFileName(s *post.Shipment, l *post.Letter) string {
	return post.FileName(fmt.Sprintf("%s – brev %d.pdf", cmp.Or(l.Subject, s.Subject), l.Number))
}

// environmentName says »Simulator« on what is simulated.
func environmentName(e post.Environment) string {
	switch e {
	case post.Simulator:
		return "Simulator"
	case post.Test:
		return "Test"
	}
	return "Produktion"
}
