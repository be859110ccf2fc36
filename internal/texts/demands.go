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
	caseOfType     = "sag pr. type"
	caseGiven      = "sagsnummer"
	toArchive      = "arkiv "
)

// Demands says what holds for every letter of a document type; "" for nothing.
func Demands(t post.DocumentType) string {
	var words []string
	for _, one := range []struct {
		is   bool
		word string
	}{{t.Confidential, isConfidential}, {t.Mandatory, isMandatory}, {t.NoReply, hasNoReply},
		{t.Cases == post.CasePerType, caseOfType}, {t.Cases == post.CaseGiven, caseGiven}} {
		if one.is {
			words = append(words, one.word)
		}
	}
	for _, id := range t.Archives {
		words = append(words, toArchive+id)
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
		case caseOfType:
			t.Cases = post.CasePerType
		case caseGiven:
			t.Cases = post.CaseGiven
		default:
			if id, is := strings.CutPrefix(word, toArchive); is {
				t.Archives = append(t.Archives, strings.TrimSpace(id))
				continue
			}
			return fmt.Errorf("%s: »%s« er ikke et af ordene %s, %s, %s, %s, %s og %sID", t.Name, word, isConfidential,
				isMandatory, hasNoReply, caseOfType, caseGiven, toArchive)
		}
	}
	return nil
}
