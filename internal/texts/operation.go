package texts

// operation are the sentences of operation: data folders, addresses, organizations.
var operation = map[string]string{
	"address-forbidden": "adressen %v kræver flere rettigheder; giv en port over 1023 med --addr",
	"address-in-use": "" +
		"adressen %v er optaget: et andet program lytter der. Stop det, eller giv en anden med --addr",
	"address-unusable":        "adressen %v kan der ikke lyttes på",
	"audit-name":              "navn: %v",
	"audit-connection":        "forbindelse til Digital Post: system »%v«",
	"audit-forgotten":         "tidligere forbindelse glemt: system »%v«",
	"audit-organization-made": "organisationen oprettet",
	"audit-sender":            "afsender: CVR-nummer %v",
	"audit-sender-removed":    "afsender fjernet: CVR-nummer %v",
	"audit-undo":              "fortrydelsesvindue: %v",
	"audit-undo-always":       "fortrydelsesvindue også for programmer",
	"audit-undo-people":       "fortrydelsesvindue for portalen alene",
	"aws-access": "AWS_REGION, AWS_ACCESS_KEY_ID og AWS_SECRET_ACCESS_KEY skal være sat: eval \"$(aws configure " +
		"export-credentials --format env)\"",
	"cannot-be-read": "kan ikke læses",
	"connection-certificate": "Digital Post kræver organisationens certifikat og dets nøgle (--certificate, " +
		"--certificate-key).",
	"connection-delegated": "Et delegeret system bruger installationens certifikat (--delegated) og " +
		"skal ikke have et eget.",
	"connection-installation": "Det er installationens eget system. En organisation skal have sit eget.",
	"connection-expired":      "Certifikatet udløb %v. Giv et, der gælder.",
	"connection-none":         "Organisationen har ingen tidligere forbindelse med det system.",
	"connection-pair":         "Certifikatet og dets nøgle hører ikke sammen, eller er ikke PEM.",
	"connection-system":       "Giv systemets id og nøgle; et certifikat skal have sin nøgle med.",
	"cvr-taken":               "CVR-nummeret hører til en anden organisation i denne installation",
	"cvr-wrong":               "%v er ikke et CVR-nummer: det har otte cifre, og det sidste er et kontrolciffer",
	"database-damaged": "" +
		"Databasen %v er beskadiget og kan ikke bruges. Flyt datamappen til side, og gendan den seneste " +
		"sikkerhedskopi: brevdue restore FIL --data %v",
	"database-in-use": "Datamappen %v er i brug: Brevdue kører allerede på den.",
	"master-key-missing": "Hovednøglen %v mangler. Navne, numre og breve i datamappen %v kan ikke læses uden " +
		"den. Læg den tilbage, eller giv den med --master-key FIL.",
	"master-key-wrong": "Hovednøglen %v er ikke den, som datamappen eller sikkerhedskopien er låst med " +
		"(%v). Giv den rigtige med --master-key FIL. Intet er ændret.",
	"master-key-none": "%v er ikke en hovednøgle: en linje med 32 bytes i base64. Giv den rigtige med " +
		"--master-key FIL.",
	"master-key-unreadable": "Hovednøglen %v kan ikke læses eller laves.",
	"master-key-needed": "Sikkerhedskopien er låst med hovednøglen fra den installation, den er taget af. " +
		"Giv den med --master-key FIL.",
	"database-missing": "" +
		"Databasen %v mangler eller er tom, men datamappen har en installations nøgler eller filer. Brevdue " +
		"laver ikke en ny oveni. Læg databasen tilbage. Er den væk: Flyt datamappen til side, og gendan den " +
		"seneste sikkerhedskopi: brevdue restore FIL --data %v",
	"disk-failed": "" +
		"Disken har fejlet, mens der blev skrevet til %v, og siger ikke, hvad den har. Brevdue er stoppet. " +
		"Intet, der er kvitteret for, er tabt: Lad IT se på disken, og start Brevdue igen.",
	"hook-leads-inside": "webadressen fører ikke ud på internettet",
	"hook-not-https":    "webadressen er ikke https",
	"hook-not-internet": "Webadressen fører ikke ud på internettet.",
	"hook-unusable":     "webadressen kan ikke bruges",
	"host-unknown":      "Ukendt værtsnavn. Tillad det med serve --host.",
	"item-in-database":  "En post i databasen",
	"item-unreadable": "" +
		"En post i databasen kan ikke læses (%v). Den er ikke slettet, og alt andet går videre. IT skal se på " +
		"den.",
	"not-a-push": "Det er ikke en besked, som Digital Post sender: en multipart-del »file« med beskedens UUID som " +
		"filnavn.",
	"not-a-receipt":       "Det er ikke en kvittering.",
	"last-number":         "organisationen skal have mindst ét CVR-nummer at sende med",
	"organization-exists": "organisationen findes allerede",
	"organization-id": "" +
		"organisationens id må kun have små bogstaver fra a til z, tal og bindestreg, fra 2 til 40 tegn, og " +
		"begynder med et bogstav eller et tal",
	"organization-needed": "" +
		"Datamappen %v er ny, og --digital-post fører ud af denne maskine. Sig, hvem der sender: serve " +
		"--organization ID --name NAVN --cvr CVR-NUMMER",
	"organization-unknown": "der er ingen organisation med det id; se dem med: brevdue organization list",
	"public-url":           "%v er ikke en adresse for portalen: den er som https://post.kommune.dk",
	"tls-both":             "giv både --tls-cert og --tls-key",
	"tls-unreadable":       "certifikatet %v og dets nøgle kan ikke læses: begge skal være PEM, og de skal høre sammen",
	"undo-window":          "fortrydelsesvinduet er mindst 1 sekund og højst 24 timer",
}
