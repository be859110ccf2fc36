package split

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/pdf"
	"brevdue/internal/post"
)

// report adds the findings that a person sees in the review.
func (p *Plan) report(names map[ident.Number]string) {
	p.reportUnreadable()
	p.reportNames(names)
	p.reportHeld()
	p.reportAgain()
	p.reportModulus()
	for i := range p.pages {
		if m := p.pages[i].mentioned(); len(m) > 0 {
			p.find(post.FindingMention, []int{i + 1}, fmt.Sprintf(
				"%s er nævnt i teksten og er ikke regnet for modtager.", joinNumbers(m)))
		}
	}
}

// doubtful is a finding that a person has to look at before anything leaves.
func (p *Plan) doubtful(code post.FindingCode, indexes []int, text string) {
	if len(indexes) > 0 {
		p.Review = true
		p.find(code, pageNumbers(indexes), text)
	}
}

// mentioned returns the CPR numbers of a page that are not its recipient's.
func (p *page) mentioned() []ident.Number {
	var others []ident.Number
	for _, n := range p.mentions {
		if !p.heading.has(n) {
			others = append(others, n)
		}
	}
	return others
}

// reportUnreadable tells of the pages that nobody could read, by the reason.
func (p *Plan) reportUnreadable() {
	byReason, reasons := map[string][]int{}, []string{}
	for i := range p.pages {
		if why := p.pages[i].unreadable; why != "" {
			if byReason[why] == nil {
				reasons = append(reasons, why)
			}
			byReason[why] = append(byReason[why], i)
		}
	}
	for _, why := range reasons {
		p.doubtful(post.FindingUnreadablePage, byReason[why],
			why+" Siden, og det brev, den kan høre til, bliver holdt tilbage. Se efter, hvor den skal ligge.")
	}
}

// reportHeld tells which letters are held back, and why.
func (p *Plan) reportHeld() {
	held := map[post.Code][]int{}
	for _, piece := range p.Pieces {
		if piece.Problem != "" {
			held[piece.Problem] = append(held[piece.Problem], piece.First)
		}
	}
	for _, code := range []post.Code{post.NoRecipientFound, post.TwoRecipients, post.UnknownRecipient, post.WrongName} {
		if pages := held[code]; len(pages) > 0 {
			p.find(post.FindingCode(code), pages, heldText(code, len(pages)))
		}
	}
}

func heldText(code post.Code, n int) string {
	which := "Brevet, der begynder her, bliver"
	if n > 1 {
		which = fmt.Sprintf("%d breve, der begynder her, bliver", n)
	}
	why := map[post.Code]string{
		post.NoRecipientFound: "der er intet CPR- eller CVR-nummer i brevhovedet",
		post.TwoRecipients:    "der er to forskellige numre i samme brev",
		post.UnknownRecipient: "nummeret kan ikke være rigtigt",
		post.WrongName:        "navnet i brevet er et andet end navnelistens for nummeret",
	}
	return fmt.Sprintf("%s holdt tilbage: %s.", which, why[code])
}

// reportNames compares the names in the letters with the list that was given, and with each other.
func (p *Plan) reportNames(names map[ident.Number]string) {
	earlier := map[ident.Number]string{}
	var other, greeted, missing []int
	for k := range p.Pieces {
		piece := &p.Pieces[k]
		first := &p.pages[piece.First-1]
		if !agree(first.addressee, first.greeted) && piece.Dropped == "" {
			greeted = append(greeted, piece.First-1)
		}
		if piece.Recipient.IsZero() || piece.Dropped != "" || piece.byHand {
			continue
		}
		n, name := piece.Recipient, cmp.Or(first.addressee, first.greeted)
		if !agree(earlier[n], name) {
			other = append(other, piece.First-1)
		}
		earlier[n] = cmp.Or(name, earlier[n])
		switch listed, ok := names[n]; {
		case len(names) > 0 && !ok:
			missing = append(missing, piece.First-1)
		case !agree(listed, name):
			piece.Recipient, piece.Problem = ident.Number{}, post.WrongName
		}
	}
	p.reportOtherNames(other)
	p.doubtful(post.FindingName, greeted, "Brevet er adresseret til ét navn og henvender sig til et andet. Se efter, om flettefilen er i orden.")
	p.doubtful(post.FindingName, missing, "Nummeret står ikke på navnelisten.")
}

