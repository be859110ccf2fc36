package portal

import "strings"

// Danish sentences of Oversigt and Statistik.

var weekdays = [...]string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"}

var wholeMonths = strings.Fields("januar februar marts april maj juni juli august september oktober november december")

const (
	allFineText       = "Brevdue kører, og Digital Post er ikke set nede"
	reviewsWaitText   = "Forsendelser, du ikke har sendt endnu"
	approvalsWaitText = "Forsendelser, du kan godkende"

	correctionsWaitText = "Rettelser, du kan godkende"
	noneText            = "Ingen"
	chartText           = "Søjlediagram over breve pr. måned. Flest i %s: %s. Alle tal står i tabellen."
)

var statColumns = []string{"Opdelt efter", "Navn", "Forsendelser", "Breve", "Kvittering modtaget",
	"Ubehandlet eller håndteret", "Arkiveret"}
