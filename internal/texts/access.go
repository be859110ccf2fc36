package texts

// access are the sentences about who comes in and what they may do.
var access = map[string]string{
	"audit-four-eyes":     "fire øjne fra %v breve om dagen",
	"audit-code-mailed":   "kode sendt på mail til %v",
	"audit-group-changed": "adgangsgruppe rettet: %v",
	"audit-group-made":    "adgangsgruppe oprettet: %v",
	"audit-group-removed": "adgangsgruppe fjernet: %v",
	"audit-key-closed":    "API-nøgle lukket: %v",
	"audit-key-made":      "API-nøgle lavet: %v",
	"audit-user-changed":  "bruger rettet: %v",
	"audit-user-closed":   "bruger lukket: %v",
	"audit-user-made":     "bruger oprettet: %v",
	"audit-user-opened":   "bruger åbnet: %v",

	"code-changed-meanwhile": "Koden er skiftet imens. Log ind igen med den.",
	"code-easy": "Koden er for let at gætte: den er mest et navn, et kendt ord, en dato eller " +
		"et mønster. En " +
		"sætning med nogle ord, der ikke hører sammen, er bedre.",
	"code-long": "Koden er for lang. Højst %v tegn.",
	"code-mail": "%v\n\nLog ind her: %v\n\nBrugernavn: %v\nKode: %v\n\nKoden virker indtil %v og kun én " +
		"gang: bagefter " +
		"vælger du din egen.\n\nDu skal aldrig oplyse koden til nogen.",
	"code-mail-forgotten": "Her er den kode, der er bedt om til Brevdue. Er det ikke dig, kan du se bort " +
		"fra mailen: din " +
		"gamle kode virker stadig.",
	"code-mail-invited": "Du er blevet oprettet som bruger af Brevdue, der sender Digital Post.",
	"code-mail-subject": "Din kode til Brevdue",
	"code-same":         "Vælg en anden kode end den, du havde.",
	"code-short":        "Koden har %v tegn. Den skal have mindst %v.",
	"code-wrong":        "Koden, du har nu, er ikke rigtig.",
	"codes-differ":      "De to koder er ikke ens.",

	"daily-limit": "Dagens grænse for, hvor mange breve der må sendes, er nået. Send resten i morgen, " +
		"eller lad en " +
		"administrator hæve den.",
	"needs-approval": "Forsendelsen venter på, at en anden godkender den: så mange breve sender I ikke uden to " +
		"par øjne.",
	"correction-asked": "Rettelsen venter på, at en anden godkender den: en ny modtager kræver to par øjne.",
	"not-asked":        "Der er ikke noget at godkende: forsendelsen er rettet, sendt eller afvist imens.",
	"own-work":         "Du har selv skrevet, rettet eller sendt det her. En anden skal godkende det.",

	"setting-sso": "arbejdspladsens login %v",
	"sso-issuer":  "Udstederen er en adresse, som begynder med https://.",
	"sso-tenant": "Skriv id'et på jeres lejer i Entra ID, og brug det i udstederens adresse: ellers kan alle med en " +
		"Microsoft-konto komme ind.",
	"sso-client": "Skriv klientens id, som arbejdspladsens login kender Brevdue ved.",
	"sso-roles":  "Skriv mindst én rolle og id'et på adgangsgruppen, den giver. Uden rolle kommer ingen ind.",
	"sso-emergency": "Når koder er slået fra, skal to brugere kunne logge ind med kode i en nødsituation. Skriv to " +
		"brugernavne.",
	"sso-group":      "Adgangsgruppen %v findes ikke.",
	"sso-user":       "Brugeren %v findes ikke her, eller er lukket.",
	"user-elsewhere": "Brugeren logger ind gennem arbejdspladsens login og har ingen kode her.",
	"session-ended": "Du er logget af. Log ind igen i en anden fane, og tryk så her igen: det, du har valgt, " +
		"står her endnu.",
	"login-codeless": "Log ind gennem arbejdspladsens login. Koder er slået fra.",
	"login-no-role": "Du er logget ind, men du har ingen rolle i Brevdue. Bed den, der giver roller på din " +
		"arbejdsplads, om en.",
	"login-sso-over":   "Det tog for lang tid, eller det blev begyndt et andet sted. Prøv igen.",
	"login-sso-fails":  "Arbejdspladsens login svarede ikke, som det skulle. Prøv igen, eller bed IT se på det.",
	"login-sso-closed": "Du er lukket i Brevdue. Bed en administrator om adgang.",

	"second-administrator": "Det skal en administrator mere bede om, før det gælder: så bliver færre breve godkendt " +
		"af to.",
	"setting-age":         "kodens levetid %v",
	"setting-daily":       "breve om dagen %v",
	"setting-four-eyes":   "fire øjne fra %v breve",
	"setting-key-daily":   "breve om dagen pr. nøgle %v",
	"setting-length":      "kodens længde %v",
	"setting-log-out":     "log af efter %v",
	"setting-hide-names":  "uden navne i lister %v",
	"setting-names":       "afsendernavne %v",
	"setting-two-steps":   "to trin %v",
	"setting-types":       "dokumenttyper %v",
	"setting-undo":        "fortrydelse %v",
	"setting-undo-always": "fortrydelse for programmer %v",
	"setting-units":       "enheder %v",
	"setting-code-age":    "Koden kan gælde fra 1 dag til 3 år, eller 0 for altid.",
	"setting-code-length": "Koden skal have mindst 12 og højst 64 tegn.",
	"setting-id":          "Id'er må kun have små bogstaver fra a til z, tal og bindestreg, højst 40 tegn.",
	"setting-idle":        "Man kan logges af efter 5 minutter til 12 timer.",
	"setting-kle":         "Et KLE-nummer er som 27, 27.12 eller 27.12.03.",
	"setting-kle-unknown": "KLE-nummeret %v findes ikke i emneplanen.",
	"filing-plan-empty":   "Filen har ingen KLE-numre.",
	"filing-plan-large":   "En emneplan kan højst have %v numre og fylde 350 kB.",
	"filing-plan-number":  "»%v« er ikke et KLE-nummer som 27, 27.12 eller 27.12.03.",
	"filing-plan-taken":   "emneplan med %v KLE-numre",
	"filing-plan-twice":   "KLE-nummeret %v står to gange i filen.",
	"place-filing-title":  "Titlen på KLE-nummeret %v",
	"setting-letters":     "Skriv et antal breve fra 0 til 1.000.000; 0 er ingen grænse.",
	"setting-list-most":   "Der kan højst være 500.",
	"setting-sender":      "Det CVR-nummer sendes der ikke med. Et nyt skal den, der driver installationen, godkende.",
	"setting-twice":       "To har samme id.",

	"audit-factor-app":      "engangskode fra app sat op",
	"audit-factor-passkey":  "adgangsnøgle sat op",
	"audit-factor-removed":  "andet trin fjernet",
	"audit-factors-removed": "andet trin fjernet for %v",
	"factor-begin":          "Begynd forfra: det tog for lang tid, eller der er begyndt på noget andet imens.",
	"factor-last":           "Det sidste kan ikke fjernes: her skal alle bruge to trin ved log ind.",
	"factor-used":           "Koden er brugt. Vent på den næste.",
	"factor-wrong":          "Koden passer ikke. Se efter i appen, og at uret på telefonen går rigtigt.",
	"passkey-host": "Adgangsnøgler virker kun under et navn. Brug http://localhost… i stedet for tal i " +
		"adressen.",
	"passkey-name":    "Giv adgangsnøglen et navn, du ikke har brugt før, højst 40 tegn.",
	"passkey-refused": "Adgangsnøglen blev ikke godtaget. Prøv igen, eller brug en anden.",
	"passkeys-most":   "Du har så mange adgangsnøgler, der kan være. Fjern en først.",
	"place-passkey":   "Adgangsnøglens navn",

	"forbidden":          "Du har ikke rettigheden »%v«. Bed en administrator om den.",
	"title-forbidden":    "Det har du ikke adgang til",
	"people-only":        "Det kan kun et menneske, der er logget ind, og ikke en API-nøgle.",
	"not-for-area":       "Du må ikke skrive for den enhed eller dokumenttype.",
	"unit-unknown":       "Enheden findes ikke.",
	"type-unknown":       "Dokumenttypen findes ikke.",
	"type-without-reply": "Breve af typen »%v« kan ikke besvares.",
	"typed":              "%v",

	"group-administrators": "Administratorer",
	"group-approvers":      "Godkendere",
	"group-has-members":    "Gruppen har medlemmer. Flyt dem først.",
	"group-name-taken":     "Der er allerede en gruppe med det navn.",
	"group-senders":        "Afsendere",
	"group-unknown":        "Gruppen findes ikke. Se dem med: brevdue groups list.",
	"groups-most":          "Der er for mange grupper eller for mange rettigheder i gruppen.",
	"last-administrator":   "Så ville ingen kunne administrere organisationen. Giv en anden rollen først.",
	"own-rights":           "Du kan ikke give dig selv en rettighed. Det skal en anden administrator gøre.",
	"place-group-name":     "Gruppens navn",
	"right-unknown":        "Rettigheden findes ikke.",

	"right-administer":   "administrere",
	"right-approve":      "godkende",
	"right-archive":      "se arkiv",
	"right-audit":        "læse revisionsspor",
	"right-confidential": "åbne fortroligt",
	"right-inbox":        "fordele post",
	"right-legal":        "forkynde",
	"right-operate":      "drift",
	"right-reveal":       "vise CPR",
	"right-see-all":      "se alles log",
	"right-send":         "sende",
	"right-unhandled":    "behandle Ubehandlet",
	"right-write":        "skrive",

	"import-closed": "Brugeren er lukket. Luk op først.",
	"import-empty":  "Filen er tom.",
	"import-group":  "Gruppen »%v« findes ikke. Opret gruppen, eller ret filen.",
	"import-head": "Filens første række skal sige, hvad kolonnerne er: Brugernavn, Navn, Mail og " +
		"Adgangsgrupper. Hent en " +
		"skabelon.",
	"import-many":   "Filen har for mange rækker. Højst 1.000 ad gangen.",
	"import-quotes": "Filen kan ikke læses som CSV: et anførselstegn mangler sin ende.",
	"import-twice":  "Brugernavnet står i filen to gange.",

	"key-beyond": "Nøglen kan ikke få rettigheden »%v«: ingen nøgle må have den, eller du har den ikke " +
		"selv.",
	"key-network":    "Adresserne skal være IP-adresser eller net, for eksempel 10.1.0.0/16.",
	"key-rights":     "Vælg mindst én rettighed til nøglen.",
	"place-key-name": "Nøglens navn",

	"login-busy":         "Mange logger ind på én gang fra jeres netværk. Vent lidt, og prøv igen.",
	"login-expired":      "Koden er udløbet. Bed en administrator om en ny.",
	"login-locked":       "Der er prøvet for mange gange. Vent 15 minutter, og prøv igen.",
	"login-portal-first": "Log ind i portalen først: der vælger du din egen kode.",
	"login-unsafe": "Her kan ingen logge ind: forbindelsen er ikke krypteret (https), så koden kunne læses " +
		"undervejs. Start Brevdue med --tls-cert og --tls-key, eller med --public-url bag en proxy, der siger " +
		"X-Forwarded-Proto.",
	"login-wrong": "Brugernavn og kode passer ikke sammen.",

	"user-characters": "brugernavnet må kun have bogstaver, tal og . _ @ + -, højst 64 tegn",
	"user-closed":     "brugeren er lukket; luk op først med: brevdue users open",
	"user-exists":     "brugeren findes allerede; en ny kode gives med: brevdue users code",
	"user-mail":       "mailadressen er ikke en mailadresse",
	"user-taken":      "brugernavnet er en anden organisations; giv et andet med --user",
	"user-unknown":    "organisationen har ingen bruger med det navn; se dem med: brevdue users list",
}
