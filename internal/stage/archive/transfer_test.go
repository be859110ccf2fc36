package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/sentence"
)

var errLost = errors.New("the answer is lost")

// stub is an archive outside that says what it is told to, and counts.
type stub struct {
	asked     []post.CaseWanted
	open      map[string]post.CaseRef // by number of a person, or of a case
	confirm   error
	file      error
	confirmed int
	tokens    []string
	files     int
	lists     map[post.DocumentID]string // what it has
	makes     post.CaseRef               // a case, instead of an answer that is lost
}

func (s *stub) EnsureCase(_ context.Context, w post.CaseWanted, once post.Once) (post.CaseRef, error) {
	s.asked, s.tokens = append(s.asked, w), append(s.tokens, once.Token)
	if ref, is := s.open[w.Person.Reveal()]; is && (w.Given == "" || w.Given == ref.Number) {
		return ref, nil
	}
	if !w.Create {
		return post.CaseRef{}, post.ErrNoCase
	}
	if err := once.Keep("poe"); err != nil {
		return post.CaseRef{}, err
	}
	if s.makes != (post.CaseRef{}) {
		return s.makes, nil
	}
	return post.CaseRef{}, errLost
}

func (s *stub) Find(context.Context, post.CaseRef, post.LetterID) (map[post.DocumentID]string, error) {
	return s.lists, nil
}

func (s *stub) File(_ context.Context, c post.CaseRef, d post.OutgoingDocument, once post.Once) (string, error) {
	if s.file == errLost {
		return "", errors.Join(once.Keep("poe"), s.file)
	}
	if s.file != nil {
		return "", s.file
	}
	s.files++
	return c.ID + "/" + string(d.ID), once.Keep("")
}

func (s *stub) Confirm(_ context.Context, _ post.CaseRef, _ post.CaseWanted, _ post.SendingStatus,
	once post.Once) error {
	s.confirmed++
	if err := once.Keep(post.Repeatable); err != nil {
		return err
	}
	return s.confirm
}

// inOrder does one piece of work after the other.
type inOrder struct{ parallel.Goroutines }

func (inOrder) Run(ctx context.Context, n, _ int, do func(int) error) error {
	return parallel.Goroutines{}.Run(ctx, n, 1, do)
}

// outsideDesk is a desk whose two letters go into an archive outside.
func outsideDesk(t *testing.T, s *stub, given string) (d *desk, now *time.Time) {
	t.Helper()
	d, at, n := newDesk(t), posttest.Start, 0
	d.Now, d.Timings = func() time.Time { return at }, post.ProductionTimings
	d.Runner = inOrder{}
	d.Transfers, d.Queues = d.store, &posttest.MemoryQueues{}
	d.NewID = func() string { n++; return fmt.Sprint(n) }
	d.Archives = func(context.Context, string, string) (post.Archive, post.ArchiveConnection, error) {
		return s, post.ArchiveConnection{ID: "sbsys", Name: "SBSYS"}, nil
	}
	_, err := d.store.Shipments().Change(context.Background(), "demo", d.letters[0].Shipment(),
		func(s *post.Shipment) error {
			s.Archives, s.Case = []string{"sbsys"}, given
			return nil
		})
	posttest.Check(t, err)
	for i := range d.letters {
		d.change(i, queue)
		d.file(i)
	}
	return d, &at
}

// transferred does the jobs of all letters outside, and returns how they stand.
func (d *desk) transferred() (all []*post.Transfer) {
	d.t.Helper()
	var jobs []post.Job
	for _, id := range d.letters {
		jobs = append(jobs, post.Job{Org: "demo", Letter: id, Archive: "sbsys"})
	}
	posttest.Check(d.t, errors.Join(d.Handle(context.Background(), jobs)...))
	for _, id := range d.letters {
		some, err := d.store.Transfers(context.Background(), "demo", id)
		posttest.Check(d.t, err)
		all = append(all, some...)
	}
	return all
}

