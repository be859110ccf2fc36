// Package fake is a simulator of Digital Post: a server on localhost with the paths, codes and bodies of
// digital-post.md. It fails on request by whom you write to: the last four digits of the CPR number say how (see
// Endings).
//
// Invariant: it is as durable as the server. What it accepted and the receipts it owes are on disk before its 201.
//
// MeMo -> [fake] -> technical receipt at once, business receipt after a short delay
package fake

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"brevdue/internal/memo"
	"brevdue/internal/wal"
)

// Duplicates says what a UUID that comes again is answered. What the real system does is not known
// (digital-post.md 3.2), so none of these may lead to a second letter or a lost one.
type Duplicates string

// The answers to a repeated UUID.
const (
	RefuseDuplicates  Duplicates = "refuse"         // 400 memo.uuid.duplicate, a code of ours; the default
	AcceptDuplicates  Duplicates = "accept"         // 201 once more
	InvalidBeforeDone Duplicates = "invalid-before" // 201, then INVALID before the COMPLETED of the first
	InvalidAfterDone  Duplicates = "invalid-after"  // 201, then INVALID after it
)

// Simulator is the server. It answers under the path it is mounted on.
type Simulator struct {
	file    *wal.File
	answers atomic.Value  // Duplicates
	next    atomic.Value  // Containers: what becomes of the next one
	delay   time.Duration // until a business receipt

	down       atomic.Bool  // it answers 503 to everything
	noLookUp   atomic.Bool  // it offers no bulk look-up
	nowExempt  atomic.Bool  // whoever was enrolled is exempt since
	eventsLate atomic.Int64 // nanoseconds until an event is found
	now        func() time.Time
}

// Delay is the usual time until a business receipt.
const Delay = 300 * time.Millisecond

// Open opens or makes the simulator's file.
func Open(path string, duplicates Duplicates, delay time.Duration) (*Simulator, error) {
	if err := duplicates.check(); err != nil {
		return nil, err
	}
	f, err := wal.Open(path, messagesBucket, receiptsBucket, receiptIDsBucket, incomingBucket)
	if err != nil {
		return nil, err
	}
	s := &Simulator{file: f, delay: delay, now: time.Now}
	s.answers.Store(duplicates)
	s.next.Store(TakeContainers)
	return s, nil
}

func (d Duplicates) check() error {
	switch d {
	case RefuseDuplicates, AcceptDuplicates, InvalidBeforeDone, InvalidAfterDone:
		return nil
	}
	return errors.New("duplicates: refuse, accept, invalid-before or invalid-after")
}

func (s *Simulator) duplicates() Duplicates { return s.answers.Load().(Duplicates) }

// setDuplicates is PUT /duplicates, with one word as its body.
func (s *Simulator) setDuplicates(w http.ResponseWriter, r *http.Request) {
	word, err := wordOf(r)
	d := Duplicates(word)
	if err = errors.Join(err, d.check()); err != nil {
		refuse(w, http.StatusBadRequest, "duplicates", err.Error())
		return
	}
	s.answers.Store(d)
	w.WriteHeader(http.StatusNoContent)
}

// Close closes the file.
func (s *Simulator) Close() error { return s.file.Close() }

// Handler answers Digital Post's API under /apis/v1. Beside it, /messages shows what was taken in, POST /waiting has
// post waiting, and PUT /duplicates says what a repeated UUID is answered. Whoever mounts it says who may reach it.
func (s *Simulator) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /apis/v1/memos/{$}", s.sendMemo)
	mux.HandleFunc("GET /apis/v1/receipts/", s.listReceipts)
	mux.HandleFunc("GET /apis/v1/receipts-bulk/", s.bulkReceipts)
	mux.HandleFunc("GET /apis/v1/receipts/{id}", s.fetchReceipt)
	mux.HandleFunc("DELETE /apis/v1/receipts/{id}", s.deleteReceipt)
	mux.HandleFunc("GET /apis/v1/events/", s.events)
	mux.HandleFunc("GET /apis/v1/contacts/", s.contacts)
	mux.HandleFunc("GET /apis/v1/memos/{$}", s.listIncoming)
	mux.HandleFunc("GET /apis/v1/memos/{id}", s.fetchIncoming)
	mux.HandleFunc("POST /apis/v1/memos/{id}/receipt", s.confirmIncoming)
	mux.HandleFunc("DELETE /apis/v1/memos/{id}", s.deleteIncoming)
	mux.HandleFunc("GET /messages", s.messages)
	mux.HandleFunc("POST /waiting", s.putWaiting)
	mux.HandleFunc("PUT /duplicates", s.setDuplicates)
	mux.HandleFunc("PUT /containers", s.setContainers)
	mux.HandleFunc("PUT /events", s.setEvents)
	mux.HandleFunc("PUT /look-up", s.setLookUp)
	mux.HandleFunc("PUT /outage", s.setOutage)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.down.Load() && strings.HasPrefix(r.URL.Path, "/apis/") {
			// Digital Post answers a message so (digital-post.md 3.2); that it answers everything so is our invention.
			answer(w, http.StatusServiceUnavailable, receiptBody{TimeStamp: stamp(s.now())}, nil)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// passedOn are headers of a request that came through somebody: then its address is not the one who asks.
var passedOn = []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"}

// LoopbackOnly answers this machine only: it shows recipients to whoever asks.
func LoopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		ip := net.ParseIP(host)
		proxied := slices.ContainsFunc(passedOn, func(name string) bool { return len(r.Header.Values(name)) > 0 })
		if err != nil || ip == nil || !ip.IsLoopback() || proxied {
			refuse(w, http.StatusForbidden, "simulator.loopback.only", "the simulator answers this machine only")
			return
		}
		next.ServeHTTP(w, r)
	})
}

