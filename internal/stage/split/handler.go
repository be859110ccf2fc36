package split

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
	"sync"
	"time"

	"brevdue/internal/envelope"
	"brevdue/internal/post"
)

// Handler splits what was uploaded, and queues the letters of what may leave.
type Handler struct {
	Shipments   post.Shipments
	Letters     post.Letters
	Files       post.SentFiles
	Objects     post.Objects
	Queues      post.Queues
	Environment post.Environment
	Pace        post.Pace
	Now         func() time.Time
}

// singleLimit is how many letters may go through the single interface outside the simulator; mass mail must use the
// mass interface (digital-post.md 3.3).
const singleLimit = 100

func (h *Handler) moment() post.Moment { return post.Moment{At: h.Now(), Pace: h.Pace} }

// Handle does errands of the split queue.
func (h *Handler) Handle(ctx context.Context, errands []post.Errand) []error {
	errs := make([]error, len(errands))
	for i, e := range errands {
		switch {
		case e.Object != "":
			errs[i] = h.arrived(ctx, e.Object)
		case e.Shipment != "":
			errs[i] = h.fanOut(ctx, e.Shipment)
		default:
			errs[i] = errors.New("an errand about nothing")
		}
	}
	return errs
}

// arrived pins an upload, and splits when it was the last one.
func (h *Handler) arrived(ctx context.Context, key string) error {
	parts := strings.Split(key, "/") // uploads/<org>/<shipment>/<part>
	if len(parts) != 4 || parts[0] != "uploads" {
		return fmt.Errorf("upload %s: not a key of ours", key)
	}
	object, err := h.Objects.First(ctx, key)
	if err != nil {
		return err
	}
	s, err := h.Shipments.Change(ctx, parts[2], func(s *post.Shipment) error {
		if err := s.Pin(object); err != nil {
			return err
		}
		if s.Arrived() {
			s.State, s.Due = post.Splitting, h.moment().Look().Add(splitTime(s.Parts[0].Object.Size))
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case s.State == post.Splitting:
		return h.split(ctx, s)
	case s.State == post.ShipmentCancelled || s.State == post.Stopped:
		return h.cancelRest(ctx, s)
	}
	return nil
}

// cancelRest cancels what a split had written of a shipment that was cancelled or stopped meanwhile.
func (h *Handler) cancelRest(ctx context.Context, s *post.Shipment) error {
	_, err := post.CancelLetters(ctx, h.Letters, s, h.moment(), "")
	return err
}

// splitTime is longer than the split of so many bytes takes, so that the sweep does not start it twice.
func splitTime(bytes int64) time.Duration { return time.Duration(bytes>>20) * time.Second }

// split is repeatable: run again, it gives the same letters with the same ids.
func (h *Handler) split(ctx context.Context, s *post.Shipment) error {
	data, done, err := h.Objects.Open(ctx, s.Parts[0].Object)
	if err != nil {
		return err
	}
	defer done()
	plan, err := h.plan(ctx, s, data)
	var p *post.Problem
	if errors.As(err, &p) {
		return h.stop(ctx, s, plan, p)
	}
	if err != nil {
		return err
	}
	if s.Environment != post.Simulator && len(plan.Pieces) > singleLimit {
		return h.stop(ctx, s, plan, &post.Problem{Code: post.MessageRefused, Text: fmt.Sprintf(
			"Dokumentet har %d breve. Uden for simulatoren kan der højst sendes %d breve ad gangen, til Brevdue kan bruge Digital Posts masseforsendelse.", len(plan.Pieces), singleLimit)})
	}
	review := s.Review || plan.Review
	repeated, err := h.repeated(ctx, s, review)
	if err != nil {
		return err
	}
	if repeated != "" {
		plan.Findings = append(plan.Findings, post.Repeated)
	}
	// The number of letters is there before the first of them, so that whoever cancels finds them all.
	s, err = h.Shipments.Change(ctx, s.ID, func(s *post.Shipment) error {
		if s.State != post.Splitting {
			return post.Unchanged
		}
		s.Version, s.Pages, s.Letters, s.Findings = version, plan.Pages, len(plan.Pieces), plan.Findings
		return nil
	})
	if err != nil || s.State != post.Splitting {
		return err
	}
	if err := h.write(ctx, s, plan); err != nil {
		return err
	}
	return h.release(ctx, s, review || repeated != "")
}

func (h *Handler) plan(ctx context.Context, s *post.Shipment, data []byte) (*Plan, error) {
	if len(s.Given) > 0 {
		return Whole(data, s.Given)
	}
	return Make(ctx, data, Options{Rule: s.Rule, Sender: s.Own})
}

// repeated returns the shipment that has sent the same file already. What leaves at once claims the file before it
// leaves, so that of two uploads at the same time one is warned; what waits for a person claims it at Send.
func (h *Handler) repeated(ctx context.Context, s *post.Shipment, review bool) (earlier string, err error) {
	sum, since := s.Parts[0].Object.SHA256, h.Now().Add(-post.RepeatWithin)
	switch {
	case review && s.Repeat:
		return "", nil
	case review:
		earlier, err = h.Files.SentSince(ctx, s.Org, sum, since)
	default:
		earlier, err = h.Files.Claim(ctx, s.Org, sum, s.ID, h.Now(), since, s.Repeat)
	}
	if earlier == s.ID {
		return "", err
	}
	return earlier, err
}

// stop ends a shipment of which nothing can be sent.
func (h *Handler) stop(ctx context.Context, s *post.Shipment, plan *Plan, p *post.Problem) error {
	p.At = h.Now()
	_, err := h.Shipments.Change(ctx, s.ID, func(s *post.Shipment) error {
		if s.State != post.Splitting {
			return post.Unchanged
		}
		s.State, s.Problem, s.Due = post.Stopped, p, h.moment().Look()
		if plan != nil {
			s.Pages, s.Findings = plan.Pages, plan.Findings
		}
		return nil
	})
	if err != nil {
		return err
	}
	return h.Queues.Send(ctx, post.SplitQueue.Dead(), post.Errand{Shipment: s.ID, Code: p.Code})
}

// release lets a split shipment go on: to the person who reviews it, or on its way.
func (h *Handler) release(ctx context.Context, s *post.Shipment, review bool) error {
	s, err := h.Shipments.Change(ctx, s.ID, func(s *post.Shipment) error {
		if s.State != post.Splitting {
			return post.Unchanged
		}
		if review {
			s.State, s.Due = post.InReview, time.Time{}
			return nil
		}
		return s.StartSending(h.Now())
	})
	switch {
	case err != nil:
		return err
	case s.State == post.ShipmentCancelled || s.State == post.Stopped:
		return h.cancelRest(ctx, s)
	case s.State == post.InSending:
		return h.Queues.Send(ctx, post.SplitQueue, post.Errand{Shipment: s.ID})
	}
	return nil
}

// version of the split: a correction by hand would be the next one.
const version = 1

// Limits of what is written together.
const (
	together      = 50
	togetherBytes = 16 << 20
)

// write cuts the letters and stores them, some at a time on each core.
func (h *Handler) write(ctx context.Context, s *post.Shipment, plan *Plan) error {
	work := make(chan int)
	errs := make(chan error, 1)
	var wg sync.WaitGroup
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	for range 4 * runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			w := writer{h: h, s: s, plan: plan}
			if len(s.Given) == 0 {
				w.cutter = plan.Cutter()
			}
			for from := range work {
				if err := w.some(stop, from, min(from+together, len(plan.Pieces))); err != nil {
					select {
					case errs <- err:
					default:
					}
					cancel()
				}
			}
		})
	}
	for from := 0; from < len(plan.Pieces) && stop.Err() == nil; from += together {
		work <- from
	}
	close(work)
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return ctx.Err()
	}
}