// TestAShortFunction: where a function has less time than a letter may take, letters are put there all the same.
func TestAShortFunction(t *testing.T) {
	s := &stub{open: map[string]post.CaseRef{"0101901000": {ID: "1"}, "0101901001": {ID: "2"}}}
	d, _ := outsideDesk(t, s, "")
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	posttest.Check(t, errors.Join(d.Handle(ctx, []post.Job{{Org: "demo", Letter: d.letters[0], Archive: "sbsys"}})...))
	if s.confirmed != 1 {
		t.Errorf("%d letters are there", s.confirmed)
	}
}

// TestE2AGivenCaseIsOnesOwn: the case that was given for a shipment is asked about for each of its letters: one whose
// recipient is another one than its party does not come into it.
func TestE2AGivenCaseIsOnesOwn(t *testing.T) {
	s := &stub{open: map[string]post.CaseRef{"0101901000": {ID: "1", Number: "81.03"}}}
	d, _ := outsideDesk(t, s, "81.03")
	all := d.transferred()
	if all[0].State != post.Transferred || all[1].State != post.TransferFailed || s.files != 3 {
		t.Errorf("%+v and %+v, %d files", all[0], all[1], s.files)
	}
}

// TestE2AClosedCaseIsNotUsed: a case that was used before, and is not the person's open one any more, is looked for
// anew, and not used because it is known.
func TestE2AClosedCaseIsNotUsed(t *testing.T) {
	s := &stub{open: map[string]post.CaseRef{"0101901000": {ID: "1"}, "0101901001": {ID: "2"}}}
	d, now := outsideDesk(t, s, "")
	d.transferred()
	key := personOf(key, d.file(0))
	s.open["0101901000"] = post.CaseRef{ID: "3"}
	*now = now.Add(time.Hour)
	_, err := d.store.ChangeTransfer(context.Background(), "demo",
		post.TransferKey{Letter: d.letters[0], Archive: "sbsys", Person: key}, func(is *post.Transfer) error {
			*is = post.Transfer{Org: is.Org, Letter: is.Letter, Archive: is.Archive, Person: is.Person, Due: *now}
			return nil
		})
	posttest.Check(t, err)
	if all := d.transferred(); all[0].Case.ID != "3" || s.asked[len(s.asked)-1].Known.ID != "1" {
		t.Errorf("%+v, asked for %+v", all[0], s.asked)
	}
}

// TestE2AClosedCaseIsMadeAnew where the person has no other one.
func TestE2AClosedCaseIsMadeAnew(t *testing.T) {
	s := &stub{open: map[string]post.CaseRef{"0101901000": {ID: "1"}, "0101901001": {ID: "2"}}}
	d, now := outsideDesk(t, s, "")
	k := d.transferred()[0].Key()
	delete(s.open, "0101901000")
	s.makes = post.CaseRef{ID: "4"}
	*now = now.Add(time.Hour)
	_, err := d.store.ChangeTransfer(context.Background(), "demo", k, func(is *post.Transfer) error {
		*is = post.Transfer{Org: is.Org, Letter: is.Letter, Archive: is.Archive, Person: is.Person, Due: *now}
		return nil
	})
	posttest.Check(t, err)
	if all := d.transferred(); all[0].Case.ID != "4" || all[0].State != post.Transferred {
		t.Errorf("%+v", all[0])
	}
}

// TestAConfirmThatFails is tried for a day, and then has its row: nothing is in doubt.
func TestAConfirmThatFails(t *testing.T) {
	s := &stub{open: map[string]post.CaseRef{"0101901000": {ID: "1"}, "0101901001": {ID: "2"}},
		confirm: errors.New("HTTP 507")}
	d, now := outsideDesk(t, s, "")
	for range 200 {
		if all := d.transferred(); all[0].State == post.TransferFailed {
			if span := now.Sub(posttest.Start); span < 24*time.Hour || span > 30*time.Hour {
				t.Errorf("it failed after %v", span)
			}
			return
		}
		*now = now.Add(time.Hour)
	}
	t.Error("it has no row")
}

