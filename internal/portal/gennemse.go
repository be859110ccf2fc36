package portal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// gennemsePage is a shipment on its way to Send.
type gennemsePage struct {
	S           *post.Shipment
	Uploads     []uploadForm // what has not arrived, for browsers without script
	Received    string       // what this browser has sent
	Findings    []findingLine
	Letters     []letterLine
	Edits       []editLine
	Revision    int
	Count       int      // of letters
	Total       int      // the same, as the pager shows it
	Mistakes    mistakes // why what was pressed was not done
	Undo        string   // how long it can be undone
	SendAt      string   // as it was typed
	Rehearsable bool
	OldDates    bool // letters are old when they leave, or may be at the time that was typed
	Approval    *approval
	Chosen      []string
	LookUp      []lookUpLine
	Asking      bool // the register
	MaySend     bool
	Waits       bool // for another person's approval
	Safe, Held  int
	Dropped     int
	View        string // of the list
	Chips       []chip
	Typed       string // a number that was typed just now
	Far         *post.SplitProgress
	From, To    int
	Previous    int // first letter of the page before; 0 for none
	Next        int
}

type uploadForm struct {
	Name string
	Link post.Link
}

type findingLine struct {
	Where, Text string
	Holds       bool
}

// letterLine is a letter in a list.
type letterLine struct {
	Number    int
	Recipient string
	Kind      string
	Name      string // as the letter's address says
	Warnings  []string
	Dropped   bool
	Pages     string
	Problem   string
	Mark      mark
	Note      string
	Enrolled  string // what the register says, where the recipient is not simply enrolled
	Archiving mark
	Filed     bool // it lies in its case
	Current   bool
}

func lineOf(l *post.Letter, filed bool) letterLine {
	line := letterLine{
		Number:    l.Number,
		Pages:     pagesText(l.First, l.Last),
		Mark:      markOf(l),
		Archiving: letterArchivingMark(l, filed),
		Filed:     filed,
	}
	if !l.Recipient.IsZero() {
		line.Recipient, line.Kind = l.Recipient.String(), string(l.Recipient.Kind())
		if l.Unit != "" {
			line.Recipient += " P " + l.Unit
		}
	}
	if l.Problem != nil {
		line.Problem = texts.Explain(l.Problem.Code).Title
		line.Note = line.Problem
	}
	if handled := l.Dismissal(); handled != "" {
		line.Note = fmt.Sprintf(handledNoteText, texts.Of(sentence.Sentence(handled)))
	}
	return line
}

