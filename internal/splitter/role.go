package splitter

import "strings"

// kinship says how far a role word speaks against the number beside it.
type kinship uint8

const (
	itself    kinship = iota // nobody is named but the one whom the letter is for
	concerned                // the one whom it is about, who may be the addressee: only a name can tell
	another                  // somebody who stands in a relation to the addressee
)

// relations are words for somebody who is not the one whom the letter is for, as Danish letters use them. Their
// inflections count too.
var relations = nounsOf(
	`medansøger partner samlever ægtefælle hustru kone kæreste barn børn søn datter mor moder far fader forælder
	forældre forældremyndighedsindehaver forældremyndighedsindehavere værge værgen plejebarn plejefamilie
	plejeforældre plejemor
	plejefar stedbarn stedfar stedmor bonusbarn bror broder søster søskende tvilling mormor morfar farmor farfar
	barnebarn
	afdød afdøde boet dødsbo dødsboet arving arvinger arvelader bobestyrer pårørende kontaktperson fuldmagtshaver
	fuldmagtsgiver
	fuldmægtig repræsentant bisidder støtteperson ledsager medejer medlåntager medlejer kautionist modpart vidne
	klager anmelder
	indberetter tolk sagsøger sagsøgte udlejer gerningsmand skadevolder fraflytter fraskilt bidragsmodtager
	tiltalt tiltalte sigtede sigtet forurettede forurettet indsat indsatte anbragt anbragte husstandsmedlem
	begunstiget begunstigede
	testator bopælsforælder samværsforælder kontohaver erhverver overdrager tilskadekomne efterladt efterladte
	efterlevende enke
	enkemand sambo stifter plejeforælder bistandsværge partsrepræsentant bobehandler kurator mentor moren faren unge`,
)

// concerns are words for the one whom a letter is about.
var concerns = nounsOf(
	`vedr vedrørende angående ang borger elev patient klient medarbejder lønmodtager ansat ansatte arbejdstager
	studerende lærling praktikant beboer betaler bidragsyder bidragspligtig skyldner debitor kreditor rekvirent
	ansøger lejer køber
	sælger ejer medlem deltager kursist kandidat sygemeldt skadelidt skadelidte sikrede forsikrede pensionist ledig
	jobsøger forsikringstager underholdspligtig underholdsberettiget
	tilskudsmodtager ydelsesmodtager hovedperson omhandler omhandlende gælder bruger`,
)

// inflections are the endings of nouns: the child, the child's, children.
var inflections = []string{
	"",
	"s",
	"en",
	"ens",
	"et",
	"ets",
	"n",
	"ns",
	"t",
	"ts",
	"e",
	"es",
	"er",
	"ers",
	"erne",
	"ernes",
	"ne",
	"nes",
	"r",
}

// nouns are words that count with every inflection.
type nouns map[string]bool

func nounsOf(text string) nouns {
	words := nouns{}
	for word := range strings.FieldsSeq(text) {
		words[word] = true
	}
	return words
}

func (n nouns) has(word string) bool {
	for _, ending := range inflections {
		if stem, ok := strings.CutSuffix(word, ending); ok && n[stem] {
			return true
		}
	}
	return false
}

// isRole reports whether a word names a role.
func isRole(word string) bool {
	w := lettersOf(word)
	return relations.has(w) || concerns.has(w)
}

// roleIn returns what the words of a cell say of the person whose number it gives. Words of running text and of
// companies ("Ærø & Søn ApS") do not count.
func roleIn(cell string) kinship {
	if isProse(cell) {
		return itself
	}
	company := isOrganization(cell) || strings.Contains(cell, "&") || isDepartment(cell)
	found := itself
	for text := range strings.FieldsFuncSeq(cell, func(r rune) bool {
		return r == ' ' || r == '/' || r == ',' ||
			r == '(' || r == ':'
	}) {
		switch w := lettersOf(text); {
		case company && !strings.HasPrefix(w, "vedr"):
		case relations.has(w):
			return another
		case concerns.has(w):
			found = concerned
		}
	}
	lower := strings.ToLower(cell)
	if strings.Contains(lower, "på vegne af") || strings.HasPrefix(lower, "v/") || strings.Contains(lower, " v/") {
		return another
	}
	return found
}

// isDepartment reports whether a cell is the name of an office: "Børn og Unge", "Elev- og Studieadministrationen".
func isDepartment(cell string) bool {
	words := strings.Fields(cell)
	return len(words) == 3 && words[1] == "og" && isNameWord(strings.TrimSuffix(words[0], "-")) && isNameWord(words[2])
}

// rolesIn returns the strongest role of some cells.
func rolesIn(cells []string) kinship {
	found := itself
	for _, cell := range cells {
		found = max(found, roleIn(cell))
	}
	return found
}

// staffWords begin the cells that name whoever writes, or the sender's own.
var staffWords = nounsOf(
	`sagsbehandler kontakt kontaktperson afsender rådgiver vejleder konsulent skoleleder leder tlf telefon mail
	vores vor borgmester direktør koordinator sekretær visitator socialrådgiver att ean ref lærer rektor
	medunderskriver ansvarlig
	underviser klasselærer init initialer forfatter ekspederet udarbejdet skrevet behandlet hilsen kommunens skolens
	afsenders
	virksomhedens regionens direkte underskrift underskrevet sagsansvarlig sagsfører`,
)

// isStaff reports whether a cell names somebody of the sender's.
func isStaff(cell string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(cell), " ")
	lower := strings.ToLower(cell)
	return staffWords.has(lettersOf(word)) || strings.HasPrefix(lower, "c/o") || strings.HasPrefix(lower, "med venlig")
}

// onBehalf are words of a first address line that say that the letter goes to somebody else than the one whose name
// stands there (practice.md A2): for a relation, and to whom one's business is given.
var onBehalf = []string{
	"boet efter", "bo efter", "dødsbo", "forældrene til", "forældre til", "forældremyndighed", "på vegne af", "pva",
	"p.v.a.", "o/b",
	"for barnet", "mor til", "far til", "enken efter", "værge", "repræsentant for",
}

// professions stand before the name of somebody who gets a letter about another.
var professions = nounsOf(
	`advokat læge egenlæge psykolog psykiater socialrådgiver jordemoder sagfører notar fysioterapeut tandlæge
	dommer kurator bobestyrer mentor plejehjemsleder skoleleder præst hospitalspræst opholdssted opholdsstedet
	institutionsleder`,
)

// goesToAnother returns the words of an address that name somebody else, or "". Companies have people to the attention
// of.
func goesToAnother(line string) string {
	lower := strings.ToLower(line)
	for _, words := range onBehalf {
		if i := strings.Index(lower, words); i == 0 || i > 0 && lower[i-1] == ' ' {
			return words
		}
	}
	raw, words := strings.Fields(line), strings.Fields(lower)
	for i, text := range words {
		word := lettersOf(text)
		small := i == 0 || raw[i] == text // "Anna Holm ved Bo Lund"; a name may have a capital there
		switch {
		case text == "v/",
			strings.HasPrefix(text, "v/"),
			small && (text == "v." || text == "ved" || text == "for"),
			word == "att" && i == 0:
			return text
		case relations.has(word) && !isOrganization(line),
			professions.has(word) && i < 2,
			word == "boet",
			word == "bo" && i > 0 && i == len(words)-1 &&
				strings.HasSuffix(words[i-1], "s"):
			return text
		}
	}
	return ""
}
