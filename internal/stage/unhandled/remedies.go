package unhandled

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"brevdue/internal/keys"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
	"brevdue/internal/workflow"
)

// Remedies are what a user presses in Ubehandlet.
type Remedies struct {
	Shipments post.Shipments
	Letters   post.Letters
	Failures  post.Failures
	Bulks     post.Bulks
	Queues    post.Queues
	Transfers post.Transfers
	Channel   post.Channel
	Audit     post.Auditor
	UUIDKey   []byte
	Timings   post.Timings
	Now       func() time.Time
	NewID     func() string // of a bulk: 12 characters of [a-z0-9]
	AtOnce    int           // rows that are done while somebody waits; 0 for post.BulkRows
	Runner    parallel.Runner
	Restored  post.Restorations // nil where nothing is ever restored

	Organizations post.Organizations
	Proposals     post.Proposals
}

func (r *Remedies) clock() post.Clock { return post.Clock{At: r.Now(), Timings: r.Timings} }

// replaying is one replay on its way.
type replaying struct {
	*Remedies
	who     post.Caller
	how     post.Replay
	since   time.Time       // it was pressed, or its first row was done
	anew    bool            // it was pressed for a letter that somebody has dismissed
	sends   int             // letters that have been let go so far
	cancels map[string]int  // of shipments, as they were when it was pressed
	unsent  map[string]bool // shipments that nobody has sent, where it takes two
}

// Replay implements post.Remedies: it sends again what the filters choose. A dry run only says how many and what would
// happen.
func (r *Remedies) Replay(
	ctx context.Context,
	who post.Caller,
	chosen []post.FailureFilter,
	how post.Replay,
) (*post.Bulk, error) {
	if !how.On.IsZero() && how.On.Before(r.Now()) {
		return nil, post.Mistakes{{Field: "on", Text: sentence.Of("day-past")}}
	}
	if how.On.Sub(r.Now()) > longestWait {
		return nil, post.Mistakes{{Field: "on", Text: sentence.Of("day-far")}}
	}
	if err := checkCase(how.Case); err != nil {
		return nil, err
	}
	return r.begin(ctx, &post.Bulk{Org: who.Org, By: who, Kind: post.BulkReplay, Chosen: chosen, How: how})
}

// longestWait is for how long a letter may wait for its day.
const longestWait = 60 * 24 * time.Hour

