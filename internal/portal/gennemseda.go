package portal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

const moreMentionsText = "På %d sider mere er et nummer nævnt i teksten og ikke regnet for modtager."

// editText says what was set right in the review.
func editText(e post.Edit) string {
	page := texts.Pages([]int{e.Page})
	switch e.Do {
	case post.EditMerge:
		return "lagde brevet på " + page + " sammen med det før"
	case post.EditCut:
		return "begyndte et nyt brev på " + page
	case post.EditRecipient:
		return "gav brevet på " + page + " modtageren " + e.Recipient.String()
	}
	return "tog brevet på " + page + " fra"
}

// findingNames are findings in a word or two, for the list of letters.
var findingNames = map[post.FindingCode]string{
	post.FindingMention: "Et nummer er nævnt", post.FindingCounter: "Sidetal", post.FindingLayout: "Usikker første " +
		"side",
	post.FindingName: "Navn og nummer", post.FindingOtherName: "Navn og nummer", post.FindingAgain: "Modtager igen",
	post.FindingDuplicate: "Samme brev igen",
	post.FindingOldDate:   "Gammel dato", post.FindingPassedDay: "En dag er forbi",
	post.FindingModulus: "Modulus 11", post.FindingUnreadablePage: "Kan ikke læses",
}

// findingWords names what was found in a letter. What holds it back stands beside it already.
func findingWords(codes []post.FindingCode) string {
	var words []string
	for _, code := range codes {
		if w := findingNames[code]; w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// waitText says how long something can be undone.
func waitText(d time.Duration) string {
	if d >= time.Minute {
		n := int(d.Minutes())
		if n == 1 {
			return "1 minut"
		}
		return fmt.Sprintf("%d minutter", n)
	}
	return fmt.Sprintf("%d sekunder", int(d.Seconds()))
}
