package fake

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"brevdue/internal/memo"
	"brevdue/internal/wal"
)

// receiptBody is Receipt of API 1.68, and BulkReceipt with its id.
type receiptBody struct {
	ID             string  `json:"id,omitempty"`
	TransmissionID string  `json:"transmissionId"`
	MessageUUID    string  `json:"messageUUID"`
	MessageID      string  `json:"messageId"`
	ErrorCode      *string `json:"errorCode"`
	ErrorMessage   *string `json:"errorMessage"`
	TimeStamp      string  `json:"timeStamp"`
	ReceiptStatus  string  `json:"receiptStatus"`
}

// receipt is one that is owed, from when it can be fetched.
type receipt struct {
	visible time.Time
	body    receiptBody
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// newUUID makes a random UUID of version 4.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// owed returns the business receipts of a message that was taken in.
func (s *Simulator) owed(m *memo.Message, c course, transmission string) []receipt {
	if c.silent {
		return nil
	}
	visible := s.now().Add(s.delay + c.late)
	if c.until.After(visible) && c.status == "" {
		visible = c.until
	}
	if c.early {
		visible = s.now()
	}
	one := func() receipt {
		b := receiptBody{
			ID:             newUUID(),
			TransmissionID: transmission,
			MessageUUID:    string(m.Header.UUID),
			MessageID:      m.Header.ID,
			TimeStamp:      stamp(visible),
			ReceiptStatus:  "COMPLETED",
		}
		if c.status != "" {
			text := "(text of the real system not known)"
			b.ReceiptStatus, b.ErrorCode, b.ErrorMessage = c.status, &c.code, &text
		}
		return receipt{visible, b}
	}
	if c.twice {
		return []receipt{one(), one()}
	}
	return []receipt{one()}
}

func putReceipt(tx *wal.Tx, r receipt) error {
	key := append(binary.BigEndian.AppendUint64(nil, uint64(r.visible.UnixMilli())), r.body.ID...)
	v, err := json.Marshal(r.body)
	if err != nil {
		return err
	}
	tx.Put(receiptsBucket, string(key), v)
	tx.Put(receiptIDsBucket, r.body.ID, key)
	return nil
}

// pageOf reads ?page and ?size as ReceiptSearchCommand has them.
func pageOf(r *http.Request) (number, size int) {
	number, _ = strconv.Atoi(r.URL.Query().Get("page"))
	size, err := strconv.Atoi(r.URL.Query().Get("size"))
	if err != nil || size < 1 || size > 1000 {
		size = 20
	}
	return max(number, 0), size
}

// visible returns one page of the receipts that can be fetched now, and how many there are.
func (s *Simulator) visible(number, size int) (bodies []json.RawMessage, total int, err error) {
	end := string(binary.BigEndian.AppendUint64(nil, uint64(s.now().UnixMilli())+1))
	err = s.file.View(func(tx *wal.Tx) error {
		for k, v := range tx.Up(receiptsBucket, "") {
			if k >= end {
				break
			}
			if total >= number*size && len(bodies) < size {
				bodies = append(bodies, bytes.Clone(v))
			}
			total++
		}
		return nil
	})
	return bodies, total, err
}

// bulkReceipts is GET /receipts-bulk/ (API 1.68: BulkFetchReceipts).
func (s *Simulator) bulkReceipts(w http.ResponseWriter, r *http.Request) {
	number, size := pageOf(r)
	bodies, total, err := s.visible(number, size)
	if bodies == nil {
		bodies = []json.RawMessage{}
	}
	answer(w, http.StatusOK, map[string]any{"currentPage": number, "totalPages": (total + size - 1) / size,
		"elementsOnPage": len(bodies), "totalElements": total, "receipts": bodies}, err)
}

// listReceipts is GET /receipts/ (API 1.68: ListAvailableReceipts).
func (s *Simulator) listReceipts(w http.ResponseWriter, r *http.Request) {
	number, size := pageOf(r)
	bodies, total, err := s.visible(number, size)
	ids := []string{}
	for _, b := range bodies {
		var body receiptBody
		if err := json.Unmarshal(b, &body); err == nil {
			ids = append(ids, body.ID)
		}
	}
	answer(
		w,
		http.StatusOK,
		map[string]any{"content": ids, "number": number, "size": size, "previous": nil, "next": nil,
			"totalElements": total, "totalPages": (total + size - 1) / size},
		err,
	)
}

// fetchReceipt is GET /receipts/{id}?delete= (API 1.68: FetchReceipt).
func (s *Simulator) fetchReceipt(w http.ResponseWriter, r *http.Request) {
	var body json.RawMessage
	err := s.file.View(func(tx *wal.Tx) error {
		if key := tx.Get(receiptIDsBucket, r.PathValue("id")); key != nil {
			body = bytes.Clone(tx.Get(receiptsBucket, string(key)))
		}
		return nil
	})
	if err == nil && body == nil {
		refuse(w, http.StatusNotFound, "not.found", "The resource was not found")
		return
	}
	if r.URL.Query().Get("delete") == "true" {
		err = s.remove(r, r.PathValue("id"))
	}
	answer(w, http.StatusOK, body, err)
}

// deleteReceipt is DELETE /receipts/{id} (API 1.68: DeleteReceipt).
func (s *Simulator) deleteReceipt(w http.ResponseWriter, r *http.Request) {
	if err := s.remove(r, r.PathValue("id")); err != nil {
		refuse(w, http.StatusInternalServerError, "internal.error", err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Simulator) remove(r *http.Request, id string) error {
	return s.file.Update(r.Context(), func(tx *wal.Tx) error {
		if key := tx.Get(receiptIDsBucket, id); key != nil {
			tx.Delete(receiptIDsBucket, id)
			tx.Delete(receiptsBucket, string(key))
		}
		return nil
	})
}
