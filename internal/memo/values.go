package memo

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The simple types of MeMo_dataTypes.xsd. memoTextType, which is free text of 256 characters, is a plain string here. A
// value is kept as it was written, so that a message that was read is written as it came; "" is an element that is not
// there.
type (
	MessageType   string // DIGITALPOST or NEMSMS
	UUID          string // of version 4
	DateTime      string // in UTC, with Z
	Date          string // xs:date
	Flag          string // xs:boolean
	Comment       string // 512 characters
	Notification  string // 160 characters
	URI           string // 256 characters
	Language      string // xs:language of two letters
	LicenseNumber string // 7 characters
	GLN           string // a number of 13 digits at most
	PNumber       string // a number of 10 digits at most: a zero in front is lost
)

// The two kinds of message.
const (
	DigitalPost MessageType = "DIGITALPOST"
	NemSMS      MessageType = "NEMSMS"
)

// timeLayout is how we write a time: to the millisecond, in UTC.
const timeLayout = "2006-01-02T15:04:05.000Z"

// At writes a time.
func At(t time.Time) DateTime { return DateTime(t.UTC().Format(timeLayout)) }

// Time returns the time; the zero time where there is none.
func (d DateTime) Time() time.Time {
	t, _ := time.Parse(time.RFC3339, strings.TrimSpace(string(d))) // it was checked when it was read
	return t
}

// Yes and No are how we write a flag.
const (
	Yes Flag = "true"
	No  Flag = "false"
)

// Is reports whether a flag is set.
func (f Flag) Is() bool { return f == "true" || f == "1" }

// simple is a type with rules of its own.
type simple interface{ check() error }

func (t MessageType) check() error {
	if t != DigitalPost && t != NemSMS {
		return errors.New("is neither DIGITALPOST nor NEMSMS")
	}
	return nil
}

func (u UUID) check() error {
	if !IsUUID(string(u)) {
		return errors.New("is not a UUID of version 4")
	}
	return nil
}

func (d DateTime) check() error {
	if _, err := time.Parse(time.RFC3339, string(d)); err != nil || !strings.HasSuffix(string(d), "Z") {
		return errors.New("is not a time in UTC with Z")
	}
	return nil
}

func (d Date) check() error {
	for _, layout := range []string{time.DateOnly, "2006-01-02Z07:00"} {
		if _, err := time.Parse(layout, string(d)); err == nil {
			return nil
		}
	}
	return errors.New("is not a date")
}

func (f Flag) check() error {
	if !slices.Contains([]Flag{"true", "false", "1", "0"}, f) {
		return errors.New("is neither true nor false")
	}
	return nil
}

func (l Language) check() error {
	for _, r := range l {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return errors.New("is not a language")
		}
	}
	if len(l) < 1 || len(l) > 2 {
		return errors.New("is not a language of two letters")
	}
	return nil
}

func (c Comment) check() error       { return atMost(512, string(c)) }
func (n Notification) check() error  { return atMost(160, string(n)) }
func (l LicenseNumber) check() error { return atMost(7, string(l)) }
func (n GLN) check() error           { return number(string(n), 9999999999999) }
func (n PNumber) check() error       { return number(string(n), 9999999999) }

// check is that of xs:anyURI, which takes nearly everything. That Digital Post asks for https stands in Check.
func (u URI) check() error { return atMost(256, string(u)) }

func number(text string, most int64) error {
	if n, err := strconv.ParseInt(text, 10, 64); err != nil || n > most {
		return fmt.Errorf("is not a number up to %d", most)
	}
	return nil
}

// textMost is how many characters memoTextType has.
const textMost = 256

func atMost(n int, text string) error {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, notXML) {
		return errors.New("has a character that XML does not know")
	}
	if utf8.RuneCountInString(text) > n {
		return fmt.Errorf("is longer than %d characters", n)
	}
	return nil
}

func notXML(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff || r == utf8.RuneError
}

// checkText checks the text of an element by its type.
func checkText(v any) error {
	if s, ok := v.(simple); ok {
		return s.check()
	}
	text, _ := v.(string)
	return atMost(textMost, text)
}

// collapses reports whether space around a value means nothing (XML Schema, whiteSpace).
func collapses(v any) bool {
	switch v.(type) {
	case DateTime, Date, Flag, Language, GLN, PNumber, URI:
		return true
	}
	return false
}

func (u URI) isHTTPS() bool {
	parsed, err := url.Parse(string(u))
	return err == nil && strings.EqualFold(parsed.Scheme, "https") && parsed.Host != ""
}

// IsUUID reports whether text is a UUID as memoUuidType wants it: version 4.
func IsUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, r := range strings.ToLower(text) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if r != '-' {
				return false
			}
		case i == 14 && r != '4',
			i == 19 && !strings.ContainsRune("89ab", r),
			!strings.ContainsRune("0123456789abcdef", r):
			return false
		}
	}
	return true
}
