package archive

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"brevdue/internal/ident"
	"brevdue/internal/keys"
	"brevdue/internal/post"
)

// name notes who a letter is for, as its document or its recipient list says, and by what they are searched: the starts
// of the words of the name, as keyed hashes.
func (h *Handler) name(ctx context.Context, f *filing) error {
	name, err := h.Names.NameOf(ctx, f.shipment, f.letter)
	switch {
	case errors.Is(err, post.ErrUnreadable), errors.Is(err, post.ErrDamaged), errors.Is(err, post.ErrNotFound):
		slog.Error("filed without a name", "letter", f.letter.ID, "error", err)
		return nil
	case err != nil:
		return err
	}
	f.filed.Name = name
	for _, start := range starts(f.filed.Name) {
		f.filed.NameKeys = append(f.filed.NameKeys, keys.Name(h.CaseKey, f.letter.Org, start))
	}
	return nil
}

// starts are the starts of the words of a text, each once: each is a row of the table.
func starts(text string) []string {
	all := ident.NameWords(text)
	for i, word := range all {
		all[i] = ident.NameStart(word)
	}
	return slices.Compact(all) // they are sorted
}

// title notes by which words of its subject a letter is searched: once for all of a shipment, and for a letter whose
// subject was corrected once more.
func (h *Handler) title(ctx context.Context, f *filing) error {
	s, l := f.shipment, f.letter
	put := func(subject string, letter post.LetterID) error {
		t := post.Titled{Org: s.Org, Shipment: s.ID, Letter: letter, Subject: subject, At: f.filed.At}
		for _, start := range starts(subject) {
			t.Keys = append(t.Keys, keys.Title(h.CaseKey, s.Org, start))
		}
		return h.Titles.FileTitle(ctx, t)
	}
	_, err := h.titled.Get(s.ID, func() (struct{}, error) { return struct{}{}, put(s.Subject, "") })
	if err == nil && l.Subject != "" && l.Subject != s.Subject {
		err = put(l.Subject, l.ID)
	}
	return err
}
