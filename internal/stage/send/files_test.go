package send

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// shelf counts how often each file is opened and closed, and gives what a test wants for some of them.
type shelf struct {
	post.Objects
	mu     sync.Mutex
	opened map[string]int
	closed map[string]int
	fail   map[string]error
}

func (s *shelf) Open(ctx context.Context, o post.Object) ([]byte, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened[o.Key]++
	if err := s.fail[o.Key]; err != nil {
		return nil, nil, err
	}
	b, _, err := s.Objects.Open(ctx, o)
	return b, func() { s.mu.Lock(); defer s.mu.Unlock(); s.closed[o.Key]++ }, err
}

func onShelf(o *office) *shelf {
	s := &shelf{Objects: o.Objects, opened: map[string]int{}, closed: map[string]int{}, fail: map[string]error{}}
	o.Objects = s
	return s
}

// TestSharedFilesAreFetchedOnce: what goes out with every letter of a batch is opened once for all of them.
func TestSharedFilesAreFetchedOnce(t *testing.T) {
	ctx, o := context.Background(), newOffice(t, 10, accept)
	attachment, err := o.Objects.Put(ctx, post.File{Key: "letters/attachment-1", Content: []byte("%PDF bilag")})
	posttest.Check(t, err)
	_, err = o.store.Shipments().Change(ctx, "demo", o.letters[0].ID.Shipment(), func(s *post.Shipment) error {
		s.Parts = append(
			s.Parts,
			post.Part{Name: "b.pdf", Type: "application/pdf", Key: "uploads/b", Object: attachment[0]},
		)
		return nil
	})
	posttest.Check(t, err)
	s := onShelf(o)
	o.send(t)
	want := map[string]int{"letters/1.pdf": 1, "letters/attachment-1": 1}
	if fmt.Sprint(s.opened) != fmt.Sprint(want) || fmt.Sprint(s.closed) != fmt.Sprint(want) {
		t.Errorf("opened %v, closed %v", s.opened, s.closed)
	}
	for i := range o.letters {
		if l := o.get(t, i); l.State != post.HandedOver {
			t.Errorf("letter %d is %s", i, l.State)
		}
	}
}

// TestDamagedFilesAreNotSent: a letter whose file is missing or changed fails at once, and nothing of it leaves.
func TestDamagedFilesAreNotSent(t *testing.T) {
	for _, why := range []error{post.ErrDamaged, post.ErrNotFound} {
		o := newOffice(t, 2, accept)
		s := onShelf(o)
		s.fail["letters/1.pdf"] = fmt.Errorf("object: %w", why)
		o.send(t)
		for i := range o.letters {
			if l := o.get(t, i); l.State != post.Failed || l.Problem.Code != post.Unknown ||
				o.channel.Posted[l.Current().UUID] > 0 {
				t.Errorf("%v: letter %d is %s: %v", why, i, l.State, l.Problem)
			}
		}
		if dead := o.queues.Take(post.SendQueue.Dead()); len(dead) != 2 {
			t.Errorf("%v: %d dead letters", why, len(dead))
		}
		s.fail = nil // the file came back from a backup
		for i := range o.letters {
			if what := o.get(t, i).Replayable(); what != post.ReplaySends {
				t.Errorf("%v: sent again, letter %d would be %s", why, i, what)
			}
		}
	}
}
