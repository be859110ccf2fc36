package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// whole reads a body that comes whole and is not too large. That it does not is nobody's error here.
func whole(body io.Reader) ([]byte, error) {
	b, err := io.ReadAll(body)
	var large *http.MaxBytesError
	if err != nil && !errors.As(err, &large) {
		err = errBroken
	}
	return b, err
}

// What is wrong with a request before it says anything.
var (
	errBroken = sentence.Sentence(`§["body-broken"]`)
	errQuery  = sentence.Sentence(`§["address-unreadable"]`)
	errNumber = sentence.Sentence(`§["number-in-address"]`)
)

// readable refuses what is not text in UTF-8 in the address of a request.
func (c *call) readable() error {
	query, err := url.QueryUnescape(c.URL.RawQuery)
	if err != nil || !utf8.ValidString(c.URL.Path) || !utf8.ValidString(query) {
		return errQuery
	}
	return nil
}

// read reads the one JSON value that is the body of a request, if there is one. What it does not know is a mistake.
func (c *call) read(into any) error {
	if _, parameters, err := mime.ParseMediaType(c.Header.Get("Content-Type")); err == nil &&
		!isUTF8(parameters["charset"]) {
		return wrongBody(sentence.Of("body-charset", strings.ToValidUTF8(parameters["charset"], "?")))
	}
	b, err := whole(c.Body)
	if err != nil {
		return err
	}
	switch {
	case len(bytes.TrimSpace(b)) == 0:
		return nil
	case !utf8.Valid(b) || halfPair(b):
		return wrongBody(sentence.Of("body-not-utf8"))
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return wrongBody(whyNot(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return wrongBody(sentence.Of("body-more"))
	}
	return nil
}

func isUTF8(charset string) bool {
	return charset == "" || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "us-ascii")
}

func wrongBody(text sentence.Sentence) error { return post.Mistakes{{Field: "body", Text: text}} }

// halfPair reports whether JSON escapes half of a surrogate pair: it is no character, and would silently become
// another.
func halfPair(b []byte) bool {
	var high rune
	for i := 0; i < len(b); i++ {
		r := rune(-1)
		if b[i] == '\\' {
			if i++; i+4 < len(b) && b[i] == 'u' {
				if n, err := strconv.ParseUint(string(b[i+1:i+5]), 16, 32); err == nil {
					r, i = rune(n), i+4
				}
			}
		}
		switch {
		case high != 0:
			if utf16.DecodeRune(high, r) == utf8.RuneError {
				return true
			}
			high = 0
		case utf16.IsSurrogate(r) && r < 0xdc00:
			high = r
		case utf16.IsSurrogate(r):
			return true
		}
	}
	return high != 0
}

// whyNot says why a body is not what is expected, in the words of the API and never in those of Go.
func whyNot(err error) sentence.Sentence {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	field, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return sentence.Of("json-field", kind.Field, kindOf(kind.Type))
	case errors.As(err, &kind):
		return sentence.Of("json-object")
	case errors.As(err, &syntax):
		return sentence.Of("json-syntax", syntax.Offset)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return sentence.Of("json-cut-short")
	case unknown:
		return sentence.Of("json-unknown-field", strings.Trim(field, `"`))
	}
	return sentence.Of("json-value")
}

// kindOf names a type as those who write JSON know it.
func kindOf(t reflect.Type) sentence.Sentence {
	switch t.Kind() {
	case reflect.String:
		return sentence.Of("json-text")
	case reflect.Bool:
		return sentence.Of("json-bool")
	case reflect.Slice, reflect.Array:
		return sentence.Of("json-list")
	case reflect.Int, reflect.Int64, reflect.Float64:
		return sentence.Of("json-number")
	}
	return sentence.Of("json-an-object")
}
