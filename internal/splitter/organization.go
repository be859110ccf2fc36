package splitter

import (
	"slices"
	"strings"
)

// legalForms end or begin the name of a company.
var legalForms = map[string]bool{
	"aps": true, "a/s": true, "as": true, "i/s": true, "k/s": true, "p/s": true, "ivs": true, "amba": true,
	"a.m.b.a": true,
	"fmba":    true, "smba": true, "s.m.b.a": true, "gmbh": true, "ltd": true, "inc": true, "holding": true,
	"fond": true,
}

// hasLegalForm reports whether a name says what kind of company it is.
func hasLegalForm(name string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(name)) {
		if legalForms[strings.Trim(word, ".,()")] {
			return true
		}
	}
	return false
}

// organizationEnds are how words end that only names of organizations have: "Folkeskolen", "Byggefirma".
var organizationEnds = nounsOf(
	`kommune region skole gymnasium universitet forvaltning styrelse styrelsen ministerium afdeling
	center centeret centret service forening fond selskab firma fabrik fabrikken industri værksted vvs bageri
	børnehave vuggestue
	institution plejehjem hospital sygehus klinik klinikken apotek ejendomme ejendomsselskab boligselskab
	boligforening transport
	vognmandsfirma handel forlag butik butikken sparekasse forsikring udvalg menighedsråd menighed klub klubben
	rådgivning teknik
	gruppen group politi politiet domstol jobcenter borgerservice sekretariat bibliotek museum hotel restaurant
	advokatkontor
	advokater advokaterne revision opholdssted opholdsstedet bosted bostedet botilbud botilbuddet lægehus
	lægehuset hospice
	fængsel fængslet arresthus arresthuset kriminalforsorg kriminalforsorgen fysioterapi fysioterapien
	fjernvarme pizzeria
	familieretshus familieretshuset statsadministration fagforening pensionskasse entreprise consult consulting invest
	holding academy akademi`,
)

// organizationEndLengths are how long they are, the shortest first.
var organizationEndLengths = lengthsOf(organizationEnds)

func lengthsOf(words nouns) (lengths []int) {
	for word := range words {
		if !slices.Contains(lengths, len(word)) {
			lengths = append(lengths, len(word))
		}
	}
	slices.Sort(lengths)
	return lengths
}

// organizationWords are words that only names of organizations have, as such: longer ones are surnames (Kirkegaard).
var organizationWords = nounsOf(
	`kirke bank auto team maskinfabrik byg byggeri tømrer murer maler vognmand taxa taxi tandlæge tandlægerne
	advokat advokatfirma revisor ret retten byret byretten landsret café cafe bolig el entreprenør smedje gartneri
	frisør salon købmand elektriker apotek fond pension kontor bureau kompagni`,
)

// isOrganization reports whether a name is that of a company or an authority.
func isOrganization(name string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(name)) {
		word = strings.Trim(word, ".,()")
		if legalForms[word] || organizationWords.has(word) {
			return true
		}
		if endsAsOrganization(word) {
			return true
		}
	}
	return false
}

// endsAsOrganization reports whether a word ends as only names of organizations do, inflected or not. Of the ends only
// those are tried that stand where one can.
func endsAsOrganization(word string) bool {
	for _, inflection := range inflections {
		stem, ok := strings.CutSuffix(word, inflection)
		if !ok {
			continue
		}
		for _, length := range organizationEndLengths {
			if length > len(stem) {
				break
			}
			end := stem[len(stem)-length:]
			if organizationEnds[end] && isInflection(word[strings.LastIndex(word, end)+length:]) {
				return true
			}
		}
	}
	return false
}

// isInflection reports whether a word may end so.
func isInflection(ending string) bool { return slices.Contains(inflections, ending) }
