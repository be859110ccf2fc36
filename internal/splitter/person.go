package splitter

import (
	"slices"
	"strings"
	"unicode"
)

// likeness is how two names stand to each other (practice.md A3).
type likeness uint8

const (
	unlike   likeness = iota // another person
	doubtful                 // may be the same person: another surname, or a part of the name only
	alike                    // the same name, also with initials, without middle names, or surname first
)

// personName is a name, folded: small letters, å is aa, without accents.
type personName struct {
	given []string // first names and middle names; an initial is one letter
	last  string
}

// foldings are how letters of Danish and neighbouring languages are also written (practice.md A3).
var foldings = strings.NewReplacer(
	"å",
	"aa",
	"ø",
	"oe",
	"æ",
	"ae",
	"ö",
	"oe",
	"ä",
	"ae",
	"ü",
	"ue",
	"ß",
	"ss",
	"é",
	"e",
	"è",
	"e",
	"ê",
	"e",
	"ë",
	"e",
	"á",
	"a",
	"à",
	"a",
	"â",
	"a",
	"ã",
	"a",
	"ó",
	"o",
	"ò",
	"o",
	"ô",
	"o",
	"õ",
	"o",
	"í",
	"i",
	"ì",
	"i",
	"î",
	"i",
	"ï",
	"i",
	"ú",
	"u",
	"ù",
	"u",
	"û",
	"u",
	"ý",
	"y",
	"ÿ",
	"y",
	"ð",
	"d",
	"þ",
	"th",
	"ç",
	"c",
	"č",
	"c",
	"ć",
	"c",
	"ñ",
	"n",
	"ń",
	"n",
	"š",
	"s",
	"ś",
	"s",
	"ş",
	"s",
	"ž",
	"z",
	"ź",
	"z",
	"ż",
	"z",
	"ł",
	"l",
	"ğ",
	"g",
	"ı",
	"i",
	"ě",
	"e",
	"ę",
	"e",
	"ą",
	"a",
	"ř",
	"r",
	"ť",
	"t",
	"ů",
	"u",
	"ő",
	"oe",
	"ű",
	"ue",
)

func foldName(s string) string { return foldings.Replace(strings.ToLower(s)) }

// nameOf reads "Anna Marie Holm", "A. M. Holm" or "Holm, Anna Marie".
func nameOf(text string) personName {
	text = strings.Trim(text, " .,:;-–()|")
	if last, given, ok := strings.Cut(text, ","); ok && strings.TrimSpace(given) != "" {
		text = given + " " + last
	}
	words := strings.FieldsFunc(
		foldName(apart(text)),
		func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '\'' },
	)
	for len(words) > 2 && titles[words[0]] {
		words = words[1:]
	}
	if len(words) == 0 {
		return personName{}
	}
	return personName{given: words[:len(words)-1], last: words[len(words)-1]}
}