// writer writes letters of one plan.
type writer struct {
	h      *Handler
	s      *post.Shipment
	plan   *Plan
	cutter *Cutter
}

// some writes the pieces from..to, their files together so that they share a sync.
func (w *writer) some(ctx context.Context, from, to int) (err error) {
	defer post.Recover(&err)
	var letters []*post.Letter
	var files []post.File
	inHand, written := 0, 0
	for i := from; i < to; i++ {
		letters = append(letters, w.letter(i))
		if w.cutter == nil {
			continue
		}
		content := bytes.Clone(w.cutter.Cut(w.plan.Pieces[i]))
		files = append(files, post.File{Key: fmt.Sprintf("letters/%s/%d/%04d/%06d.pdf", w.s.ID, version, (i+1)/100, i+1), Content: content})
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
		one, err := w.h.Objects.Copy(ctx, w.s.Parts[0].Object, path.Join("letters", w.s.ID, "document.pdf"))
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
		ID: post.NewLetterID(w.s.ID, version, i+1, piece.First, piece.Last), Org: w.s.Org,
		First: piece.First, Last: piece.Last, Recipient: piece.Recipient, State: post.Created,
	}
	if piece.Problem != "" {
		l.Problem = &post.Problem{Code: piece.Problem}
	}
	l.Note(w.h.Now(), post.WasSplit, "")
	return l
}

