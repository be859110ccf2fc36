package post

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"brevdue/internal/sentence"
)

// Cursor is a place in a list as others see it: text that needs no escaping in an address, and that is told from what
// was cut off, mistyped or meant for another list.
type Cursor string

// ErrCursor means that a cursor is none of the list's.
var ErrCursor = sentence.Sentence(`§["cursor-unknown"]`)

// CursorOf returns the cursor of a place in a list; "" stays "".
func CursorOf(org, list, place string) Cursor {
	if place == "" {
		return ""
	}
	sum := binary.BigEndian.AppendUint32(nil, cursorSum(org, list, place))
	return Cursor(base64.RawURLEncoding.EncodeToString(append(sum, place...)))
}

// Place returns the place in the list; "" is its beginning.
func (c Cursor) Place(org, list string) (string, error) {
	if c == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(string(c))
	if err != nil || len(b) <= 4 || binary.BigEndian.Uint32(b) != cursorSum(org, list, string(b[4:])) {
		return "", ErrCursor
	}
	return string(b[4:]), nil
}

func cursorSum(org, list, place string) uint32 {
	return crc32.ChecksumIEEE([]byte(org + "\x00" + list + "\x00" + place))
}
