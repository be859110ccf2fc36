package simulation

import (
	"fmt"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/post"
)

// answerLater decides which receipts follow.
func (d *digitalPost) answerLater(t *taken) {
	seconds := func(most int) time.Duration { return time.Duration(1+d.w.rng.IntN(most)) * time.Second }
	completed, refused := post.ReceiptCompleted, post.ReceiptInvalid
	if d.w.chance(PostOrphan, 12) {
		d.orphan(t, seconds(3600))
	}
	switch d.w.rng.IntN(16) {
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
	case 3, 4:
		d.w.fault(PostChangedMind)
		d.make(t, completed, seconds(60))
		d.make(t, refused, time.Minute+seconds(7200))
	case 5:
		d.w.fault(PostReversed) // the older one arrives last
		first, last := completed, post.ReceiptReceived
		if d.w.rng.IntN(2) == 0 {
			first, last = last, first
		}
		d.make(t, first, time.Minute+seconds(60))
		d.make(t, last, 3*time.Minute)
	case 6:
		d.w.fault(PostRelents)
		t.refusedLater = true
		d.refused[t.letter] = true
		d.make(t, refused, seconds(600))
		hours := 1
		if d.w.faulty {
			hours = 12
		}
		d.make(t, completed, 10*time.Minute+seconds(hours*3600))
	case 7, 8, 9:
		t.refusedLater = true
		d.refused[t.letter] = true
		wait := seconds(600)
		if d.w.chance(PostEarly, 4) {
			wait = 0
			d.w.after(time.Minute+seconds(240), func() { d.w.press(OperatorReplay, d.w.replay) })
		}
		d.make(t, refused, wait)
		if d.w.chance(PostOld, 3) {
			d.make(t, refused, 2*time.Hour+seconds(20*3600))
		}
	default:
		d.make(t, completed, seconds(3600))
		if d.w.chance(PostOld, 12) {
			d.make(t, completed, 2*time.Hour+seconds(20*3600))
		}
	}
}

// make issues a true receipt.
func (d *digitalPost) make(t *taken, status post.ReceiptStatus, after time.Duration) post.Receipt {
	r := d.receipt(t.letter, t.uuid, status, after)
	d.issued[r.SHA256] = t.uuid
	t.invalid = t.invalid || status == post.ReceiptInvalid
	d.completed[t.uuid] = d.completed[t.uuid] || status == post.ReceiptCompleted
	return r
}

func (d *digitalPost) receipt(letter post.LetterID, uuid string, status post.ReceiptStatus,
	after time.Duration) post.Receipt {
	d.number++
	r := post.Receipt{
		ID:        fmt.Sprint(d.number),
		MessageID: letter,
		UUID:      uuid,
		Status:    status,
		Issued:    d.w.now.Add(after),
	}
	if status == post.ReceiptInvalid {
		r.ErrorCode = "recipient.not.registered"
	}
	r.Raw = fmt.Appendf(nil, `{"id":"%s","messageUUID":"%s","receiptStatus":"%s"}`, r.ID, r.UUID, r.Status)
	r.SetHash()
	d.receipts = append(d.receipts, &waitingReceipt{d.w.now.Add(after), r})
	return r
}

// orphan issues a receipt that belongs to no letter: under a UUID that nobody made, for another letter's message, for a
// letter that there never was, or for something that is no letter.
func (d *digitalPost) orphan(t *taken, after time.Duration) {
	letter, uuid := t.letter, keys.MessageUUID([]byte("somebody else's key"), string(t.letter), "", 0)
	status := post.ReceiptCompleted
	if d.w.rng.IntN(3) == 0 {
		status = post.ReceiptInvalid
	}
	switch p := d.w.places[letter]; d.w.rng.IntN(4) {
	case 0:
		letter = post.NewLetterID(letter.Shipment(), max(1, p.Version), p.Number%d.w.letters+1, 1, 99)
	case 1:
		letter = "5f2a"
	case 2:
		for other := range d.w.places { // the first of the others, for a map has no order
			if other != t.letter && (letter == t.letter || other < letter) {
				letter = other
			}
		}
		if letter != t.letter {
			uuid = t.uuid
		}
	}
	d.orphans[d.receipt(letter, uuid, status, after).SHA256] = true
}
