package post

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"brevdue/internal/ident"
)

// Person names somebody within an organization by a keyed hash of the number: cases and trails are found by it, and
// nobody reads a number out of it.
func Person(key []byte, org string, n ident.Number) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(org + "\x00" + string(n.Kind()) + n.Reveal()))
	return "m-" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:10]))
}
