package split

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"runtime"
	"slices"
	"sync"
	"time"

	"brevdue/internal/envelope"
	"brevdue/internal/post"
)

// Limits of what is written together.
const (
	together      = 50
	togetherBytes = 16 << 20
)

// write cuts the letters and stores them, some at a time on each core.
func (h *Handler) write(ctx context.Context, s *post.Shipment, plan *Plan) error {
	stop, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	writers := sync.Pool{New: func() any {
		w := &writer{h: h, s: s, plan: plan}
		if len(s.Given) == 0 {
			w.cutter = plan.Cutter()
		}
		return w
	}}
	_ = post.Together(ctx, (len(plan.Pieces)+together-1)/together, 4*runtime.GOMAXPROCS(0), func(i int) (err error) { // the first error is the cause
		if stop.Err() != nil {
			return nil
		}
		defer func() {
			if err != nil {
				cancel(err)
			}
		}()
		defer post.Recover(&err)
		w := writers.Get().(*writer)
		defer writers.Put(w)
		return post.Persist(stop, func() error { return w.some(stop, i*together, min(i*together+together, len(plan.Pieces))) })
	})
	return context.Cause(stop)
}

// keepAttachments copies what goes out with every letter, so that the uploads can be disposed of when the shipment is
// over, while a letter of it may still be sent again.
func (h *Handler) keepAttachments(ctx context.Context, s *post.Shipment) ([]post.Part, error) {
	parts := slices.Clone(s.Parts)
	for i := 1; i < len(parts); i++ {
		key := fmt.Sprintf("letters/%s/attachment-%d", s.ID, i)
		if parts[i].Object.Key == key { // of the version before
			continue
		}
		kept, err := h.Objects.Copy(ctx, parts[i].Object, key, time.Time{})
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
	plan   *Plan
	cutter *Cutter
}

// some writes the pieces from..to, their files together so that they share a sync.
func (w *writer) some(ctx context.Context, from, to int) error {
	var letters []*post.Letter
	var files []post.File
	inHand, written := 0, 0
	for i := from; i < to; i++ {
		l := w.letter(i)
		letters = append(letters, l)
		if w.cutter == nil {
			continue
		}
		content := w.cut(l, w.plan.Pieces[i])
		files = append(files, post.File{Key: fmt.Sprintf("letters/%s/%d/%04d/%06d.pdf", w.s.ID, w.s.Version, (i+1)/100, i+1), Content: content})
		if inHand += len(content); inHand > togetherBytes {
			if err := w.put(ctx, letters[written:], files); err != nil {
				return err
			}
			files, inHand, written = nil, 0, len(letters)
		}
	}
	if err := w.put(ctx, letters[written:], files); err != nil {
		return err
	}
	return w.h.Letters.Create(ctx, letters)
}

// put stores the files of letters, or for typed recipients the one document that all of them get.
func (w *writer) put(ctx context.Context, letters []*post.Letter, files []post.File) error {
	if len(letters) == 0 {
		return nil
	}
	objects := make([]post.Object, len(letters))
	if w.cutter == nil {
		one, err := w.h.Objects.Copy(ctx, w.s.Parts[0].Object, path.Join("letters", w.s.ID, "document.pdf"), time.Time{})
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

func (w *writer) letter(i int) *post.Letter {
	piece := w.plan.Pieces[i]
	l := &post.Letter{
		ID: post.NewLetterID(w.s.ID, w.s.Version, i+1, piece.First, piece.Last), Org: w.s.Org,
		First: piece.First, Last: piece.Last, Recipient: piece.Recipient, State: post.Created,
	}
	if piece.Problem != "" {
		l.Problem = &post.Problem{Code: piece.Problem}
	}
	l.Note(w.h.Now(), post.WasSplit, "")
	if piece.Dropped != "" {
		_ = l.Cancel(w.h.Now(), piece.Dropped) // one that was made this moment can be cancelled
	}
	return l
}

// cut returns the PDF of a letter. One whose number cannot be proven to be gone is held back as it is.
func (w *writer) cut(l *post.Letter, piece Piece) []byte {
	if !w.s.RemoveCPR {
		return bytes.Clone(w.cutter.Cut(piece))
	}
	content, err := w.cutter.CutWithout(piece)
	if err != nil {
		content = w.cutter.Cut(piece)
		l.Problem = &post.Problem{Code: post.UnreadablePage, Text: NotRemoved, Cause: err}
	}
	return bytes.Clone(content)
}

// check holds a letter back that Digital Post would not take.
func (w *writer) check(l *post.Letter) {
	if size := envelope.Size(w.s, l.Document.Size); size > post.MessageLimit && l.Problem == nil {
		l.Problem = &post.Problem{Code: post.MessageRefused, Text: fmt.Sprintf(
			"Brevet fylder %.1f MB med bilag, som det sendes. Digital Post tager højst 99,5 MB.", float64(size)/1e6)}
	}
}
