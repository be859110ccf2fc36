package split

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/post"
)

// Handler splits what was uploaded, and queues the letters of what may leave.
type Handler struct {
	Shipments   post.Shipments
	Letters     post.Letters
	Files       post.SentFiles
	Outlines    post.Outlines
	Objects     post.Objects
	Queues      post.Queues
	Audit       post.Auditor
	Environment post.Environment
	Pace        post.Pace
	Now         func() time.Time

	Scanner    post.Scanner    // nil where nothing is scanned
	Recognizer post.Recognizer // nil where no machine reads pictures

	Make func(ctx context.Context, data []byte, o Options) (*Plan, error) // nil for Make
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
	if infected, err := h.infected(ctx, s); err != nil || infected != nil {
		switch {
		case errors.Is(err, post.ErrNotScanned): // waiting is not a retry: the sweep brings it again
			return h.lookAgain(ctx, s)
		case err == nil:
			err = h.stop(ctx, s, nil, infected)
		}
		return err
	}
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
	return h.keep(ctx, s, plan)
}

// keep stores what a plan makes of a shipment, and lets it go on.
func (h *Handler) keep(ctx context.Context, s *post.Shipment, plan *Plan) error {
	if err := h.recognize(ctx, s, plan); err != nil {
		return err
	}
	review := s.Review || plan.Review
	repeated, err := h.repeated(ctx, s, review)
	if err != nil {
		return err
	}
	if repeated != "" {
		plan.Findings = append(plan.Findings, post.Repeated)
	}
	parts, err := h.keepAttachments(ctx, s)
	if err != nil {
		return err
	}
	v := max(1, s.Version)
	outline, err := h.keepOutline(ctx, s, plan)
	if err != nil {
		return err
	}
	// The number of letters is there before the first of them, so that whoever cancels finds them all.
	s, err = h.Shipments.Change(ctx, s.ID, func(s *post.Shipment) error {
		if s.State != post.Splitting || max(1, s.Version) != v {
			return post.Unchanged
		}
		s.Version, s.Pages, s.Letters, s.Findings, s.Parts, s.Outline = v, plan.Pages, len(plan.Pieces), plan.Findings, parts, outline
		return nil
	})
	if err != nil || s.State != post.Splitting || s.Version != v {
		return err
	}
	if err := h.write(ctx, s, plan); err != nil {
		return err
	}
	return h.release(ctx, s, review || repeated != "")
}

// scanTime is how long a scanner is given before it is asked again.
const scanTime = 30 * time.Second

// scanWithin is how long a shipment waits for its verdict before a person is told.
const scanWithin = 2 * time.Hour

func (h *Handler) lookAgain(ctx context.Context, s *post.Shipment) error {
	_, err := h.Shipments.Change(ctx, s.ID, func(s *post.Shipment) error {
		if s.State != post.Splitting {
			return post.Unchanged
		}
		s.Due = h.Now().Add(scanTime)
		return nil
	})
	return err
}

// infected scans what was uploaded, before anybody opens it. Without a verdict nothing goes on.
func (h *Handler) infected(ctx context.Context, s *post.Shipment) (*post.Problem, error) {
	var objects []post.Object
	for _, p := range s.Uploads() {
		if p.Object.Key == p.Key { // else it is the copy of an upload that was clean
			objects = append(objects, p.Object)
		}
	}
	threat, err := post.ScanAll(ctx, h.Scanner, objects...)
	switch {
	case errors.Is(err, post.ErrCannotScan):
		return post.NotScanned(), nil
	case errors.Is(err, post.ErrNotScanned) && h.Now().Sub(s.Created) > scanWithin:
		return &post.Problem{Code: post.Unknown, Text: "Filen er ikke blevet scannet for virus. IT skal se på scanneren; derefter kan dokumentet deles igen."}, nil
	case err != nil || threat == "":
		return nil, err
	}
	return &post.Problem{Code: post.Malware, Detail: threat}, nil
}

func (h *Handler) plan(ctx context.Context, s *post.Shipment, data []byte) (*Plan, error) {
	if len(s.Given) > 0 {
		return Whole(data, s.Given)
	}
	plan := Make
	if h.Make != nil {
		plan = h.Make
	}
	names, err := h.names(ctx, s)
	if err != nil {
		return nil, err
	}
	return plan(ctx, data, Options{Rule: s.Rule, Sender: s.Own, Names: names, Label: s.Label, Begins: s.Begins, Edits: s.Edits, Pictures: h.Recognizer != nil})
}

// names reads the list of names, if there is one.
func (h *Handler) names(ctx context.Context, s *post.Shipment) (map[ident.Number]string, error) {
	if s.NameList.Key == "" {
		return nil, nil
	}
	b, done, err := h.Objects.Open(ctx, s.NameList.Object)
	if err != nil {
		return nil, err
	}
	defer done()
	return ReadNames(b)
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
	if err := h.Audit.Record(ctx, post.Caller{Org: s.Org}.Did(post.ActFailed, s.ID, "", string(p.Code))); err != nil {
		return err
	}
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
	return h.Queues.Send(ctx, post.SplitQueue.Dead(), post.Errand{Org: s.Org, Shipment: s.ID, Code: p.Code})
}

// release lets a split shipment go on: to the person who reviews it, or on its way.
func (h *Handler) release(ctx context.Context, s *post.Shipment, review bool) error {
	version := s.Version
	text := fmt.Sprintf("%d breve af %d sider", s.Letters, s.Pages)
	if err := h.Audit.Record(ctx, post.Caller{Org: s.Org}.Did(post.ActSplit, s.ID, "", text)); err != nil {
		return err
	}
	s, err := h.Shipments.Change(ctx, s.ID, func(s *post.Shipment) error {
		if s.State != post.Splitting || s.Version != version { // it broke down meanwhile, and is being split anew
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
		return h.Queues.Send(ctx, post.SplitQueue, post.Errand{Org: s.Org, Shipment: s.ID})
	}
	return nil
}
