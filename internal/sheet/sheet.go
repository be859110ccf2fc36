// Package sheet reads and writes CSV as people's spreadsheets do: in UTF-8 or Windows-1252, with semicolons, commas or
// tabs.
//
// Invariant: no cell that it writes is a formula.
//
// file -> [sheet] -> rows -> [sheet] -> file
package sheet

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"brevdue/internal/sentence"
)

// ErrQuotes means that quotation marks do not come in pairs: what comes after the last one would be one cell.
const ErrQuotes sentence.Sentence = `§["import-quotes"]`

// end is a last row of our own: where a quotation mark is open it is in another one's cell.
const end = "\x00"

// Read returns the rows of a file.
func Read(file []byte) ([][]string, error) {
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if !utf8.Valid(file) {
		var err error
		if file, err = charmap.Windows1252.NewDecoder().Bytes(file); err != nil {
			return nil, err
		}
	}
	head, _, _ := bytes.Cut(file, []byte("\n"))
	r := csv.NewReader(io.MultiReader(bytes.NewReader(file), strings.NewReader("\n"+end)))
	r.FieldsPerRecord, r.LazyQuotes, r.Comma = -1, true, separator(string(head))
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	last := len(rows) - 1
	if !slices.Equal(rows[last], []string{end}) {
		return nil, ErrQuotes
	}
	return rows[:last], nil
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

// Write writes rows as a file that a Danish spreadsheet opens.
func Write(rows ...[]string) []byte {
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.Comma = ';'
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, text := range row {
			cells[i] = cell(text)
		}
		_ = w.Write(cells) // into memory
	}
	w.Flush()
	return b.Bytes()
}

// cell keeps a spreadsheet from reading a text as a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
