package texts

// letters are the sentences of shipments, letters and corrections.
var letters = map[string]string{
	"already-sent": "Den samme fil er allerede sendt inden for de seneste 30 dage. Send kun, hvis det er " +
		"meningen.",
	"attachment-name-twice": "Bilag %v: Der er allerede en fil, der hedder »%v«. Omdøb bilaget.",
	"attachment-unfit":      "Bilaget %v",
	"attachments-most":      "Der er %v bilag. Digital Post tager højst %v.",
	"cancelled-unanswered": "" +
		"Forsendelsen er annulleret, men Digital Post har ikke svaret på et forsøg fra før, og kender ikke " +
		"brevet. Det kan være nået frem. Brevet bliver ikke sendt, medmindre du vælger »Send igen«.",
	"cannot-scan": "" +
		"Virusscanneren kan ikke se ind i filen – den er for stor eller låst med adgangskode. Derfor kan den " +
		"ikke åbnes her.",
	"case-name-characters": "Sagens navn må kun have bogstaver fra a til z, tal, bindestreg og understreg.",
	"case-name-long":       "Sagens navn er for langt. Det må højst være 64 tegn.",
	"correct-late":         "Digital Post har brevet, som det var. Det kan ikke rettes og sendes igen herfra.",
	"corrected-already":    "Brevet er allerede rettet af en anden og på vej. Denne rettelse er ikke sendt.",
	"bulk-restored":        "Brevdue er gendannet fra en sikkerhedskopi, siden der blev trykket. Tryk igen.",
	"bulk-stopped":         "%v har stoppet det.",
	"cursor-unknown":       "stedet i listen (cursor) findes ikke; brug det, som svaret gav, helt og uændret",
	"day-far":              "Vælg en dag inden for de næste 60 dage.",
	"day-form":             "Datoen skal skrives som 2026-12-20.",
	"day-past":             "Dagen er gået. Vælg en dag fra i morgen.",
	"delivered-after-cancel": "" +
		"Brevet er annulleret, efter at Digital Post havde afvist det. Nu har Digital Post alligevel leveret " +
		"den besked, som den først afviste.",
	"delivered-as-it-was": "" +
		"Digital Post afviste først brevet og har nu alligevel leveret det, som det var før rettelsen. Det " +
		"rettede brev er også på vej eller afleveret. Tag stilling til, om den første modtager skal have " +
		"besked.",
	"delivered-before-it-left": "" +
		"Digital Post afviste først brevet og har nu alligevel leveret det, som det var før rettelsen. Det " +
		"rettede brev er ikke sendt. Tag stilling til, om det stadig skal sendes.",
	"disk-full": "" +
		"Disken er fuld, så Brevdue kan ikke gemme mere. Intet er tabt. Giv IT besked, og prøv igen, når der " +
		"er plads.",
	"document-must-be-pdf": "Dokumentet skal være en PDF. Gem eller udskriv det som PDF først.",
	"draft-changed": "En anden har rettet eller sendt forsendelsen, efter du åbnede den. Intet er gjort. Se, hvordan " +
		"brevene er nu, og prøv igen.",
	"edits-most":          "Der er allerede %v rettelser. Ret dokumentet, og upload det på ny.",
	"file-ending-refused": "Digital Post tager ikke imod filer af typen %v.",
	"file-name-characters": "" +
		"Filnavnet indeholder et tegn, som Digital Post ikke tager imod: < > : \" / \\ | ? * eller et specielt " +
		"mellemrum. Omdøb filen.",
	"file-name-with-number": "" +
		"Filnavnet indeholder et CPR-nummer. Omdøb filen, så modtageren ikke ser et nummer i navnet.",
	"file-without-ending": "Filnavnet mangler en endelse som .pdf.",
	"file-without-name":   "Filen har intet navn.",
	"files-full": "Brevdue har for mange filer og forbindelser åbne på én gang. Intet er tabt. Prøv igen " +
		"om lidt.",
	"hook-https":   "Webadressen skal begynde med https:// og må ikke have brugernavn.",
	"hook-private": "Webadressen fører ikke ud på internettet, så den kan ikke få besked.",
	"letter-file-damaged": "" +
		"En af brevets filer mangler eller er ikke, som den blev gemt. Brevet er ikke sendt. IT skal hente " +
		"filen fra en sikkerhedskopi; send det derefter igen.",
	"enrollment-is-registered": "Ved gennemsynet kunne modtageren ikke få Digital Post. Nu er modtageren tilmeldt.",
	"enrollment-is-exempt":     "Siden gennemsynet er modtageren blevet fritaget for Digital Post.",
	"enrollment-is-closed":     "Siden gennemsynet er modtagerens Digital Post blevet lukket.",
	"enrollment-is-unknown":    "Ved gennemsynet stod modtageren i kontaktregistret. Det gør nummeret ikke mere.",
	"letter-too-large":         "Brevet er for stort. Digital Post tager højst 99,5 MB.",
	"machine-full": "Maskinen, Brevdue kører på, har ikke hukommelse nok lige nu. Intet er tabt. Prøv igen om " +
		"lidt.",
	"mail-or-hook": "Vælg én af to: en mailadresse eller en webadresse.",
	"may-have-arrived": "" +
		"Brevet kan være nået frem, så det kan ikke rettes og sendes igen herfra. Vælg »Send igen«: så bliver " +
		"Digital Post spurgt først.",
	"merge-dropped": "" +
		"Det ene af de to breve skal ikke sendes, så de kan ikke lægges sammen. Giv det en modtager først.",
	"message-in-queue":   "Besked i køen %v",
	"message-unreadable": "En besked, der ikke kan læses",
	"no-mail-server":     "der er ikke sat en mailserver op (serve --smtp)",
	"no-such-page": "siden passer ikke til rettelsen: den er ikke et brevs første side, eller den er det " +
		"allerede",
	"not-a-mail-address": "Det er ikke en mailadresse.",
	"no-such-edit":       "rettelsen findes ikke, eller den er allerede fortrudt",
	"not-sending":        "forsendelsen er ikke ved at blive sendt",
	"lost-right": "Da forsendelsen skulle af sted, måtte den, der havde sendt eller godkendt den, ikke længere. " +
		"Intet er sendt. Én, der må, kan gennemse og sende den.",
	"old-dates-ask": "Skal de sendes alligevel, så sæt hak ved det, og send. Ellers ret datoen, og upload igen.",
	"not-rehearsed": "Forsendelsen har været sendt før og kan ikke afprøves. Upload dokumentet igen, og afprøv det.",
	"other-outcome": "Da brevene skulle skrives, blev de anderledes end dem, der blev gennemset. Intet er sendt. " +
		"Gennemse dem igen.",
	"send-at-old": "Forsendelsen er delt af en ældre udgave af Brevdue og kan ikke vente. Send den nu, eller upload " +
		"dokumentet igen.",
	"send-at-range":         "Tidspunktet skal ligge i fremtiden og højst et år frem.",
	"moment-form":           "Tidspunktet skal skrives som 2026-12-20 08:00.",
	"too-late-to-undo":      "det er for sent at fortryde: brevene er begyndt at blive sendt",
	"not-in-review":         "forsendelsen venter ikke på gennemsyn, så den kan ikke sendes eller rettes her",
	"not-sent":              "brevet er ikke sendt",
	"receipt-awaited":       "kvitteringen er ikke kommet endnu",
	"archive-underway":      "Under afsendelse",
	"archive-sent-before":   "Afsendt, før det blev rettet",
	"archive-sent":          "Afsendt",
	"archive-not-sent":      "IKKE AFSENDT",
	"archive-doubtful":      "Det vides ikke, om brevet er afsendt",
	"archive-period":        "Perioden slutter, før den begynder.",
	"statistics-exported":   "hentede statistikken",
	"problems-exported":     "hentede listen over breve at se på",
	"replaced-by":           "Dokumentet er uploadet igen som %v.",
	"log-exported":          "hentede %v forsendelser fra loggen",
	"log-searched":          "søgte i loggen efter %v",
	"log-nothing-asked":     "Skriv et navn, et emne eller et nummer.",
	"archive-searched":      "søgte i arkivet efter %v",
	"archive-a-name":        "ord eller en sag",
	"archive-words":         "ord i breve",
	"archive-case-exported": "hentede arkivets sag %v, %v dokumenter",
	"archive-case-many": "" +
		"Sagen har flere end %v breve, som er det meste, der kan hentes på én gang. Hent dokumenterne hver for sig, " +
		"eller brug »brevdue archive export«.",
	"archive-many-words": "Søg på højst %v ord ad gangen.",
	"archive-case-large": "" +
		"Sagen er for stor til at hentes på én gang (%v MB). Hent dokumenterne hver for sig, eller brug " +
		"»brevdue archive export«.",
	"archive-case-seen":     "arkivets sag %v",
	"archive-document-seen": "arkivets %v",
	"archive-text-number": "Numre søges i feltet for navn, emne og numre: ord i selve brevet har højst " +
		"tre cifre i træk.",
	"archive-text-too-wide": "Skriv også en person eller en sag, eller vælg en periode eller en dokumenttype, når du " +
		"søger på ord i selve brevet.",
	"archive-nothing-asked": "Skriv et navn, et emne, et CPR- eller CVR-nummer, et sagsnummer " +
		"eller ord i selve brevet.",
	"not-to-correct":    "Brevet venter ikke på at blive rettet.",
	"nothing-to-cancel": "forsendelsen er allerede færdig, så der er intet at annullere",
	"notice-unknown":    "Den slags besked findes ikke: %v",
	"number-in-letter": "" +
		"Nummeret står i brevet, og forsendelsen skal sendes uden modtagerens nummer. Lav brevet på ny, og " +
		"markér dette som håndteret.",
	"number-of-nobody": "" +
		"%v er ikke et CPR-nummer (10 cifre) eller et CVR-nummer (8 cifre). Se efter, om et ciffer er forkert.",
	"number-with-letters": "%v har bogstaver. Et erstatningsnummer kan ikke få Digital Post.",
	"place-address":       "Adressen",
	"place-begins":        "Teksten på første side",
	"place-file-name":     "Filnavnet",
	"place-label":         "Teksten foran nummeret",
	"place-profile-name":  "Profilens navn",
	"place-reason":        "Begrundelsen",
	"place-subject":       "Emnet",
	"profile-name":        "Giv profilen et navn på højst 80 tegn.",
	"refused-after-ticks": "" +
		"Digital Post kvitterede først for, at brevet er leveret, og har siden afvist det. Brevet står fortsat " +
		"som leveret. Spørg modtageren, om det er kommet.",
	"rule-unknown":        "Reglen findes ikke. Vælg first-page eller every-page.",
	"sender-not-approved": "Afsenderen er ikke blandt jeres godkendte CVR-numre.",
	"sent-meanwhile": "den samme fil er sendt i mellemtiden; se advarslen, og tryk Send igen, hvis det er " +
		"meningen",
	"subject-missing":     "Emnet mangler. Skriv den titel, som modtageren skal se.",
	"subject-with-number": "Emnet indeholder et CPR-nummer. Det kan ses uden på brevet, så skriv det uden nummer.",
	"subscriptions-most":  "I kan højst have %v abonnementer. Fjern et først.",
	"text-missing":        "%v mangler.",
	"text-too-long":       "%v er %v tegn for langt. Det må højst være %v tegn.",
	"text-with-number":    "%v indeholder et CPR-nummer. Skriv det uden nummer.",
	"too-large":           "%v %v MB, som det bliver sendt. Digital Post tager højst 99,5 MB i ét brev.",
	"type-correction":     "Skriv et nyt nummer eller et nyt emne.",
	"type-number":         "Skriv det CPR- eller CVR-nummer, brevet skal til.",
	"type-recipient":      "Skriv modtagerens CPR- eller CVR-nummer.",
	"unfit-make-anew":     "%v Lav det på ny, og markér dette som håndteret.",
	"document-too-large":  "Dokumentet fylder mere end %v MB.",
	"attachment-mistake":  "Bilag %v: %v",
	"profiles-most":       "Der er allerede %v profiler.",
	"place-name":          "Navnet", "place-organization-id": "Organisationens id", "place-user-name": "Brugerens navn",
	"place-system":          "Systemets id og nøgle",
	"place-user-full-name":  "Det fulde navn",
	"place-number":          "Nummeret",
	"place-name-list":       "Navnelistens filnavn",
	"profile-unknown":       "Profilen findes ikke.",
	"case-name-with-number": "Sagens navn indeholder et CPR-nummer. Brug et sagsnummer.",
	"place-recipient":       "Modtager nr. %v",
	"type-why-stopped":      "Skriv, hvorfor afsendelsen bliver stoppet.",
	"type-reason":           "Skriv en begrundelse. Den bliver gemt sammen med dit navn.",
	"file-too-large":        "Filen fylder mere end %v MB.",
	"split-into":            "%v breve af %v sider",
	"on-day":                "til %v",
}
