package post

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
)

// pageOfLetters is how many letters are read and changed at a time.
const pageOfLetters = 50

// EachPage calls do with the letters of a shipment, page by page, in the order of the list.
func EachPage(ctx context.Context, letters Letters, s *Shipment, do func([]*Letter) error) error {
	for from := 1; from <= s.Letters; {
		page, err := letters.Page(ctx, s.ID, s.Version, from, pageOfLetters)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := do(page); err != nil {
			return err
		}
		from = page[len(page)-1].ID.Number() + 1
	}
	return nil
}

// IDs returns the ids of letters.
func IDs(letters []*Letter) []LetterID {
	ids := make([]LetterID, len(letters))
	for i, l := range letters {
		ids[i] = l.ID
	}
	return ids
}

// CancelLetters cancels every letter of a shipment that has not left, and returns how many those were. A letter that
// may have left stays as it is.
func CancelLetters(ctx context.Context, letters Letters, s *Shipment, now Moment, by string) (int, error) {
	n := 0
	err := EachPage(ctx, letters, s, func(page []*Letter) error {
		changed, err := letters.Change(ctx, IDs(page), func(l *Letter) error { return l.Cancel(now.At, by) })
		for _, c := range changed {
			if c.Wrote {
				n++
			}
		}
		return err
	})
	return n, err
}

// CloseRows closes the rows of a letter that has completed: whatever was wrong has solved itself. Archiving has rows of
// its own, and a row that is being put stays: another copy may have put it already.
func CloseRows(ctx context.Context, failures Failures, l *Letter, now Moment, but ...Code) error {
	rows, _, err := failures.List(ctx, l.Org, FailureFilter{Shipment: l.ID.Shipment(), Letter: l.ID}, "", 20)
	if err != nil {
		return err
	}
	for _, f := range rows {
		if f.Problem.Code == ArchiveFailedCode || slices.Contains(but, f.Problem.Code) {
			continue
		}
		if err := failures.Close(ctx, f, "", "", now.At); err != nil {
			return err
		}
	}
	return nil
}

// Recover turns a panic into an error, so that one letter's bad luck does not end the process for all. It is deferred.
func Recover(err *error) {
	if x := recover(); x != nil {
		*err = fmt.Errorf("panic: %v\n%s", x, debug.Stack())
	}
}

// AfterEnd returns the errands that follow when letters came to an end: their archiving, and a dead letter for each
// that failed.
func AfterEnd(ctx context.Context, queues Queues, ended []*Letter) error {
	var archive, dead []Errand
	for _, l := range ended {
		if l.State == Completed || l.State == Failed {
			archive = append(archive, Errand{Org: l.Org, Letter: l.ID})
		}
		if l.State == Failed {
			dead = append(dead, Errand{Org: l.Org, Letter: l.ID, Code: l.Problem.Code})
		}
	}
	if len(dead) > 0 {
		if err := queues.Send(ctx, SendQueue.Dead(), dead...); err != nil {
			return err
		}
	}
	if len(archive) == 0 {
		return nil
	}
	return queues.Send(ctx, ArchiveQueue, archive...)
}

// ChangeOne changes one letter, and reports whether it was written.
func ChangeOne(ctx context.Context, letters Letters, id LetterID, change func(*Letter) error) (l *Letter, wrote bool, err error) {
	changed, err := letters.Change(ctx, []LetterID{id}, change)
	if err != nil {
		return nil, false, err
	}
	return changed[0].Letter, changed[0].Wrote, changed[0].Err
}
