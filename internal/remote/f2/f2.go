// Package f2 files letters in cBrain F2 through its REST service, as the manual of version 13 describes it (systems.md
// 1.4). A letter is a matter (akt) of a case, with its documents. Only the address of the service index is fixed: all
// other ones are links.
//
// Invariant: what makes something is posted to an address that F2 gives out for it once (Post Once Exactly), and that
// was written down before (post.Once): a repeated post is answered as the first one was.
//
// letters in cases -> [f2] -> F2
package f2

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/remote/token"
	"brevdue/internal/sentence"
)

// Archive implements post.Archive.
type Archive struct {
	To   post.ArchiveConnection
	HTTP *http.Client

	token token.Held

	mu    sync.Mutex
	index map[string]struct {
		Href string `json:"href"`
	}
}

// Link relations of the manual.
const (
	relToken     = "http://cbrain.com/casefile/rel/oauth2-token"
	relCase      = "http://cbrain.com/casefile/rel/case-by-case-number"
	relMakeCase  = "http://cbrain.com/casefile/rel/create-case"
	relMatter    = "http://cbrain.com/casefile/rel/create-matter"
	relDocument  = "http://cbrain.com/casefile/rel/create-document"
	relStructure = "http://cbrain.com/casefile/rel/structure"
)

// titleMost is how long a title is at most.
const titleMost = 255

type link struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type links []link

