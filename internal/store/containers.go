package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"brevdue/internal/post"
)

// containerKept is for how long a container is kept after its last change: as long as anybody may ask about it.
const containerKept = 90 * 24 * time.Hour

func containerKey(org, id string) Key { return Key{"G#" + org, id} }

func containerItem(c *post.Container) (*Item, error) {
	var expires time.Time
	last := slices.MaxFunc([]time.Time{c.Posted, c.Lease}, time.Time.Compare)
	if c.End != "" && !last.IsZero() {
		expires = last.Add(containerKept)
	}
	item, err := small(containerKey(c.Org, c.ID), c, expires)
	item.Revision = c.Revision + 1
	return item, err
}

// CreateContainer implements post.Containers.
func (s *Store) CreateContainer(ctx context.Context, c *post.Container) error {
	item, err := containerItem(c)
	if err != nil {
		return err
	}
	err = s.table.Transact(ctx, Write{Put: item, If: IfMissing})
	if refused(err) {
		return nil
	}
	c.Revision = item.Revision
	return err
}

// Container implements post.Containers.
func (s *Store) Container(ctx context.Context, org, id string) (*post.Container, error) {
	items, err := s.table.Get(ctx, containerKey(org, id))
	if err != nil || items[0] == nil {
		return nil, orNotFound(err, "container", id)
	}
	c := &post.Container{}
	if err := decode(items[0], c); err != nil || containerKey(c.Org, c.ID) != items[0].Key {
		return nil, s.unreadable(ctx, items[0])
	}
	c.Revision = items[0].Revision
	return c, nil
}

// PutContainer implements post.Containers.
func (s *Store) PutContainer(ctx context.Context, c *post.Container) error {
	item, err := containerItem(c)
	if err != nil {
		return err
	}
	err = s.table.Transact(ctx, Write{Put: item, If: IfRevision, Was: c.Revision})
	if refused(err) {
		return fmt.Errorf("container %s: %w", c.ID, post.ErrOvertaken)
	}
	if err == nil {
		c.Revision = item.Revision
	}
	return err
}