// pagesText is "" where nobody knows the pages.
func pagesText(first, last int) string {
	switch {
	case last < first || last == 0:
		return ""
	case first == last:
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d–%d", first, last)
}

// own returns the organization's shipment that the address names.
func (p *Portal) own(v *visit) (*post.Shipment, error) {
	if s := v.shipment; s != nil {
		v.shipment = nil // who asks a second time wants to know what has become of it
		return s, nil
	}
	return p.permitted(v, route{})
}

const lettersPerPage = 100

func (p *Portal) showGennemse(v *visit) error { return p.gennemse(v, http.StatusOK, nil) }

func (p *Portal) gennemse(v *visit, status int, wrong mistakes) error {
	s, err := p.own(v)
	if err != nil {
		return err
	}
	g := gennemsePage{S: s, Mistakes: wrong, Chosen: chosen(s), SendAt: v.PostFormValue("hvornaar")}
	switch s.State {
	case post.Uploading:
		if err := p.missing(v, &g); err != nil {
			return err
		}
		if len(g.Uploads) == 0 {
			return p.show(v, http.StatusOK, "deler", "afsend", "Dokumentet deles", g)
		}
		return p.show(v, http.StatusOK, "upload", "afsend", "Upload dokumentet", g)
	case post.Splitting:
		far, err := p.Progresses.Progress(v.Context(), s.Org, s.ID)
		if err != nil {
			return err
		}
		if far != nil && p.Now().Sub(far.At) < farKnown { // else it is that of a split before
			g.Far = far
		}
		return p.show(v, http.StatusOK, "deler", "afsend", "Dokumentet deles", g)
	case post.InReview:
		if err := p.review(v, &g); err != nil {
			return err
		}
		g.Approval, g.MaySend = approvalOf(v, s), v.who.Grants.MayAt(post.RightSend, s.Area)
		g.Rehearsable = s.Drafted && s.Sends == 0
		g.Waits = g.Approval != nil && g.Approval.Valid
		return p.show(v, status, "gennemse", "afsend", "Gennemse og send", g)
	}
	return v.redirect("/forsendelse/" + s.ID)
}

// farKnown is how long what was noted of a split is taken for what is so.
const farKnown = 30 * time.Second

// received is the parameter that says which files the browser has sent: in the cloud it takes a moment until they are
// known here.
const received = "modtaget"

// missing lists the files that neither have arrived nor were sent by this browser, with where to send them.
func (p *Portal) missing(v *visit, g *gennemsePage) error {
	g.Received = v.FormValue(received)
	sent := strings.Split(g.Received, ",")
	for i, part := range g.S.Parts {
		if part.Arrived() || slices.Contains(sent, strconv.Itoa(i)) || g.Received == "alle" {
			continue
		}
		after := address("/afsend/"+g.S.ID, received, strings.Join(append(slices.Clone(sent), strconv.Itoa(i)), ","))
		link, err := p.Links.Upload(
			v.Context(),
			post.UploadPolicy{
				Org:   g.S.Org,
				Key:   part.Key,
				Type:  part.Type,
				Limit: part.Limit,
				Life:  p.UploadLife,
				After: v.base() + after,
			},
		)
		if err != nil {
			return err
		}
		g.Uploads = append(g.Uploads, uploadForm{part.Name, p.here(v, link)})
	}
	return nil
}

// mentionsShown is how many numbers in running text are told one by one.
const mentionsShown = 5

func (p *Portal) review(v *visit, g *gennemsePage) error {
	r, err := p.Reviews.Review(v.Context(), g.S)
	if err != nil {
		return err
	}
	mentions := 0
	g.OldDates = v.PostFormValue("revision") != "" // a Send was refused: maybe for that
	for _, f := range r.Findings {
		if f.Code == post.FindingMention {
			if mentions++; mentions > mentionsShown {
				continue
			}
		}
		g.OldDates = g.OldDates || f.OldDate()
		line := findingLine{Text: texts.Of(f.Text), Holds: f.HoldsBack()}
		if len(f.Pages) > 0 {
			line.Where = capital(texts.Pages(f.Pages)) + "."
		}
		g.Findings = append(g.Findings, line)
	}
	if more := mentions - mentionsShown; more > 0 {
		g.Findings = append(g.Findings, findingLine{Text: fmt.Sprintf(moreMentionsText, more)})
	}
	g.Revision, g.Count, g.Undo = r.Revision, len(r.Letters), waitText(v.org.UndoWindow())
	edits := g.S.Effective(len(g.S.Edits))
	all := reviewLetters(r, edits)
	if err := p.warnNames(v, all, edits); err != nil {
		return err
	}
	g.lookAt(v, all)
	g.Typed = p.typedNumber(v, g.S)
	g.Chosen = append(g.Chosen, p.chosenHere(v, g.S)...)
	var lookUp *post.LookUp
	if g.LookUp, lookUp, err = p.lookUpOf(v, g.S, r.Letters); err != nil {
		return err
	}
	g.Asking = lookUp.Asking(p.Now())
	for i := range g.Letters {
		if n := g.Letters[i].Number; n >= 1 && n <= len(r.Letters) {
			g.Letters[i].Enrolled = lookUpMarks[lookUp.Of(r.Letters[n-1].Recipient, p.Now())]
		}
	}
	g.Safe = g.Count - g.Held - g.Dropped
	live := map[int]bool{}
	for _, e := range g.S.Effective(len(g.S.Edits)) {
		live[e.Ordinal] = true
	}
	for i, e := range g.S.Edits {
		if e.Do != post.EditUndo {
			undone := g.S.Drafted && !live[i+1]
			g.Edits = append(g.Edits, editLine{i + 1, e.At, e.By, editText(e), undone, g.S.Drafted})
		}
	}
	return nil
}

// from is the place in the list that ?fra names; 0 for none.
func from(v *visit) int {
	n, _ := strconv.Atoi(v.FormValue("fra"))
	return n
}

// letterPage returns the letters from ?fra on.
func (p *Portal) letterPage(v *visit, s *post.Shipment) (lines []letterLine, first, to, previous, next int, err error) {
	first = max(from(v), 1)
	letters, err := p.Lists.Page(v.Context(), s, first, lettersPerPage)
	if err != nil {
		return nil, 0, 0, 0, 0, err
	}
	filed, err := p.Archive.FiledOf(v.Context(), s, letters)
	if err != nil {
		return nil, 0, 0, 0, 0, err
	}
	lines, first, to, previous, next = pageOf(letters, filed, first, s.Letters)
	for i, l := range letters {
		if lines[i].Name, err = p.nameIn(v, s, l); err != nil {
			return nil, 0, 0, 0, 0, err
		}
	}
	return lines, first, to, previous, next, nil
}

// pageOf makes the lines of some letters, and says which pages stand before and after them.
func pageOf(letters []*post.Letter, filed map[post.LetterID]bool, first, all int) (
	lines []letterLine, from, to, previous, next int) {
	for _, l := range letters {
		lines = append(lines, lineOf(l, filed[l.ID]))
	}
	to = first + len(letters) - 1
	if first > 1 {
		previous = max(1, first-lettersPerPage)
	}
	if to < all && len(letters) > 0 {
		next = to + 1
	}
	return lines, first, to, previous, next
}

// revision is the revision of the draft that a form was made from.
func revision(v *visit) int {
	if n, err := strconv.Atoi(v.PostFormValue("revision")); err == nil && n >= 0 {
		return n
	}
	return post.AnyRevision
}

// pressSend sends what the page showed: with the undo window, or at the time that was chosen. What somebody else has
// corrected meanwhile is shown first.
func (p *Portal) pressSend(v *visit) error {
	at, err := post.ParseMoment(v.PostFormValue("hvornaar"))
	if err == nil {
		how := post.SendOrder{Seen: revision(v), Window: true, At: at,
			AskDates: v.PostFormValue("gamle-datoer") == ""}
		var s *post.Shipment
		if s, err = p.Commands.Send(v.Context(), v.who, v.PathValue("id"), how); err == nil {
			p.replaced(v, s)
		}
	}
	switch wrong := mistakesOf(err); {
	case errors.Is(err, post.ErrAlreadySent), errors.Is(err, post.ErrNeedsApproval): // the page now says so
		return v.redirect("/afsend/" + v.PathValue("id"))
	case errors.Is(err, post.ErrDraftChanged):
		return p.gennemse(v, http.StatusPreconditionFailed, mistaken("", texts.Sentence(err)))
	case wrong != nil:
		return p.gennemse(v, http.StatusUnprocessableEntity, wrong)
	case errors.Is(err, post.ErrDailyLimit):
		return p.gennemse(v, http.StatusTooManyRequests, mistaken("", texts.Sentence(err)))
	case err != nil:
		return err
	}
	return v.redirect("/forsendelse/" + v.PathValue("id"))
}

// pressFortryd takes a Send back to its draft.
func (p *Portal) pressFortryd(v *visit) error {
	s, err := p.Commands.Undo(v.Context(), v.who, v.PathValue("id"))
	if err != nil {
		return err
	}
	v.tell(sentence.Of("done-undone"))
	return v.redirect("/afsend/" + s.ID)
}

func (p *Portal) pressPause(v *visit) error {
	s, err := p.Pauses.Pause(v.Context(), v.who, v.PathValue("id"))
	if err != nil {
		return err
	}
	v.tell(sentence.Of("done-paused"))
	return v.redirect("/forsendelse/" + s.ID)
}

func (p *Portal) pressFortsaet(v *visit) error {
	s, err := p.Pauses.Continue(v.Context(), v.who, v.PathValue("id"))
	if err != nil {
		return err
	}
	v.tell(sentence.Of("done-continued"))
	return v.redirect("/forsendelse/" + s.ID)
}

func (p *Portal) pressCancel(v *visit) error {
	s, err := p.Commands.Cancel(v.Context(), v.who, v.PathValue("id"))
	if err != nil {
		return err
	}
	v.tell(sentence.Of("done-cancelled"))
	return v.redirect("/forsendelse/" + s.ID)
}
