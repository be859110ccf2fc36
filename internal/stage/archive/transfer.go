package archive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Limits of putting letters into archives outside.
const (
	leaseFor      = 2 * time.Minute
	transferFor   = 90 * time.Second // one letter; shorter than its lease
	archivesOnce  = 4                // cases that are worked on at the same time
	leasedFor     = 15 * time.Second // after this a case is looked at again that somebody else works on
	endAwaitedFor = 6 * time.Hour    // what wakes a transfer comes by itself; this is for what was lost
)

// transfer is one letter on its way into an archive outside.
type transfer struct {
	*Handler
	letter   *post.Letter
	shipment *post.Shipment
	state    *post.Transfer
	archive  post.Archive
	to       post.ArchiveConnection
	filed    *post.Filing // in Brevdue's own archive
	record   Record
	holder   string
	wakes    int                        // as they were before the letter was read
	found    map[post.DocumentID]string // in the case; nil while nobody has asked
}

// wake has the archives outside look at a letter, for which something has come. It is written before what says that it
// has come: a job may be lost. Whom a letter was for before it was corrected has it as it was, and is told so.
func (h *Handler) wake(ctx context.Context, f *filing) error {
	if len(f.shipment.Archives) == 0 {
		return nil
	}
	l, person := f.letter, h.person(f.letter)
	all, err := h.Transfers.Transfers(ctx, l.Org, l.ID)
	if err != nil {
		return err
	}
	keys := []post.TransferKey{}
	for _, archive := range f.shipment.Archives {
		if person != "" {
			keys = append(keys, post.TransferKey{Letter: l.ID, Archive: archive, Person: person})
		}
	}
	for _, t := range all {
		if !slices.Contains(keys, t.Key()) && t.State != post.TransferCompleted && t.State != post.TransferUnfiled {
			keys = append(keys, t.Key())
		}
	}
	for _, k := range keys {
		_, err := h.Transfers.ChangeTransfer(ctx, l.Org, k, func(t *post.Transfer) error {
			return t.Wake(h.clock().NextCheck())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// queueTransfers queues the jobs of archives outside.
func (h *Handler) queueTransfers(ctx context.Context, filings []*filing) error {
	var jobs []post.Job
	for _, f := range filings {
		for _, archive := range f.shipment.Archives {
			if f.err == nil {
				jobs = append(jobs, post.Job{Org: f.letter.Org, Letter: f.letter.ID, Archive: archive})
			}
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	return h.Queues.Send(ctx, post.ArchiveQueue, jobs...)
}

// transferAll puts letters into archives outside. The letters of one case are done one after the other, of which only
// one function has the lease at a time.
func (h *Handler) transferAll(ctx context.Context, jobs []post.Job, errs []error) {
	cases := map[string][]int{}
	var order []string
	all := make([][]*transfer, len(jobs))
	for i, j := range jobs {
		if j.Archive == "" {
			continue
		}
		if all[i], errs[i] = h.transfersOf(ctx, j); len(all[i]) == 0 {
			continue
		}
		place := all[i][0].caseKey()
		if cases[place] == nil {
			order = append(order, place)
		}
		cases[place] = append(cases[place], i)
	}
	// Archives that did not answer: the rest of the batch is left to the sweep.
	var down sync.Map
	needed := timeNeeded(ctx)
	_ = h.Runner.Run(ctx, len(order), archivesOnce, func(n int) error { // each job has its own error
		for _, i := range cases[order[n]] {
			for _, t := range all[i] {
				place := t.letter.Org + "#" + t.state.Archive
				if _, is := down.Load(place); is || timeLeft(ctx) < needed {
					continue
				}
				errs[i] = errors.Join(errs[i], t.safely(ctx, needed))
				if t.state.Tries > 0 && t.state.State == "" {
					down.Store(place, true)
				}
			}
		}
		return nil
	})
}

// timeNeeded is how much time has to be left for one more letter: what a letter may take, but in a function whose whole
// time is short, half of that. What is not begun is due in the table, and comes again.
func timeNeeded(ctx context.Context) time.Duration { return min(transferFor, timeLeft(ctx)/2) }

// timeLeft is how long a function has still.
func timeLeft(ctx context.Context) time.Duration {
	if end, bounded := ctx.Deadline(); bounded {
		return time.Until(end)
	}
	return 2 * transferFor
}

// transfersOf returns what is to be done of a job: for whom the letter is, and for whom it was.
func (h *Handler) transfersOf(ctx context.Context, j post.Job) ([]*transfer, error) {
	// They are read before the letter: what wakes one comes after what has come to the letter.
	states, err := h.Transfers.Transfers(ctx, j.Org, j.Letter)
	if err != nil {
		return nil, err
	}
	letters, err := h.Letters.ReadAny(ctx, j.Letter)
	if err != nil {
		return nil, err
	}
	l := letters[0]
	if l == nil || l.Org != j.Org {
		return nil, fmt.Errorf("letter %s: %w", j.Letter, post.ErrNotFound)
	}
	s, err := h.shipments.Get(j.Letter.Shipment(), func() (*post.Shipment, error) {
		return h.Shipments.Get(ctx, l.Org, l.ID.Shipment())
	})
	if err != nil {
		return nil, err
	}
	var all []*transfer
	for _, t := range states {
		if t.Archive == j.Archive {
			all = append(all, &transfer{Handler: h, letter: l, shipment: s, state: t, wakes: t.Wakes,
				holder: h.NewID()})
		}
	}
	return all, nil
}

// safely turns a panic in an archive's client into an error of its letter.
func (t *transfer) safely(ctx context.Context, most time.Duration) (err error) {
	defer parallel.Recover(&err)
	return t.run(ctx, most)
}

// run takes the lease of a letter in an archive, does what is to be done there, and writes down what came of it.
func (t *transfer) run(ctx context.Context, most time.Duration) error {
	err := t.change(ctx, func(is *post.Transfer) error {
		if is.State == post.TransferFailed || is.State == post.TransferDismissed || is.Due.IsZero() ||
			is.Wakes != t.wakes { // something has come to the letter since it was read: that has a job of its own
			return post.ErrUnchanged
		}
		return is.Lease.Take(t.holder, t.Now(), leaseFor)
	})
	if errors.Is(err, post.ErrLeased) || err == nil && t.state.Lease.Held(t.holder, t.Now()) != nil {
		return nil // it is done, a person has to see to it, or somebody else is at it: the sweep comes by
	}
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, most*9/10) // what came of it is written down after that
	defer cancel()
	return t.settle(ctx, t.underLease(within))
}

// change changes what is written of a transfer.
func (t *transfer) change(ctx context.Context, change func(*post.Transfer) error) error {
	now, err := t.Transfers.ChangeTransfer(ctx, t.letter.Org, t.state.Key(), change)
	if err == nil {
		t.state = now
	}
	return err
}

// mine is a change that is made only while the lease is held.
func (t *transfer) mine(ctx context.Context, change func(*post.Transfer)) error {
	return t.change(ctx, func(is *post.Transfer) error {
		if err := is.Lease.Held(t.holder, t.Now()); err != nil {
			return err
		}
		change(is)
		return nil
	})
}

// outsideError is an error of an archive outside: whatever it says, it is not this machine that has run out of
// something.
type outsideError struct{ error }

// Unwrap returns what the archive said.
func (o outsideError) Unwrap() error { return o.error }

func outside(err error) error {
	if err == nil {
		return nil
	}
	return outsideError{err}
}

// errNothing means that the letter was corrected before anything of it came into an archive.
var errNothing = errors.New("nothing was put there")

// errAwaited means that something has to come first; nothing has failed.
var errAwaited = errors.New("awaited")

// settle writes down what came of a transfer. What cannot go on by itself gets a row in Ubehandlet.
func (t *transfer) settle(ctx context.Context, failed error) error {
	now, awaits := t.clock(), t.ends()
	err := t.mine(ctx, func(is *post.Transfer) {
		var problem *post.Problem
		var theirs outsideError
		switch {
		case errors.Is(failed, errNothing):
			is.Settle(post.TransferUnfiled, time.Time{})
		case failed == nil && awaits:
			is.Settle(post.Transferred, now.At.Add(endAwaitedFor))
		case failed == nil:
			is.Settle(post.TransferCompleted, time.Time{})
		case errors.Is(failed, errAwaited):
			is.Wait(now.At.Add(now.Timings.BackOff(1, t.Jitter())))
		case errors.Is(failed, post.ErrLeased):
			is.Wait(now.At.Add(min(leasedFor, now.Timings.CheckAfter)))
		case post.OwnFault(failed) != "" && !errors.As(failed, &theirs):
			is.Wait(now.At.Add(now.Timings.BackOff(2, t.Jitter())))
		case errors.As(failed, &problem):
			is.Reschedule(now, t.Jitter(), *problem, true)
		default:
			is.Reschedule(now, t.Jitter(), *t.unreachable(), false)
		}
		if is.Wakes != t.wakes && is.State != post.TransferFailed { // what was done was made from what was before
			is.Due = now.At
		}
	})
	t.log(failed)
	if errors.Is(err, post.ErrLeased) { // it took too long: whoever has it now goes on from what is written
		return nil
	}
	if err != nil || t.state.State != post.TransferFailed {
		return err
	}
	return t.Queues.Send(ctx, post.ArchiveQueue.Dead(), post.Job{Org: t.letter.Org, Letter: t.letter.ID,
		Archive: t.state.Archive, Code: post.ArchiveFailedCode})
}

// log writes down what went wrong. What is said to a person has names of files and cases in it: of that the log has the
// code.
func (t *transfer) log(failed error) {
	var problem *post.Problem
	switch {
	case failed == nil, errors.Is(failed, errAwaited), errors.Is(failed, post.ErrLeased), errors.Is(failed, errNothing):
	case errors.As(failed, &problem):
		slog.Warn("transfer", "letter", t.letter.ID, "archive", t.state.Archive, "said", problem.Text.Code(),
			"cause", problem.Cause)
	default:
		slog.Warn("transfer", "letter", t.letter.ID, "archive", t.state.Archive, "error", failed)
	}
}

// unreachable says that an archive could not be used, and has made nothing.
func (t *transfer) unreachable() *post.Problem {
	name := t.to.Name
	if name == "" {
		name = t.state.Archive
	}
	return &post.Problem{Code: post.ArchiveFailedCode, Text: sentence.Of("archive-unreachable", name)}
}

// ends reports whether more is to come of a letter.
func (t *transfer) ends() (awaited bool) { return !t.former() && !t.letter.Archivable() }

// former reports whether a letter was for this person only before it was corrected.
func (t *transfer) former() bool { return t.state.Person != t.person(t.letter) }
