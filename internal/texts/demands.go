package texts

import (
	"fmt"
	"strings"

	"brevdue/internal/post"
)

// What holds for every letter of a document type.
const (
	isConfidential = "fortrolig"
	isMandatory    = "obligatorisk"
	hasNoReply     = "intet svar"
)

// Demands says what holds for every letter of a document type; "" for nothing.
func Demands(t post.DocumentType) string {
	var words []string
	for _, one := range []struct {
		is   bool
		word string
	}{{t.Confidential, isConfidential}, {t.Mandatory, isMandatory}, {t.NoReply, hasNoReply}} {
		if one.is {
			words = append(words, one.word)
		}
	}
	return strings.Join(words, ", ")
}

// ReadDemands reads into a document type what Demands says.
func ReadDemands(t *post.DocumentType, words string) error {
	for word := range strings.SplitSeq(words, ",") {
		switch word = strings.ToLower(strings.TrimSpace(word)); word {
		case "":
		case isConfidential:
			t.Confidential = true
		case isMandatory:
			t.Mandatory = true
		case hasNoReply:
			t.NoReply = true
		default:
			return fmt.Errorf("%s: »%s« er ikke et af ordene %s, %s og %s", t.Name, word, isConfidential, isMandatory,
				hasNoReply)
		}
	}
	return nil
}