const (
	messagesBucket   = "messages"   // UUID -> message
	receiptsBucket   = "receipts"   // time it is visible from, and id -> receipt
	receiptIDsBucket = "receiptids" // id -> key in receipts
)

// message is what the simulator keeps of a message: enough to check that nothing went twice.
type message struct {
	UUID      string    `json:"messageUUID"`
	ID        string    `json:"messageId"`
	Recipient string    `json:"recipient"`
	Accepted  int       `json:"accepted"` // how often it was taken in, whether or not the answer arrived
	Repeats   int       `json:"repeats"`  // how often it came again and was refused
	Digest    string    `json:"digest,omitempty"`
	At        time.Time `json:"at,omitzero"`
	Tries     int       `json:"tries,omitempty"`     // before it was taken in
	Legal     bool      `json:"legal,omitempty"`     // a legal notification
	Container string    `json:"container,omitempty"` // transmissionId of the container that it came in
}

// take notes what was taken in.
func (m *message) take(is *memo.Message, at time.Time) {
	*m = message{UUID: m.UUID, ID: is.Header.ID, Recipient: is.Header.Recipient.ID, Accepted: 1, At: at,
		Digest: is.Digest(), Legal: is.Header.LegalNotification == memo.Yes}
}

// messages lists all messages that were taken in, a row per UUID.
func (s *Simulator) messages(w http.ResponseWriter, _ *http.Request) {
	rows := []message{}
	err := s.file.View(func(tx *wal.Tx) error {
		for _, v := range tx.Up(messagesBucket, "") {
			var m message
			if err := json.Unmarshal(v, &m); err != nil {
				return err
			}
			if m.Accepted > 0 {
				m.Digest, m.At, m.Tries = "", time.Time{}, 0
				rows = append(rows, m)
			}
		}
		return nil
	})
	answer(w, http.StatusOK, rows, err)
}

// update changes one message and adds receipts, on disk when it returns.
func (s *Simulator) update(ctx context.Context, uuid string, do func(*message) []receipt) error {
	return s.file.Update(ctx, func(tx *wal.Tx) error {
		return change(tx, uuid, do)
	})
}

// change changes one message in a commit.
func change(tx *wal.Tx, uuid string, do func(*message) []receipt) error {
	m := message{UUID: uuid}
	if v := tx.Get(messagesBucket, uuid); v != nil {
		if err := json.Unmarshal(v, &m); err != nil {
			return err
		}
	}
	for _, r := range do(&m) {
		if err := putReceipt(tx, r); err != nil {
			return err
		}
	}
	v, err := json.Marshal(m)
	if err == nil {
		tx.Put(messagesBucket, uuid, v)
	}
	return err
}

func answer(w http.ResponseWriter, status int, body any, err error) {
	if err != nil {
		refuse(w, http.StatusInternalServerError, "internal.error", err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone, and its receipt can be fetched again
}

// fieldError is FieldErrorResource of API 1.68.
type fieldError struct {
	Resource string `json:"resource"`
	Field    string `json:"field"`
	Code     string `json:"code"`
	Message  string `json:"message"`
}

// refuse answers with an ErrorMessage (digital-post.md 3.2).
func refuse(w http.ResponseWriter, status int, code, text string, fields ...fieldError) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"code": code, "message": text, "fieldErrors": fields})
}
