// Package keys derives names from keys: the UUIDs of messages and the names of people in archives and trails. Whoever
// has the table and not the key can neither make them nor read a number out of them.
//
// key and what does not change -> [keys] -> the same name each time
package keys

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
)

// Derive returns the key for one purpose (HKDF, SHA-256, 32 bytes).
func Derive(secret, purpose string) ([]byte, error) {
	return hkdf.Key(sha256.New, []byte(secret), nil, "brevdue "+purpose, 32)
}

// MessageUUID makes the UUID of a letter's message from what does not change: an HMAC over the letter's shipment, its
// id and the number of its messages that were refused before, in the shape of v4 (memoUuidType). The key is not in the
// table, so a table restored from a backup makes the same ids again and sends nothing twice (data.md, Ids before
// effects). What a person has corrected is a part of the key, so that a table from before the correction never takes
// another message for this one; "" where nothing was.
func MessageUUID(key []byte, letter, corrected string, refusals int) string {
	if corrected != "" {
		key = sum(key, "corrected\x00"+corrected)
	}
	shipment, _, _ := strings.Cut(letter, ".")
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(shipment))
	mac.Write([]byte{0})
	mac.Write([]byte(letter))
	_ = binary.Write(mac, binary.BigEndian, uint32(refusals))
	b := mac.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// UUIDs returns MessageUUID under one key; nil without one.
func UUIDs(key []byte) func(letter, corrected string, refusals int) string {
	if len(key) == 0 {
		return nil
	}
	return func(letter, corrected string, refusals int) string {
		return MessageUUID(key, letter, corrected, refusals)
	}
}

// PersonPrefix begins the names that Person gives.
const PersonPrefix = "m-"

// NobodyPrefix begins the name of the case of a shipment's letters that have no recipient.
const NobodyPrefix = "uden-modtager-"

// Person names somebody within an organization by a keyed hash of the number (its kind and digits): cases and trails
// are found by it.
func Person(key []byte, org, number string) string {
	return PersonPrefix + short(sum(key, org+"\x00"+number))
}

// Name is the keyed hash by which the start of a word of somebody's name is found within an organization.
func Name(key []byte, org, start string) string {
	return "n-" + short(sum(key, org+"\x00name\x00"+start))
}

// Title is the keyed hash by which the start of a word of a subject is found within an organization.
func Title(key []byte, org, start string) string {
	return "t-" + short(sum(key, org+"\x00title\x00"+start))
}

// Letter is the key of a letter's own files (16 bytes), made of what was drawn for its Send: whoever takes the Send up
// again makes the same, until that is erased. Nothing makes nothing.
func Letter(drawn, letter string) string {
	if drawn == "" {
		return ""
	}
	return string(sum([]byte(drawn), "letter\x00"+letter)[:16])
}

func short(hash []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(hash[:10]))
}

func sum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
