package auth

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Errors of a list of users that cannot be read at all.
const (
	errListEmpty  sentence.Sentence = `§["import-empty"]`
	errListHead   sentence.Sentence = `§["import-head"]`
	errListQuotes sentence.Sentence = `§["import-quotes"]`
)

// columns are what the head of a list may call its columns.
var columns = map[string]string{
	"brugernavn": "name", "bruger": "name", "user": "name", "username": "name",
	"navn": "full", "fulde navn": "full", "name": "full", "full name": "full", "fullname": "full",
	"mail": "mail", "e-mail": "mail", "email": "mail", "mailadresse": "mail",
	"adgangsgruppe": "groups", "adgangsgrupper": "groups", "gruppe": "groups", "grupper": "groups", "groups": "groups",
	"group": "groups",
}

// readRows reads a list of users: CSV with a head, with semicolons, commas or tabs between its columns, in UTF-8 or as
// Excel writes it (Windows-1252). Several groups stand in one column, with a bar or a comma between them.
func readRows(list []byte) ([]post.ImportRow, error) {
	list = bytes.TrimPrefix(list, []byte("\ufeff"))
	if !utf8.Valid(list) {
		var err error
		if list, err = charmap.Windows1252.NewDecoder().Bytes(list); err != nil {
			return nil, err
		}
	}
	head, _, _ := bytes.Cut(list, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(list))
	r.FieldsPerRecord, r.LazyQuotes, r.Comma = -1, true, separator(string(head))
	records, err := r.ReadAll()
	var broken *csv.ParseError
	switch {
	case errors.As(err, &broken):
		return nil, errListQuotes
	case err != nil:
		return nil, err
	case len(records) == 0:
		return nil, errListEmpty
	}
	at := map[string]int{}
	for i, name := range records[0] {
		if is, ok := columns[strings.ToLower(strings.TrimSpace(name))]; ok {
			at[is] = i
		}
	}
	if _, ok := at["name"]; !ok {
		if _, ok := at["mail"]; !ok {
			return nil, errListHead
		}
	}
	return rowsOf(records[1:], at), nil
}

func rowsOf(records [][]string, at map[string]int) []post.ImportRow {
	var rows []post.ImportRow
	for n, record := range records {
		field := func(name string) string {
			i, ok := at[name]
			if !ok || i >= len(record) {
				return ""
			}
			return strings.TrimSpace(record[i])
		}
		row := post.ImportRow{Number: n + 2, Name: field("name"), Full: field("full"), Mail: field("mail")}
		for _, g := range strings.FieldsFunc(field("groups"), func(c rune) bool { return c == '|' || c == ',' }) {
			if g = strings.TrimSpace(g); g != "" {
				row.Groups = append(row.Groups, g)
			}
		}
		if row.Name != "" || row.Full != "" || row.Mail != "" || len(row.Groups) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// separator is what stands between the columns of a head.
func separator(head string) rune {
	for _, c := range []rune{';', '\t'} {
		if strings.ContainsRune(head, c) {
			return c
		}
	}
	return ','
}

// List writes rows as a list that can be mended and imported again.
func List(rows []post.ImportedRow) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = ';'
	_ = w.Write([]string{"Brugernavn", "Navn", "Mail", "Adgangsgrupper"}) // into memory
	for _, r := range rows {
		_ = w.Write([]string{cell(r.Name), cell(r.Full), cell(r.Mail), cell(strings.Join(r.Groups, "|"))})
	}
	w.Flush()
	return append([]byte("\ufeff"), b.Bytes()...)
}

// cell keeps a spreadsheet from reading a text as a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