// record writes one entry for the rows of each shipment that stand together.
func (r *Remedies) record(
	ctx context.Context,
	who post.Caller,
	act post.Action,
	text string,
	rows []*post.Failure,
) error {
	for len(rows) > 0 {
		n := 0
		var letters []string
		for ; n < len(rows) && rows[n].Shipment == rows[0].Shipment; n++ {
			if rows[n].Letter != "" {
				letters = append(letters, fmt.Sprint(rows[n].Place()))
			}
		}
		entry := who.Did(
			act,
			rows[0].Shipment,
			"",
			strings.TrimSpace(texts.Say("rows-of-letters", string(rows[0].Problem.Code), strings.Join(letters, " "),
				text)),
		)
		if n == 1 {
			entry.Letter = rows[0].Letter
		}
		if err := r.Audit.Record(ctx, entry); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// row does one row, or says what it would do.
func (p *replaying) row(ctx context.Context, f *post.Failure) (post.Replaying, error) {
	if p.how.Case != "" && f.Archive == "" { // a case is for rows about archives outside: nothing else moves
		return post.ReplayNothing, nil
	}
	if f.Message != nil {
		return p.putBack(ctx, f)
	}
	if f.Letter == "" {
		return p.splitAgain(ctx, f)
	}
	if f.Archive != "" {
		return p.transferAgain(ctx, f)
	}
	l, err := p.Letters.Get(ctx, f.Org, f.Letter)
	if err != nil {
		return post.ReplayNothing, err
	}
	if l.State == post.Dismissed && !p.anew && f.Problem.Code == l.Problem.Code {
		return post.ReplayNothing, p.finishDismissal(ctx, f, l)
	}
	what := l.Replayable()
	switch {
	case !f.About(l): // it has solved itself, and whoever should have closed the row did not come to it
		what = post.ReplayNothing
	case f.Problem.Code == post.ChangedAnswer: // a person reads it; what became of the letter is in another row
		what = post.ReplayNothing
	case f.Problem.Code == post.ArchiveFailedCode:
		what = post.ReplayArchive
	case what == post.ReplayArchive: // that is for the other row of this letter
		what = post.ReplayNothing
	case what == post.ReplaySends && l.Current() != nil && l.Current().MayRenew():
		if known, err := p.alreadyDelivered(ctx, l); err != nil {
			return post.ReplayNothing, err
		} else if known {
			what = post.ReplayAsks
		}
	}
	if what == post.ReplaySends {
		switch alone, err := p.unapproved(ctx, f); {
		case err != nil:
			return post.ReplayNothing, err
		case alone:
			return post.ReplayNothing, nil
		}
	}
	if p.how.DryRun {
		return what, nil
	}
	wrote := true
	switch what {
	case post.ReplaySends:
		wrote, err = p.send(ctx, f, current(l))
	case post.ReplayArchive:
		wrote, err = p.again(ctx, f, p.who, post.ArchiveQueue, func(l *post.Letter) error {
			return l.ArchiveAgain(p.clock(), p.who.Name)
		})
	case post.ReplayAsks:
		err = p.ask(ctx, l, p.who.Name)
	case post.ReplayNothing:
		if !f.About(l) {
			err = p.Failures.Close(ctx, f, "", p.who.Name, p.Now())
		}
	}
	if !wrote {
		what = post.ReplayNothing
	}
	return what, err
}

// unapproved reports whether a letter is of a draft that nobody has sent, where it takes two: a cancel after a restore
// had its senders ask. One person alone does not send it from here.
func (p *replaying) unapproved(ctx context.Context, f *post.Failure) (bool, error) {
	if alone, known := p.unsent[f.Shipment]; known {
		return alone, nil
	}
	s, err := p.Shipments.Get(ctx, f.Org, f.Shipment)
	if err != nil {
		return false, err
	}
	alone := false
	if s.Unsent {
		o, err := p.Organizations.Organization(ctx, f.Org)
		if err != nil {
			return false, err
		}
		alone = o.FourEyes > 0 || s.Options.Legal
	}
	p.unsent[f.Shipment] = alone
	return alone, nil
}

// finishDismissal closes a row whose letter somebody has dismissed, and died before closing it. It is not sent: who has
// dismissed it may have handed it over.
func (p *replaying) finishDismissal(ctx context.Context, f *post.Failure, l *post.Letter) error {
	if p.how.DryRun {
		return nil
	}
	return p.Failures.Close(ctx, f, l.Dismissal(), p.who.Name, p.Now())
}

// send queues a letter again: at once, on its day, or when its minute has come. What has to wait has no job; the sweep
// brings it.
func (p *replaying) send(ctx context.Context, f *post.Failure, asked string) (wrote bool, err error) {
	on, q := p.how.On, post.SendQueue
	if minutes := p.sends / post.ReplaysAMinute; minutes > 0 && on.IsZero() {
		on = p.since.Add(time.Duration(minutes) * time.Minute)
	}
	if p.sends++; on.After(p.Now()) {
		q = ""
	}
	cancels, err := p.cancelsOf(ctx, f)
	if err != nil {
		return false, err
	}
	return p.again(ctx, f, p.who, q, func(l *post.Letter) error {
		if current(l) != asked || l.State == post.Dismissed && !p.anew { // somebody else was faster
			return post.ErrUnchanged
		}
		if err := l.Requeue(keys.UUIDs(p.UUIDKey), p.clock(), p.who.Name, on); err != nil {
			return err
		}
		l.Cancels = cancels
		return nil
	})
}

// cancelsOf is how often the shipment of a row was cancelled when the replay was pressed: what is cancelled later holds
// its letters back.
func (p *replaying) cancelsOf(ctx context.Context, f *post.Failure) (int, error) {
	if cancels, known := p.cancels[f.Shipment]; known {
		return cancels, nil
	}
	s, err := p.Shipments.Get(ctx, f.Org, f.Shipment)
	if err != nil {
		return 0, err
	}
	p.cancels[f.Shipment] = s.Cancels
	return s.Cancels, nil
}

// putBack returns a message to its queue. It is there before its row is closed; twice does no harm.
func (p *replaying) putBack(ctx context.Context, f *post.Failure) (post.Replaying, error) {
	if f.Message.Queue == "" { // what is stored cannot be read: IT has to mend it
		return post.ReplayNothing, nil
	}
	if !p.how.DryRun {
		switch err := p.Queues.Return(ctx, *f.Message); {
		case errors.Is(err, post.ErrUnreadable): // it holds up no other row
			return post.ReplayNothing, nil
		case err != nil:
			return post.ReplayNothing, err
		}
		if err := p.Failures.Close(ctx, f, "", p.who.Name, p.Now()); err != nil {
			return post.ReplayNothing, err
		}
	}
	return post.ReplaySends, nil
}

// splitAgain lets a shipment be split again that broke down in the split. One that was refused is refused again.
func (p *replaying) splitAgain(ctx context.Context, f *post.Failure) (post.Replaying, error) {
	if f.Problem.Code != post.Unknown {
		return post.ReplayNothing, nil
	}
	if p.how.DryRun {
		return post.ReplaySplits, nil
	}
	wrote := false
	s, err := p.Shipments.Change(ctx, f.Org, f.Shipment, func(s *post.Shipment) error {
		err := s.SplitAgain(p.clock())
		wrote = err == nil
		return err
	})
	if err != nil {
		return post.ReplayNothing, err
	}
	if wrote || s.State != post.SplitRefused { // else it went on before, and its row was left over
		err = p.Failures.Close(ctx, f, "", p.who.Name, p.Now())
	}
	if err != nil || !wrote {
		return post.ReplayNothing, err
	}
	jobs := []post.Job{{Org: s.Org, Object: s.Parts[0].Key}}
	if s.State == post.Uploading {
		jobs = nil
		for _, part := range s.Uploads() {
			jobs = append(jobs, post.Job{Org: s.Org, Object: part.Key})
		}
	}
	return post.ReplaySplits, p.Queues.Send(ctx, post.SplitQueue, jobs...)
}

// alreadyDelivered asks Digital Post whether it has the letter's current message. It is called before a new UUID is
// made: a message that was refused at once, for a reason that we may not understand, must not be there already.
func (r *Remedies) alreadyDelivered(ctx context.Context, l *post.Letter) (bool, error) {
	m := l.Current()
	if m.RefusedLater {
		return false, nil
	}
	found, err := r.Channel.Find(ctx, l.Org, m.UUID, l.EventsSince())
	if err != nil {
		return false, &post.Problem{Code: post.ChannelDown, Cause: err}
	}
	return found, nil
}

// again puts a letter back on its queue, where there is one: the change first, then the row is closed, then the job;
// what is lost between is found by the sweep. Who comes second changes nothing.
func (r *Remedies) again(
	ctx context.Context,
	f *post.Failure,
	who post.Caller,
	q post.Queue,
	change func(*post.Letter) error,
) (wrote bool, err error) {
	l, wrote, err := workflow.ChangeOne(ctx, r.Letters, f.Org, f.Letter, change)
	if err != nil || !wrote {
		return wrote, err
	}
	if err := r.Failures.Close(ctx, f, "", who.Name, r.Now()); err != nil || q == "" {
		return wrote, err
	}
	if q == post.SendQueue {
		return wrote, workflow.QueueBegun(ctx, r.Queues, l)
	}
	return wrote, r.Queues.Send(ctx, q, post.Job{Org: f.Org, Letter: f.Letter})
}

// ask asks Digital Post whether it has the letter, and posts nothing. The receipt comes by itself if there is one.
func (r *Remedies) ask(ctx context.Context, l *post.Letter, by string) error {
	m := l.Current()
	found, err := r.Channel.Find(ctx, l.Org, m.UUID, l.EventsSince())
	if err != nil {
		return &post.Problem{Code: post.ChannelDown, Cause: err}
	}
	note := sentence.Of("asked-known-by", by)
	if !found {
		note = sentence.Of("asked-unknown-by", by)
	}
	now, wrote, err := workflow.ChangeOne(ctx, r.Letters, l.Org, l.ID, func(l *post.Letter) error {
		l.Note(r.Now(), post.WasAsked, string(note))
		if err := l.ConfirmDelivered(r.clock(), m.UUID, found); !errors.Is(err, post.ErrUnchanged) {
			return err
		}
		return nil
	})
	if err == nil && wrote && now.State == post.HandedOver && l.State.NotSent() {
		// It is there after all, and waits for its receipt.
		return workflow.CloseRows(ctx, r.Letters, r.Failures, now.ID, now.Org, r.clock())
	}
	return err
}
