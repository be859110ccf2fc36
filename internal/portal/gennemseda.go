package portal

import (
	"fmt"
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

// warningNames are findings that somebody should look at, though they hold nothing back.
var warningNames = map[post.FindingCode]string{
	post.FindingLayout: "Første side ser anderledes ud.", post.FindingOtherName: "Nummeret står med to navne.",
	post.FindingDuplicate: "Samme brev igen.", post.FindingOldDate: "Datoen er gammel.",
	post.FindingPassedDay:      "En dag i brevet er forbi.",
	post.FindingUnreadablePage: "En side kan ikke læses.",
}

// reviewViews are the ways to look at a review, in their order.
var reviewViews = []struct{ view, label string }{
	{viewAll, "Alle"}, {viewHeld, "Holdes tilbage"}, {viewEdited, "Rettet"}, {viewWarned, "Advarsel"},
}

// Sentences of the review.
const (
	sameNumberText  = "Samme nummer som brev %d"
	otherNameText   = ", som er til %s"
	misnamedText    = "Nummeret har før fået breve til en med et helt andet navn. Se efter, om det er det rigtige"
	typedNumberText = "Brevet på %s går nu til %s. Hold alle cifre op imod brevet: nummeret vises kun nu."
)

var problemColumns = []string{"Brev", "Side", "Navn", "Nummer", "Se på"}

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
