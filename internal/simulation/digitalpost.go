package simulation

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"brevdue/internal/post"
)

// digitalPost is the other side: what it has taken in, and what it says about it.
type digitalPost struct {
	w         *world
	taken     map[string]*taken // by UUID
	letters   map[post.LetterID][]*taken
	refused   map[post.LetterID]bool // of these it has refused at least one message
	doubted   map[post.LetterID]bool // of these it has called a message a duplicate
	receipts  []*waitingReceipt
	issued    map[string]bool // SHA-256 of every receipt that was made
	completed map[string]bool // UUIDs whose receipt says so
	down      []outage
	number    int
}

// taken is a message that Digital Post has accepted.
type taken struct {
	uuid         string
	letter       post.LetterID
	at           time.Time
	refusedLater bool
}

type waitingReceipt struct {
	at      time.Time
	receipt post.Receipt
}

type outage struct{ from, to time.Time }

func newDigitalPost(w *world) *digitalPost {
	d := &digitalPost{w: w, taken: map[string]*taken{}, letters: map[post.LetterID][]*taken{}, refused: map[post.LetterID]bool{}, doubted: map[post.LetterID]bool{}, issued: map[string]bool{}, completed: map[string]bool{}}
	if w.rng.IntN(6) == 0 {
		from := w.now.Add(time.Duration(w.rng.IntN(7200)) * time.Second)
		hours := 6
		if w.rng.IntN(6) == 0 {
			hours = 26 // longer than anybody tries
		}
		d.down = append(d.down, outage{from, from.Add(time.Duration(hours) * time.Hour)})
	}
	return d
}

func (d *digitalPost) out() bool {
	for _, o := range d.down {
		if d.w.faulty && d.w.now.After(o.from) && d.w.now.Before(o.to) {
			d.w.faults[PostOut]++
			return true
		}
	}
	return false
}

// between returns the text of an element.
func between(body []byte, name string) string {
	_, after, _ := bytes.Cut(body, []byte("<memo:"+name+">"))
	text, _, _ := bytes.Cut(after, []byte("<"))
	return string(text)
}

// Send implements post.Channel.
func (d *digitalPost) Send(ctx context.Context, m post.Outgoing) (post.Answer, error) {
	a := at(ctx, "post")
	if d.out() || d.w.chance(PostError, 25) {
		return post.Answer{}, errService
	}
	body := make([]byte, m.Length)
	if _, err := io.ReadFull(m.Body(), body); err != nil {
		return post.Answer{}, err
	}
	letter := post.LetterID(between(body, "messageID"))
	switch {
	case d.taken[m.UUID] != nil:
		d.w.count(PostDuplicate)
		d.doubted[letter] = true
		return d.duplicate(), nil
	case d.atTheDoor(letter):
		d.refused[letter] = true
		return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: "file.extension.not.allowed"}}, nil
	}
	t := &taken{uuid: m.UUID, letter: letter, at: d.w.now}
	d.taken[m.UUID] = t
	d.letters[letter] = append(d.letters[letter], t)
	d.w.tookIn(a, t, body)
	d.answerLater(t)
	at(ctx, "the answer")
	if d.w.chance(PostTimeout, 15) {
		return post.Answer{}, context.DeadlineExceeded
	}
	return post.Answer{Accepted: true, Transmission: "t" + m.UUID[:8]}, nil
}

// duplicate is what it says of a UUID that it has: nobody knows the real words (digital-post.md 3.2).
func (d *digitalPost) duplicate() post.Answer {
	if d.w.seed%2 == 0 {
		return post.Answer{Duplicate: true, Refused: &post.Problem{Code: post.MessageRefused, Detail: post.DuplicateCode}}
	}
	return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: "HTTP 400"}}
}

// atTheDoor are letters that Digital Post does not take in, whoever sends them how often.
func (d *digitalPost) atTheDoor(id post.LetterID) bool { return (d.w.seed+uint64(id.Number()))%9 == 0 }