// apart sets words apart whose space was lost in kerning: "GøgThøgersen".
func apart(text string) string {
	var b strings.Builder
	before := ' '
	for _, r := range text {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// joined is a name without its spaces, which kerning also puts inside of words.
func (n personName) joined() string { return strings.Join(n.given, "") + n.last }

// titles stand before a name and are none.
var titles = map[string]bool{
	"hr": true, "fru": true, "frk": true, "herr": true, "dr": true, "til": true, "navn": true, "kaere": true,
	"mr": true, "mrs": true,
	"ms": true,
}

// compareNames says whether two names are one person's. "" is unlike nobody.
func compareNames(a, b string) likeness {
	x, y := nameOf(a), nameOf(b)
	switch {
	case x.last == "" || y.last == "",
		x.joined() == y.joined(),
		sameWords(x, y),
		cutShort(x.joined(), y.joined()):
		return alike
	case len(x.given) == 0 || len(y.given) == 0: // one word alone
		if shareWord(x, y) {
			return alike
		}
		return unlike
	}
	if x.last != y.last {
		if shareWord(x, y) && len(x.given) > 0 && len(y.given) > 0 && sameGiven(x.given[0], y.given[0]) {
			return doubtful
		}
		return unlike
	}
	switch {
	case !sameGiven(x.given[0], y.given[0]):
		return unlike
	case contradictingMiddle(x.given[1:], y.given[1:]):
		return doubtful
	}
	return alike
}

// sameWords reports whether two names have the same words, in whatever order: "Holm Anna Skov".
func sameWords(x, y personName) bool {
	a, b := append(slices.Clone(x.given), x.last), append(slices.Clone(y.given), y.last)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// leastCut is how long a name is at least that a form's field has cut short.
const leastCut = 12

// cutShort reports whether one name is the beginning of the other.
func cutShort(a, b string) bool {
	return min(len(a), len(b)) >= leastCut && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
}

// sameGiven compares first names, of which one may be an initial.
func sameGiven(a, b string) bool {
	return a == b || len(a) == 1 && strings.HasPrefix(b, a) || len(b) == 1 && strings.HasPrefix(a, b)
}

// contradictingMiddle reports whether both have middle names and neither has all of the other's.
func contradictingMiddle(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	next := 0
	for _, name := range a {
		for next < len(b) && !sameGiven(name, b[next]) {
			next++
		}
		if next++; next > len(b) {
			return true
		}
	}
	return false
}

func shareWord(x, y personName) bool {
	all := map[string]bool{x.last: true}
	for _, w := range x.given {
		all[w] = true
	}
	for _, w := range append([]string{y.last}, y.given...) {
		if all[w] {
			return true
		}
	}
	return false
}

// isCouple reports whether a name is that of two persons, or of a family: "Anna og Peter Holm" (practice.md A2).
func isCouple(name string) bool {
	if isOrganization(name) {
		return false
	}
	for i, word := range strings.Fields(strings.ToLower(name)) {
		switch word {
		case "og", "&", "+", "and", "samt":
			return true
		case "familien", "familie", "fam.", "husstanden", "ægteparret":
			if i == 0 {
				return true
			}
		}
	}
	if first, second, ok := strings.Cut(name, ","); ok && nameInside(first) != "" && nameInside(second) != "" {
		return true
	}
	return strings.Contains(strings.ReplaceAll(strings.ToLower(name), "c/o", ""), "/")
}

// nameIn returns the name in a text: one of its parts between commas, or "Holm, Anna Marie".
func nameIn(text string) string {
	parts := strings.Split(text, ",")
	for _, part := range parts {
		if name := nameInside(part); name != "" {
			return name
		}
	}
	if len(parts) > 1 {
		last, given := strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1])
		if isNameWord(last) && given != "" && !strings.ContainsFunc(given, unicode.IsDigit) &&
			isNameWord(strings.Fields(given)[0]) {
			return last + ", " + given
		}
	}
	return ""
}

// nameInside returns the last run of two or more capitalized words, as in "Samlevers navn Åse Skov".
func nameInside(text string) string {
	words := strings.Fields(apart(text))
	end := len(words)
	for end > 0 && !isNameWord(words[end-1]) {
		end--
	}
	begin := end
	for begin > 0 && (isNameWord(words[begin-1]) || particles[words[begin-1]] && nameBefore(words[:begin-1])) {
		begin--
	}
	for begin < end && (titles[foldName(strings.Trim(words[begin], ".,:"))] || isRole(words[begin])) {
		begin++
	}
	if end-begin < 2 || noName(words[begin:end]) {
		return ""
	}
	return strings.Trim(strings.Join(words[begin:end], " "), ".,:;-–()|")
}

// nameBefore reports whether words end with a name and perhaps a particle.
func nameBefore(words []string) bool {
	k := len(words)
	return k > 0 && (isNameWord(words[k-1]) || k > 1 && particles[words[k-1]] && isNameWord(words[k-2]))
}

// noName reports whether words with capitals are something else than a person: a title in capitals, a department
// ("Børn og Unge"), a word that stands in headings.
func noName(words []string) bool {
	upper, joined := true, false
	for _, word := range words {
		if headingWords.has(lettersOf(word)) {
			return true
		}
		upper = upper && strings.ToUpper(word) == word && len(word) > 2
		joined = joined || word == "og"
	}
	return upper && len(words) > 2 || joined && len(words) == 3
}

// headingWords stand in headings with a capital and are no names.
var headingWords = nounsOf(
	`afgørelse meddelelse brev besked oplysning personoplysning stamoplysning fortrolig personlig kvittering
	faktura rykker årsopgørelse lønseddel bilag kopi påmindelse indkaldelse tilbud varsel partshøring høring dagsorden
	referat
	ansøgning bevilling bekræftelse opgørelse aftale kontrakt orientering vejledning klage attest erklæring skema
	specifikation
	social pension økonomi løn nem konto mit borger arbejdsmarked sundhed omsorg kultur fritid miljø plan ældre
	handicap dagtilbud kontanthjælp
	boligstøtte tilskud ydelse refusion friplads sygedagpenge digital post mitid nemkonto danmark side dato sag
	journal telefon
	mandag tirsdag onsdag torsdag fredag lørdag søndag januar februar marts april maj juni juli august september
	oktober november
	december administration tilbagebetaling udbetaling opkrævning betaling regning huskeliste indhold emne titel`,
)

// particles stand in small letters inside of names.
var particles = map[string]bool{
	"af": true, "de": true, "den": true, "der": true, "la": true, "van": true, "von": true, "el": true, "al": true,
	"bin": true,
	"og":  true, "da": true, "di": true, "du": true, "ter": true,
}

// isNameWord reports whether a word begins with a capital and has no digits.
func isNameWord(word string) bool {
	word = strings.Trim(word, ".,:;-–()|")
	for i, r := range word {
		switch {
		case i == 0 && !unicode.IsUpper(r):
			return false
		case !unicode.IsLetter(r) && !strings.ContainsRune("-'’.", r):
			return false
		}
	}
	return word != "" && !cprLabels[labelOf(word)] && !cvrLabels[labelOf(word)]
}
