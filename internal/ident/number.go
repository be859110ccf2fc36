// Package ident knows the numbers that Danish people and companies go by: CPR and CVR. It parses and
// checks them, and it masks a person's number wherever it is printed: a Number shows all ten digits
// only through Reveal, so that every place that does so can be found by that word.
//
// text -> [ident] -> Number
package ident

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Kind says which register a number belongs to. The values are MeMo's idType codes
// (digital-post.md 1.4).
type Kind string

// The two kinds of number that Digital Post delivers to.
const (
	CPR Kind = "CPR"
	CVR Kind = "CVR"
)

// Number is one person's CPR or one company's CVR number. The zero value is no number.
type Number struct {
	kind   Kind
	digits string
}

// Errors that tell why a text is not a number.
var (
	ErrForm     = errors.New("not ten digits (CPR) or eight digits (CVR)")
	ErrDate     = errors.New("the first six digits are no date")
	ErrChecksum = errors.New("the check digit does not fit")
	ErrLetters  = errors.New("a replacement number with letters has no mailbox")
)

// Parse reads a number of the given kind, with or without separators.
func Parse(kind Kind, text string) (Number, error) {
	switch kind {
	case CPR:
		return ParseCPR(text)
	case CVR:
		return ParseCVR(text)
	}
	return Number{}, fmt.Errorf("number kind %q: %w", kind, ErrForm)
}

// ParseAny reads a number whose kind follows from its length: ten digits are a CPR, eight a CVR.
func ParseAny(text string) (Number, error) {
	if n, err := ParseCVR(text); !errors.Is(err, ErrForm) {
		return n, err
	}
	return ParseCPR(text)
}

// Kind returns CPR or CVR, or "" for the zero Number.
func (n Number) Kind() Kind { return n.kind }

// IsZero reports whether there is no number.
func (n Number) IsZero() bool { return n.kind == "" }

// Reveal returns the digits in full. Digital Post, the store and a user who asked may see them; a log may not.
func (n Number) Reveal() string { return n.digits }

// String masks the number of a person: 010190-xxxx. A company's number is public and shown.
func (n Number) String() string {
	if n.kind == CPR {
		return n.digits[:6] + "-xxxx"
	}
	return n.digits
}

// Format masks under every verb, also %#v.
func (n Number) Format(f fmt.State, _ rune) { fmt.Fprint(f, n.String()) }

// MarshalText masks, so that a Number put into JSON by accident tells nothing.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// LogValue masks in structured logs.
func (n Number) LogValue() slog.Value { return slog.StringValue(n.String()) }

// Digits returns the ASCII digits of text and nothing else.
func Digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// Key returns kind and digits: what keyed hashes are made of.
func (n Number) Key() string { return string(n.kind) + n.digits }
