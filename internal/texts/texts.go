// Package texts is every Danish sentence that is not on a page, by code: for the portal, the API, the command line and
// notices. The domain, the stages and the splitter return codes with arguments (package sentence).
//
// Invariant: every code has a text, and takes the arguments that the code is made with; arch tests it.
//
// sentence -> [texts] -> Danish
package texts

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Of returns a sentence in Danish. A text that was stored before there were codes stays what it is.
func Of(s sentence.Sentence) string {
	code, args := s.Parts()
	if code == "" {
		return string(s)
	}
	for i, a := range args {
		if inner, ok := a.(sentence.Sentence); ok {
			args[i] = Of(inner)
		}
	}
	switch code {
	case "pages":
		return pages(args)
	case "and":
		return joined(args, " og ")
	case "sentences":
		return joined(args, " ")
	}
	format, ok := Format(code)
	if !ok {
		return code // arch keeps this from happening
	}
	if len(args) == 0 {
		return strings.ReplaceAll(format, "%%", "%")
	}
	return fmt.Sprintf(format, args...)
}

// Say returns the sentence of a code.
func Say(code string, args ...any) string { return Of(sentence.Of(code, args...)) }

// tables are the texts, a file each.
var tables = []map[string]string{
	documents, letters, requests, operation, access, options, check, archiveSentences, done,
}

// Format returns the text of a code, with a verb for each argument.
func Format(code string) (string, bool) {
	for _, table := range tables {
		if format, ok := table[code]; ok {
			return format, true
		}
	}
	return "", false
}

// Codes returns every code that has a text.
func Codes() []string {
	codes := []string{"pages", "and", "sentences"}
	for _, table := range tables {
		for code := range table {
			codes = append(codes, code)
		}
	}
	return codes
}

// Error returns what a user reads of an error. One that has no sentence is told as it is.
func Error(err error) string {
	var mistakes post.Mistakes
	var problem *post.Problem
	switch {
	case errors.As(err, &mistakes):
		all := make([]string, len(mistakes))
		for i, m := range mistakes {
			all[i] = Of(m.Text)
		}
		return strings.Join(all, " ")
	case errors.As(err, &problem):
		return Problem(problem)
	}
	return strings.Join(spoken(err), ": ")
}

// spoken returns the sentences of an error, and what it says beside them. An error without a sentence says it all.
func spoken(err error) []string {
	var inside sentence.Sentence
	var whole interface{ Sentence() sentence.Sentence }
	if !errors.As(err, &inside) && !errors.As(err, &whole) {
		return []string{err.Error()}
	}
	switch e := err.(type) { //nolint:errorlint // the tree is walked here
	case sentence.Sentence:
		return []string{Of(e)}
	case interface{ Sentence() sentence.Sentence }:
		return []string{Of(e.Sentence())}
	case interface{ Unwrap() []error }:
		var all []string
		for _, one := range e.Unwrap() {
			all = append(all, spoken(one)...)
		}
		return all
	case interface{ Unwrap() error }:
		return spoken(e.Unwrap())
	}
	return []string{err.Error()}
}

// Sentence makes an error a sentence of its own: with a capital, and a full stop.
func Sentence(err error) string {
	r := []rune(Error(err))
	if len(r) == 0 {
		return ""
	}
	return strings.ToUpper(string(r[0])) + strings.TrimSuffix(string(r[1:]), ".") + "."
}

// pagesMost is how many pages are named one by one.
const pagesMost = 8

// Pages says pages in words: "side 3, 7 og 12".
func Pages(numbers []int) string {
	args := make([]any, len(numbers))
	for i, n := range numbers {
		args[i] = n
	}
	return pages(args)
}

// pages says pages in words: "side 3, 7 og 12".
func pages(args []any) string {
	shown := args[:min(len(args), pagesMost)]
	words := make([]string, len(shown))
	for i, p := range shown {
		words[i] = fmt.Sprint(p)
	}
	switch {
	case len(args) > pagesMost:
		return "side " + strings.Join(words, ", ") + " og " + strconv.Itoa(len(args)-pagesMost) + " andre"
	case len(words) > 1:
		return "side " + strings.Join(words[:len(words)-1], ", ") + " og " + words[len(words)-1]
	}
	return "side " + strings.Join(words, "")
}

func joined(args []any, between string) string {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = fmt.Sprint(a)
	}
	return strings.Join(words, between)
}

// Spoken returns a problem with its texts in Danish, for records that are read without Brevdue; nil for nil.
func Spoken(p *post.Problem) *post.Problem {
	if p == nil {
		return nil
	}
	own := *p
	own.Text, own.Detail = sentence.Sentence(Of(p.Text)), Of(sentence.Sentence(p.Detail))
	return &own
}

// History returns a letter's history with its notes in Danish.
func History(events []post.Event) []post.Event {
	all := make([]post.Event, len(events))
	for i, e := range events {
		e.Note = Of(sentence.Sentence(e.Note))
		all[i] = e
	}
	return all
}

// Findings returns findings with their texts in Danish.
func Findings(findings []post.Finding) []post.Finding {
	all := slices.Clone(findings)
	for i := range all {
		all[i].Text = sentence.Sentence(Of(all[i].Text))
	}
	return all
}

// SubjectOf returns what a row of Ubehandlet is about: a shipment's subject, or a message or an item that nobody could
// read. Rows of before have it stored.
func SubjectOf(f *post.Failure) string {
	switch {
	case f.Subject != "" || f.Message == nil:
		return f.Subject
	case f.Message.Queue != "":
		return Say("message-in-queue", string(f.Message.Queue))
	}
	return Say("item-in-database")
}

// EntryText returns the text of an entry of the audit log: what was said then, or that it cannot be read.
func EntryText(e *post.Entry) string {
	lines := strings.Split(e.Text, "\n")
	for i, line := range lines {
		s := sentence.Sentence(line)
		code := s.Code()
		if code == "cannot-be-read" || strings.HasPrefix(code, "audit-") || strings.HasPrefix(code, "setting-") {
			lines[i] = Of(s)
		}
	}
	return strings.Join(lines, ", ")
}
