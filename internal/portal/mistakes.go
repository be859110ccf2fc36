package portal

import (
	"cmp"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// mistakes are what is wrong with a form: a summary above it has them all, and each stands at its field too (WCAG
// 3.3.1).
type mistakes []mistake

// mistake is one of them. At is the id of its field; "" where it is about no one field.
type mistake struct {
	At   string `json:"at,omitempty"`
	Text string `json:"text"`
}

// mistaken is what is wrong where nobody but the page knows it.
func mistaken(at, text string) mistakes { return mistakes{{At: at, Text: text}} }

// mistakesOf returns what is wrong with what was typed; nil for any other error.
func mistakesOf(err error) mistakes {
	var told post.Mistakes
	if !errors.As(err, &told) {
		return nil
	}
	var all mistakes
	for _, m := range told {
		all = append(all, mistake{At: fieldOf[m.Field], Text: texts.Of(m.Text)})
	}
	return all
}

// refusalOf returns what a user is told of an error that is a sentence, too.
func refusalOf(err error) mistakes {
	if wrong := mistakesOf(err); wrong != nil {
		return wrong
	}
	var told sentence.Sentence
	if errors.As(err, &told) {
		return mistaken(fieldOfSentence[told.Code()], texts.Sentence(err))
	}
	return nil
}

// said is all of it in one text.
func (m mistakes) said() string {
	var texts []string
	for _, one := range m {
		texts = append(texts, one.Text)
	}
	return strings.Join(texts, " ")
}

// named gives fields the ids that a page has for them.
func (m mistakes) named(ids map[string]string) mistakes {
	m = slices.Clone(m)
	for i := range m {
		m[i].At = cmp.Or(ids[m[i].At], m[i].At)
	}
	return m
}

// within adds to the ids what the page adds to those of a form that it has several of.
func (m mistakes) within(suffix string) mistakes {
	m = slices.Clone(m)
	for i := range m {
		if m[i].At != "" {
			m[i].At += suffix
		}
	}
	return m
}

// Heading says whether there is something to mend, or it just was not done.
func (m mistakes) Heading() string {
	if slices.ContainsFunc(m, func(one mistake) bool { return one.At != "" }) {
		return mendText
	}
	return notDoneText
}

// At returns what is wrong with a field.
func (m mistakes) At(id string) mistake {
	there := slices.DeleteFunc(slices.Clone(m), func(one mistake) bool { return one.At != id })
	return mistake{At: id, Text: there.said()}
}

// Ties are the attributes of a field: what describes it, and that it is wrong.
func (m mistakes) Ties(id, hints string) template.HTMLAttr {
	described, wrong := hints, ""
	if m.At(id).Text != "" {
		described, wrong = strings.TrimSpace(hints+" "+id+"-fejl"), ` aria-invalid="true"`
	}
	if described == "" {
		return ""
	}
	return template.HTMLAttr(`aria-describedby="` + template.HTMLEscapeString(described) + `"` + wrong)
}

// titled is what a browser calls a page: a screen reader says first that something is wrong.
func titled(status int, title string) string {
	if status >= http.StatusBadRequest {
		return "Fejl: " + title
	}
	return title
}

// fieldOf are the ids of the fields that the domain's mistakes are about.
var fieldOf = map[string]string{
	"allowReply": "s1", "archives": "h-arkiver", "at": "hvornaar", "attachments": "bilag", "case": "sag",
	"concerns": "handlerom", "dates": "gamle-datoer", "deliverOn": "levering", "document": "pdf",
	"documentType": "type", "hook": "til", "legal": "forkyndelse", "legalReason": "begrundelse", "mail": "til",
	"name": "navn", "names": "navneliste", "notification": "besked", "number": "nummer", "nummer": "nummer",
	"on":      "dag",
	"profile": "profil", "reason": "begrundelse", "recipient": "modtager", "recipients": "numre",
	"replyBy": "svarfrist", "rule": "regel", "sender": "afsender", "subject": "emne", "to": "til_dag", "unit": "enhed",
	"words": "ord", "text": "q", "from": "fra_dag",
}

// fieldOfSentence are the ids of the fields that a sentence is about.
var fieldOfSentence = map[string]string{
	"code-easy": "ny", "code-long": "ny", "code-same": "ny", "code-short": "ny", "code-wrong": "kode",
	"codes-differ": "ny2", "factor-used": "engangskode", "factor-wrong": "engangskode", "group-name-taken": "navn",
	"import-empty": "fil", "import-head": "fil", "import-many": "fil", "import-quotes": "fil", "key-network": "fra",
	"passkey-name": "noeglenavn", "setting-code-age": "alder", "setting-code-length": "laengde",
	"setting-idle": "inaktiv", "setting-kle": "typer", "setting-kle-unknown": "typer", "user-characters": "bruger",
	"user-exists": "bruger", "user-mail": "mail", "user-taken": "bruger",
}