// TestADoubtIsAPersons: what may have been made is asked for; then a person looks, and what is missing is made anew, by
// another address than the one that the archive has taken back.
func TestADoubtIsAPersons(t *testing.T) {
	ctx, s := context.Background(), &stub{open: map[string]post.CaseRef{}}
	d, now := outsideDesk(t, s, "")
	if all := d.transferred(); all[0].State != "" || all[0].Tries > 0 {
		t.Fatalf("%+v", all[0])
	}
	*now = now.Add(time.Hour)
	k := post.TransferKey{Letter: d.letters[0], Archive: "sbsys", Person: personOf(key, d.file(0))}
	_, err := d.store.ChangeTransfer(ctx, "demo", k, func(is *post.Transfer) error {
		is.Reschedule(post.Clock{At: *now, Timings: d.Timings}, 0,
			*post.FailedTransfer(sentence.Of("archive-case-doubt", "x", "y")), true)
		return is.Again(post.Clock{At: *now, Timings: d.Timings}, "")
	})
	posttest.Check(t, err)
	s.tokens = nil
	if d.transferred(); !slices.Contains(s.tokens, "") { // that of the other letter is asked with again
		t.Errorf("the address that was taken back is used again: %q", s.tokens)
	}
}

// TestWhatAPersonHasSeen: what an answer was lost of for a day is asked for once more when a person has it tried again,
// also where it has an address of its own: it may have come there after all.
func TestWhatAPersonHasSeen(t *testing.T) {
	ctx := context.Background()
	s := &stub{open: map[string]post.CaseRef{"0101901000": {ID: "1"}, "0101901001": {ID: "2"}}, file: errLost}
	d, now := outsideDesk(t, s, "")
	k := post.TransferKey{Letter: d.letters[0], Archive: "sbsys", Person: personOf(key, d.file(0))}
	steps := d.transferred()[0].Steps
	if len(steps) != 1 {
		t.Fatalf("%+v", steps)
	}
	*now = now.Add(24 * time.Hour)
	_, err := d.store.ChangeTransfer(ctx, "demo", k, func(is *post.Transfer) error {
		is.Reschedule(post.Clock{At: *now, Timings: d.Timings}, 0, post.Problem{Code: post.ArchiveFailedCode}, true)
		return is.Again(post.Clock{At: *now, Timings: d.Timings}, "")
	})
	posttest.Check(t, err)
	s.file, s.lists = nil, map[post.DocumentID]string{}
	for id := range steps {
		s.lists[post.DocumentID(id)] = "there"
	}
	after := d.transferred()[0].Steps
	for id := range steps {
		if after[id].Ref != "there" {
			t.Errorf("%s was filed once more: %+v", id, after[id])
		}
	}
}

// TestAFullDrive of an archive outside is not this machine's: it is tried for a day, and has its row. The log has the
// name of no file.
func TestAFullDrive(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	s := &stub{open: map[string]post.CaseRef{"0101901000": {ID: "1"}, "0101901001": {ID: "2"}},
		file: fmt.Errorf("write: %w", syscall.ENOSPC)}
	d, now := outsideDesk(t, s, "")
	if all := d.transferred(); all[0].Tries != 1 {
		t.Errorf("%+v", all[0])
	}
	s.file = post.FailedTransfer(sentence.Of("archive-file-changed", "Mappe", "Afgørelse om tilskud.pdf"))
	*now = now.Add(time.Hour)
	if all := d.transferred(); all[0].State != post.TransferFailed {
		t.Errorf("%+v", all[0])
	}
	if strings.Contains(log.String(), "tilskud") || !strings.Contains(log.String(), "archive-file-changed") {
		t.Errorf("the log says %s", log.String())
	}
}
