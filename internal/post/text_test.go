package post_test

import (
	"strings"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// checks are the places where somebody types what others read.
var checks = map[string]func(text string) error{
	"Emnet":     post.CheckSubject,
	"Filnavnet": func(text string) error { _, err := post.CheckFileName(text + ".pdf"); return err },
	"Profilens navn": func(text string) error {
		return orNil((&post.Profile{Name: text, Rule: post.FirstPage}).Check())
	},
	"Teksten foran nummeret": func(text string) error {
		return orNil((&post.Profile{Name: "a", Rule: post.FirstPage, Label: text}).Check())
	},
	"Teksten på første side": func(text string) error {
		return orNil((&post.Profile{Name: "a", Rule: post.FirstPage, Begins: text}).Check())
	},
	"Begrundelsen": func(text string) error { _, err := post.Reason(text, "mangler"); return err },
	"Adressen":     func(text string) error { return (&post.Subscription{Mail: text + "@nordoby.dk"}).Check() },
	"Navnet":       func(text string) error { return post.CheckFullText("Navnet", text, 50) },
}

func orNil(m post.Mistakes) error {
	if len(m) == 0 {
		return nil
	}
	return m
}

// TestNothingInvisible passes anywhere: it would show another text than the one that is there.
func TestNothingInvisible(t *testing.T) {
	for place, check := range checks {
		if err := check("Moede"); err != nil {
			t.Errorf("%s: %v", place, err)
		}
		for _, sign := range []string{"\u202e", "\u2066", "\u2069", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad",
			"\ufe0f", "\U000e0041",
			"\U000e0101", "\u034f", "\u3164", "\u2800", "\ufffd", "\xe6", "\x00", "\x1b", "\n", "\u2028", "\ue000"} {
			err := check("Mo" + sign + "de")
			if err == nil || !strings.HasPrefix(texts.Error(err), place+" ") && sign != "\n" {
				t.Errorf("%s with %+q: %v", place, sign, err)
			}
		}
	}
}

// TestNumbersInTexts: a number is refused however it is written; a reason is kept with its number masked.
func TestNumbersInTexts(t *testing.T) {
	for place, check := range checks {
		for _, number := range []string{"0101901234", "010190-1234", "01 01 90-1234", "01-01-90-1234", "010190.1234",
			"010190\u20131234", "０１０１９０１２３４", "010190 - 1234"} {
			err := check("om " + number)
			if place == "Begrundelsen" {
				if kept, _ := post.Reason("om "+number, ""); err != nil || kept != "om 010190-xxxx" {
					t.Errorf("a reason with %q is kept as %q, %v", number, kept, err)
				}
				continue
			}
			if err == nil || !strings.Contains(texts.Error(err), "CPR-nummer") {
				t.Errorf("%s with %q: %v", place, number, err)
			}
		}
		for _, other := range []string{"sag 2026-174598", "den 01-12-2025", "tlf. 20111213"} {
			if err := check(other); err != nil && place != "Adressen" { // no address has a space
				t.Errorf("%s with %q: %v", place, other, err)
			}
		}
	}
}

func TestVisible(t *testing.T) {
	if got := post.Visible("Anna \u202eSøren\u00adsen\u200b"); got != "Anna Sørensen" {
		t.Errorf("%q", got)
	}
}

// TestBlank: what nobody sees is no text.
func TestBlank(t *testing.T) {
	for _, text := range []string{"", " ", "\t", "\u00a0", "\u200b", "\u3164", " \u2800\u00ad"} {
		for _, place := range []string{"Emnet", "Profilens navn", "Begrundelsen", "Navnet"} {
			if err := checks[place](text); err == nil || strings.Contains(texts.Error(err), "usynlig") {
				t.Errorf("%s %+q: %v", place, text, err)
			}
		}
	}
}
