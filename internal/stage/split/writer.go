package split

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/message"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/seal/letters"
	"brevdue/internal/splitter"
)

// Limits of what is written together.
const (
	lettersAtOnce = 50
	bytesAtOnce   = 16 << 20
)

// write cuts the letters and stores them, some at a time on each core, and what is kept of their words. No letter waits
// for words that cannot be stored: it is not found by them.
func (h *Handler) write(ctx context.Context, s *post.Shipment, plan *splitter.Plan) (words post.Words, err error) {
	said := letters.NewSaid(len(plan.Segments))
	if err := h.writeEach(ctx, s, plan, said); err != nil {
		return words, err
	}
	words.Round = s.Sends
	err = said.Each(func(part int, content []byte) error {
		file := post.File{Org: s.Org, Key: post.WordsKey(s.ID, s.Sends, part), Content: content}
		return h.Runner.Retry(ctx, func() error {
			stored, err := h.Objects.Put(ctx, file)
			if err == nil {
				words.Files = append(words.Files, post.WordsFile{Version: stored[0].Version, Size: stored[0].Size})
			}
			return err
		})
	})
	if err != nil && ctx.Err() == nil {
		slog.Error("the words of a shipment are not kept", "shipment", s.ID, "error", err)
		err = nil
	}
	if len(words.Files) == 0 {
		words = post.Words{}
	}
	return words, err
}

// writeEach cuts the letters and stores them.
func (h *Handler) writeEach(ctx context.Context, s *post.Shipment, plan *splitter.Plan, said *letters.Said) error {
	seen, err := h.seen(ctx, s)
	if err != nil {
		return err
	}
	var lookUp *post.LookUp
	if h.LookUps != nil {
		if lookUp, err = h.LookUps.LookUp(ctx, s.Org, s.ID); err != nil {
			return err
		}
	}
	stop, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	writers := sync.Pool{New: func() any {
		w := &writer{h: h, s: s, plan: plan, said: said, seen: seen, lookUp: lookUp}
		if len(s.TypedRecipients) == 0 {
			w.cutter = plan.Cutter()
		}
		return w
	}}
	_ = h.Runner.Run(
		ctx,
		(len(plan.Segments)+lettersAtOnce-1)/lettersAtOnce,
		4*runtime.GOMAXPROCS(0),
		func(i int) (err error) { // the first error is the cause
			if stop.Err() != nil {
				return nil
			}
			defer func() {
				if err != nil {
					cancel(err)
				}
			}()
			defer parallel.Recover(&err)
			w := writers.Get().(*writer)
			defer writers.Put(w)
			return h.Runner.Retry(stop, func() error {
				err := w.some(stop, i*lettersAtOnce, min(i*lettersAtOnce+lettersAtOnce, len(plan.Segments)))
				if errors.Is(err, post.ErrOvertaken) || errors.Is(err, errAnotherOutcome) { // again is no better
					cancel(err)
					return nil
				}
				return err
			})
		},
	)
	return context.Cause(stop)
}

// seen returns the SHA-256 of the letters that somebody has looked at in the review.
func (h *Handler) seen(ctx context.Context, s *post.Shipment) (map[post.LetterID]string, error) {
	remarks, err := h.Drafts.Remarks(ctx, s)
	seen := map[post.LetterID]string{}
	for _, r := range remarks {
		if r.Sum != "" {
			seen[r.Letter] = r.Sum
		}
	}
	return seen, err
}

// keepAttachments copies what goes out with every letter, so that the uploads can be disposed of when the shipment is
// over, while a letter of it may still be sent again. They are locked as an archived letter is.
func (h *Handler) keepAttachments(ctx context.Context, s *post.Shipment) ([]post.Part, error) {
	parts := slices.Clone(s.Parts)
	disposal := time.Time{}
	if h.Retention > 0 {
		disposal = h.Now().Add(h.Retention)
	}
	for i := 1; i < len(parts); i++ {
		key := fmt.Sprintf("letters/%s/attachment-%d", s.ID, i)
		if parts[i].Object.Key == key { // of the version before
			continue
		}
		kept, err := h.Objects.Copy(ctx, parts[i].Object, key, disposal)
		if err != nil {
			return nil, err
		}
		parts[i].Object = kept
	}
	return parts, nil
}

// writer writes letters of one plan.
type writer struct {
	h      *Handler
	s      *post.Shipment
	plan   *splitter.Plan
	cutter *splitter.Cutter
	said   *letters.Said
	pages  [2]int                   // whose words were read last
	words  []string                 // those words
	lookUp *post.LookUp             // nil where nobody was looked up
	seen   map[post.LetterID]string // SHA-256 of the PDFs that somebody has looked at
}

// some writes the segments from..to, their files together so that they share a sync.
func (w *writer) some(ctx context.Context, from, to int) error {
	var made []*post.Letter
	var files []post.File
	inHand, written := 0, 0
	for i := from; i < to; i++ {
		l := w.letter(i)
		made = append(made, l)
		if w.cutter == nil {
			continue
		}
		content, err := w.cut(ctx, l, w.plan.Segments[i])
		if err != nil {
			return err
		}
		if err := w.plan.Spend(len(content)); err != nil {
			return err
		}
		files = append(files, post.File{Org: l.Org, Key: letterKey(l), Content: content, Secret: l.Secret})
		if inHand += len(content); inHand > bytesAtOnce {
			if err := w.put(ctx, made[written:], files); err != nil {
				return err
			}
			files, inHand, written = nil, 0, len(made)
		}
	}
	if err := w.put(ctx, made[written:], files); err != nil {
		return err
	}
	if err := w.h.NewLetters.Create(ctx, w.s, made); err != nil {
		return err
	}
	for i, l := range made { // with the key that the letter has now
		if err := w.said.Add(l, w.wordsOf(w.plan.Segments[from+i])); err != nil {
			return err
		}
	}
	return nil
}

