package portal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sheet"
	"brevdue/internal/texts"
)

// The ways to look at a review.
const (
	viewAll    = ""
	viewHeld   = "holdt"
	viewEdited = "rettet"
	viewWarned = "advarsel"
)

// reviewLetter is a letter of a review with what a person wants to know of it.
type reviewLetter struct {
	*post.Letter
	Name     string
	Seen     []post.FindingCode
	Dropped  bool
	Held     bool
	Edited   bool
	Warnings []string
}

// is reports whether a letter stands in a view.
func (l *reviewLetter) is(view string) bool {
	switch view {
	case viewHeld:
		return l.Held
	case viewEdited:
		return l.Edited
	case viewWarned:
		return len(l.Warnings) > 0
	}
	return true
}

// reviewLetters are all letters of a review. Edits are those that hold.
func reviewLetters(r *post.Review, edits []post.Edit) []*reviewLetter {
	all := make([]*reviewLetter, len(r.Letters))
	numbers := map[string][]int{}
	for i, l := range r.Letters {
		one := &reviewLetter{Letter: l, Held: l.Problem != nil}
		if r.Outline != nil {
			seen := r.Outline.Letter(l.Number)
			one.Name, one.Seen, one.Dropped = post.Visible(seen.Name), seen.Findings, seen.Dropped
		}
		one.Held = one.Held && !one.Dropped
		one.Edited = slices.ContainsFunc(edits, func(e post.Edit) bool { return e.Page >= l.First && e.Page <= l.Last })
		if !l.Recipient.IsZero() && !one.Dropped {
			numbers[l.Recipient.Key()] = append(numbers[l.Recipient.Key()], i)
		}
		all[i] = one
	}
	for _, same := range numbers {
		warnSame(all, same)
	}
	times := map[post.FindingCode]int{}
	for _, one := range all {
		for _, code := range one.Seen {
			times[code]++
		}
	}
	for _, one := range all {
		for _, code := range one.Seen {
			// What most letters have is said of the document, once.
			if text := warningNames[code]; text != "" && !one.Held && 2*times[code] <= len(all) {
				one.Warnings = append(one.Warnings, text)
			}
		}
	}
	return all
}

// warnSame warns of letters that go to one number though they name different people, or though a person has typed it.
func warnSame(all []*reviewLetter, same []int) {
	first := map[string]int{} // letter by the words of the name in it
	var names []string
	typed := false
	for _, i := range same {
		name := strings.Join(ident.NameWords(all[i].Name), " ")
		if _, known := first[name]; !known {
			first[name], names = i, append(names, name)
		}
		typed = typed || all[i].Edited
	}
	if len(same) < 2 || len(names) < 2 && !typed {
		return
	}
	for k, i := range same {
		other := same[0]
		if k == 0 {
			other = same[1]
		}
		name := strings.Join(ident.NameWords(all[i].Name), " ")
		for _, n := range names[:min(2, len(names))] { // one of the first two is another one's
			if n != name {
				other = first[n]
			}
		}
		text := fmt.Sprintf(sameNumberText, all[other].Number)
		if all[other].Name != "" && all[other].Name != all[i].Name {
			text += fmt.Sprintf(otherNameText, all[other].Name)
		}
		all[i].Warnings = append(all[i].Warnings, text)
	}
}

// misnamedMost is how many letters whose number somebody has typed are held against whom it has belonged to: those that
// were typed last. The others are when they are opened.
const misnamedMost = 20

// warnNames warns of letters whose number somebody has typed, and which has belonged to another name before.
func (p *Portal) warnNames(v *visit, all []*reviewLetter, edits []post.Edit) error {
	looked := map[*reviewLetter]bool{}
	for _, e := range slices.Backward(edits) {
		i := slices.IndexFunc(all, func(l *reviewLetter) bool { return e.Page >= l.First && e.Page <= l.Last })
		if e.Do != post.EditRecipient || i < 0 {
			continue
		}
		l := all[i]
		if looked[l] || l.Dropped || l.Name == "" || l.Recipient.IsZero() {
			continue
		}
		if looked[l] = true; len(looked) > misnamedMost {
			return nil
		}
		other, err := p.LogReading.OtherwiseNamed(v.Context(), v.who.Org, l.Recipient, l.Name)
		if err != nil {
			return err
		}
		if other {
			l.Warnings = append(l.Warnings, misnamedText)
		}
	}
	return nil
}

