package archive

import (
	"cmp"
	"fmt"

	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// part names a document of a letter; those of which there may be several are numbered from 1. Under is where it lies,
// for a letter that was corrected since.
func part(letter post.LetterID, kind post.DocumentKind, number int, under string) post.DocumentID {
	id := fmt.Sprintf("%s~%s", letter, kind)
	if number > 0 {
		id += fmt.Sprint("-", number)
	}
	if under != "" {
		id += "~" + under
	}
	return post.DocumentID(id)
}

// archived is what lies of a letter in its case, and how it is called there. Where it was corrected since, and is for
// another person now, nothing is said of that one.
func (r *Reader) archived(s *post.Shipment, l *post.Letter, f *post.Filing) post.ArchivedLetter {
	own(l, f)
	if f.Person != "" && f.Person != personOf(r.CaseKey, l) {
		return asItWas(s, l, f)
	}
	status := statusOf(l)
	a := post.ArchivedLetter{ID: l.ID, Number: l.Number, Shipment: s, State: l.State, Archiving: l.Archiving.State,
		Filed: *f, Name: f.Name, Status: texts.Of(status), Title: title(cmp.Or(l.Subject, s.Subject), status)}
	if !l.Recipient.IsZero() {
		a.Recipient = l.Recipient.String()
	}
	if !s.Concerns.IsZero() {
		a.Concerns = s.Concerns.String()
	}
	if len(f.Documents) == 0 { // a version before has filed it
		f.Documents = []post.FiledDocument{{Kind: post.LetterDocument, Name: s.Parts[0].Name, Object: l.Document}}
	}
	a.Documents = filesOf(l.ID, f, "")
	m := post.ArchivedDocument{ID: part(l.ID, post.MessageDocument, 0, ""), Kind: post.MessageDocument,
		Name: "meddelelse.xml", SHA256: f.Message, Object: f.Record}
	if l.Archiving.State != post.Archived {
		if m.Object.Key != "" {
			a.Documents = append(a.Documents, m)
		}
		return a
	}
	if current := l.Current(); current != nil {
		m.SHA256, m.Object = hashOf(message.Make(s, l, current).Skeleton()), l.Archiving.Record
		a.Documents = append(a.Documents, m)
	}
	for i, k := range l.Receipts {
		a.Documents = append(a.Documents, post.ArchivedDocument{ID: part(l.ID, post.ReceiptDocument, i+1, ""),
			Kind: post.ReceiptDocument, Name: fmt.Sprintf("kvittering-%d.json", i+1), SHA256: k.SHA256,
			Object: l.Archiving.Record})
	}
	return a
}

// own gives the files of a letter the key that opens them.
func own(l *post.Letter, f *post.Filing) {
	f.Record = l.Own(f.Record)
	for i := range f.Documents {
		f.Documents[i].Object = l.Own(f.Documents[i].Object)
	}
}

// asItWas is what lies of a letter with whom it was for before it was corrected.
func asItWas(s *post.Shipment, l *post.Letter, f *post.Filing) post.ArchivedLetter {
	status := sentence.Of("archive-not-sent")
	if l.DeliveredBefore() {
		status = sentence.Of("archive-sent-before")
	}
	return post.ArchivedLetter{ID: l.ID, Number: l.Number, Shipment: s, State: post.Failed, Archiving: post.Archived,
		Filed: *f, Name: f.Name, Status: texts.Of(status), Title: title(s.Subject, status),
		Documents: filesOf(l.ID, f, f.Person)}
}

// filesOf are the documents of a letter that are files.
func filesOf(letter post.LetterID, f *post.Filing, under string) []post.ArchivedDocument {
	var files []post.ArchivedDocument
	attached := 0
	for _, d := range f.Documents {
		number := 0
		if d.Kind == post.AttachmentDocument {
			attached++
			number = attached
		}
		files = append(files, post.ArchivedDocument{ID: part(letter, d.Kind, number, under), Kind: d.Kind, Name: d.Name,
			SHA256: d.Object.SHA256, Object: d.Object})
	}
	return files
}
