package splitter

import (
	"errors"
	"fmt"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
	"brevdue/internal/sheet"
)

// ReadNames reads a list of numbers and names: a line each, a number and a name with a semicolon, a comma or a tab
// between them, in whatever order of columns. A first line without a number is its heading.
func ReadNames(b []byte) (map[ident.Number]string, error) {
	rows, err := sheet.Read(b)
	if errors.Is(err, sheet.ErrQuotes) {
		return nil, &Problem{Code: UnreadableDocument, Text: sheet.ErrQuotes}
	}
	if err != nil {
		return nil, nameListProblem(1)
	}
	names := map[ident.Number]string{}
	for i, record := range rows {
		line := i + 1
		n, name := numberAndName(record)
		switch {
		case n.IsZero() && line == 1, strings.Join(record, "") == "":
		case n.IsZero():
			return nil, nameListProblem(line)
		default:
			if flaw, sign, at := ident.FindFlaw(name); flaw != "" {
				why := sentence.Of("text-"+string(flaw), sentence.Of("place-name-lower"), fmt.Sprintf("%U", sign), at)
				return nil, &Problem{Code: UnreadableDocument, Text: sentence.Of("name-list-line", line, why)}
			}
			names[n] = name
		}
	}
	if len(names) == 0 {
		return nil, nameListProblem(1)
	}
	return names, nil
}

func nameListProblem(line int) error {
	return &Problem{Code: UnreadableDocument, Text: sentence.Of("name-list-unreadable", line)}
}

// numberAndName takes the first field that is a number, and what else has letters.
func numberAndName(record []string) (n ident.Number, name string) {
	var words []string
	for _, field := range record {
		parsed, err := ident.ParseAny(field)
		switch {
		case err == nil && n.IsZero():
			n = parsed
		case err != nil && digitCount(field) == 0:
			words = append(words, strings.TrimSpace(field))
		}
	}
	return n, strings.TrimSpace(strings.Join(words, " "))
}
