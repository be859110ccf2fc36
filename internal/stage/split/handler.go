package split

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/splitter"
	"brevdue/internal/workflow"
)

// Handler splits what was uploaded, and queues the letters of what may leave.
type Handler struct {
	Shipments  post.AllShipments
	Letters    post.AllLetters
	Files      post.SentFiles
	Outlines   post.Outlines
	Containers post.Containers
	LookUps    post.LookUps // nil where nobody is looked up
	MassFrom   int          // from so many letters on they go in containers; 0 for never
	MassMost   int          // letters in one; 0 for the usual

	Versions      post.Versions
	Lists         post.LetterLists
	Drafts        post.Drafts
	NewLetters    post.NewLetters
	Objects       post.Objects
	Uploads       post.Uploads
	Queues        post.Queues
	Organizations post.Organizations
	RightsNow     post.RightsNow
	Notices       post.Notices
	Days          post.DayCounts
	Audit         post.Auditor
	Restored      post.Restorations // nil where nothing is ever restored
	Environment   post.Environment
	Progresses    post.SplitProgresses // nil where nobody wants to know
	Timings       post.Timings
	Runner        parallel.Runner
	Now           func() time.Time
	NewSecret     func() post.Secret // what the keys of a Send's letters are made of; "" for none
	Retention     time.Duration      // how long attachments are locked, from the split on; zero where nothing is locked

	Scanner    post.Scanner    // nil where nothing is scanned
	Recognizer post.Recognizer // nil where no machine reads pictures

	Split  SplitFunc
	Replan ReplanFunc
	Cut    CutFunc
}

// ReplanFunc plans a document from what was read of it: splitter.Replan.
type ReplanFunc func(facts []byte, o splitter.Options) (*splitter.Plan, error)

// CutFunc cuts one letter of a document: splitter.CutOne.
type CutFunc func(ctx context.Context, data []byte, s splitter.Segment, removeCPR bool) (splitter.Letter, error)

// SplitFunc decides where each letter of a document begins and whom it is for: splitter.Make.
type SplitFunc func(ctx context.Context, data []byte, o splitter.Options) (*splitter.Plan, error)

func (h *Handler) clock() post.Clock { return post.Clock{At: h.Now(), Timings: h.Timings} }

