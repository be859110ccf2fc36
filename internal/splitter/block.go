package splitter

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"brevdue/internal/pdf/text"
)

// block is an address as it stands on a page: name, street, postal code and town.
type block struct {
	name     string // whom it is to; "" where no line is a name
	street   string // with its number, without the floor
	town     string
	another  string // words that say that it goes to somebody else than the name's ("boet efter")
	second   string // another name on the line above
	company  bool   // it has a line to somebody's attention, as companies' have
	nameLine int    // of the page; -1 without a name
	lines    []int  // of the page
	left     float32
}

// has reports whether a line of the page is part of the block.
func (b *block) has(line int) bool { return slices.Contains(b.lines, line) }

// covers reports whether a field of a row is the address's own.
func (b *block) covers(r *row, i int) bool {
	if !b.has(r.number) {
		return false
	}
	if len(r.left) != len(r.fields) {
		return i == 0
	}
	d := r.left[i] - b.left
	return d > -columnWidth && d < columnWidth
}

// addressLines is how many lines of the address stand above the postal code at most.
const addressLines = 6

// blocksOf finds the addresses on the lines before the running text.
func blocksOf(top []text.Line, left [][]float32) []block {
	var blocks []block
	for i, line := range top {
		for k, cell := range line {
			if b, ok := inOneLine(cell, i); ok {
				blocks = append(blocks, b)
			}
			if !isTown(cell) {
				continue
			}
			b := block{nameLine: -1, lines: []int{i}}
			if i < len(left) && k < len(left[i]) {
				b.left = left[i][k]
			}
			b.readAbove(top, left, i, k)
			b.town = townOf(cell)
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// inOneLine reads an address that stands in one line: "Til Anna Holm, Ågade 5, 4990 Nordøby".
func inOneLine(cell string, line int) (block, bool) {
	parts := strings.Split(cell, ",")
	if len(parts) < 3 || len(parts) > 5 || !isTown(strings.TrimSpace(parts[len(parts)-1])) ||
		nameInside(parts[0]) == "" {
		return block{}, false
	}
	return block{
		name:     nameInside(parts[0]),
		street:   strings.TrimSpace(parts[1]),
		town:     strings.TrimSpace(parts[len(parts)-1]),
		another:  goesToAnother(parts[0]),
		nameLine: line,
		lines:    []int{line},
		left:     -1e6,
	}, true
}

// readAbove reads the lines of an address above its town.
func (b *block) readAbove(top []text.Line, left [][]float32, i, k int) {
	missing, street, careOf, odd := 0, false, "", 0
	for j := i - 1; j >= 0 && len(b.lines) <= addressLines && missing <= 2 && b.name == ""; j-- {
		cell, ok := cellAt(top, left, j, b.left, k)
		if !ok {
			missing++
			continue
		}
		if cell = beforeLabel(cell); cell == "" {
			break
		}
		missing = 0
		b.lines = append(b.lines, j)
		words := goesToAnother(cell)
		switch {
		case isStreet(cell) && !street && !b.streetAbove(top, left, j, k):
			street = true
			b.street, _, _ = strings.Cut(cell, ",")
		case isCareOf(cell), digitCount(cell) > 0, isFloor(cell):
			if isCareOf(cell) {
				careOf = cell
			}
			if b.company = b.company || isAttention(cell); words != "" && !isAttention(cell) {
				b.another = words
			}
		case !street && b.streetAbove(top, left, j, k): // the name of a village
		case looksLikeName(cell) || words != "" || strings.HasPrefix(cell, "og ") || street && isNameWord(cell) &&
			!b.nameAbove(top, left, j, k):
			b.take(top, left, j, k, cell, words)
		case street && odd == 0:
			odd++
		default:
			return
		}
	}
	if b.name == "" && careOf != "" { // "Att. Bo Holm" is the first line
		b.name, b.another = nameInside(careOf), goesToAnother(careOf)
	}
}

// take takes a line as the name, and looks at the one above it, which may say that the letter is for another: "Til
// forældrene til"; or name a second person.
func (b *block) take(top []text.Line, left [][]float32, j, k int, cell, words string) {
	b.name, b.nameLine, b.another = cell, j, cmp.Or(words, b.another)
	above, ok := "", false
	if j > 0 {
		above, ok = cellAt(top, left, j-1, b.left, k)
	}
	if !ok || digitCount(above) > 0 {
		return
	}
	if words := goesToAnother(above); words != "" {
		b.another = words
	}
	if isOrganization(above) || isStaff(above) {
		return
	}
	name := strings.TrimSuffix(strings.TrimSpace(above), " og")
	if looksLikeName(name) && nameInside(name) != "" || strings.HasPrefix(strings.ToLower(cell), "og ") {
		b.second = name
	}
}

// streetAbove reports whether the line above has a number as a street has, and the one above that is a name: then this
// line is the name of a village, as addresses in the country have.
func (b *block) streetAbove(top []text.Line, left [][]float32, j, k int) bool {
	if j < 2 {
		return false
	}
	street, ok := cellAt(top, left, j-1, b.left, k)
	cell, fine := cellAt(top, left, j, b.left, k)
	return ok && fine && digitCount(cell) == 0 && digitCount(street) > 0 && digitCount(street) < 6 &&
		beforeLabel(street) != "" &&
		!isTown(street)
}

// nameAbove reports whether the line above is a name.
func (b *block) nameAbove(top []text.Line, left [][]float32, j, k int) bool {
	if j == 0 {
		return false
	}
	cell, ok := cellAt(top, left, j-1, b.left, k)
	return ok && looksLikeName(cell) && !isOrganization(cell)
}

// cellAt returns the cell of a line that begins where the address does.
func cellAt(top []text.Line, left [][]float32, line int, x float32, k int) (string, bool) {
	if line < len(left) {
		for i, at := range left[line] {
			if d := at - x; d > -columnWidth && d < columnWidth {
				return top[line][i], true
			}
		}
		return "", false
	}
	if k < len(top[line]) {
		return top[line][k], true
	}
	return "", false
}

// beforeLabel is the part of an address's cell before the label of another column that stands close: "Ågade 1 Dato: 5.
// maj". It is "" where the cell is no part of an address.
func beforeLabel(cell string) string {
	words := strings.Fields(cell)
	for i, word := range words {
		if !strings.HasSuffix(word, ":") && !isLabel(word) && !fieldWords[lettersOf(word)] {
			continue
		}
		if i == 0 && isCareOf(cell) {
			continue
		}
		return strings.Join(words[:i], " ")
	}
	if digitCount(cell) >= 8 || isProse(cell) {
		return ""
	}
	return cell
}

// fieldWords are labels that stand beside an address, also without a colon.
var fieldWords = map[string]bool{
	"dato":          true,
	"sagsnr":        true,
	"sagsbehandler": true,
	"journalnr":     true,
	"telefon":       true,
	"direkte":       true,
	"tlf":           true,
	"mobil":         true,
	"mail":          true,
	"email":         true,
	"ean":           true,
	"uge":           true,
	"periode":       true,
	"lbnr":          true,
	"cvr":           true,
	"adresse":       true,
	"fødselsdato":   true,
	"navn":          true,
	"fornavn":       true,
	"efternavn":     true,
}

// isCareOf reports whether a line of an address leads to somebody else's door: c/o and att. are no names (practice.md
// A3).
func isCareOf(cell string) bool {
	word, _, _ := strings.Cut(strings.ToLower(cell), " ")
	switch letters := lettersOf(word); {
	case strings.HasPrefix(word, "c/o"),
		strings.HasPrefix(word, "co/"),
		strings.HasPrefix(word, "v/"),
		word == "v.",
		word == "ved",
		word == "for":
		return true
	default:
		return letters == "att" || letters == "værge" || letters == "postboks" || letters == "boks" ||
			letters == "adresse"
	}
}

// isAttention reports whether a line of an address says who opens the letter, and no more.
func isAttention(cell string) bool {
	word, _, _ := strings.Cut(strings.ToLower(cell), " ")
	return lettersOf(word) == "att"
}

// floorWords begin the lines of an address that say where in a building.
var floorWords = setOf(
	`st stuen kl kld kælder kælderen mf opg opgang bygning byg hus afd afdeling lejlighed lejl værelse vær etage sal
	parterre plejehjemmet plejecentret hjemmet dør nr afsnit stue`,
)

// isFloor reports whether a line of an address says where in a building: "st. tv.", "Bygning A".
func isFloor(cell string) bool {
	word, _, _ := strings.Cut(cell, " ")
	return floorWords[lettersOf(word)] && len(strings.Fields(cell)) <= 3
}

// streetEnds are how the names of Danish streets end, where they stand without a number.
var streetEnds = []string{
	"gade", "vej", "vejen", "allé", "alle", "vænge", "vænget", "stræde", "plads", "pladsen", "torv", "torvet",
	"boulevard", "parken",
	"have", "haven", "toften", "marken", "bakken", "gård", "gården", "gaarden", "stien", "sti", "skrænten", "lunden",
	"krogen", "kaj",
	"brygge", "volden", "ager", "ageren", "kær", "kæret", "dal", "dalen", "engen", "skoven", "passagen", "ringen",
	"buen", "huset",
}

// isStreet reports whether a line of an address is the street.
func isStreet(cell string) bool {
	if digitCount(cell) > 0 {
		return true
	}
	words := strings.Fields(strings.ToLower(apart(cell)))
	if len(words) == 0 || len(words) > 3 {
		return false
	}
	last := words[len(words)-1]
	return len(words) == 1 || slices.ContainsFunc(streetEnds, func(end string) bool {
		return strings.HasSuffix(last, end) && (last != end || len(words) > 1)
	}) && len(words) < 3 && !nameEnds[last]
}

// nameEnds are surnames that end as streets do.
var nameEnds = map[string]bool{"kær": true, "dal": true, "have": true, "gård": true, "lund": true, "bakke": true}

// isTown reports whether a cell begins with a postal code and a town: "4990 Nordøby", "DK-4990 Nordøby", "211 22
// Malmö".
func isTown(cell string) bool {
	rest := afterPostalCode(cell)
	if rest == "" || !unicode.IsUpper([]rune(rest)[0]) {
		return false
	}
	behind := strings.TrimPrefix(cell, townOf(cell))
	return digitCount(rest) == 0 || strings.Contains(behind, ":") || isLabel(firstWords(behind))
}

// afterPostalCode returns what stands behind a postal code of Denmark or of a neighbour, or "".
func afterPostalCode(cell string) string {
	words := strings.Fields(cell)
	if len(words) < 2 {
		return ""
	}
	code, country, ok := strings.Cut(words[0], "-")
	if !ok {
		code, country = "", words[0]
	}
	switch {
	case ok && len(code) <= 3 && digitCount(code) == 0 && digitCount(country) >= 3: // "D-24937"
		return strings.Join(words[1:], " ")
	case code == "" && len(words[0]) == 2 && words[0] == "DK" && len(words) > 2 && isPostalCode(words[1]):
		return strings.Join(words[2:], " ")
	case isPostalCode(words[0]) || len(words[0]) == 4 && digitCount(words[0]) == 4 || len(words[0]) == 5 &&
		digitCount(words[0]) == 5:
		return strings.Join(words[1:], " ")
	case len(words) > 2 && len(words[0]) == 3 && digitCount(words[0]) == 3 && len(words[1]) == 2 &&
		digitCount(words[1]) == 2:
		// "211 22"
		return strings.Join(words[2:], " ")
	}
	return ""
}

// townOf is the postal code and the town of a cell, which may have a label behind it where columns stand close.
func townOf(cell string) string {
	rest := afterPostalCode(cell)
	words := strings.Fields(rest)
	n := min(1, len(words))
	for n < len(words) && isNameWord(words[n]) && !isLabel(words[n]) && !strings.HasSuffix(words[n], ":") &&
		!fieldWords[lettersOf(words[n])] {
		n++
	}
	end := strings.Index(cell, rest)
	if n == 0 || end < 0 {
		return cell
	}
	at := end
	for _, word := range words[:n] {
		at += strings.Index(cell[at:], word) + len(word)
	}
	return cell[:at]
}

// looksLikeName reports whether a cell is two or more words with capitals and nothing else; companies count too.
func looksLikeName(cell string) bool {
	if digitCount(cell) > 0 || strings.ContainsAny(cell, ":;!?") {
		return false
	}
	words := strings.Fields(apart(cell))
	if len(words) < 2 || len(words) > 8 || strings.Contains(cell, "/") && lettersOf(words[0]) == "co" {
		return false
	}
	last := words[len(words)-1]
	return unicode.IsUpper([]rune(words[0])[0]) && (unicode.IsUpper([]rune(last)[0]) || isFragment(last))
}

// isFragment reports whether a word may be the end of the one before it, which kerning has set apart: "Bjørn Sko v".
func isFragment(word string) bool {
	switch word {
	case "om", "til", "for", "af", "og", "i", "på", "nr", "er", "at", "en", "et", "du", "de", "vi":
		return false
	}
	return len(word) <= 3 && unicode.IsLower([]rune(word)[0])
}