// answerLater decides which receipts follow.
func (d *digitalPost) answerLater(t *taken) {
	seconds := func(most int) time.Duration { return time.Duration(1+d.w.rng.IntN(most)) * time.Second }
	completed, refused := post.ReceiptCompleted, post.ReceiptInvalid
	switch d.w.rng.IntN(14) {
	case 0:
		if d.w.faulty {
			d.w.count(PostSilent)
			return
		}
		d.make(t, completed, seconds(600))
	case 1:
		d.w.fault(PostEarly)
		d.make(t, completed, 0)
	case 2:
		d.w.fault(PostTwice)
		r := d.make(t, completed, seconds(600))
		d.w.after(seconds(900), func() { d.w.push(r) })
	case 3:
		d.w.fault(PostChangedMind)
		d.make(t, completed, seconds(60))
		d.make(t, refused, time.Minute+seconds(900))
	case 4:
		d.w.fault(PostReversed) // the older one arrives last
		first, last := completed, post.ReceiptReceived
		if d.w.rng.IntN(2) == 0 {
			first, last = last, first
		}
		d.make(t, first, time.Minute+seconds(60))
		d.make(t, last, 3*time.Minute)
	case 5, 6:
		t.refusedLater = true
		d.refused[t.letter] = true
		d.make(t, refused, seconds(600))
	default:
		d.make(t, completed, seconds(3600))
	}
}

func (d *digitalPost) make(t *taken, status post.ReceiptStatus, after time.Duration) post.Receipt {
	d.number++
	r := post.Receipt{ID: fmt.Sprint(d.number), MessageID: t.letter, UUID: t.uuid, Status: status, At: d.w.now.Add(after)}
	if status == post.ReceiptInvalid {
		r.ErrorCode = "recipient.not.registered"
	}
	r.Raw = fmt.Appendf(nil, `{"id":"%s","messageUUID":"%s","receiptStatus":"%s"}`, r.ID, r.UUID, r.Status)
	r.Seal()
	d.issued[r.SHA256] = true
	d.completed[t.uuid] = d.completed[t.uuid] || status == post.ReceiptCompleted
	d.receipts = append(d.receipts, &waitingReceipt{d.w.now.Add(after), r})
	return r
}

// Find implements post.Channel.
func (d *digitalPost) Find(ctx context.Context, uuid string, since time.Time) (bool, error) {
	at(ctx, "find")
	if d.out() || d.w.chance(PostError, 25) {
		return false, errService
	}
	t := d.taken[uuid]
	if t == nil || t.at.Before(since) {
		return false, nil
	}
	if d.w.now.Sub(t.at) < 10*time.Minute && d.w.chance(PostBehind, 4) {
		return false, nil
	}
	return true, nil
}

// Receipts implements post.Channel.
func (d *digitalPost) Receipts(ctx context.Context, limit int) ([]post.Receipt, error) {
	at(ctx, "receipts")
	if d.out() || d.w.chance(PostError, 25) {
		return nil, errService
	}
	var all []post.Receipt
	for _, r := range d.receipts {
		if !r.at.After(d.w.now) && len(all) < limit {
			all = append(all, r.receipt)
		}
	}
	if d.w.faulty {
		d.w.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	return all, nil
}

// RemoveReceipts implements post.Channel.
func (d *digitalPost) RemoveReceipts(ctx context.Context, ids []string) error {
	at(ctx, "remove receipts")
	if d.w.chance(PostError, 25) {
		return errService
	}
	gone := " " + strings.Join(ids, " ") + " "
	var left []*waitingReceipt
	for _, r := range d.receipts {
		if !strings.Contains(gone, " "+r.receipt.ID+" ") {
			left = append(left, r)
		}
	}
	d.receipts = left
	return nil
}

// nextReceipt is when the next receipt can be fetched.
func (d *digitalPost) nextReceipt() time.Time {
	var next time.Time
	for _, r := range d.receipts {
		if next.IsZero() || r.at.Before(next) {
			next = r.at
		}
	}
	return next
}
