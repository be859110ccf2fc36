// Package inbox fetches the organization's own post from Digital Post.
//
// Invariant: a message is confirmed at Digital Post only after its bytes, its documents and its row in the inbox are
// stored; one that is offered again is confirmed again, and stands in the inbox once.
//
// post that waits at Digital Post -> [inbox] -> inbox
package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/memo"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/texts"
	"brevdue/internal/workflow"
)

// Handler polls.
type Handler struct {
	Mailbox       post.Mailbox
	Inbox         post.Inbox
	Pushed        post.PushedMemos
	Objects       post.Objects
	Organizations post.Organizations
	Scanner       post.Scanner // nil where nothing is scanned
	Operator      string       // organization that gets what is for nobody that we know
	Now           func() time.Time
}

// atOnce is how many messages are asked for at a time.
const atOnce = 20

// Poll takes in what waits. More reports whether there may be others. A message that fails holds up no other one.
func (h *Handler) Poll(ctx context.Context) (more bool, err error) {
	var errs []error
	for page := 0; ; page++ {
		ids, err := h.Mailbox.Waiting(ctx, page, atOnce)
		if err != nil {
			return false, errors.Join(append(errs, err)...)
		}
		failed := 0
		for _, id := range ids {
			switch err := h.take(ctx, id); {
			case errors.Is(err, post.ErrNotScanned): // a scanner may take minutes: the next poll asks again
				failed++
			case err != nil:
				failed++
				errs = append(errs, fmt.Errorf("message %s: %w", id, err))
			}
		}
		if failed < atOnce { // what was taken in has made the later pages move up
			return len(ids) == atOnce, errors.Join(errs...)
		}
	}
}

// take fetches one message, stores it, and only then lets Digital Post delete it: a crash between fetches it again.
func (h *Handler) take(ctx context.Context, id string) (err error) {
	defer parallel.Recover(&err)
	raw, err := h.Mailbox.Fetch(ctx, id)
	if errors.Is(err, post.ErrNotFound) { // another copy of this function was faster
		return nil
	}
	if err != nil {
		return err
	}
	is, err := h.keep(ctx, id, raw)
	if err != nil {
		return err
	}
	return h.Mailbox.Confirm(ctx, id, is.UUID, is.Status)
}

// keep stores a message, and returns the receipt that it gets: one that nobody can read is kept as it came.
func (h *Handler) keep(ctx context.Context, id string, raw []byte) (post.PushedMemo, error) {
	m, err := memo.ReadWhole(raw)
	if err != nil {
		return post.PushedMemo{Org: h.Operator, ID: id, UUID: id, Status: post.ReceiptInvalid, Since: h.Now()},
			h.keepUnread(ctx, raw)
	}
	message, err := h.message(ctx, m)
	if err != nil {
		return post.PushedMemo{}, err
	}
	return post.PushedMemo{Org: message.Org, ID: id, UUID: string(m.Header.UUID), Status: post.ReceiptCompleted,
		Since: h.Now()}, h.store(ctx, message, raw, m)
}

// message finds out whose a message is. What cannot be a number or a time is left out, the message is not.
func (h *Handler) message(ctx context.Context, m *memo.Message) (*post.InboxMessage, error) {
	message := &post.InboxMessage{
		ID:       string(m.Header.UUID),
		Org:      h.Operator,
		FromName: m.Header.Sender.Label,
		Subject:  m.Header.Label,
		Received: h.Now(),
	}
	if m.Body != nil && m.Body.Created.Time().Year() > 2000 { // 0001-01-01 comes too (digital-post.md 4.1)
		message.Sent = m.Body.Created.Time()
	}
	if n, err := ident.Parse(ident.Kind(m.Header.Sender.Type), m.Header.Sender.ID); err == nil {
		message.From = n
	}
	to, err := ident.Parse(ident.Kind(m.Header.Recipient.Type), m.Header.Recipient.ID)
	if err != nil {
		return message, h.staffed(ctx)
	}
	switch org, err := h.Organizations.ByNumber(ctx, to); {
	case err == nil:
		message.Org = org
		return message, nil
	case !errors.Is(err, post.ErrNotFound):
		return nil, err
	}
	return message, h.staffed(ctx)
}

// staffed refuses what would go to an operator that is not there: nobody could read it, so it stays at Digital Post.
func (h *Handler) staffed(ctx context.Context) error {
	_, err := h.Organizations.Organization(ctx, h.Operator)
	return err
}

func (h *Handler) store(ctx context.Context, message *post.InboxMessage, raw []byte, m *memo.Message) error {
	folder := path.Join("inbox", message.Org, message.ID)
	files := []post.File{{Org: message.Org, Key: path.Join(folder, "message.xml"), Content: raw}}
	documents := m.Files()
	for i, d := range documents {
		file := post.File{Org: message.Org, Key: path.Join(folder, fmt.Sprint(i+1)), Content: d.Content.Bytes}
		files = append(files, file)
	}
	objects, err := h.Objects.Put(ctx, files...)
	if err != nil {
		return err
	}
	message.Raw = objects[0]
	threat, err := workflow.ScanAll(ctx, h.Scanner, objects...)
	if errors.Is(err, post.ErrCannotScan) {
		message.Problem = post.NotScanned()
		message.Problem.At = h.Now()
		return h.Inbox.Put(ctx, message)
	}
	if err != nil {
		return err
	}
	if threat != "" { // what lies there stays closed
		message.Problem = &post.Problem{Code: post.Malware, Detail: threat, At: h.Now()}
		return h.Inbox.Put(ctx, message)
	}
	for i, d := range documents {
		message.Files = append(
			message.Files,
			post.InboxFile{Name: d.Name, Type: d.EncodingFormat, Object: objects[i+1]},
		)
	}
	return h.Inbox.Put(ctx, message)
}

// keepUnread keeps a message that nobody can read as it came.
func (h *Handler) keepUnread(ctx context.Context, raw []byte) error {
	if err := h.staffed(ctx); err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	message := &post.InboxMessage{
		ID:       hex.EncodeToString(sum[:16]),
		Org:      h.Operator,
		Subject:  texts.Say("message-unreadable"),
		Received: h.Now(),
		Problem:  &post.Problem{Code: post.UnreadableDocument, At: h.Now()},
	}
	objects, err := h.Objects.Put(
		ctx,
		post.File{Org: message.Org, Key: path.Join("inbox", message.Org, message.ID, "message.xml"), Content: raw},
	)
	if err != nil {
		return err
	}
	message.Raw = objects[0]
	return h.Inbox.Put(ctx, message)
}
