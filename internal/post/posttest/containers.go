package posttest

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/post"
)

// containers: one that was made stays as it was made, who comes second is told, and another organization finds none.
func containers(t *testing.T, w Words) {
	ctx := context.Background()
	c := &post.Container{ID: "aaaaaaaaaaaa.1.1", Org: "demo", Shipment: "aaaaaaaaaaaa",
		Letters: []post.LetterID{"aaaaaaaaaaaa.0.1.0.0", "aaaaaaaaaaaa.0.2.0.0"}}
	must(t, w.Containers.CreateContainer(ctx, c))
	other := *c
	other.Letters = nil
	must(t, w.Containers.CreateContainer(ctx, &other))
	got, err := w.Containers.Container(ctx, "demo", c.ID)
	must(t, err)
	if len(got.Letters) != 2 || !got.Open() {
		t.Fatalf("read %+v", got)
	}
	must(t, got.Take(Start, Start.Add(time.Minute)))
	must(t, w.Containers.PutContainer(ctx, got))
	got.Post(Start, got.Letters[:1], "hash")
	must(t, w.Containers.PutContainer(ctx, got))
	if err := w.Containers.PutContainer(ctx, c); !errors.Is(err, post.ErrOvertaken) {
		t.Errorf("who stood still writes over it: %v", err)
	}
	now, err := w.Containers.Container(ctx, "demo", c.ID)
	must(t, err)
	if now.Open() || !now.Holds(c.Letters[0]) || now.Holds(c.Letters[1]) || now.Attempts != 1 || now.Hash != "hash" ||
		!now.Posted.Equal(Start) || !now.Lease.Equal(Start.Add(time.Minute)) {
		t.Errorf("it is %+v", now)
	}
	now.End, now.Transmission = post.ContainerAccepted, "t"
	must(t, w.Containers.PutContainer(ctx, now))
	if now, err = w.Containers.Container(ctx, "demo", c.ID); err != nil || now.End != post.ContainerAccepted {
		t.Errorf("its end: %+v, %v", now, err)
	}
	for _, id := range []string{c.ID, "aaaaaaaaaaaa.1.2"} {
		if _, err := w.Containers.Container(ctx, map[bool]string{true: "other", false: "demo"}[id == c.ID],
			id); !errors.Is(err, post.ErrNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
	}
}
