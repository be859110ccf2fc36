package workflow

import (
	"context"
	"slices"

	"brevdue/internal/post"
)

// EachPage calls do with the letters of a shipment, some at a time, in the order of the list. Letters of a Send that
// was undone are left out.
func EachPage(ctx context.Context, lists post.LetterLists, s *post.Shipment, do func([]*post.Letter) error) error {
	for part := range s.Partitions() {
		if err := OfPartition(ctx, lists, s, part, do); err != nil {
			return err
		}
	}
	return nil
}

// OfPartition is EachPage for the letters of one partition.
func OfPartition(
	ctx context.Context,
	lists post.LetterLists,
	s *post.Shipment,
	part int,
	do func([]*post.Letter) error,
) error {
	letters, err := lists.Partition(ctx, s, part)
	if err != nil {
		return err
	}
	letters = slices.DeleteFunc(letters, func(l *post.Letter) bool { return !s.Owns(l) })
	for some := range slices.Chunk(letters, lettersAtOnce) {
		if err := do(some); err != nil {
			return err
		}
	}
	return nil
}

// lettersAtOnce is how many letters are changed together.
const lettersAtOnce = 50

// CancelLetters cancels every letter of a shipment that has not left, and that its cancel holds back. A letter that may
// have left stays as it is.
func CancelLetters(
	ctx context.Context,
	letters post.Letters,
	lists post.LetterLists,
	s *post.Shipment,
	now post.Clock,
) error {
	return EachPage(ctx, lists, s, func(page []*post.Letter) error {
		changed, err := letters.Change(ctx, s.Org, post.IDs(page), func(l *post.Letter) error {
			if !s.Holds(l) {
				return post.ErrUnchanged
			}
			return l.Cancel(now.At, s.CancelledBy)
		})
		for _, c := range changed {
			if err == nil {
				err = c.Err
			}
		}
		return err
	})
}

// CloseRows closes the rows of a letter that has moved on: whatever was wrong has solved itself. Rows of the codes in
// but stay: another process may have put them just now. The letter is read after its rows, so that a slow process does
// not close a row that is true again.
func CloseRows(
	ctx context.Context,
	letters post.Letters,
	failures post.Failures,
	id post.LetterID,
	org string,
	now post.Clock,
	but ...post.Code,
) error {
	rows, _, err := failures.List(
		ctx,
		org,
		post.FailureFilter{Seen: post.Everything(), Shipment: id.Shipment(), Letter: id},
		"",
		20,
	)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(f *post.Failure) bool {
		return slices.Contains(but, f.Problem.Code)
	})
	if len(rows) == 0 {
		return nil
	}
	l, err := letters.Get(ctx, org, id)
	if err != nil {
		return err
	}
	for _, f := range rows {
		if f.About(l) {
			continue
		}
		if err := failures.Close(ctx, f, "", "", now.At); err != nil {
			return err
		}
	}
	return nil
}

// QueueBegun queues what follows for letters that are to be sent: their sending, and beside it their filing where that
// has begun. One that leaves in a container is sent with that.
func QueueBegun(ctx context.Context, queues post.Queues, letters ...*post.Letter) error {
	jobs := map[post.Queue][]post.Job{}
	for _, l := range letters {
		job := post.Job{Org: l.Org, Letter: l.ID}
		if l.Container == "" {
			jobs[post.SendQueue] = append(jobs[post.SendQueue], job)
		}
		if l.Begun() {
			jobs[post.ArchiveQueue] = append(jobs[post.ArchiveQueue], job)
		}
	}
	for _, q := range []post.Queue{post.SendQueue, post.ArchiveQueue} {
		if len(jobs[q]) == 0 {
			continue
		}
		if err := queues.Send(ctx, q, jobs[q]...); err != nil {
			return err
		}
	}
	return nil
}

// QueueAfterEnd queues what follows for letters that came to an end: their archiving, and a dead letter for each
// that failed.
func QueueAfterEnd(ctx context.Context, queues post.Queues, ended []*post.Letter) error {
	var archive, dead []post.Job
	for _, l := range ended {
		if l.Archivable() {
			archive = append(archive, post.Job{Org: l.Org, Letter: l.ID})
		}
		if l.State == post.Failed {
			dead = append(dead, post.Job{Org: l.Org, Letter: l.ID, Code: l.Problem.Code})
		}
		if l.Doubted() {
			dead = append(dead, post.Job{Org: l.Org, Letter: l.ID, Code: post.ChangedAnswer})
		}
	}
	if len(dead) > 0 {
		if err := queues.Send(ctx, post.SendQueue.Dead(), dead...); err != nil {
			return err
		}
	}
	if len(archive) == 0 {
		return nil
	}
	return queues.Send(ctx, post.ArchiveQueue, archive...)
}

// ChangeOne changes one letter, and reports whether it was written.
func ChangeOne(
	ctx context.Context,
	letters post.Letters,
	org string,
	id post.LetterID,
	change func(*post.Letter) error,
) (l *post.Letter, wrote bool, err error) {
	changed, err := letters.Change(ctx, org, []post.LetterID{id}, change)
	if err != nil {
		return nil, false, err
	}
	return changed[0].Letter, changed[0].Wrote, changed[0].Err
}
