package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/store"
)

// archived is property 4: a letter that is archived lies in its case with its own document, and with a record of how it
// ended.
func (w *world) archived(l *post.Letter) {
	if !l.Begun() && l.State == post.Cancelled {
		w.violate(4, "%s is archived, and was cancelled before its sending had begun", l.ID)
	}
	o, err := w.documentIn(l)
	content, missing := w.opened(l, l.Archiving.Record)
	if err != nil || missing != nil {
		w.violate(4, "%s is archived without its document or its record", l.ID)
		return
	}
	w.lies(l, o)
	w.recorded(l, content)
}

// documentIn is the document of a letter in its case.
func (w *world) documentIn(l *post.Letter) (post.Object, error) {
	var body filedBody
	place := store.Key{PK: "K#" + l.Org, SK: l.Archiving.Case + "#" + string(l.ID)}
	items, err := w.table.Get(context.Background(), place)
	must(err)
	if items[0] != nil {
		must(json.Unmarshal(items[0].Body, &body))
	}
	if len(body.Documents) > 0 {
		return body.Documents[0].O, nil
	}
	key := "archive/" + l.Org + "/" + l.Archiving.Case + "/" + string(l.ID) + ".pdf" // of a version before
	return w.objects.MemoryObjects.First(context.Background(), key)
}

// filedBody is what lies of a letter in a case (store.Filing).
type filedBody struct {
	Case      string
	Documents []filedDocument `json:"d"`
	Record    post.Object     `json:"r"`
}

// filed is property 4 for what is put into a case, before the letter has ended or after: the sending of the letter had
// begun, or it has failed, and its own document is there with a record.
func (w *world) filed(item *store.Item) {
	var body filedBody
	must(json.Unmarshal(item.Body, &body))
	_, id, _ := strings.Cut(item.SK, "#")
	l := w.latest[post.LetterID(id)]
	if l == nil || len(body.Documents) == 0 { // of a backup, or of a version before
		return
	}
	if !l.Begun() && !w.returned {
		w.violate(4, "%s lies in its case, and its sending had not begun", l.ID)
	}
	if known := w.caseOf[l.Recipient.Key()]; len(l.Corrections) == 0 && known != "" && known != body.Case {
		w.violate(4, "%s lies in another case than letters to the same person", l.ID)
	}
	if len(l.Corrections) == 0 { // else it may lie in the case of before
		w.caseOf[l.Recipient.Key()] = body.Case
	}
	w.lies(l, body.Documents[0].O)
	w.attached(l, body.Documents[1:])
	if o := body.Record; o.Key != "" {
		if _, err := w.opened(l, o); err != nil {
			w.violate(4, "%s lies in its case without its message", l.ID)
		}
	}
}

type filedDocument struct{ O post.Object }

// attached is that the attachments of a letter lie in its case, and nothing else.
func (w *world) attached(l *post.Letter, documents []filedDocument) {
	if len(documents) == 0 && w.attachment == nil {
		return
	}
	if len(documents) != 1 {
		w.violate(4, "%s lies in its case with %d attachments", l.ID, len(documents))
		return
	}
	content, _, err := w.objects.MemoryObjects.Open(context.Background(), documents[0].O)
	if err != nil || !bytes.Equal(content, w.attachment) {
		w.violate(4, "%s lies in its case with an attachment that is not its own", l.ID)
	}
}

// lies is that the document of a letter lies in its case.
func (w *world) lies(l *post.Letter, o post.Object) {
	document, err := w.opened(l, o)
	if err != nil {
		w.violate(4, "%s is archived without its document", l.ID)
	} else if p := w.segment(l); p != nil && !bytes.Equal(document, p.pdf) {
		w.violate(4, "%s is archived with another letter's document", l.ID)
	}
}

// recorded is that a record (archive.Record, as JSON) says what the letter is. It is searched and not read, for that
// takes a tenth of a run.
func (w *world) recorded(l *post.Letter, record []byte) {
	says := func(field, value string) bool { return bytes.Contains(record, []byte(`"`+field+`":"`+value+`"`)) }
	has := func(status post.ReceiptStatus) bool {
		return slices.ContainsFunc(l.Receipts, func(k post.Receipt) bool {
			return k.Status == status && says("sha256", k.SHA256)
		})
	}
	problem := bytes.Contains(record, []byte(`"problem":{`))
	state := says("state", string(l.State)) ||
		l.State == post.Dismissed && says("state", string(post.Failed)) // it was filed before somebody handled it
	switch {
	case !state || problem != (l.Problem != nil) ||
		problem && !says("code", string(l.Problem.Code)):
		w.violate(4, "%s is %s, and its record says something else", l.ID, l.State)
	case l.State == post.Cancelled && l.Doubt == nil && !l.DeliveredBefore() &&
		!bytes.Contains(record, []byte(`"title":"IKKE AFSENDT: `)):
		w.violate(4, "%s was cancelled, and its record does not say that it was not sent", l.ID)
	case !l.Recipient.IsZero() && !says("id", l.Recipient.Reveal()):
		w.violate(4, "the record of %s names another recipient", l.ID)
	case !bytes.Contains(record, []byte(`"receipts":[`)) && !bytes.Contains(record, []byte(`"noReceipt":"`)):
		w.violate(4, "%s is archived without a receipt and without the reason", l.ID)
	case l.State == post.Completed && !has(post.ReceiptCompleted):
		w.violate(4, "%s has two ticks, and its record has no receipt", l.ID)
	case l.State.NotSent() && l.Current() != nil && l.Current().RefusedLater && !has(post.ReceiptInvalid):
		w.violate(4, "%s was refused, and its record has no receipt", l.ID)
	case l.State == post.Completed && l.Doubt != nil && l.Doubt.Detail == "recipient.not.registered" &&
		!has(post.ReceiptInvalid):
		w.violate(4, "%s was refused after two ticks, and its record does not say so", l.ID)
	}
}

// segment is what the document says of a letter, nil where no letter has these pages.
func (w *world) segment(l *post.Letter) *segment {
	for i := range w.document.segments {
		if p := &w.document.segments[i]; p.first == l.First && p.last == l.Last {
			return p
		}
	}
	return w.document.cutAnew(l.First, l.Last)
}
