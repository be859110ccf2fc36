package fake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/memo"
	"brevdue/internal/post"
	"brevdue/internal/wal"
)

// courseOf decides what happens to a message.
func (s *Simulator) courseOf(uuid string, m *memo.Message, invalid error) (*memo.Message, course) {
	if invalid != nil {
		m = &memo.Message{Header: memo.Header{UUID: memo.UUID(uuid)}}
		return m, course{status: "INVALID", code: "memo.invalid"}
	}
	c := courseOf(m)
	if m.Header.Mandatory.Is() && c.code == "recipient.not.registered" { // it reaches those too who are exempt
		c.status, c.code = "", ""
	}
	c.until = deliveryDay(m)
	if code := checkContent(m, s.now()); code != "" {
		c.status, c.code = "INVALID", code
	}
	return m, c
}

// sendMemo is POST /memos/ (API 1.68: SendMemo): a single message, or a container of many.
func (s *Simulator) sendMemo(w http.ResponseWriter, r *http.Request) {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	uuid := r.URL.Query().Get("memo-message-uuid")
	switch {
	case media == "application/x-lzma":
		s.sendContainer(w, r)
		return
	case media != "application/xml" && media != "text/xml":
		refuse(
			w,
			http.StatusBadRequest,
			"content.type.not.allowed",
			"the simulator takes application/xml and application/x-lzma",
		) // code of ours
		return
	case !memo.IsUUID(uuid):
		refuse(
			w,
			http.StatusBadRequest,
			"validation.failed",
			"memo-message-uuid",
			fieldError{"memo", "memo-message-uuid", "invalid", "not a UUID of version 4"},
		)
		return
	}
	m, err := memo.Read(http.MaxBytesReader(w, r.Body, post.MessageLimit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		refuse(
			w,
			http.StatusBadRequest,
			"memo.too.large",
			fmt.Sprintf("a message has at most %d bytes", post.MessageLimit),
		) // code of ours
		return
	case err != nil && !errors.Is(err, memo.ErrInvalid): // it broke off
		refuse(w, http.StatusBadRequest, "validation.failed", "the message does not come to its end")
		return
	}
	if err == nil && string(m.Header.UUID) != uuid {
		refuse(
			w,
			http.StatusBadRequest,
			"validation.failed",
			"memo-message-uuid",
			fieldError{"memo", "memo-message-uuid", "mismatch", "not the messageUUID of the header"},
		)
		return
	}
	s.receive(w, r, uuid, m, err)
}

// receive takes a message in, or does what its ending says. A message that is not valid MeMo is taken in too, and
// refused by receipt (digital-post.md 3.2: validity is checked after the 201).
func (s *Simulator) receive(w http.ResponseWriter, r *http.Request, uuid string, m *memo.Message, invalid error) {
	m, c := s.courseOf(uuid, m, invalid)
	if s.shutOut(w, r.Context(), m, c) {
		return
	}
	transmission := newUUID()
	known := false
	first := c.onlyFirst && s.firstTo(m.Header.Recipient.ID)
	err := s.update(r.Context(), uuid, func(row *message) []receipt {
		if known = row.Accepted > 0; known {
			return s.repeat(row, m, transmission)
		}
		row.take(m, s.now())
		if c.onlyFirst && !first {
			c.status, c.code = "", ""
		}
		return s.owed(m, c, transmission)
	})
	switch {
	case err != nil:
		refuse(w, http.StatusInternalServerError, "internal.error", err.Error())
	case known && s.duplicates() == RefuseDuplicates:
		refuse(
			w,
			http.StatusBadRequest,
			"memo.uuid.duplicate",
			"a message with this UUID was received before",
		) // code of ours
	case c.hang && !known:
		<-r.Context().Done()
	default:
		if c.early && !known {
			time.Sleep(2 * s.delay)
		}
		answer(
			w,
			http.StatusCreated,
			receiptBody{
				TransmissionID: transmission,
				MessageUUID:    uuid,
				MessageID:      m.Header.ID,
				TimeStamp:      stamp(s.now()),
				ReceiptStatus:  "RECEIVED",
			},
			nil,
		)
	}
}

// shutOut answers what does not get in, and reports whether it did.
func (s *Simulator) shutOut(w http.ResponseWriter, ctx context.Context, m *memo.Message, c course) bool {
	switch {
	case c.broken:
		refuse(w, http.StatusInternalServerError, "internal.error", "as asked for by the ending of the number")
	case c.refuse != "":
		refuse(
			w,
			http.StatusBadRequest,
			"validation.failed",
			"as asked for by the ending of the number",
			fieldError{"memo", "filename", c.refuse, ""},
		)
	case c.unavailable > 0 && s.stillDown(ctx, m, c.unavailable):
		answer(
			w,
			http.StatusServiceUnavailable,
			receiptBody{MessageUUID: string(m.Header.UUID), MessageID: m.Header.ID, TimeStamp: stamp(s.now())},
			nil,
		)
	default:
		return false
	}
	return true
}

// stillDown notes the first try and reports whether the time since is shorter than it shall be down.
func (s *Simulator) stillDown(ctx context.Context, m *memo.Message, down time.Duration) bool {
	still := false
	_ = s.update(ctx, string(m.Header.UUID), func(row *message) []receipt {
		if row.At.IsZero() {
			row.ID, row.Recipient, row.At = m.Header.ID, m.Header.Recipient.ID, s.now()
		}
		row.Tries++
		still = row.Accepted == 0 && s.now().Sub(row.At) < down
		return nil
	})
	return still
}

// firstTo reports whether nothing was taken in for a person yet.
func (s *Simulator) firstTo(recipient string) bool {
	first := true
	_ = s.file.View(func(tx *wal.Tx) error {
		for _, v := range tx.Up(messagesBucket, "") {
			if bytes.Contains(v, []byte(`"recipient":"`+recipient+`"`)) && !bytes.Contains(v, []byte(`"accepted":0`)) {
				first = false
			}
		}
		return nil
	})
	return first
}

// repeat is what a UUID that comes again gives.
func (s *Simulator) repeat(row *message, m *memo.Message, transmission string) []receipt {
	invalid := course{status: "INVALID", code: "memo.uuid.duplicate"}
	switch s.duplicates() {
	case AcceptDuplicates:
		row.Accepted++
		return nil
	case InvalidAfterDone:
		invalid.late = 3 * time.Second
	case RefuseDuplicates:
		row.Repeats++
		return nil
	}
	row.Repeats++
	owed := s.owed(m, invalid, transmission)
	if s.duplicates() == InvalidBeforeDone {
		owed[0].visible = s.now()
	}
	return owed
}

// checkContent checks what Digital Post checks beside the schema (digital-post.md 2 and 3.4).
func checkContent(m *memo.Message, now time.Time) string {
	if _, err := ident.Parse(ident.Kind(m.Header.Recipient.Type), m.Header.Recipient.ID); err != nil ||
		strings.Trim(m.Header.Recipient.ID, "0123456789") != "" {
		return "recipient.id.not.allowed" // code of ours
	}
	if day := m.Header.NotBefore; day != "" && string(day) < now.In(post.Denmark()).Format(time.DateOnly) {
		return "do.not.deliver.until.date.too.early"
	}
	if m.Header.Type == memo.NemSMS && m.Header.Notification == "" {
		return "empty.notification.not.allowed"
	}
	for _, f := range m.Files() {
		if f.Content.Size == 0 {
			return "file.empty.not.allowed"
		}
		if _, err := post.CheckFileName(f.Name); err != nil {
			return "file.extension.not.allowed"
		}
	}
	return ""
}