// Handle does jobs of the split queue.
func (h *Handler) Handle(ctx context.Context, jobs []post.Job) []error {
	errs := make([]error, len(jobs))
	for i, j := range jobs {
		switch {
		case j.Object != "":
			errs[i] = h.arrived(ctx, j.Object)
		case j.Shipment != "":
			errs[i] = h.fanOut(ctx, j.Shipment)
		default:
			errs[i] = errors.New("a job about nothing")
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
	object, err := h.Uploads.First(ctx, key)
	if err != nil {
		return err
	}
	s, err := h.Shipments.Change(ctx, parts[1], parts[2], func(s *post.Shipment) error {
		if err := s.Pin(object); err != nil {
			return err
		}
		if s.Arrived() {
			s.State, s.Due = post.Splitting, h.clock().NextCheck().Add(splitTime(s.Parts[0].Object.Size))
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case s.State == post.Splitting:
		return h.split(ctx, s)
	case s.State == post.ShipmentCancelled || s.State == post.SplitRefused:
		return h.cancelRest(ctx, s)
	}
	return nil
}

// cancelRest cancels what a split had written of a shipment that was cancelled or stopped meanwhile.
func (h *Handler) cancelRest(ctx context.Context, s *post.Shipment) error {
	return workflow.CancelLetters(ctx, h.Letters, h.Lists, s, h.clock())
}

// whenWritten is when the sweep comes back to a shipment whose document is read or whose letters are written: not while
// that goes on, or it would all be done a second time beside it.
func (h *Handler) whenWritten(s *post.Shipment) time.Time {
	return h.clock().NextCheck().Add(splitTime(s.Parts[0].Object.Size))
}

// splitTime is longer than the split of so many bytes takes, so that the sweep does not start it twice.
func splitTime(bytes int64) time.Duration { return time.Duration(bytes>>20) * time.Second }

// split is repeatable: run again, it gives the same letters with the same ids.
func (h *Handler) split(ctx context.Context, s *post.Shipment) error {
	if infected, err := h.infected(ctx, s); err != nil || infected != nil {
		switch {
		case errors.Is(err, post.ErrNotScanned): // waiting is not a retry: the sweep brings it again
			return h.recheck(ctx, s)
		case err == nil:
			err = h.stop(ctx, s, nil, nil, infected)
		}
		return err
	}
	if unfit, err := h.unfit(ctx, s); err != nil || unfit != nil {
		if err == nil {
			err = h.stop(ctx, s, nil, nil, unfit)
		}
		return err
	}
	data, done, err := h.Objects.Open(ctx, s.Parts[0].Object)
	if err != nil {
		return err
	}
	defer done()
	far := h.progressOf(s)
	plan, err := h.plan(ctx, s, data, far)
	if p := problemOf(err); p != nil {
		return h.stop(ctx, s, plan, findingsOf(plan), p)
	}
	if err != nil {
		return err
	}
	return h.draft(ctx, s, plan, far)
}

// scanTime is how long a scanner is given before it is asked again.
const scanTime = 30 * time.Second

// scanWithin is how long a shipment waits for its verdict before a person is told.
const scanWithin = 2 * time.Hour

func (h *Handler) recheck(ctx context.Context, s *post.Shipment) error {
	_, err := h.Shipments.Change(ctx, s.Org, s.ID, func(s *post.Shipment) error {
		if s.State != post.Splitting {
			return post.ErrUnchanged
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
	threat, err := workflow.ScanAll(ctx, h.Scanner, objects...)
	switch {
	case errors.Is(err, post.ErrCannotScan):
		return post.NotScanned(), nil
	case errors.Is(err, post.ErrNotScanned) && h.Now().Sub(s.Created) > scanWithin:
		return &post.Problem{Code: post.Unknown, Text: sentence.Of("not-scanned")}, nil
	case err != nil || threat == "":
		return nil, err
	}
	return &post.Problem{Code: post.Malware, Detail: threat}, nil
}

func (h *Handler) plan(ctx context.Context, s *post.Shipment, data []byte, far *progress) (*splitter.Plan, error) {
	if len(s.TypedRecipients) > 0 {
		return splitter.Whole(ctx, data, s.TypedRecipients, h.options(s, nil))
	}
	names, err := h.names(ctx, s)
	if err != nil {
		return nil, err
	}
	o := h.options(s, names)
	o.Read = func(done, all int) { far.read(ctx, done, all) }
	return h.Split(ctx, data, o)
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
	return splitter.ReadNames(b)
}

// repeated returns the shipment that has sent the same file already, or the same letters in other bytes. What leaves at
// once claims them before it leaves, so that of two uploads at the same time one is warned; what waits for a person
// claims them at Send.
func (h *Handler) repeated(ctx context.Context, s *post.Shipment, review bool) (earlier string, err error) {
	if review && s.AllowRepeat {
		return "", nil
	}
	since := h.Now().Add(-post.RepeatWithin)
	for _, sum := range s.Contents() {
		var owner string
		if review {
			owner, err = h.Files.SentSince(ctx, s.Org, sum, since)
		} else {
			owner, err = h.Files.Claim(ctx, s.Org, sum, s.ID, h.Now(), since, s.AllowRepeat)
		}
		if err != nil {
			return "", err
		}
		if owner != s.ID && owner != "" {
			earlier = owner
		}
	}
	return earlier, nil
}

// stop ends a shipment of which nothing can be sent.
func (h *Handler) stop(ctx context.Context, s *post.Shipment, plan *splitter.Plan, findings []post.Finding,
	p *post.Problem) error {
	p.At = h.Now()
	if err := h.Audit.Record(ctx, post.Caller{Org: s.Org}.Did(post.ActFailed, s.ID, "", string(p.Code))); err != nil {
		return err
	}
	_, err := h.Shipments.Change(ctx, s.Org, s.ID, func(s *post.Shipment) error {
		if s.State != post.Splitting {
			return post.ErrUnchanged
		}
		s.State, s.Problem, s.Due = post.SplitRefused, p, h.clock().NextCheck()
		if plan != nil {
			s.Pages, s.Findings = plan.Pages, findings
		}
		return nil
	})
	if err != nil {
		return err
	}
	return h.Queues.Send(ctx, post.SplitQueue.Dead(), post.Job{Org: s.Org, Shipment: s.ID, Code: p.Code})
}
