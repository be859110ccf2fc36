package folder

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sheet"
)

// indexName is the list of a case's letters. It has no numbers of persons (practice.md E11).
const indexName = "indeks.csv"

var indexHead = []string{"brev", "titel", "status", "dato", "dokumenttype", "kle", "afsender", "fil", "sha256"}

// index writes the list of what lies in a case, in which one letter is as its JSON says now. Of other letters it keeps
// the rows that are there: 600 letters in one case are not read 600 times. Those that have none are read.
func (a *Archive) index(ctx context.Context, c post.CaseRef, changed note) error {
	names, err := a.Files.Names(ctx, c.ID)
	if err != nil {
		return err
	}
	known, err := a.indexed(ctx, c)
	if err != nil {
		return err
	}
	known[string(changed.Letter)] = rowsOf(changed)
	rows := [][]string{indexHead}
	for _, name := range names {
		letter, is := strings.CutSuffix(name, ".json")
		if _, err := post.LetterID(letter).Place(); err != nil || !is {
			continue
		}
		if known[letter] == nil {
			is, err := a.note(ctx, path.Join(c.ID, name))
			if err != nil {
				return err
			}
			known[letter] = rowsOf(is)
		}
		rows = append(rows, known[letter]...)
	}
	return a.Files.Write(ctx, path.Join(c.ID, indexName), sheet.Write(rows...))
}

// indexed are the rows of the list that is there, by letter. A list that is not ours has none.
func (a *Archive) indexed(ctx context.Context, c post.CaseRef) (map[string][][]string, error) {
	known := map[string][][]string{}
	content, err := a.Files.Read(ctx, path.Join(c.ID, indexName))
	if errors.Is(err, post.ErrNotFound) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := sheet.Read(content)
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], indexHead) {
		return known, nil
	}
	for _, row := range rows[1:] {
		known[row[0]] = append(known[row[0]], row)
	}
	return known, nil
}

// rowsOf are the rows of a letter: one for each document.
func rowsOf(is note) (rows [][]string) {
	for _, d := range is.Documents {
		rows = append(rows, []string{string(is.Letter), is.Title, is.Status, is.Filed, is.Type, is.KLE, is.Sender,
			d.Ref, d.SHA256})
	}
	return rows
}
