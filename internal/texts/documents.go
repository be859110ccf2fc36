package texts

// documents are the sentences of documents, letters to be and attachments.
var documents = map[string]string{
	"untagged": "Filen siger ikke, hvad en skærmlæser skal læse op (PDF/UA). Gem den med mærker for " +
		"tilgængelighed, hvis programmet kan det.",
	"page-size": "Siden er ikke i A4. Udskriver modtageren brevet, kan det blive skaleret.",
	"fonts-not-embedded": "Skrifttyper ligger ikke i filen (%v). Brevet kan se anderledes ud hos modtageren. Gem " +
		"PDF'en med skrifttyper.",
	"active-attachment": "vedhæftede filer",
	"active-document": "" +
		"Dokumentet indeholder %v. Det kan ikke deles uden fare. Udskriv det til PDF på ny, og prøv igen. " +
		"Intet er sendt.",
	"active-form":   "en XFA-formular",
	"active-launch": "en handling, der starter et program eller sender data",
	"active-layers": "lag, der er slået fra i en visning eller på tryk",
	"active-pages": "" +
		"Dokumentet indeholder %v (%v). Det kan ikke deles uden fare. Udskriv det til PDF på ny, og prøv igen. " +
		"Intet er sendt.",
	"active-script":    "JavaScript eller medier",
	"attachments-fill": "Bilagene fylder",
	"cvr-letterhead": "" +
		"CVR %v står i de fleste breve og er ikke regnet for modtager. Er det jeres eget nummer, så skriv det " +
		"under organisationens numre. Er det en modtagers, så ret de breve, der er holdt tilbage.",
	"cvr-most-letters": "" +
		"CVR %v er modtager af de fleste breve. Er det jeres eget nummer, så skriv det under organisationens " +
		"numre, og del dokumentet igen.",
	"document-and-attachments-fill": "Dokumentet og bilagene fylder",
	"document-damaged": "" +
		"PDF-filen er beskadiget, og alle sider kan ikke findes. Gem den på ny, og prøv igen. Intet er sendt.",
	"document-encrypted": "" +
		"Dokumentet er krypteret eller låst med en adgangskode. Gem det uden kode, og prøv igen. Intet er " +
		"sendt.",
	"document-fills":      "Dokumentet fylder",
	"document-unreadable": "Dokumentet kan ikke læses (%v). %v Intet er sendt.",
	"doubt-absent": "der er ingen navn og adresse i brevet at holde nummeret op imod, som der er i de andre " +
		"breve",
	"doubt-behalf":  "adressen siger »%v«, så brevet er til en anden end den, nummeret hører til",
	"doubt-below":   "der står et andet CPR-nummer længere nede på siden, uden at det fremgår, hvem der har det",
	"doubt-born":    "fødselsdatoen i brevhovedet passer ikke til nummeret",
	"doubt-company": "brevet er adresseret til en virksomhed, men nummeret er en persons CPR-nummer",
	"doubt-couple":  "brevet er adresseret til to personer, og kun den ene kan få det i sin Digital Post",
	"doubt-covered": "nummeret er dækket over, eller det er for småt til at læse",
	"doubt-cvr":     "CVR-nummeret kan være afsenderens eget: brevet er adresseret til en person",
	"doubt-form":    "der står et nummer i brevhovedet på en måde, så det ikke er sikkert, hvis det er",
	"doubt-hidden": "" +
		"siden har et nummer, som ingen kan se (hvid, klippet væk eller usynlig skrift). Mærker I selv jeres " +
		"breve sådan, så vælg en profil med det, der står foran nummeret",
	"doubt-later":    "en side længere inde i brevet er adresseret til en anden",
	"doubt-masked":   "et CPR-nummer i brevhovedet er sløret, og det fremgår ikke, hvis det andet nummer er",
	"doubt-name":     "nummeret i brevhovedet står ved et andet navn end det, brevet er adresseret til",
	"doubt-namesake": "et andet brev er til en person med samme navn og adresse og et andet nummer",
	"doubt-other": "" +
		"brevhovedet nævner en anden end den, brevet er adresseret til, og det fremgår ikke, hvis nummeret er",
	"doubt-place": "" +
		"nummeret står ikke i brevhovedet, men længere nede på siden eller i sidefoden. Skriv det øverst i " +
		"brevet, eller vælg en profil med det, der står foran nummeret",
	"doubt-private": "" +
		"der står både et CPR-nummer og et CVR-nummer i brevhovedet, så det er uklart, om brevet er privat " +
		"eller til virksomheden",
	"doubt-role": "numrene i brevhovedet hører til andre end den, brevet er adresseret til (for eksempel et barn, en " +
		"medarbejder eller en, der er værge for)",
	"doubt-surname": "navnet ved nummeret og navnet i adressen har ikke samme efternavn eller mellemnavn",
	"doubt-torn":    "bogstaverne står så spredt eller så tæt, at ordene i brevet ikke kan læses sikkert",
	"doubt-young": "modtageren er under 15 år og har ikke Digital Post; det er nok barnets nummer og ikke " +
		"forælderens",
	"file-damaged":      "er beskadiget og kan ikke åbnes. Gem den på ny.",
	"file-fetches":      "henter noget fra en anden maskine, når den åbnes. Gem den som PDF.",
	"file-files":        "har andre filer i sig. Gem den uden dem, eller som PDF.",
	"file-is-another":   "»%v« er %v og ikke %v. Gem den i den rigtige type, og upload igen.",
	"file-locked":       "er låst med en adgangskode, så modtageren ikke kan åbne den. Gem den uden adgangskode.",
	"file-macros":       "har makroer i sig. Gem den uden makroer, eller som PDF.",
	"file-other-type":   "er ikke det, som endelsen siger. Gem den i den rigtige type, og upload igen.",
	"file-pdf-active":   "har JavaScript, medier eller handlinger i sig. Udskriv den til PDF på ny.",
	"file-pdf-files":    "har vedhæftede filer i sig. Udskriv den til PDF på ny.",
	"file-pdf-form":     "er en XFA-formular, som ikke alle kan åbne. Udskriv den til PDF på ny.",
	"file-script":       "har script eller indlejret indhold i sig. Gem den som PDF.",
	"file-type-refused": "»%v« er af en type, som Digital Post ikke tager imod.",
	"greets-another": "" +
		"Brevet er adresseret til ét navn og henvender sig til et andet. Se efter, om flettefilen er i orden.",
	"held-because":          "Brevet er holdt tilbage: %v.",
	"held-doubtful":         "noget i brevet taler imod, at nummeret er modtagerens",
	"held-no-recipient":     "der er intet CPR- eller CVR-nummer i brevhovedet, som er modtagerens",
	"held-two-recipients":   "der er to forskellige numre i samme brev",
	"held-wrong-name":       "navnet i brevet er et andet end navnelistens for nummeret",
	"held-wrong-number":     "nummeret kan ikke være rigtigt",
	"hidden-number":         "%v står på siden, så ingen kan se det: i hvid, usynlig eller bortklippet skrift.",
	"letter-held":           "Brevet, der begynder her, bliver holdt tilbage: %v.",
	"letter-too-large-with": "Brevet fylder %v MB med bilag, som det sendes. Digital Post tager højst 99,5 MB.",
	"letter-dated": "Brevet er dateret %v og bliver først sendt to dage efter eller senere. " +
		"Frister i det kan være for korte.",
	"letter-passed": "I brevet står en dag, som er forbi, når det bliver sendt.",
	"letters-dated": "%v breve er dateret og bliver først sendt to dage efter eller senere; den ældste dato er %v. " +
		"Frister i dem kan være for korte.",
	"letters-passed": "I %v breve står en dag, som er forbi, når de bliver sendt.",
	"letter-twice":   "Det samme brev til den samme modtager ligger også tidligere i dokumentet.",
	"letters-held":   "%v breve, der begynder her, bliver holdt tilbage: %v.",
	"letters-too-large": "" +
		"Brevene fylder tilsammen mere end %v GB, fordi noget stort (tit et billede eller en skrifttype) går " +
		"igen i dem alle. Gør billedet mindre, og prøv igen. Intet er sendt.",
	"mention": "%v står på siden og er ikke regnet for modtager.",
	"modulus-11": "" +
		"Nummeret går ikke op i modulus 11. Det gør nyere numre ikke altid, så brevet bliver sendt; se efter, " +
		"hvis du er i tvivl.",
	"name-list-line": "Navnelisten, linje %v: %v Intet er sendt.",
	"name-list-unreadable": "" +
		"Navnelisten kan ikke læses: linje %v har ikke et CPR- eller CVR-nummer og et navn med semikolon " +
		"imellem. Intet er sendt.",
	"namesakes": "" +
		"To personer har samme navn og adresse og hver sit nummer. Brevene bliver sendt; se efter, hvis du er " +
		"i tvivl.",
	"no-counter-no-layout": "" +
		"Brevene har flere sider, men hverken sidetal eller opsætning viser, hvor et brev uden nummer ville " +
		"begynde. Se efter, at hver side ligger i det rigtige brev.",
	"no-number-in-document": "" +
		"Der er ingen CPR- eller CVR-numre i dokumentet, som kan bruges. Nummeret skal stå på en linje for sig " +
		"selv øverst i brevet, med »CPR-nr.:« eller »CVR-nr.:« foran. Intet er sendt.",
	"not-a-pdf":        "Filen er ikke en PDF. Gem eller udskriv dokumentet som PDF, og prøv igen. Intet er sendt.",
	"not-on-name-list": "Nummeret står ikke på navnelisten.",
	"not-scanned": "" +
		"Filen er ikke blevet scannet for virus. IT skal se på scanneren; derefter kan dokumentet deles igen.",
	"nothing-sent": "%v Intet er sendt.",
	"number-not-removed": "" +
		"CPR-nummeret kan ikke fjernes fra brevet, så det er sikkert, at det er væk. Brevet er holdt tilbage.",
	"number-with-two-names": "" +
		"Nummeret står ved et andet navn tidligere i dokumentet. Se efter, om navne og numre er kommet ud af " +
		"trit i flettefilen.",
	"page-counter": "Sidetallet passer ikke med siden før. Se efter, om der mangler en side, eller om siderne ligger " +
		"forkert.",
	"page-cut-short": "" +
		"Siden er ikke hel i filen: den slutter for tidligt. Se efter, at den ligger i det rigtige brev.",
	"page-not-cut":     "En side i brevet er beskadiget og kan ikke skæres ud, som den er. Brevet er holdt tilbage.",
	"page-unreadable":  "%v Siden, og det brev, den kan høre til, bliver holdt tilbage. Se efter, hvor den skal ligge.",
	"place-name-lower": "navnet",
	"recipient-again":  "Modtageren har også et brev tidligere i dokumentet.",
	"signature-kept": "" +
		"Dokumentet har en digital underskrift. Det bliver sendt helt, som det er, så underskriften holder.",
	"signature-lost": "" +
		"Dokumentet har en digital underskrift. Den gælder hele filen og holder ikke, når den deles i breve. " +
		"Underskriftens felt er derfor ikke med i brevene.",
	"signature-one-letter": "" +
		"Dokumentet har en digital underskrift og er ét brev. Det bliver sendt helt, som det er, så " +
		"underskriften holder, medmindre modtagerens nummer skal fjernes.",
	"text-control":       "%[1]v har linjeskift eller andre usynlige tegn (%[2]v). Skriv det på én linje.",
	"text-undecodable":   "%[1]v har et tegn, der ikke kan læses (nr. %[3]v). Skriv det igen som UTF-8.",
	"text-unseen":        "%[1]v har et usynligt tegn (%[2]v, tegn nr. %[3]v). Skriv det igen uden det.",
	"unreadable-damaged": "Siden er beskadiget.",
	"unreadable-fields": "" +
		"Siden har felter eller noter, hvis udseende ikke står i filen. Udskriv dokumentet til PDF på ny.",
	"unreadable-fonts": "" +
		"Skriften på siden kan ikke læses af en maskine: %v %% af tegnene er ukendte. Gem dokumentet som PDF i " +
		"det program, det er skrevet i, og ikke ved at udskrive det.",
	"unreadable-picture": "Siden er et billede (scannet eller tegnet), så der er ingen tekst at læse.",
	"unreadable-scan": "Siden er scannet. Tekst, som en maskine har gættet, bliver ikke brugt til at finde " +
		"modtagere.",
	"unreadable-short": "Siden er beskadiget: den slutter, før der står noget.",
	"unusual-first-page": "" +
		"Det er ikke sikkert, om et brev begynder på siden. Se efter, at den ligger i det rigtige brev.",
	"kind-bmp":                "et BMP-billede",
	"kind-excel":              "et Excel-ark",
	"kind-gif":                "et GIF-billede",
	"kind-jpeg":               "et JPEG-billede",
	"kind-opendocument":       "et OpenDocument-dokument",
	"kind-opendocument-sheet": "et OpenDocument-ark",
	"kind-other":              "noget andet",
	"kind-packed":             "en pakket fil",
	"kind-page":               "en webside",
	"kind-pdf":                "en PDF",
	"kind-png":                "et PNG-billede",
	"kind-program":            "et program",
	"kind-rtf":                "et RTF-dokument",
	"kind-text":               "ren tekst",
	"kind-tiff":               "et TIFF-billede",
	"kind-word":               "et Word-dokument",
	"file-is-wrong":           "»%v« %v",
}
