package split

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"path"
	"slices"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/message"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/splitter"
	"brevdue/internal/texts"
	"brevdue/internal/workflow"
)

// draft stores what was read of a document: with the corrections that people make it is the draft of what is sent.
// What needs no review is sent at once, from the plan that is at hand.
func (h *Handler) draft(ctx context.Context, s *post.Shipment, plan *splitter.Plan, far *progress) error {
	if err := h.recognize(ctx, s, plan, far); err != nil {
		return err
	}
	review := s.Review || plan.Review
	s.Content = plan.Content()
	findings := findingsOf(plan)
	repeated, err := h.repeated(ctx, s, review)
	if err != nil {
		return err
	}
	if repeated != "" {
		findings = append(findings, post.Repeated)
	}
	parts, err := h.keepAttachments(ctx, s)
	if err != nil {
		return err
	}
	if err := h.removeOldVersions(ctx, s); err != nil {
		return err
	}
	if err := h.keepEdits(ctx, s); err != nil {
		return err
	}
	var waits error // for another person, or for another day
	if held := review || repeated != ""; !held {
		if waits, err = h.held(ctx, s, len(plan.Segments), h.Days); err != nil {
			return err
		}
	}
	if errors.Is(waits, post.ErrDailyLimit) {
		findings = append(findings, post.OverDailyLimit)
	}
	held := waits != nil || review || repeated != ""
	var facts post.Object
	if held || !s.WindowEnd(h.Now()).IsZero() { // else nobody looks at it before it leaves
		if facts, err = h.putFacts(ctx, s, plan); err != nil {
			return err
		}
		if err := h.remark(ctx, s, plan); err != nil {
			return err
		}
	}
	text := texts.Say("split-into", len(plan.Segments), plan.Pages)
	if err := h.Audit.Record(ctx, post.Caller{Org: s.Org}.Did(post.ActSplit, s.ID, "", text)); err != nil {
		return err
	}
	mine, content := false, s.Content
	s, err = h.Shipments.Change(ctx, s.Org, s.ID, func(now *post.Shipment) error {
		mine = false
		if now.State != post.Splitting {
			return post.ErrUnchanged
		}
		now.Version, now.RemovedVersions, now.Drafted, now.Facts = 0, 0, true, facts
		now.Pages, now.Letters, now.Parts = plan.Pages, len(plan.Segments), parts
		now.Findings = slices.Concat(findings, post.RepeatsOf(now.Findings))
		now.Content = content
		if held && now.Cancels == 0 {
			now.State, now.Due = post.InReview, time.Time{}
			if errors.Is(waits, post.ErrNeedsApproval) {
				return now.Ask(now.Area.Owner, post.SendOrder{Window: now.Window > 0, At: now.SendAfter}, h.Now())
			}
			return nil
		}
		mine = true
		err := now.StartSending(now.Area.Owner, h.Now(), now.WindowEnd(h.Now()))
		now.Unsent = held
		now.Due = h.whenWritten(now) // nobody else reads and writes it meanwhile; the job at the end does what is due
		return err
	})
	switch {
	case err != nil:
		return err
	case s.State == post.ShipmentCancelled || s.State == post.SplitRefused:
		return h.cancelRest(ctx, s)
	case s.State == post.InReview:
		h.lookUp(ctx, s, plan)
		return nil
	case s.State != post.InSending:
		return nil
	case mine: // else somebody may have corrected it meanwhile, and sent it
		if err := h.writeLetters(ctx, s, plan); err != nil {
			return err
		}
	}
	return h.Queues.Send(ctx, post.SplitQueue, post.Job{Org: s.Org, Shipment: s.ID})
}

// lookUp has the register asked about the recipients of a draft, for whoever reviews it.
func (h *Handler) lookUp(ctx context.Context, s *post.Shipment, plan *splitter.Plan) {
	if h.LookUps == nil {
		return
	}
	var numbers []ident.Number
	for _, segment := range plan.Segments {
		numbers = append(numbers, segment.Recipient)
	}
	if err := workflow.LookUp(ctx, h.LookUps, h.Queues, s, numbers, h.Now()); err != nil {
		slog.Warn("recipients are not looked up", "shipment", s.ID, "error", err) // which holds nothing back
	}
}

// held returns why a shipment that needs no review waits all the same; nil where it does not.
func (h *Handler) held(ctx context.Context, s *post.Shipment, letters int, days post.DayCounts) (why, err error) {
	o, err := h.Organizations.Organization(ctx, s.Org)
	if err != nil {
		return nil, err
	}
	counted := *s
	counted.Letters = letters
	why = workflow.Held(ctx, days, o, &counted, h.Now())
	if errors.Is(why, post.ErrNeedsApproval) || errors.Is(why, post.ErrDailyLimit) {
		return why, nil
	}
	return nil, why
}

// keepEdits makes the corrections of a shipment of before those of its draft.
func (h *Handler) keepEdits(ctx context.Context, s *post.Shipment) error {
	if s.Drafted {
		return nil
	}
	return h.Drafts.PutEdits(ctx, s, s.Edits)
}

// putFacts keeps what was read of a document, as long as its upload is kept. A document for typed recipients has none:
// each gets all of it.
func (h *Handler) putFacts(ctx context.Context, s *post.Shipment, plan *splitter.Plan) (post.Object, error) {
	if len(s.TypedRecipients) > 0 {
		return post.Object{}, nil
	}
	facts, err := plan.Facts()
	if err != nil {
		return post.Object{}, err
	}
	key := path.Join("letters", s.ID, "facts-"+sumOf(facts)[:16]) // of another splitter they are others
	objects, err := h.Objects.Put(ctx, post.File{Org: s.Org, Key: key, Content: facts})
	if err != nil {
		return post.Object{}, err
	}
	return objects[0], nil
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// remark notes in the draft which of its letters nobody can send as they are, so that a person sees it in the review.
// Where nothing can be wrong with any of them none is cut for it.
func (h *Handler) remark(ctx context.Context, s *post.Shipment, plan *splitter.Plan) error {
	large := message.Size(s, s.Parts[0].Object.Size) > post.MessageLimit
	if !s.RemoveCPR && !large || len(s.TypedRecipients) > 0 {
		return nil
	}
	cutter := plan.Cutter()
	for i := range plan.Segments {
		cut := cutter.Letter(plan.Segments[i], s.RemoveCPR)
		if r := remarkOf(s, &plan.Segments[i], cut); r != nil {
			if err := h.Drafts.Remark(ctx, s, *r); err != nil {
				return err
			}
		}
	}
	return nil
}

// remarkOf is what is wrong with a letter that was cut; nil for nothing.
func remarkOf(s *post.Shipment, segment *splitter.Segment, cut splitter.Letter) *post.Remark {
	id := post.DraftLetterID(s.ID, segment.First, segment.Last, segment.Ordinal)
	size := message.Size(s, int64(len(cut.Content)))
	switch {
	case cut.Unfit != "":
		return &post.Remark{Letter: id, Unfit: cut.Unfit}
	case size > post.MessageLimit && segment.Problem == "":
		return &post.Remark{Letter: id, Size: size}
	}
	return nil
}

// tooLargeLetter is why a letter is held back that Digital Post would not take.
func tooLargeLetter(size int64) *post.Problem {
	return &post.Problem{
		Code: post.MessageRefused,
		Text: sentence.Of("letter-too-large-with", post.Megabytes(size)),
	}
}
