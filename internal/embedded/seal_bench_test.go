package embedded

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"brevdue/internal/post"
	"brevdue/internal/store"
)

// BenchmarkSealed: what it costs to store a letter of 3 KB and to read it again, and to write an item of 1 KB.
func BenchmarkSealed(b *testing.B) {
	h, err := Open(b.TempDir(), "")
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	o, err := h.Objects()
	if err != nil {
		b.Fatal(err)
	}
	ctx, letter := context.Background(), bytes.Repeat([]byte("x"), 3<<10)
	b.Run("seal a file", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := o.sealFile("demo", letter); err != nil {
				b.Fatal(err)
			}
		}
	})
	put, err := o.Put(ctx, post.File{Org: "demo", Key: "letters/a", Content: letter})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("open a file", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, done, err := o.Open(ctx, put[0])
			if err != nil {
				b.Fatal(err)
			}
			done()
		}
	})
	over := store.Sealed(table{h}, h.sealing, store.Packing{})
	b.Run("seal an item", func(b *testing.B) {
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			if _, err := over.Sealed(ctx, &store.Item{Key: store.Key{PK: fmt.Sprint("L#", n), SK: "H"}, Org: "demo",
				Body: letter[:1<<10]}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