// wordsOf are the words of a letter. Typed recipients have the same pages.
func (w *writer) wordsOf(s splitter.Segment) []string {
	if pages := [2]int{s.First, s.Last}; w.pages != pages {
		w.pages, w.words = pages, w.plan.Words(s)
	}
	return w.words
}

// cutID cuts the id of a draft's letter into its shipment and what names the letter within it.
func cutID(id post.LetterID) (shipment, rest string, found bool) {
	return strings.Cut(string(id), ".0.")
}

// letterKey is where a letter's PDF is kept: of each Send by itself, and a thousand in a folder at most.
func letterKey(l *post.Letter) string {
	_, rest, _ := cutID(l.ID)
	return fmt.Sprintf("letters/%s/%d/%04d/%s.pdf", l.ID.Shipment(), l.Round, l.First/1000, rest)
}

// put stores the files of letters, or for typed recipients the one document that all of them get.
func (w *writer) put(ctx context.Context, letters []*post.Letter, files []post.File) error {
	if len(letters) == 0 {
		return nil
	}
	objects := make([]post.Object, len(letters))
	if w.cutter == nil {
		one, err := w.h.Objects.Copy(
			ctx,
			w.s.Parts[0].Object,
			path.Join("letters", w.s.ID, "document.pdf"),
			time.Time{},
		)
		if err != nil {
			return err
		}
		for i := range objects {
			objects[i] = one
		}
	} else {
		var err error
		if objects, err = w.h.Objects.Put(ctx, files...); err != nil {
			return err
		}
	}
	for i, l := range letters {
		l.Document = objects[i]
		w.check(l)
	}
	return ctx.Err()
}

// revisionsOfASend is more than any letter ever has.
const revisionsOfASend = 1_000_000

// letter makes the letter of the i-th segment, counted from 0. Its id depends on nothing but the shipment, the pages
// and the recipient's ordinal, so that a Send that is taken up again makes the same letters, with the same keys,
// as long as what those are made of has not been erased.
func (w *writer) letter(i int) *post.Letter {
	segment := w.plan.Segments[i]
	id := post.DraftLetterID(w.s.ID, segment.First, segment.Last, segment.Ordinal)
	l := &post.Letter{
		ID:        id,
		Org:       w.s.Org,
		Number:    i + 1,
		Round:     w.s.Sends,
		First:     segment.First,
		Last:      segment.Last,
		Recipient: segment.Recipient,
		Reviewed:  w.lookUp.Reviewed(segment.Recipient, w.h.Now()),
		Unit:      cmp.Or(segment.Unit, w.s.UnitOf(segment.Ordinal)),
		Secret:    post.Secret(keys.Letter(string(w.s.Secret), string(id))),
		State:     post.Created,
		// Whoever still removes the letter of an undone Send must not take this one for it.
		Revision: int64(w.s.Sends) * revisionsOfASend,
	}
	if segment.Problem != "" {
		l.Problem = segmentProblem(&segment)
	}
	l.Note(w.h.Now(), post.WasSplit, "")
	if e := w.s.AddressedBy(segment.Ordinal); e != nil {
		l.Note(e.At, post.WasAddressed, e.By)
	}
	if segment.Dropped {
		_ = l.Cancel(w.h.Now(), segment.DroppedBy) // one that was made this moment can be cancelled
	}
	return l
}

// cut returns the PDF of a letter. One whose number cannot be proven to be gone, and one with a page that cannot be cut
// as it stands, is held back for good. What a person has reviewed must come out as it was seen; where it does not,
// whoever looks again sees what comes out now.
func (w *writer) cut(ctx context.Context, l *post.Letter, segment splitter.Segment) ([]byte, error) {
	cut := w.cutter.Letter(segment, w.s.RemoveCPR)
	for _, n := range cut.Left {
		l.Remaining = append(l.Remaining, post.MarkOf(l.ID, n))
	}
	if cut.Unfit != "" {
		l.Problem, l.Unfit = &post.Problem{Code: post.UnreadablePage, Text: cut.Unfit, Cause: cut.Cause}, cut.Unfit
	}
	if wanted := w.seen[l.ID]; wanted != "" {
		if err := w.asSeen(ctx, l.ID, wanted, sumOf(cut.Content)); err != nil {
			return nil, err
		}
	}
	return bytes.Clone(cut.Content), nil
}

func (w *writer) asSeen(ctx context.Context, id post.LetterID, wanted, sum string) error {
	if wanted == sum {
		return nil
	}
	if err := w.h.Drafts.Remark(ctx, w.s, post.Remark{Letter: id, Sum: sum}); err != nil {
		return err
	}
	return fmt.Errorf("letter %s: its PDF is not the one that was looked at: %w", id, errAnotherOutcome)
}

// check holds a letter back that Digital Post would not take.
func (w *writer) check(l *post.Letter) {
	if size := message.Size(w.s, l.Document.Size); size > post.MessageLimit && l.Problem == nil {
		l.Problem = tooLargeLetter(size)
	}
}
