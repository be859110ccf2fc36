package ident

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNameWords(t *testing.T) {
	for name, want := range map[string]string{
		"Anton Lykkegaard":          "anton lykkegård",
		"ÅSE  Bækgård-Møller":       "bækgård møller åse",
		"André Müller, André":       "andre myller",
		"Tømrerfirmaet Egely 2 A/S": "2 a egely s tømrerfirmaet",
		"  ":                        "",
	} {
		if got := strings.Join(NameWords(name), " "); got != want {
			t.Errorf("%q has the words %q, want %q", name, got, want)
		}
	}
}

func TestHasName(t *testing.T) {
	for search, want := range map[string]bool{
		"anton": true, "lykkeg anton": true, "Lykkegård": true, "nton": false, "anton bodil": false, "": true,
	} {
		if got := HasName("Anton Lykkegaard", NameWords(search)); got != want {
			t.Errorf("%q: %v", search, got)
		}
	}
}

// FuzzName: each word of a name is found by any beginning of it, and looked up by one that all of these share.
func FuzzName(f *testing.F) {
	for _, name := range []string{"Anton Lykkegaard", "Åse Aagaard", "a b", "\xff ", "ǅ"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		words := NameWords(name)
		if !slices.IsSorted(words) || !HasName(name, words) {
			t.Errorf("%q has the words %q", name, words)
		}
		for _, word := range words {
			if start := NameStart(word); !strings.HasPrefix(word, start) || utf8.RuneCountInString(start) > nameStart {
				t.Errorf("%q is looked up by %q", word, start)
			}
		}
	})
}
