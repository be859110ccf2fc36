package auth

import (
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/sheet"
)

// Errors of a list of users that cannot be read at all.
const (
	errListEmpty sentence.Sentence = `§["import-empty"]`
	errListHead  sentence.Sentence = `§["import-head"]`
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
	records, err := sheet.Read(list)
	switch {
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

// List writes rows as a list that can be mended and imported again.
func List(rows []post.ImportedRow) []byte {
	list := [][]string{{"Brugernavn", "Navn", "Mail", "Adgangsgrupper"}}
	for _, r := range rows {
		list = append(list, []string{r.Name, r.Full, r.Mail, strings.Join(r.Groups, "|")})
	}
	return sheet.Write(list...)
}
