package portal

import (
	"encoding/base64"
	"slices"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// toldCookie keeps what has come of a press until the next page says it.
const (
	toldCookie = "brevdue_gjort"
	toldFor    = 60 // seconds
	toldCodes  = "done-"
)

// tell keeps a sentence for the next page: what was pressed is answered by an address that can be fetched again.
func (v *visit) tell(s sentence.Sentence) {
	keep(v.w, v.Request, toldCookie, base64.RawURLEncoding.EncodeToString([]byte(s)), toldFor)
}

// told returns the sentence, once. A page that refreshes itself leaves it for the page that somebody looks at.
func (v *visit) told() string {
	c, err := v.Cookie(toldCookie)
	if err != nil || c.Value == "" || v.Header.Get("HX-Request") != "" {
		return ""
	}
	keep(v.w, v.Request, toldCookie, "", -1)
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	said := sentence.Sentence(b)
	if err != nil || !isTold(said) { // it says nothing else
		return ""
	}
	return texts.Of(said)
}

func isTold(s sentence.Sentence) bool {
	code, args := s.Parts()
	if code != "sentences" {
		return strings.HasPrefix(code, toldCodes)
	}
	return !slices.ContainsFunc(args, func(a any) bool {
		inner, ok := a.(sentence.Sentence)
		return !ok || !isTold(inner)
	})
}

// doneOf says what has come of a remedy.
func doneOf(b *post.Bulk, on string) sentence.Sentence {
	letters := func(n int) string { return count(n, "brev", "breve") }
	var all []any
	add := func(n int, s sentence.Sentence) {
		if n > 0 {
			all = append(all, s)
		}
	}
	r := b.Replayed
	if b.ID != "" {
		return sentence.Of("done-bulk", count(b.Total, "række", "rækker"))
	}
	switch {
	case on != "":
		add(r.Sends, sentence.Of("done-sends-on", letters(r.Sends), day(on)))
	default:
		add(r.Sends, sentence.Of("done-sends", letters(r.Sends)))
	}
	add(r.Asks, sentence.Of("done-asks", letters(r.Asks)))
	add(r.Archives, sentence.Of("done-archives", letters(r.Archives)))
	add(r.Splits, sentence.Of("done-splits", count(r.Splits, "dokument", "dokumenter")))
	add(r.Nothing, sentence.Of("done-nothing", letters(r.Nothing)))
	add(b.Dismissed, sentence.Of("done-dismissed", count(b.Dismissed, "række", "rækker")))
	return sentence.Of("sentences", all...)
}
