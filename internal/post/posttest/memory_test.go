package posttest

import (
	"testing"

	"brevdue/internal/post"
)

func TestMemoryObjects(t *testing.T) {
	Objects(t, func(*testing.T) post.Objects { return &MemoryObjects{} })
}
