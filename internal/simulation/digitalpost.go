package simulation

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"brevdue/internal/post"
)

// digitalPost is the other side: what it has taken in, and what it says about it.
type digitalPost struct {
	w         *world
	taken     map[string]*taken // by UUID, as it knows them
	ever      map[string]*taken // and as they were
	letters   map[post.LetterID][]*taken
	refused   map[post.LetterID]bool // of these it has refused at least one message
	doubted   map[post.LetterID]bool // of these it has called a message a duplicate
	receipts  []*waitingReceipt
	issued    map[string]string // SHA-256 of every receipt that is true, and the UUID that it is about
	orphans   map[string]bool   // SHA-256 of every receipt that belongs to nobody
	completed map[string]bool   // UUIDs whose receipt says so
	down      []outage
	number    int
	body      []byte // of the last message: nobody keeps it
}

// taken is a message that Digital Post has accepted.
type taken struct {
	uuid         string
	letter       post.LetterID
	recipient    string
	at           time.Time
	refusedLater bool
	invalid      bool      // a receipt says that it was refused, be it after another one
	forgotten    bool      // it is gone: nobody gets it
	rejected     bool      // with its container, after that was taken in
	shown        time.Time // from when on its event is found
	lax          bool      // the same once more is taken in once more
	system       string    // of its sender's; "" for that of the installation
}

type waitingReceipt struct {
	at      time.Time
	receipt post.Receipt
}

type outage struct{ from, to time.Time }

func newDigitalPost(w *world) *digitalPost {
	d := &digitalPost{
		w:         w,
		taken:     map[string]*taken{},
		ever:      map[string]*taken{},
		letters:   map[post.LetterID][]*taken{},
		refused:   map[post.LetterID]bool{},
		doubted:   map[post.LetterID]bool{},
		issued:    map[string]string{},
		orphans:   map[string]bool{},
		completed: map[string]bool{},
	}
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
	return d.sendBy(ctx, m, "")
}

// sendBy takes in a message that comes by a system of its sender's.
func (d *digitalPost) sendBy(ctx context.Context, m post.Outgoing, by string) (post.Answer, error) {
	a := at(ctx, "post")
	if d.out() || d.w.chance(PostError, 25) {
		return post.Answer{}, errService
	}
	body := slices.Grow(d.body[:0], int(m.Length))[:m.Length]
	d.body = body
	if _, err := io.ReadFull(m.Body(), body); err != nil {
		return post.Answer{}, err
	}
	letter := post.LetterID(between(body, "messageID"))
	known := d.taken[m.UUID]
	if known != nil && known.system != by {
		known = nil
	}
	switch {
	// A sender that stood still for long between the last moment and the post has no protection but this one.
	case known != nil && !(known.lax && !a.froze):
		d.w.count(PostDuplicate)
		d.doubted[letter] = true
		return d.duplicate(), nil
	case d.atTheDoor(letter):
		d.refused[letter] = true
		return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: "file.extension.not.allowed"}}, nil
	case d.w.chance(PostNotOne, 60):
		d.doubted[letter] = true
		return post.Answer{
				Duplicate: true,
				Refused:   &post.Problem{Code: post.MessageRefused, Detail: post.DuplicateCode},
			},
			nil
	}
	d.take(
		a,
		&taken{uuid: m.UUID, letter: letter, recipient: between(body, "recipientID"), at: d.w.now, system: by},
		body,
	)
	if d.w.chance(FunctionFrozen, 60) {
		d.w.freeze(a)
	}
	if at(ctx, "the answer"); !d.w.faulty {
		return post.Answer{Accepted: true, Transmission: "t" + m.UUID[:8]}, nil
	}
	if t := d.taken[m.UUID]; t != nil && t.lax && d.w.chance(PostDenies, 8) {
		d.refused[letter] = true
		return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: "HTTP 400"}}, nil
	}
	if d.w.chance(PostTimeout, 15) {
		return post.Answer{}, context.DeadlineExceeded
	}
	return post.Answer{Accepted: true, Transmission: "t" + m.UUID[:8]}, nil
}

// take takes a message in. Of the two that could save a letter from being delivered twice, the refusal of a known UUID
// and the answer to a question, one may fail for a message, and never both: nobody could do anything about that.
// What a sender posts that stood still after its last look may come between another's question and its post: the answer
// has failed already.
func (d *digitalPost) take(a *actor, t *taken, body []byte) {
	t.lax = d.w.chance(PostLax, 6) && !a.froze
	d.letters[t.letter] = append(d.letters[t.letter], t)
	d.w.tookIn(a, t, body)
	d.w.seenByTwo(t.letter, t.recipient)
	if d.ever[t.uuid] == nil && d.w.chance(PostForgets, 40) {
		t.forgotten = true
		d.ever[t.uuid] = t
		return
	}
	d.taken[t.uuid], d.ever[t.uuid] = t, t
	d.answerLater(t)
	d.w.meddle()
}

// duplicate is what it says of a UUID that it has: nobody knows the real words (digital-post.md 3.2).
func (d *digitalPost) duplicate() post.Answer {
	if d.w.seed%2 == 0 {
		return post.Answer{
			Duplicate: true,
			Refused:   &post.Problem{Code: post.MessageRefused, Detail: post.DuplicateCode},
		}
	}
	return post.Answer{Refused: &post.Problem{Code: post.MessageRefused, Detail: "HTTP 400"}}
}

// atTheDoor are letters that Digital Post does not take in, whoever sends them how often.
func (d *digitalPost) atTheDoor(id post.LetterID) bool { return (d.w.seed+uint64(id.Number()))%9 == 0 }

// Find implements post.Channel.
func (d *digitalPost) Find(ctx context.Context, _, uuid string, since time.Time) (bool, error) {
	at(ctx, "find")
	if d.out() || d.w.chance(PostError, 25) {
		return false, errService
	}
	t := d.taken[uuid]
	if t == nil || t.at.Before(since) {
		return false, nil
	}
	if t.shown.After(d.w.now) {
		return false, nil
	}
	if !t.lax && d.w.now.Sub(t.at) < 10*time.Minute && d.w.chance(PostBehind, 4) {
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

// RemoveReceipts implements post.Channel. What belongs to nobody must be kept by then.
func (d *digitalPost) RemoveReceipts(ctx context.Context, ids []string) error {
	at(ctx, "remove receipts")
	if d.w.chance(PostError, 25) {
		return errService
	}
	gone := " " + strings.Join(ids, " ") + " "
	var left []*waitingReceipt
	for _, r := range d.receipts {
		switch {
		case !strings.Contains(gone, " "+r.receipt.ID+" "):
			left = append(left, r)
		case d.orphans[r.receipt.SHA256] && !d.w.there("R#stray", r.receipt.SHA256):
			d.w.violate(9, "a receipt that belongs to nobody was deleted at Digital Post, and is not kept")
		}
	}
	d.receipts = left
	return nil
}

// nextReceipt is when the next receipt can be fetched; an installation that is held fetches none.
func (d *digitalPost) nextReceipt() time.Time {
	var next time.Time
	for _, r := range d.receipts {
		if !d.w.restored.Held && (next.IsZero() || r.at.Before(next)) {
			next = r.at
		}
	}
	return next
}
