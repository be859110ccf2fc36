package archive

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/seal/letters"
)

// Bounds of a search in what letters say: their words are opened one by one, each by its letter's key.
const (
	textFiles   = 60 // of a hundred letters each
	textLetters = 2000
)

// textPage is how many shipments are looked at together.
const textPage = 50

// says reports whether a letter says the words that are searched in the text of letters. One whose words are damaged is
// left out.
func (x *search) says(ctx context.Context, s *post.Shipment, l *post.Letter) (bool, error) {
	if len(x.inText) == 0 {
		return true, nil
	}
	if x.heard[l.ID] {
		return true, nil
	}
	if x.read++; x.read > textLetters {
		x.partial = true
		return false, nil
	}
	words, err := x.wordsOf(ctx, s, post.WordsPart(l))
	if err != nil || words == nil {
		return false, err
	}
	says, err := words.Has(l, x.inText)
	if errors.Is(err, post.ErrDamaged) {
		slog.Error("the words of a letter cannot be read", "letter", l.ID, "error", err)
		err, x.partial = nil, true
	}
	if says {
		x.heard[l.ID] = true
	}
	return says, err
}

// wordsOf is what is kept of the words of a hundred letters; nil for nothing. What is damaged is left out: its letters
// are found by name, subject and number.
func (x *search) wordsOf(ctx context.Context, s *post.Shipment, part int) (letters.Words, error) {
	file, is := s.WordsOf(part)
	known, asked := x.said[file]
	switch {
	case !is, asked:
		return known, nil
	case len(x.said) >= textFiles:
		x.partial = true
		return nil, nil
	}
	content, done, err := x.Objects.Open(ctx, file)
	var words letters.Words
	if err == nil {
		words, err = letters.ReadWords(bytes.Clone(content)) // they are parts of it
		done()
	}
	if errors.Is(err, post.ErrDamaged) || errors.Is(err, post.ErrNotFound) {
		slog.Error("the words of a shipment cannot be read", "shipment", s.ID, "error", err)
		err, x.partial = nil, true
	}
	if err == nil {
		x.said[file] = words
	}
	return words, err
}

// byText returns what lies of letters that say the words, of the newest shipments first.
func (x *search) byText(ctx context.Context) (rows []*post.Filing, err error) {
	looked := 0
	for cursor := ""; ; {
		shipments, next, err := x.Shipments.List(ctx, x.who.Org, post.Everything(), cursor, textPage) // may asks
		if err != nil {
			return nil, err
		}
		for _, s := range shipments {
			if looked++; looked > subjectsRead || x.read >= textLetters || len(x.said) >= textFiles {
				x.partial = true
				return rows, nil
			}
			if x.apart(s) {
				continue
			}
			if rows, err = x.saidIn(ctx, rows, s); err != nil || len(rows) > lettersShown {
				return rows, err
			}
		}
		if cursor = next; next == "" {
			return rows, nil
		}
	}
}

// apart reports whether no letter of a shipment can have been filed in the period. A shipment is filed after it was
// made; and one that is over, within a day of when it was to leave.
func (x *search) apart(s *post.Shipment) bool {
	if !x.before.IsZero() && !s.Created.Before(x.before) {
		return true
	}
	leaves := s.SendAfter
	if s.SentAt.After(leaves) {
		leaves = s.SentAt
	}
	return s.State == post.ShipmentCompleted && !leaves.IsZero() && leaves.Add(24*time.Hour).Before(x.from)
}

// saidIn adds what lies of those letters of a shipment that say the words.
func (x *search) saidIn(ctx context.Context, rows []*post.Filing, s *post.Shipment) ([]*post.Filing, error) {
	x.shipments[s.ID] = s
	if may, err := x.may(ctx, post.LetterID(s.ID)); err != nil || !may || len(s.Words.Files) == 0 {
		return rows, err
	}
	for from := 1; from <= s.Letters && len(rows) <= lettersShown; {
		if x.read >= textLetters || len(x.said) >= textFiles {
			x.partial = true
			return rows, nil
		}
		some, err := x.Lists.Page(ctx, s, from, readAtOnce)
		if err != nil || len(some) == 0 {
			return rows, err
		}
		from = some[len(some)-1].Number + 1
		var saying []*post.Letter
		for _, l := range some {
			says, err := x.says(ctx, s, l)
			if err != nil {
				return rows, err
			}
			if says {
				saying = append(saying, l)
			}
		}
		if len(saying) == 0 {
			continue
		}
		if rows, err = x.filed(ctx, rows, s, saying); err != nil {
			return rows, err
		}
	}
	return rows, nil
}
