package simulation

import (
	"bytes"
	"context"
	"slices"

	"brevdue/internal/post"
)

// archived is property 4: a letter that is archived lies in its case with its own document, and with a record of how it
// ended.
func (w *world) archived(l *post.Letter) {
	if l.State == post.Cancelled {
		w.violate(4, "%s is archived, and was cancelled", l.ID)
	}
	folder := "archive/" + l.Org + "/" + l.Archiving.Case + "/"
	o, err := w.objects.MemoryObjects.First(context.Background(), folder+string(l.ID)+".pdf")
	var document []byte
	if err == nil {
		document, _, err = w.objects.MemoryObjects.Open(context.Background(), o)
	}
	content, _, missing := w.objects.MemoryObjects.Open(context.Background(), l.Archiving.Record)
	if err != nil || missing != nil {
		w.violate(4, "%s is archived without its document or its record", l.ID)
		return
	}
	if p := w.segment(l); p != nil && !bytes.Equal(document, p.pdf) {
		w.violate(4, "%s is archived with another letter's document", l.ID)
	}
	w.recorded(l, content)
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
