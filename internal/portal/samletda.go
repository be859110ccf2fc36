package portal

import (
	"strings"

	"brevdue/internal/post"
)

// Danish sentences of what is done to many rows of Ubehandlet at once.

const bulkRestText = "Resten står stadig her; prøv igen senere."

func bulkDoingTitle(b *post.Bulk) string {
	what := "Sender igen"
	if b.Kind == post.BulkDismiss {
		what = "Markerer som håndteret"
	}
	return what + " – " + thousands(b.Done) + " af " + thousands(b.Total)
}

func bulkDoingText(b *post.Bulk) string {
	return "Startet af " + b.By.Name + ". Du kan roligt lukke siden: det fortsætter."
}

func bulkStoppedTitle(b *post.Bulk) string {
	return "Stoppet efter " + thousands(b.Done) + " af " + thousands(max(b.Done, b.Total))
}

func bulkDoneTitle(b *post.Bulk) string {
	if b.Kind == post.BulkDismiss {
		return count(b.Dismissed, "række er", "rækker er") + " markeret som håndteret"
	}
	return "Færdig: " + count(b.Done, "række er", "rækker er") + " behandlet"
}

// bulkDoneText says what became of the rows, in one sentence.
func bulkDoneText(b *post.Bulk) string {
	var parts []string
	add := func(n int, one, many, what string) {
		if n > 0 {
			parts = append(parts, count(n, one, many)+" "+what)
		}
	}
	r := b.Replayed
	add(r.Sends, "brev", "breve", "bliver sendt igen")
	add(r.Asks, "brev", "breve", "er hos Digital Post, som er spurgt")
	add(r.Archives, "brev", "breve", "bliver arkiveret igen")
	add(r.Splits, "dokument", "dokumenter", "bliver delt igen")
	add(r.Nothing, "række", "rækker", "venter på, at nogen retter eller beslutter noget")
	add(b.Left, "række", "rækker", "kunne ikke behandles og står her stadig")
	add(b.Missing(), "række", "rækker", "var her ikke, da turen kom til dem")
	if len(parts) == 0 {
		return "Startet af " + b.By.Name + "."
	}
	return strings.Join(parts, ", ") + ". Startet af " + b.By.Name + "."
}
