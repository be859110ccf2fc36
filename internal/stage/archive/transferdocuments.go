package archive

import (
	"context"
	"errors"
	"fmt"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// readFiled reads what lies of a letter in Brevdue's own archive: from there it goes on.
func (t *transfer) readFiled(ctx context.Context) error {
	place := post.Filing{Org: t.letter.Org, Case: t.state.Person, Letter: t.letter.ID}
	filed, err := t.Cases.Filed(ctx, place)
	if err != nil {
		return err
	}
	if t.filed = filed[0]; t.filed == nil || len(t.filed.Documents) == 0 {
		return errAwaited
	}
	own(t.letter, t.filed)
	if t.former() {
		return nil
	}
	t.record, err = t.Handler.record(t.shipment, t.letter)
	return err
}

// fileInto puts into a case what does not lie there yet, and then says there how far the sending has come.
func (t *transfer) fileInto(ctx context.Context, c post.CaseRef) error {
	status := t.status()
	if !t.former() {
		for _, d := range t.outgoing(status) {
			d.Letter = status
			err := t.once(ctx, c, d.ID, d.Name, func(o post.Once) (string, error) {
				if d.Content == nil {
					if err := t.read(ctx, d); err != nil {
						return "", err
					}
				}
				ref, err := t.archive.File(ctx, c, d.OutgoingDocument, o)
				return ref, outside(err)
			})
			if err != nil {
				return err
			}
			status.Documents = append(status.Documents, post.FiledCopy{
				ID: d.ID, Kind: d.Kind, Ref: t.state.Steps[string(d.ID)].Ref, SHA256: d.SHA256})
		}
	}
	return t.once(ctx, c, status.ID, status.Status, func(o post.Once) (string, error) {
		return "confirmed", outside(t.archive.Confirm(ctx, c, t.wanted(), status, o))
	})
}

// once makes one thing in a case one time only.
func (t *transfer) once(ctx context.Context, c post.CaseRef, id post.DocumentID, name string,
	do func(post.Once) (string, error)) error {
	step := t.state.Steps[string(id)]
	if step.Ref != "" {
		return nil
	}
	doubtful := step.Doubtful(t.state.Inspected, t.Timings)
	if step.Inspected(t.state.Inspected, t.Timings) { // a person has looked: what is not there is made anew
		step.Token = ""
	}
	if step.Token == "" { // also what a table that came out of a backup knows nothing of is not made twice
		switch there, err := t.lies(ctx, c, id); {
		case err != nil:
			return err
		case there != "":
			return t.step(ctx, id, post.Step{Ref: there})
		case doubtful && t.Now().Sub(step.Begun) < t.Timings.Doubt:
			return errAwaited
		case doubtful:
			return post.FailedTransfer(sentence.Of("archive-doubt", name, t.to.Name))
		}
	}
	kept, began := "", false
	ref, err := do(post.Once{Token: step.Token, Keep: func(token string) error {
		began, kept = true, token
		return t.step(ctx, id, post.Step{Begun: t.Now(), Token: token})
	}})
	switch {
	case err == nil:
		return t.step(ctx, id, post.Step{Ref: ref})
	case kept == post.Repeatable: // nothing is in doubt: it is said again
		return err
	case began && errors.Is(err, post.ErrNotMade):
		return errors.Join(err, t.step(ctx, id, post.Step{}))
	case began:
		return errors.Join(errAwaited, err)
	}
	return err
}

// step writes down how far a step has come. Its lease begins anew: what follows has the whole of it.
func (t *transfer) step(ctx context.Context, id post.DocumentID, s post.Step) error {
	return t.mine(ctx, func(is *post.Transfer) {
		steps := map[string]post.Step{}
		for k, v := range is.Steps {
			steps[k] = v
		}
		if steps[string(id)] = s; s == (post.Step{}) {
			delete(steps, string(id))
		}
		is.Steps = steps
		_ = is.Lease.Take(t.holder, t.Now(), leaseFor)
	})
}

// lies asks an archive whether it has a document; "" where it does not say so.
func (t *transfer) lies(ctx context.Context, c post.CaseRef, id post.DocumentID) (string, error) {
	if t.found == nil {
		found, err := t.archive.Find(ctx, c, t.letter.ID)
		if err != nil {
			return "", outside(err)
		}
		if t.found = found; found == nil {
			t.found = map[post.DocumentID]string{}
		}
	}
	return t.found[id], nil
}

// status is how far the sending of a letter has come.
func (t *transfer) status() post.SendingStatus {
	l, s := t.letter, t.shipment
	st := post.SendingStatus{Letter: l.ID, Type: s.Options.TypeName, KLE: s.Area.KLE,
		Sender: s.Sender.Number.Reveal(), Filed: t.filed.At}
	status := statusOf(l)
	if !t.former() {
		st.Person = concerned(s, l)
	}
	if t.former() {
		status = sentence.Of("archive-not-sent")
		if l.DeliveredBefore() {
			status = sentence.Of("archive-sent-before")
		}
		st.Title, st.Ended = title(s.Subject, status), true
	} else {
		st.Title, st.Ended = t.record.Title, l.Archivable()
		st.Reason = t.record.NoReceipt
	}
	st.Status = texts.Of(status)
	st.ID = part(l.ID, post.StatusDocument, len(l.Receipts),
		fmt.Sprintf("%s.%d", status.Code(), l.Archiving.Edition))
	return st
}

// going is a document with where its content lies.
type going struct {
	post.OutgoingDocument
	object post.Object
}

// outgoing are the documents of a letter that are to lie in an archive.
func (t *transfer) outgoing(st post.SendingStatus) []*going {
	var all []*going
	add := func(kind post.DocumentKind, number int, title, name, typ string, content []byte, o post.Object) {
		sum := o.SHA256
		if content != nil {
			sum = hashOf(content)
		}
		all = append(all, &going{post.OutgoingDocument{ID: part(t.letter.ID, kind, number, sum[:8]), Kind: kind,
			Number: number, Title: title, Name: name, Type: typ, Content: content, SHA256: sum, Letter: st}, o})
	}
	attached := 0
	for _, d := range t.filed.Documents {
		number, title := 0, t.record.Subject
		if d.Kind == post.AttachmentDocument {
			attached++
			number, title = attached, d.Name
		}
		add(d.Kind, number, title, d.Name, d.Type, nil, d.Object)
	}
	if t.record.Message != "" {
		add(post.MessageDocument, 0, texts.Say("archive-message", t.record.Subject), "meddelelse.xml",
			"application/xml", []byte(t.record.Message), post.Object{})
	}
	for i, r := range t.record.Receipts {
		add(post.ReceiptDocument, i+1, texts.Say("archive-receipt", t.record.Subject),
			fmt.Sprintf("kvittering-%d.json", i+1), "application/json", r.Raw, post.Object{})
	}
	return all
}

// read reads the content of a document, which is held against its hash.
func (t *transfer) read(ctx context.Context, d *going) error {
	content, done, err := t.Objects.Open(ctx, d.object)
	if err != nil {
		return err
	}
	defer done()
	if hashOf(content) != d.object.SHA256 {
		return post.ErrDamaged
	}
	d.Content = append([]byte(nil), content...)
	return nil
}
