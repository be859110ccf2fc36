package folder

import (
	"context"
	"path"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sheet"
)

// indexName is the list of a case's letters. It has no numbers of persons (practice.md E11).
const indexName = "indeks.csv"

var indexHead = []string{"brev", "titel", "status", "dato", "dokumenttype", "kle", "afsender", "fil", "sha256"}

// index writes the list of what lies in a case, out of the JSON of each letter: what was lost of it comes again.
func (a *Archive) index(ctx context.Context, c post.CaseRef) error {
	names, err := a.Files.Names(ctx, c.ID)
	if err != nil {
		return err
	}
	rows := [][]string{indexHead}
	for _, name := range names {
		letter, is := strings.CutSuffix(name, ".json")
		if _, err := post.LetterID(letter).Place(); err != nil || !is {
			continue
		}
		s, err := a.note(ctx, path.Join(c.ID, name))
		if err != nil {
			return err
		}
		for _, d := range s.Documents {
			rows = append(rows, []string{string(s.Letter), s.Title, s.Status, s.Filed, s.Type, s.KLE, s.Sender, d.Ref,
				d.SHA256})
		}
	}
	return a.Files.Write(ctx, path.Join(c.ID, indexName), sheet.Write(rows...))
}