// fewNames is the share of letters whose number stands with another name elsewhere that a person need not look at: in
// thousands of letters some number is wrong in the sender's own list, and the letter says so.
const fewNames = 0.001

func (p *Plan) reportOtherNames(other []int) {
	const text = "Nummeret står ved et andet navn tidligere i dokumentet. Se efter, om navne og numre er kommet ud af trit i flettefilen."
	switch {
	case len(other) == 0:
	case float64(len(other)) > fewNames*float64(len(p.Pieces)):
		p.doubtful(post.FindingName, other, text)
	default:
		p.find(post.FindingOtherName, pageNumbers(other), text)
	}
}

// reportAgain tells of recipients that come back later in the file, and of letters that are there twice.
func (p *Plan) reportAgain() {
	seen := map[ident.Number]bool{}
	sums := map[[sha256.Size]byte]bool{}
	var again, twice []int
	for _, piece := range p.Pieces {
		if piece.Recipient.IsZero() || piece.Dropped != "" {
			continue
		}
		sum := p.sumOf(piece)
		switch {
		case sums[sum]:
			twice = append(twice, piece.First-1)
		case seen[piece.Recipient]:
			again = append(again, piece.First-1)
		}
		seen[piece.Recipient], sums[sum] = true, true
	}
	p.doubtful(post.FindingDuplicate, twice, "Det samme brev til den samme modtager ligger også tidligere i dokumentet.")
	if len(again) > 0 {
		p.find(post.FindingAgain, pageNumbers(again), "Modtageren har også et brev tidligere i dokumentet.")
	}
}

// sumOf is the fingerprint of what a piece says, with whom it is for.
func (p *Plan) sumOf(piece Piece) [sha256.Size]byte {
	h := sha256.New()
	h.Write([]byte(piece.Recipient.Reveal()))
	for i := piece.First - 1; i < piece.Last; i++ {
		h.Write(p.pages[i].sum[:])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// mostFit is the share of a file's numbers that must fit modulus 11 before one that does not is worth a word: numbers
// without it have been issued since 2007 (digital-post.md 7).
const mostFit = 0.8

func (p *Plan) reportModulus() {
	var odd []int
	all := 0
	for _, piece := range p.Pieces {
		if piece.Recipient.Kind() != ident.CPR {
			continue
		}
		all++
		if !piece.Recipient.FitsModulus11() {
			odd = append(odd, piece.First)
		}
	}
	if len(odd) > 0 && float64(all-len(odd)) >= mostFit*float64(all) {
		p.find(post.FindingModulus, odd, "Nummeret går ikke op i modulus 11. Det gør nyere numre ikke altid, så brevet bliver sendt; se efter, hvis du er i tvivl.")
	}
}

// activeProblem is why a document that does something by itself is not sent.
func (p *Plan) activeProblem() error {
	active, pages := p.document.Active(), []int{}
	for i := range p.pages {
		if p.pages[i].active != 0 {
			active |= p.pages[i].active
			pages = append(pages, i+1)
		}
	}
	if active == 0 {
		return nil
	}
	where := ""
	if len(pages) > 0 {
		where = " (" + post.PageList(pages) + ")"
	}
	return &post.Problem{Code: post.ActiveContent, Text: fmt.Sprintf(
		"Dokumentet indeholder %s%s. Det kan ikke deles uden fare. Udskriv det til PDF på ny, og prøv igen. Intet er sendt.", activeWords(active), where)}
}

func activeWords(active pdf.Active) string {
	var words []string
	for _, w := range []struct {
		is   pdf.Active
		word string
	}{
		{pdf.Script, "JavaScript eller medier"}, {pdf.Launch, "en handling, der starter et program eller sender data"},
		{pdf.Attachment, "vedhæftede filer"}, {pdf.HiddenLayers, "lag, der er slået fra"}, {pdf.DynamicForm, "en XFA-formular"},
	} {
		if active&w.is != 0 {
			words = append(words, w.word)
		}
	}
	return strings.Join(words, " og ")
}

func joinNumbers(numbers []ident.Number) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = n.String()
	}
	return strings.Join(words, ", ")
}

func pageNumbers(indexes []int) []int {
	numbers := make([]int, len(indexes))
	for i, n := range indexes {
		numbers[i] = n + 1
	}
	return numbers
}
