package portal

import (
	"slices"
	"strings"

	"brevdue/internal/post"
)

const moreMentionsText = "På %d sider mere er et nummer nævnt i teksten og ikke regnet for modtager."

const wrongNumberText = "Det er ikke et CPR-nummer (10 cifre) eller et CVR-nummer (8 cifre). Se efter, om et ciffer er forkert."

// editText says what was set right in the review.
func editText(e post.Edit) string {
	page := post.PageList([]int{e.Page})
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
	post.FindingMention: "Et nummer er nævnt", post.FindingCounter: "Sidetal", post.FindingLayout: "Usikker første side",
	post.FindingName: "Navn og nummer", post.FindingOtherName: "Navn og nummer", post.FindingAgain: "Modtager igen", post.FindingDuplicate: "Samme brev igen",
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