// lookAt puts the letters of a view into the page: those that are held back stand first.
func (g *gennemsePage) lookAt(v *visit, all []*reviewLetter) {
	g.View = v.FormValue("vis")
	counts := map[string]int{}
	for _, l := range all {
		for _, view := range reviewViews {
			if l.is(view.view) {
				counts[view.view]++
			}
		}
		switch {
		case l.Dropped:
			g.Dropped++
		case l.Held:
			g.Held++
		}
	}
	for _, view := range reviewViews {
		g.Chips = append(g.Chips, chip{view.label, thousands(counts[view.view]),
			address("/afsend/"+g.S.ID, "vis", view.view) + "#h-breve", g.View == view.view})
	}
	var shown []*reviewLetter
	for _, held := range []bool{true, false} {
		for _, l := range all {
			if l.Held == held && l.is(g.View) {
				shown = append(shown, l)
			}
		}
	}
	first := max(1, from(v))
	g.Total = len(shown)
	page := shown[min(first-1, len(shown)):min(first-1+lettersPerPage, len(shown))]
	letters := make([]*post.Letter, len(page))
	for i, l := range page {
		letters[i] = l.Letter
	}
	g.Letters, g.From, g.To, g.Previous, g.Next = pageOf(letters, nil, first, len(shown))
	for i, l := range page {
		line := &g.Letters[i]
		line.Name, line.Dropped, line.Warnings = l.Name, l.Dropped, l.Warnings
	}
}

// problemAfter is the number of the next letter that is held back, behind a page; from the first one on where there is
// none behind it, and 0 where none is held back.
func problemAfter(all []*reviewLetter, page int) int {
	next := 0
	for _, l := range all {
		switch {
		case l.Held && l.First > page:
			return l.Number
		case l.Held && next == 0:
			next = l.Number
		}
	}
	return next
}

// showProblem leads to the next letter that is held back, or to the list where there is none.
func (p *Portal) showProblem(v *visit) error {
	s, err := p.own(v)
	if err != nil {
		return err
	}
	list := "/afsend/" + s.ID
	if s.State != post.InReview {
		return v.redirect(list)
	}
	r, err := p.Reviews.Review(v.Context(), s)
	if err != nil {
		return err
	}
	after, _ := strconv.Atoi(v.FormValue("efter"))
	n := problemAfter(reviewLetters(r, s.Effective(len(s.Edits))), after)
	if n == 0 {
		return v.redirect(address(list, "rettet", v.FormValue("rettet")))
	}
	return v.redirect(address(list+"/brev/"+strconv.Itoa(n), "rettet", v.FormValue("rettet")))
}

// justTyped is for how long a number that somebody has typed is shown to them once more, in full.
const justTyped = 2 * time.Minute

// typedNumber says which number somebody has given a letter just now: all of it, so that they can hold it against the
// letter. Nobody else is shown it.
func (p *Portal) typedNumber(v *visit, s *post.Shipment) string {
	n, err := strconv.Atoi(v.FormValue("rettet"))
	if err != nil || n < 1 || n > len(s.Edits) {
		return ""
	}
	e := s.Edits[n-1]
	if e.Do != post.EditRecipient || e.Owner != v.who.Owner() || p.Now().Sub(e.At) > justTyped {
		return ""
	}
	return fmt.Sprintf(typedNumberText, texts.Pages([]int{e.Page}), inFull(e.Recipient))
}

// showProblemCSV gives the letters that are held back as a file, for whoever mends the document.
func (p *Portal) showProblemCSV(v *visit) error {
	s, err := p.own(v)
	if err != nil || s.State != post.InReview {
		return v.redirect("/afsend/" + v.PathValue("id"))
	}
	r, err := p.Reviews.Review(v.Context(), s)
	if err != nil {
		return err
	}
	seen := v.who.Did(post.ActSee, s.ID, "", texts.Say("problems-exported"))
	if err := p.Audit.Record(v.Context(), seen); err != nil {
		return err
	}
	rows := [][]string{problemColumns}
	for _, l := range reviewLetters(r, s.Effective(len(s.Edits))) {
		why := strings.Join(l.Warnings, " ")
		switch {
		case l.Held:
			why = strings.TrimSpace(texts.Problem(l.Problem) + " " + why)
		case why == "":
			continue
		}
		name := l.Name
		if v.org.HideNames {
			name = ""
		}
		rows = append(rows, []string{strconv.Itoa(l.Number), pagesText(l.First, l.Last), name, l.Recipient.String(),
			why})
	}
	return download(v, "breve-at-se-paa.csv", string(sheet.Write(rows...)))
}
