package texts

// options are what is said about the options of a message.
var options = map[string]string{
	"legal-without-reason":     "Skriv, hvorfor brevet skal forkyndes.",
	"not-for-legal":            "Du må ikke sende forkyndelser. Bed en administrator om rettigheden.",
	"notification-with-number": "Der står et CPR-nummer. Det må der ikke: teksten kan læses på en låst skærm.",
	"option-day":               "%v skal være en dag, som 2026-12-24.",
	"option-day-passed": "Leveringsdagen eller svarfristen er overskredet, når brevene bliver sendt. Lav " +
		"forsendelsen igen med nye dage.",
	"option-day-range":       "%v skal ligge efter i dag og højst et år frem.",
	"place-deliver-on":       "Leveringsdagen",
	"place-legal-reason":     "Begrundelsen",
	"place-notification":     "Teksten i beskeden",
	"place-reply-by":         "Svarfristen",
	"reply-before-delivery":  "Svarfristen ligger før den dag, hvor brevet bliver leveret.",
	"reply-by-without-reply": "Der er en svarfrist, men modtageren kan ikke svare. Sæt hak ved »Modtager kan svare«.",
	"revealing-subject": "Emnet eller teksten i beskeden kan læses på en låst skærm, og siger noget følsomt " +
		"eller har et nummer i sig. Skriv f.eks. »Nyt brev fra kommunen«.",
	"list-name-with-number": "Navnet må ikke have et CPR-nummer i sig.",
	"list-there":            "Der er allerede en liste med det navn. Føj rækkerne til den, eller vælg et andet navn.",
	"list-unknown":          "Modtagerlisten findes ikke. Vælg en anden.",
	"lists-most":            "Der er allerede %v modtagerlister.",
	"number-without-nought": "%v: Nummeret har ni cifre. Regnearket har nok fjernet et nul foran; skriv det igen.",
	"place-list-name":       "Listens navn", "place-row": "Række %v",
	"recipients-empty":   "Der er ingen rækker i filen.",
	"recipients-most":    "En modtagerliste har højst %v modtagere. Del den i flere.",
	"unit-of-person-row": "%v: Modtageren er en person, og P-numre hører til virksomheder.",
	"unit-wrong":         "%v: P-nummeret har ti cifre og begynder ikke med 0.",
	"unit-of-person":     "Modtager nr. %v er en person, og P-numre hører til virksomheder.",
}
