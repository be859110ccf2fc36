package split

import (
	"context"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// containersSeen are the letters of each container, and of none under "".
func (d *inReview) containersSeen() map[string]int {
	d.t.Helper()
	seen := map[string]int{}
	s := d.get()
	for part := range s.Partitions() {
		letters, err := d.store.Letters().Partition(context.Background(), s, part)
		posttest.Check(d.t, err)
		for _, l := range letters {
			seen[l.Container]++
		}
	}
	return seen
}

// TestManyLettersGoInContainers: from so many on, each with its own item and one job; fewer go one by one.
func TestManyLettersGoInContainers(t *testing.T) {
	for letters, want := range map[int]int{11: 3, 4: 0} {
		d := splitFor(t, letters, post.Test)
		d.Containers, d.MassFrom, d.MassMost = d.store, 5, 4
		d.queues.Take(post.SendQueue)
		d.send(time.Time{})
		jobs := d.queues.Take(post.SendQueue)
		if want == 0 {
			if len(jobs) != letters || d.containersSeen()[""] != letters {
				t.Errorf("%d letters: %+v", letters, jobs)
			}
			continue
		}
		seen := d.containersSeen()
		if len(jobs) != want || seen["aaaaaaaaaaaa.1.1"] != 4 || seen["aaaaaaaaaaaa.1.3"] != 3 || seen[""] != 0 {
			t.Errorf("%d letters: %+v, %v", letters, jobs, seen)
		}
		for _, j := range jobs {
			c, err := d.store.Container(context.Background(), "demo", j.Container)
			posttest.Check(t, err)
			if !c.Open() || len(c.Letters) != seen[c.ID] {
				t.Errorf("%+v", c)
			}
		}
	}
}

// TestAContainerThatIsThereHolds: who parts the letters anew, in another way, leaves none between two containers.
func TestAContainerThatIsThereHolds(t *testing.T) {
	ctx := context.Background()
	d := splitFor(t, 11, post.Test)
	d.Containers, d.MassFrom, d.MassMost = d.store, 5, 4
	s := d.get()
	first := &post.Container{ID: "aaaaaaaaaaaa.1.1", Org: "demo", Shipment: s.ID}
	for n := 3; n < 7; n++ { // of two pages each, as they were parted before two of them failed
		first.Letters = append(first.Letters, post.DraftLetterID(s.ID, 2*n-1, 2*n, 0))
	}
	posttest.Check(t, d.store.CreateContainer(ctx, first))
	d.send(time.Time{})
	seen := d.containersSeen()
	if seen[first.ID] != 2 || seen[""] != 2 || seen["aaaaaaaaaaaa.1.2"] != 4 || seen["aaaaaaaaaaaa.1.3"] != 3 {
		t.Errorf("%v", seen)
	}
	alone := 0
	for _, j := range d.queues.Take(post.SendQueue) {
		if j.Letter != "" {
			alone++
		}
	}
	if alone != 2 {
		t.Errorf("%d letters have a job of their own, want the two that are in none", alone)
	}
}
