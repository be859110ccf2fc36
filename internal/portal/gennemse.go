package portal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"brevdue/internal/post"
)

// gennemsePage is a shipment on its way to Send.
type gennemsePage struct {
	S          *post.Shipment
	Uploads    []uploadForm // what has not arrived, for browsers without script
	Received   string       // what this browser has sent
	Findings   []findingLine
	Letters    []letterLine
	Edits      []editLine
	Safe, Held int
	Dropped    int
	From, To   int
	Previous   int // first letter of the page before; 0 for none
	Next       int
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
	Seen      string // what was found in it
	Dropped   bool
	Pages     string
	Problem   string
	Mark      mark
	Note      string
	Archiving mark
	Current   bool
}

func lineOf(l *post.Letter) letterLine {
	line := letterLine{Number: l.ID.Number(), Pages: pagesText(l.First, l.Last), Mark: letterMarks[l.State], Archiving: letterArchivingMark(l)}
	if !l.Recipient.IsZero() {
		line.Recipient, line.Kind = l.Recipient.String(), string(l.Recipient.Kind())
	}
	if l.Problem != nil {
		line.Problem = post.Explain(l.Problem.Code).Title
		line.Note = line.Problem
	}
	return line
}

func pagesText(first, last int) string {
	if first == last {
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d–%d", first, last)
}

// own returns the shipment of the address; that of another organization is not found.
func (p *Portal) own(v *visit) (*post.Shipment, error) {
	s, err := p.Shipments.Get(v.Context(), v.PathValue("id"))
	if err == nil && s.Org != v.who.Org {
		return nil, fmt.Errorf("shipment %s: %w", s.ID, post.ErrNotFound)
	}
	return s, err
}

const lettersPerPage = 100

func (p *Portal) showGennemse(v *visit) error {
	s, err := p.own(v)
	if err != nil {
		return err
	}
	g := gennemsePage{S: s}
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
		return p.show(v, http.StatusOK, "deler", "afsend", "Dokumentet deles", g)
	case post.InReview:
		if err := p.review(v, &g); err != nil {
			return err
		}
		return p.show(v, http.StatusOK, "gennemse", "afsend", "Gennemse og send", g)
	}
	return v.redirect("/forsendelse/" + s.ID)
}

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
		link, err := p.Links.Upload(v.Context(), post.Terms{Org: g.S.Org, Key: part.Key, Type: part.Type, Limit: part.Limit, Life: p.UploadLife, After: v.base() + after})
		if err != nil {
			return err
		}
		g.Uploads = append(g.Uploads, uploadForm{part.Name, link})
	}
	return nil
}

// mentionsShown is how many numbers in running text are told one by one.
const mentionsShown = 5

func (p *Portal) review(v *visit, g *gennemsePage) error {
	mentions := 0
	for _, f := range g.S.Findings {
		if f.Code == post.FindingMention {
			if mentions++; mentions > mentionsShown {
				continue
			}
		}
		line := findingLine{Text: f.Text, Holds: f.HoldsBack()}
		if len(f.Pages) > 0 {
			line.Where = sentence(post.PageList(f.Pages))
		}
		g.Findings = append(g.Findings, line)
	}
	if more := mentions - mentionsShown; more > 0 {
		g.Findings = append(g.Findings, findingLine{Text: fmt.Sprintf(moreMentionsText, more)})
	}
	outline, err := p.Outlines.Outline(v.Context(), g.S)
	if err != nil {
		return err
	}
	g.Letters, g.From, g.To, g.Previous, g.Next, err = p.letterPage(v, g.S)
	if outline != nil {
		g.outlined(outline)
	}
	g.Safe = g.S.Letters - g.Held - g.Dropped
	for _, e := range g.S.Edits {
		g.Edits = append(g.Edits, editLine{e.At, e.By, editText(e)})
	}
	return err
}

// outlined adds what the outline says to the letters that are shown.
func (g *gennemsePage) outlined(o *post.Outline) {
	for _, l := range o.Letters {
		switch {
		case l.Dropped:
			g.Dropped++
		case l.Problem != "":
			g.Held++
		}
	}
	for i := range g.Letters {
		line := &g.Letters[i]
		seen := o.Letter(line.Number)
		line.Name, line.Seen, line.Dropped = seen.Name, findingWords(seen.Findings), seen.Dropped
	}
}

// letterPage returns the letters from ?fra on.
func (p *Portal) letterPage(v *visit, s *post.Shipment) (lines []letterLine, from, to, previous, next int, err error) {
	from, _ = strconv.Atoi(v.FormValue("fra"))
	from = max(from, 1)
	letters, err := p.Letters.Page(v.Context(), s.ID, s.Version, from, lettersPerPage)
	if err != nil {
		return nil, 0, 0, 0, 0, err
	}
	for _, l := range letters {
		lines = append(lines, lineOf(l))
	}
	to = from + len(letters) - 1
	if from > 1 {
		previous = max(1, from-lettersPerPage)
	}
	if to < s.Letters && len(letters) > 0 {
		next = to + 1
	}
	return lines, from, to, previous, next, nil
}

// pressSend sends what the page showed. What somebody else has corrected meanwhile is shown first.
func (p *Portal) pressSend(v *visit) error {
	if seen := v.PostFormValue("version"); seen != "" {
		s, err := p.own(v)
		if err != nil {
			return err
		}
		if seen != strconv.Itoa(s.Version) {
			return v.redirect("/afsend/" + s.ID)
		}
	}
	s, err := p.Desk.Send(v.Context(), v.who, v.PathValue("id"))
	if errors.Is(err, post.ErrAlreadySent) { // the page now has the warning
		return v.redirect("/afsend/" + v.PathValue("id"))
	}
	if err != nil {
		return err
	}
	return v.redirect("/forsendelse/" + s.ID)
}

func (p *Portal) pressCancel(v *visit) error {
	s, err := p.Desk.Cancel(v.Context(), v.who, v.PathValue("id"))
	if err != nil {
		return err
	}
	return v.redirect("/forsendelse/" + s.ID)
}
