package posttest

import (
	"testing"

	"brevdue/internal/post"
)

func TestMemoryQueues(t *testing.T) {
	Queues(t, func(*testing.T) (post.Queues, func(post.Queue, int) []post.Job) {
		q := &MemoryQueues{}
		return q, func(name post.Queue, _ int) []post.Job { return q.Take(name) }
	})
}

func TestMemoryObjects(t *testing.T) {
	Objects(t, func(*testing.T) StoredObjects { return &MemoryObjects{} })
}
