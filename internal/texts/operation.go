package texts

// operation are the sentences of operation: data folders, addresses, organizations.
var operation = map[string]string{
	"address-forbidden": "adressen %v kræver flere rettigheder; giv en port over 1023 med --addr",
	"address-in-use":    "adressen %v er optaget: et andet program lytter der. Stop det, eller giv en anden med --addr",
	"address-unusable":  "adressen %v kan der ikke lyttes på",
	"aws-access": "AWS_REGION, AWS_ACCESS_KEY_ID og AWS_SECRET_ACCESS_KEY skal være sat: eval \"$(aws configure " +
		"export-credentials --format env)\"",
	"cannot-be-read": "kan ikke læses",
	"cvr-taken":      "CVR-nummeret hører til en anden organisation i denne installation",
	"database-damaged": "" +
		"Databasen %v er beskadiget og kan ikke bruges. Flyt datamappen til side, og gendan den seneste " +
		"sikkerhedskopi: brevdue restore FIL --data %v",
	"database-in-use": "Datamappen %v er i brug: Brevdue kører allerede på den.",
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
	"not-a-receipt":       "Det er ikke en kvittering.",
	"organization-exists": "organisationen findes allerede",
	"organization-id": "" +
		"organisationens id må kun have små bogstaver fra a til z, tal og bindestreg, fra 2 til 40 tegn, og " +
		"begynder med et bogstav eller et tal",
	"user-characters":  "brugernavnet må kun have bogstaver, tal og . _ @ + -, højst 64 tegn",
	"user-taken":       "brugernavnet er en anden organisations; giv et andet med --user",
	"user-taken-named": "brugernavnet »%v« er en anden organisations; giv et andet med --user",
}