// check holds a letter back that Digital Post would not take.
func (w *writer) check(l *post.Letter) {
	if size := envelope.Size(w.s, l.Document.Size); size > post.MessageLimit && l.Problem == nil {
		l.Problem = &post.Problem{Code: post.MessageRefused, Text: fmt.Sprintf(
			"Brevet fylder %.1f MB med bilag, som det sendes. Digital Post tager højst 99,5 MB.", float64(size)/1e6)}
	}
}

// fanOut queues the letters of a shipment that may leave, or cancels those of one that may not. It is repeatable.
func (h *Handler) fanOut(ctx context.Context, id string) error {
	s, err := h.Shipments.Get(ctx, id)
	if err != nil {
		return err
	}
	switch s.State {
	case post.ShipmentCancelled, post.Stopped:
		err = h.cancelRest(ctx, s)
	case post.InSending:
		err = h.queueAll(ctx, s)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	_, err = h.Shipments.Change(ctx, id, func(s *post.Shipment) error {
		if s.Due.IsZero() {
			return post.Unchanged
		}
		s.Due = time.Time{}
		return nil
	})
	return err
}

// pagesQueued is how many pages of letters are queued at the same time.
const pagesQueued = 4

func (h *Handler) queueAll(ctx context.Context, s *post.Shipment) error {
	pages := make(chan []*post.Letter)
	errs := make([]error, pagesQueued)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			for page := range pages {
				errs[i] = errors.Join(errs[i], h.queue(ctx, page))
			}
		})
	}
	err := post.EachPage(ctx, h.Letters, s, func(page []*post.Letter) error {
		pages <- page
		return nil
	})
	close(pages)
	wg.Wait()
	return errors.Join(append(errs, err)...)
}

// queue writes the intent first and the errands after; what is lost between is found by the sweep.
func (h *Handler) queue(ctx context.Context, page []*post.Letter) (err error) {
	defer post.Recover(&err)
	changed, err := h.Letters.Change(ctx, post.IDs(page), func(l *post.Letter) error { return l.Queue(h.moment()) })
	if err != nil {
		return err
	}
	var send []post.Errand
	var failed []*post.Letter
	for _, c := range changed {
		switch {
		case c.Err != nil:
			return c.Err
		case !c.Wrote:
		case c.Letter.State == post.Failed:
			failed = append(failed, c.Letter)
		default:
			send = append(send, post.Errand{Letter: c.Letter.ID})
		}
	}
	if len(send) > 0 {
		if err := h.Queues.Send(ctx, post.SendQueue, send...); err != nil {
			return err
		}
	}
	return post.AfterEnd(ctx, h.Queues, failed)
}
