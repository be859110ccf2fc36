package fake

import (
	"archive/tar"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ulikunitz/xz/lzma"

	"brevdue/internal/memo"
	"brevdue/internal/post"
	"brevdue/internal/wal"
)

// Containers says what becomes of a container that is posted. What the real system does with one is not known
// (digital-post.md 11): all but taking it in is our invention.
type Containers string

// What can become of a container.
const (
	TakeContainers   Containers = "take"        // 201, and each message has its own receipt; the default
	LoseAnswers      Containers = "lose-answer" // taken in, but the answer never comes
	RefuseContainers Containers = "refuse"      // 400, and nothing is taken in
	RejectHalf       Containers = "reject-half" // 201, and the second half of it is never heard of again
	Unavailable      Containers = "unavailable" // 503 with a Receipt, and nothing is taken in
	BreakOff         Containers = "break-off"   // the connection ends in the midst of it, and nothing is taken in
)

func (c Containers) check() error {
	switch c {
	case TakeContainers, LoseAnswers, RefuseContainers, RejectHalf, Unavailable, BreakOff:
		return nil
	}
	return errors.New("containers: take, lose-answer, refuse, reject-half, unavailable or break-off")
}

// setContainers is PUT /containers, with one word as its body: it is done with the next container; after it they are
// taken in again.
func (s *Simulator) setContainers(w http.ResponseWriter, r *http.Request) {
	word, err := wordOf(r)
	c := Containers(word)
	if err = errors.Join(err, c.check()); err != nil {
		refuse(w, http.StatusBadRequest, "containers", err.Error())
		return
	}
	s.next.Store(c)
	w.WriteHeader(http.StatusNoContent)
}

// sendContainer is POST /memos/ with application/x-lzma (API 1.68: SendMemo): a tar of {messageUUID}.xml. It is read as
// it comes, and taken in whole or not at all: on disk when it is answered.
func (s *Simulator) sendContainer(w http.ResponseWriter, r *http.Request) {
	do, _ := s.next.Swap(TakeContainers).(Containers)
	switch do {
	case RefuseContainers:
		refuse(w, http.StatusBadRequest, "archive.invalid", "as asked for") // code of ours
		return
	case Unavailable:
		answer(w, http.StatusServiceUnavailable, receiptBody{TimeStamp: stamp(s.now())}, nil)
		return
	case BreakOff:
		_, _ = io.CopyN(io.Discard, r.Body, 100_000) // it is broken off anyway
		panic(http.ErrAbortHandler)
	}
	entries, err := readContainer(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "archive.invalid", err.Error()) // code of ours
		return
	}
	if do == RejectHalf {
		entries = entries[:len(entries)/2]
	}
	transmission := newUUID()
	switch err := s.takeContainer(r.Context(), entries, transmission); {
	case err != nil:
		refuse(w, http.StatusInternalServerError, "internal.error", err.Error())
	case do == LoseAnswers:
		<-r.Context().Done()
	default:
		answer(w, http.StatusCreated,
			receiptBody{TransmissionID: transmission, TimeStamp: stamp(s.now()), ReceiptStatus: "RECEIVED"}, nil)
	}
}

// entry is a message of a container.
type entry struct {
	uuid    string
	memo    *memo.Message
	invalid error
}

// readContainer reads a container to its end. A message that is no MeMo does not keep the others out.
func readContainer(r io.Reader) ([]entry, error) {
	packed, err := lzma.NewReader(bufio.NewReaderSize(r, 64<<10))
	if err != nil {
		return nil, err
	}
	var entries []entry
	t := tar.NewReader(packed)
	for {
		header, err := t.Next()
		if err == io.EOF {
			_, err = io.Copy(io.Discard, packed) // to the end of what is packed: it may be cut short there
			_, rest := io.Copy(io.Discard, r)    // a server notices that a client is gone only behind it
			return entries, errors.Join(err, rest)
		}
		if err != nil {
			return nil, err
		}
		uuid, isXML := strings.CutSuffix(header.Name, ".xml")
		if !isXML || !memo.IsUUID(uuid) || header.Size > post.MessageLimit {
			return nil, fmt.Errorf("an entry is not {messageUUID}.xml of at most %d bytes", post.MessageLimit)
		}
		m, err := memo.Read(t)
		if err != nil && !errors.Is(err, memo.ErrInvalid) {
			return nil, err
		}
		if err == nil && string(m.Header.UUID) != uuid {
			err = memo.ErrInvalid
		}
		entries = append(entries, entry{uuid, m, err})
	}
}

// takeContainer takes all messages in, in one commit. What its ending says happens at the door happens by receipt here:
// a container has one door for all.
func (s *Simulator) takeContainer(ctx context.Context, entries []entry, transmission string) error {
	courses := make([]course, len(entries))
	for i := range entries {
		entries[i].memo, courses[i] = s.judge(entries[i])
	}
	return s.file.Update(ctx, func(tx *wal.Tx) error {
		for i, e := range entries {
			m, c := e.memo, courses[i]
			err := change(tx, e.uuid, func(row *message) []receipt {
				if row.Accepted > 0 {
					return s.repeat(row, m, transmission)
				}
				row.take(m, s.now())
				row.Container = transmission
				return s.owed(m, c, transmission)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// judge decides what happens to a message of a container.
func (s *Simulator) judge(e entry) (*memo.Message, course) {
	m, c := s.courseOf(e.uuid, e.memo, e.invalid)
	if c.refuse != "" {
		c.status, c.code = "INVALID", c.refuse
	}
	if c.onlyFirst && !s.firstTo(m.Header.Recipient.ID) {
		c.status, c.code = "", ""
	}
	c.late += c.unavailable
	c.early = false
	return m, c
}

// setEvents is PUT /events: how long after a message was taken in its event is found, such as 10s.
func (s *Simulator) setEvents(w http.ResponseWriter, r *http.Request) {
	word, err := wordOf(r)
	late, err2 := time.ParseDuration(word)
	if err := errors.Join(err, err2); err != nil || late < 0 {
		refuse(w, http.StatusBadRequest, "events", "events: a wait, such as 10s")
		return
	}
	s.eventsLate.Store(int64(late))
	w.WriteHeader(http.StatusNoContent)
}

// setLookUp is PUT /look-up: on; off, where there is no bulk look-up; or exempt, when whoever was enrolled is not any
// more.
func (s *Simulator) setLookUp(w http.ResponseWriter, r *http.Request) {
	if word, ok := oneOf(w, r, "on", "off", "exempt"); ok {
		s.noLookUp.Store(word == "off")
		s.nowExempt.Store(word == "exempt")
		w.WriteHeader(http.StatusNoContent)
	}
}

// setOutage is PUT /outage: on, while Digital Post is down, or off.
func (s *Simulator) setOutage(w http.ResponseWriter, r *http.Request) {
	if word, ok := oneOf(w, r, "on", "off"); ok {
		s.down.Store(word == "on")
		w.WriteHeader(http.StatusNoContent)
	}
}

// wordOf reads a body of one word.
func wordOf(r *http.Request) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r.Body, 100))
	return strings.TrimSpace(string(b)), err
}

// oneOf reads a word, or refuses it.
func oneOf(w http.ResponseWriter, r *http.Request, words ...string) (word string, ok bool) {
	word, err := wordOf(r)
	if err != nil || !slices.Contains(words, word) {
		refuse(w, http.StatusBadRequest, "word", strings.Join(words, " or "))
		return word, false
	}
	return word, true
}
