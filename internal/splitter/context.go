package splitter

import (
	"cmp"
	"strings"
	"unicode"

	"brevdue/internal/ident"
)

// see notes what stands beside a number or its label: a name, a role, or something that was not understood.
func (f *sighting) see(text string) {
	f.role = max(f.role, roleIn(text))
	text = strings.Trim(text, " .,:;-()|#/")
	if text == "" || strings.IndexFunc(text, unicode.IsLetter) < 0 || startsWithLabel(text) ||
		harmless(text) && f.labelled ||
		plain(text) {
		return
	}
	switch name := f.nameIn(text); {
	case name != "":
		f.name = cmp.Or(f.name, name)
	case f.role == itself:
		f.understood = false
	}
}

// nameIn returns who is named in a text, a person or for a company's number a company.
func (f *sighting) nameIn(text string) string {
	switch organization := isOrganization(text); {
	case isStaff(text):
		return ""
	case organization && f.number.Kind() == ident.CVR:
		return strings.TrimSpace(strings.TrimPrefix(text, firstRole(text)))
	case organization:
		return ""
	}
	return nameIn(text)
}

// firstRole returns the word that a text begins with, where it is a role or "Vedr.:".
func firstRole(text string) string {
	if word, _, _ := strings.Cut(text, " "); isRole(word) {
		return word
	}
	return ""
}

// context notes what stands around a number: in its field, in its row, and above where it stands alone.
func (s *sightings) context(r *row, k int, f *sighting, before, behind string) {
	if s.inAddress(r, k) && !s.namesAddressee(r.number) { // the street, where columns stand close
		before = ""
	}
	f.see(before)
	if !startsWithLabel(behind) {
		f.see(behind)
	}
	f.role = max(f.role, rolesIn(r.fields), rolesIn(s.header.fields))
	s.beside(r, k, f)
	if f.name == "" && !s.before.hasNumber() {
		s.over(r, k, f)
	}
}

// beside looks at the other fields of the row for a name, and for a word that may say whose the number is.
func (s *sightings) beside(r *row, k int, f *sighting) {
	label := k > 0 && hasLabel(plainSigns(r.fields[k-1]))
	for _, i := range nearest(k, len(r.fields)) {
		field := r.fields[i]
		inAddress := s.inAddress(r, i)
		switch {
		case inAddress && !s.namesAddressee(r.number),
			digitCount(field) > 0,
			isProse(field),
			isStaff(field),
			i > 0 && isStaff(r.fields[i-1]):
			continue
		}
		if name := f.nameIn(field); name != "" {
			if f.name != "" && compareNames(name, f.name) != alike { // whose is it?
				f.understood = false
			}
			f.name, f.addressed = cmp.Or(f.name, name), f.addressed || f.name == "" && inAddress
			continue
		}
		near := i == k-1 || label && i == k-2 || i < k && len(s.header.fields) > 0
		if near && !inAddress && f.role == itself && isOdd(field) {
			f.understood = false
		}
	}
}

// isOdd reports whether a field is a word or two that may say whose the number beside it is: "Tiltalte", "Peter".
func isOdd(field string) bool {
	words := strings.Fields(field)
	return len(words) > 0 && len(words) <= 2 && isNameWord(words[0]) && !harmless(field) && !isLabel(field) &&
		!isOrganization(field) &&
		!fieldWords[lettersOf(words[0])]
}

// over looks at the row above a number that stands without a name: "Værge for | Anna Ærø", and the number under it. The
// address itself is no heading of the number, but where it ends just above, in the same column, the number is its own.
func (s *sightings) over(r *row, k int, f *sighting) {
	up := &s.before
	if r.number-up.number != 1 {
		return
	}
	column := r.columnOf(k, up)
	for i, field := range up.fields {
		if s.blockAt(up, i) == nil {
			f.role = max(f.role, roleIn(field))
		}
	}
	for pass := range 2 { // what stands in the same column first
		for i, field := range up.fields {
			if (i == column) != (pass == 0) || f.name != "" {
				continue
			}
			if b := s.blockAt(up, i); b != nil {
				if i == column && b.lines[0] == up.number {
					f.name, f.addressed = b.name, true
				}
				continue
			}
			if digitCount(field) > 0 || isProse(field) || isStaff(field) || i > 0 && isStaff(up.fields[i-1]) {
				continue
			}
			f.name = f.nameIn(field)
			if f.name == "" && i == column && f.role == itself && isOdd(field) {
				f.understood = false
			}
		}
	}
}

// columnOf returns which field of the row above stands over field k, or over its label; -1 for none.
func (r *row) columnOf(k int, up *row) int {
	if len(r.left) != len(r.fields) || len(up.left) != len(up.fields) {
		if len(up.fields) == len(r.fields) {
			return k
		}
		return len(up.fields) - 1
	}
	for _, place := range []int{k, k - 1} {
		for i := range up.left {
			if place >= 0 && up.left[i]-r.left[place] > -columnWidth && up.left[i]-r.left[place] < columnWidth {
				return i
			}
		}
	}
	return -1
}

// blockAt returns the address that a field of a row is part of, or nil.
func (s *sightings) blockAt(r *row, i int) *block {
	for k := range s.blocks {
		if s.blocks[k].covers(r, i) {
			return &s.blocks[k]
		}
	}
	return nil
}