func (all links) to(rel string) string {
	for _, l := range all {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

// caseFile is a case, with its matters where its structure was asked for.
type caseFile struct {
	Number  string   `xml:"CaseNumber"`
	Title   string   `xml:"Title"`
	Closed  bool     `xml:"Closed"`
	CPR     string   `xml:"CprNumber"`
	Parties []string `xml:"InvolvedParties>InvolvedParty>CPRCVR"`
	Matters []matter `xml:"Matters>Matter"`
	Links   links    `xml:"Link"`
}

type matter struct {
	Title     string `xml:"Title"`
	Case      string `xml:"CaseNumber"`
	CPR       string `xml:"CprNumber"`
	Documents []struct {
		Title string `xml:"Title"`
		Links links  `xml:"Link"`
	} `xml:"Documents>Document"`
	Links links `xml:"Link"`
}

// about reports whether a case is about a person.
func (c *caseFile) about(n ident.Number) bool {
	for _, number := range append(c.Parties, c.CPR) {
		if ident.Digits(number) == n.Reveal() {
			return true
		}
	}
	return false
}

// EnsureCase implements post.Archive: the case of a number, or one that Brevdue makes, where it may. How F2 is asked
// for the cases of a person is not described; who has them chooses one.
func (a *Archive) EnsureCase(ctx context.Context, w post.CaseWanted, once post.Once) (post.CaseRef, error) {
	if w.Given != "" {
		return a.given(ctx, w)
	}
	if w.Known != (post.CaseRef{}) {
		return a.known(ctx, w.Known)
	}
	if !a.To.CreateCases || !w.Create {
		return post.CaseRef{}, post.ErrNoCase
	}
	keyword := a.To.KLE
	if strings.Count(w.KLE, ".") == 2 {
		keyword = w.KLE
	}
	if keyword == "" {
		return post.CaseRef{}, post.FailedTransfer(sentence.Of("archive-f2-kle", a.To.Name))
	}
	at, err := a.service(ctx, relMakeCase)
	if err != nil {
		return post.CaseRef{}, err
	}
	form := url.Values{"Title": {cut(fmt.Sprintf("%s (%s)", w.Title, w.Ours))}, "KeywordCode": {keyword}}
	made, err := a.make(ctx, at, formBody(form), once, once.Token, func(poe string) string { return poe })
	if errors.Is(err, errReclaimed) {
		return post.CaseRef{}, post.FailedTransfer(sentence.Of("archive-case-doubt", a.To.Name, w.Ours))
	}
	if err != nil {
		return post.CaseRef{}, err
	}
	var c caseFile
	if err := a.get(ctx, made, &c); err != nil {
		return post.CaseRef{}, err
	}
	return post.CaseRef{ID: made, Number: c.Number}, nil
}

// known returns a case that Brevdue has made, while it is open.
func (a *Archive) known(ctx context.Context, ref post.CaseRef) (post.CaseRef, error) {
	var c caseFile
	err := a.get(ctx, ref.ID, &c)
	if errors.Is(err, post.ErrNotFound) || err == nil && c.Closed {
		return ref, post.ErrNoCase
	}
	return ref, err
}

// yearNumber is a case number as it is typed where no spaces are: F2 writes 2022 - 60.
var yearNumber = regexp.MustCompile(`^(\d{4})-(\d+)$`)

// given returns a case by its number. It is open, and the recipient is one of its parties.
func (a *Archive) given(ctx context.Context, w post.CaseWanted) (post.CaseRef, error) {
	at, err := a.service(ctx, relCase)
	if err != nil {
		return post.CaseRef{}, err
	}
	number := yearNumber.ReplaceAllString(w.Given, "$1 - $2")
	at = strings.ReplaceAll(at, "{caseNumber}", url.PathEscape(number))
	var c caseFile
	switch err := a.get(ctx, at, &c); {
	case errors.Is(err, post.ErrNotFound):
		return post.CaseRef{}, post.ErrNoCase
	case err != nil:
		return post.CaseRef{}, err
	case c.Closed:
		return post.CaseRef{}, post.FailedTransfer(sentence.Of("archive-case-closed", c.Number, a.To.Name))
	case !w.Person.IsZero() && !c.about(w.Person):
		return post.CaseRef{}, post.FailedTransfer(sentence.Of("archive-wrong-party", c.Number, a.To.Name))
	}
	self := c.Links.to("self")
	if self == "" {
		self = at
	}
	return post.CaseRef{ID: self, Number: c.Number}, nil
}

// mark begins what stands around an id of ours in a title.
const mark = " [Brevdue "

// ours stands around an id in a title: by it matters and documents are found again.
func ours(title, id string) string {
	end := mark + id + "]"
	letters := []rune(title)
	if most := titleMost - len(end); len(letters) > most {
		letters = letters[:most]
	}
	return string(letters) + end
}

func idIn(title string) string {
	at := strings.LastIndex(title, mark)
	if at < 0 {
		return ""
	}
	return strings.TrimSuffix(title[at+len(mark):], "]")
}

func cut(title string) string {
	if letters := []rune(title); len(letters) > titleMost {
		return string(letters[:titleMost])
	}
	return title
}

// Find implements post.Archive.
func (a *Archive) Find(ctx context.Context, c post.CaseRef, letter post.LetterID) (map[post.DocumentID]string, error) {
	var is, whole caseFile
	if err := a.get(ctx, c.ID, &is); err != nil {
		return nil, err
	}
	if err := a.get(ctx, is.Links.to(relStructure), &whole); err != nil {
		return nil, err
	}
	found := map[post.DocumentID]string{}
	for _, m := range whole.Matters {
		if idIn(m.Title) != string(letter) {
			continue
		}
		for _, d := range m.Documents {
			if id := post.DocumentID(idIn(d.Title)); id.Letter() == letter {
				found[id] = refOf(m.Links.to("self"), d.Links.to("self"))
			}
		}
	}
	return found, nil
}

// refOf is what a document is called here: its matter, and itself.
func refOf(matter, document string) string { return matter + " " + document }

func matterOf(ref string) string {
	m, _, _ := strings.Cut(ref, " ")
	return m
}

// begun is the token of a document: first of the matter of its letter, then of itself.
type begun struct {
	MakeMatter string `json:"makeMatter,omitempty"`
	Matter     string `json:"matter,omitempty"`
	Make       string `json:"make,omitempty"`
}

func (b begun) String() string {
	text, _ := json.Marshal(b) // of texts
	return string(text)
}

// File implements post.Archive. The letter itself is filed with the matter that the others are filed in.
func (a *Archive) File(ctx context.Context, c post.CaseRef, d post.OutgoingDocument, once post.Once) (string, error) {
	var b begun
	if once.Token != "" {
		if err := json.Unmarshal([]byte(once.Token), &b); err != nil {
			return "", err
		}
	}
	for _, is := range d.Letter.Documents {
		if b.Matter == "" && is.Kind == post.LetterDocument {
			b.Matter = matterOf(is.Ref)
		}
	}
	if b.Matter == "" {
		made, err := a.matter(ctx, c, d, once, b)
		if err != nil {
			return "", err
		}
		b = begun{Matter: made}
	}
	at := ""
	if b.Make == "" { // else it has its own address already
		var m matter
		if err := a.get(ctx, b.Matter, &m); err != nil {
			return "", err
		}
		at = m.Links.to(relDocument)
	}
	body, err := uploadBody(ours(d.Title, string(d.ID)), d)
	if err != nil {
		return "", err
	}
	made, err := a.make(ctx, at, body, once, b.Make, func(poe string) string {
		return begun{Matter: b.Matter, Make: poe}.String()
	})
	if errors.Is(err, errReclaimed) {
		return a.afterReclaim(ctx, c, d, once, b.Matter)
	}
	return refOf(b.Matter, made), err
}

// matter returns the matter of a letter: the one that is there, else a new one. Its party is the recipient, whose
// number is read back (practice.md E2).
func (a *Archive) matter(ctx context.Context, c post.CaseRef, d post.OutgoingDocument, once post.Once, b begun) (string,
	error) {
	var is, whole caseFile
	if err := a.get(ctx, c.ID, &is); err != nil {
		return "", err
	}
	if err := a.get(ctx, is.Links.to(relStructure), &whole); err != nil { // it knows at once what is in the case
		return "", err
	}
	for _, m := range whole.Matters {
		if idIn(m.Title) == string(d.Letter.Letter) {
			return m.Links.to("self"), nil
		}
	}
	form := url.Values{"Type": {"Outbound"}, "Title": {ours(d.Letter.Title, string(d.Letter.Letter))},
		"Archived": {"false"}, "DeliveryType": {"None"}, "CprNumber": {hyphened(d.Letter.Person)}}
	made, err := a.make(ctx, is.Links.to(relMatter), formBody(form), once, b.MakeMatter, func(poe string) string {
		return begun{MakeMatter: poe}.String()
	})
	if errors.Is(err, errReclaimed) { // and it is not there
		return a.matter(ctx, c, d, once, begun{})
	}
	return made, err
}

// hyphened is a number as F2 writes those of persons.
func hyphened(n ident.Number) string {
	if n.Kind() == ident.CPR {
		return n.Reveal()[:6] + "-" + n.Reveal()[6:]
	}
	return n.Reveal()
}

// afterReclaim looks for a document whose address F2 has taken back, and files it anew where it is not there.
func (a *Archive) afterReclaim(ctx context.Context, c post.CaseRef, d post.OutgoingDocument, once post.Once,
	in string) (string, error) {
	found, err := a.Find(ctx, c, d.ID.Letter())
	if err != nil {
		return "", err
	}
	if ref := found[d.ID]; ref != "" {
		return ref, nil
	}
	return a.File(ctx, c, d, post.Once{Keep: once.Keep, Token: begun{Matter: in}.String()})
}

// Confirm implements post.Archive: the title of the letter's matter says how far it has come, and its party and case
// are read back. Replacing a title twice is once.
func (a *Archive) Confirm(ctx context.Context, c post.CaseRef, w post.CaseWanted, s post.SendingStatus,
	once post.Once) error {
	at := ""
	for _, d := range s.Documents {
		if d.Kind == post.LetterDocument {
			at = matterOf(d.Ref)
		}
	}
	if at == "" { // the letter is for another one now
		found, err := a.Find(ctx, c, s.Letter)
		if err != nil {
			return err
		}
		for _, ref := range found {
			at = matterOf(ref)
		}
		if at == "" {
			return nil
		}
	}
	var m matter
	if err := a.get(ctx, at, &m); err != nil {
		return err
	}
	if !w.Person.IsZero() && ident.Digits(m.CPR) != w.Person.Reveal() || m.Case != c.Number {
		return post.FailedTransfer(sentence.Of("archive-wrong-party", c.Number, a.To.Name))
	}
	title := s.Title
	if s.Ended {
		title = s.Status + " – " + s.Title
		if strings.HasPrefix(s.Title, s.Status) {
			title = s.Title
		}
	}
	if title = ours(title, string(s.Letter)); m.Title == title {
		return nil
	}
	if err := once.Keep(post.Repeatable); err != nil {
		return err
	}
	return a.patch(ctx, at, []map[string]string{{"op": "replace", "path": "/Title", "value": title}})
}
