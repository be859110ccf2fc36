package fake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/memo"
	"brevdue/internal/post"
	"brevdue/internal/wal"
)

const incomingBucket = "incoming" // id at Digital Post -> message that waits for an organization

// letterIn is what POST /waiting takes: who writes what to whom.
type letterIn struct {
	To       string `json:"to"`   // CVR number of the organization
	From     string `json:"from"` // CPR or CVR number
	FromName string `json:"fromName"`
	Subject  string `json:"subject"`
	Text     string `json:"text"`
}

// putWaiting has post waiting for an organization: POST /waiting, as JSON, or as the MeMo itself in XML.
func (s *Simulator) putWaiting(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, post.MessageLimit))
	uuid := newUUID()
	if err == nil && !strings.Contains(r.Header.Get("Content-Type"), "xml") {
		raw, err = s.write(raw, uuid)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "waiting", err.Error())
		return
	}
	id := newUUID()
	err = s.file.Update(r.Context(), func(tx *wal.Tx) error {
		tx.Put(incomingBucket, id, raw)
		return nil
	})
	answer(w, http.StatusCreated, map[string]string{"id": id, "messageUUID": uuid}, err)
}

// write makes the message of a letter, with one page of text.
func (s *Simulator) write(raw []byte, uuid string) ([]byte, error) {
	l := letterIn{FromName: "Anton Lykkegaard", Subject: "Ansøgning", Text: "Kære kommune"}
	if err := json.Unmarshal(raw, &l); err != nil {
		return nil, err
	}
	to, err := ident.ParseAny(l.To)
	if err != nil {
		return nil, fmt.Errorf("to: %w", err)
	}
	from, err := ident.ParseAny(l.From)
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	document := page(l.Text)
	m := &memo.Message{
		Version: "1.2",
		Header: memo.Header{
			Type: memo.DigitalPost, UUID: memo.UUID(uuid), Label: l.Subject,
			Sender:    memo.Sender{ID: from.Reveal(), Type: string(from.Kind()), Label: l.FromName},
			Recipient: memo.Recipient{ID: to.Reveal(), Type: string(to.Kind())},
		},
		Body: &memo.Body{Created: memo.At(s.now()), Main: memo.MainDocument{Files: []memo.File{{
			Name: "Brev.pdf", EncodingFormat: "application/pdf", Language: "da", Content: memo.ContentOf(document),
		}}}},
	}
	return m.Bytes()
}

// page is a page of text as PDF.
func page(text string) []byte {
	var b bytes.Buffer
	escaped := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(strings.ToValidUTF8(text, "?"))
	var latin []byte
	for _, r := range escaped {
		if r > 255 {
			r = '?'
		}
		latin = append(latin, byte(r))
	}
	stream := "BT /F1 12 Tf 72 770 Td (" + string(latin) + ") Tj ET"
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(stream), stream),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
	}
	b.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

// listIncoming is GET /memos/ (API 1.68: ListAvailableMemos).
func (s *Simulator) listIncoming(w http.ResponseWriter, r *http.Request) {
	number, size := pageOf(r)
	ids, total := []string{}, 0
	err := s.file.View(func(tx *wal.Tx) error {
		for k := range tx.Up(incomingBucket, "") {
			if total >= number*size && len(ids) < size {
				ids = append(ids, k)
			}
			total++
		}
		return nil
	})
	answer(
		w,
		http.StatusOK,
		map[string]any{"content": ids, "number": number, "size": size, "previous": nil, "next": nil,
			"totalElements": total, "totalPages": (total + size - 1) / size},
		err,
	)
}

var errGone = errors.New("gone")

// incoming calls do with a message that waits, or answers 404.
func (s *Simulator) incoming(w http.ResponseWriter, r *http.Request, do func(raw []byte)) {
	var raw []byte
	err := s.file.View(func(tx *wal.Tx) error {
		v := tx.Get(incomingBucket, r.PathValue("id"))
		if v == nil {
			return errGone
		}
		raw = bytes.Clone(v)
		return nil
	})
	if err != nil {
		refuse(w, http.StatusNotFound, "not.found", "The resource was not found")
		return
	}
	do(raw)
}

// fetchIncoming is GET /memos/{id} (API 1.68: FetchMemo).
func (s *Simulator) fetchIncoming(w http.ResponseWriter, r *http.Request) {
	s.incoming(w, r, func(raw []byte) {
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write(raw) // the client is gone, and can fetch it again
	})
}

// confirmIncoming is POST /memos/{id}/receipt (API 1.68: CreateReceipt).
func (s *Simulator) confirmIncoming(w http.ResponseWriter, r *http.Request) {
	var b receiptBody
	if err := json.NewDecoder(r.Body).Decode(&b); err != nil ||
		b.ReceiptStatus != "COMPLETED" && b.ReceiptStatus != "INVALID" {
		refuse(w, http.StatusBadRequest, "validation.failed", "a receipt is COMPLETED or INVALID")
		return
	}
	s.incoming(w, r, func([]byte) { w.WriteHeader(http.StatusOK) })
}

// deleteIncoming is DELETE /memos/{id} (API 1.68: DeleteMemo).
func (s *Simulator) deleteIncoming(w http.ResponseWriter, r *http.Request) {
	s.incoming(w, r, func([]byte) {
		err := s.file.Update(r.Context(), func(tx *wal.Tx) error {
			tx.Delete(incomingBucket, r.PathValue("id"))
			return nil
		})
		if err != nil {
			refuse(w, http.StatusInternalServerError, "internal.error", err.Error())
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}
