package inflate

import (
	"bytes"
	std "compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/klauspost/compress/flate"
)

const plenty = 1 << 30

// agrees compares what Append makes of a stream with what compress/flate makes of it.
func agrees(t *testing.T, src []byte) {
	t.Helper()
	want, wantErr := io.ReadAll(std.NewReader(bytes.NewReader(src)))
	begun := slices.Grow(slices.Clone(before), len(src)%509)
	got, err := Append(begun, src, plenty)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%x: %v, compress/flate says %v", src, err, wantErr)
	}
	if !bytes.HasPrefix(got, before) || !bytes.Equal(got[len(before):], want) {
		t.Fatalf("%x: %d bytes, compress/flate gives %d (%v)", src, len(got)-len(before), len(want), wantErr)
	}
}

// before is what stands in the buffer already: no stream may reach back into it.
var before = bytes.Repeat([]byte("of another page "), 1<<11)

// content is text, noise or something between, as long as its seed says.
func content(r *rand.Rand) []byte {
	b := make([]byte, r.IntN([]int{3, 300, 60_000, 200_000}[r.IntN(4)]))
	kinds, reach := 1+r.IntN(255), 1+r.IntN(40_000)
	for k := range b {
		if k > 40 && r.IntN(4) > 0 {
			b[k] = b[k-1-r.IntN(min(k, reach))]
		} else {
			b[k] = byte(r.IntN(kinds) * (1 + r.IntN(3)))
		}
	}
	return b
}

// deflated is content with blocks of all kinds.
func deflated(r *rand.Rand, content []byte) []byte {
	var z bytes.Buffer
	w, err := std.NewWriter(&z, []int{-2, 0, 1, 3, 6, 9}[r.IntN(6)])
	if err != nil {
		panic(err)
	}
	for rest := content; len(rest) > 0; {
		k := min(len(rest), 1+r.IntN(len(content)))
		_, _ = w.Write(rest[:k])
		if rest = rest[k:]; r.IntN(3) == 0 {
			_ = w.Flush()
		}
	}
	_ = w.Close()
	return z.Bytes()
}

func damage(r *rand.Rand, src []byte) []byte {
	src = bytes.Clone(src)
	if len(src) > 0 {
		for range r.IntN(4) {
			src[r.IntN(len(src))] ^= 1 << r.IntN(8)
		}
		if r.IntN(2) == 0 {
			src = src[:r.IntN(len(src))]
		}
	}
	return src
}

func TestStreamsOfAllKindsAgreeWithCompressFlate(t *testing.T) {
	for seed := range uint64(250) {
		r := rand.New(rand.NewPCG(seed, 1))
		src := deflated(r, content(r))
		agrees(t, src)
		agrees(t, append(bytes.Clone(src), "what follows"...))
	}
}

func TestDamagedStreamsAgreeWithCompressFlate(t *testing.T) {
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 2))
		src := deflated(r, content(r))
		for range 3 {
			agrees(t, damage(r, src))
		}
	}
}

// TestDamagedCodesAgreeWithCompressFlate damages the codes of a block, which one bit of a long stream seldom does.
func TestDamagedCodesAgreeWithCompressFlate(t *testing.T) {
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 3))
		b := make([]byte, 20+r.IntN(60))
		for i := range b {
			b[i] = byte(r.Uint32() >> (8 * r.IntN(3)))
		}
		b[0] = b[0]&^7 | 5 // the last block, with codes of its own
		agrees(t, b)
		b[0] = b[0]&^7 | 3 // with the fixed ones
		agrees(t, b)
	}
}

func TestEachCutOfAStreamAgreesWithCompressFlate(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 4))
	for range 40 {
		b := content(r)
		src := deflated(r, b[:min(len(b), 400)])
		for i := range src {
			agrees(t, src[:i])
		}
	}
}

func TestLimit(t *testing.T) {
	for _, level := range []int{0, 6} {
		var z bytes.Buffer
		w, err := std.NewWriter(&z, level)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(make([]byte, 100_000))
		_ = w.Close()
		for _, most := range []int{0, 1, 99_999} {
			if b, err := Append(nil, z.Bytes(), most); !errors.Is(err, ErrLimit) || len(b) != most {
				t.Errorf("level %d, at most %d: %d bytes, %v", level, most, len(b), err)
			}
		}
		if b, err := Append(nil, z.Bytes(), 100_000); err != nil || len(b) != 100_000 {
			t.Errorf("level %d: %d bytes, %v", level, len(b), err)
		}
	}
}

func TestABombTakesNoMoreThanItsLimit(t *testing.T) {
	var z bytes.Buffer
	w, _ := std.NewWriter(&z, 9)
	_, _ = w.Write(make([]byte, 64<<20))
	_ = w.Close()
	for _, most := range []int{1 << 10, 1 << 20, 33 << 20} {
		if b, err := Append(nil, z.Bytes(), most); !errors.Is(err, ErrLimit) || cap(b) > most+4096 {
			t.Errorf("at most %d: %d bytes of memory, %v", most, cap(b), err)
		}
	}
}

// TestBuffersOfEachSize: copies are made in pieces of eight bytes, and none may go beyond the buffer.
func TestBuffersOfEachSize(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789"), 200)
	var z bytes.Buffer
	w, _ := std.NewWriter(&z, 6)
	_, _ = w.Write(want)
	_ = w.Close()
	for size := range 1200 {
		if got, err := Append(make([]byte, 0, size), z.Bytes(), plenty); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d: %d bytes, %v", size, len(got), err)
		}
	}
}

// TestEmptyBlocksCostLittle: codes are not built anew for each of many blocks that say nothing.
func TestEmptyBlocksCostLittle(t *testing.T) {
	var w bitWriter
	for range 200_000 {
		w.put(1<<1, 3) // not the last, fixed codes
		w.put(0, 7)    // its end
	}
	randomBlock(rand.New(rand.NewPCG(1, 7)), &w)
	agrees(t, w.out)
	d := decoders.New().(*decoder)
	d.fixedCodes()
	d.literalEntries[0] = isWrong // it stays, as nothing is built
	if d.fixedCodes(); d.literalEntries[0] != isWrong {
		t.Error("the fixed codes are built anew for each block")
	}
}

func FuzzInflate(f *testing.F) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 5))
		b := content(r)
		src := deflated(r, b[:min(len(b), 2000)])
		f.Add(src)
		f.Add(damage(r, src))
	}
	f.Fuzz(func(t *testing.T, src []byte) { agrees(t, src) })
}

// BenchmarkInflate is beside klauspost/compress, on what content streams look like.
func BenchmarkInflate(b *testing.B) {
	for _, size := range []int{3_000, 12_000, 200_000} {
		r := rand.New(rand.NewPCG(1, 2))
		var c, z bytes.Buffer
		for c.Len() < size {
			fmt.Fprintf(&c, "<%02X>3<%02X>-2<%02X>]TJ\n56.7 %d Td\n", r.IntN(60), r.IntN(60), r.IntN(60), r.IntN(800))
		}
		w, _ := std.NewWriter(&z, 6)
		_, _ = w.Write(c.Bytes())
		_ = w.Close()
		b.Run(fmt.Sprintf("ours/%d", size), func(b *testing.B) {
			var buf []byte
			b.SetBytes(int64(c.Len()))
			for b.Loop() {
				buf, _ = Append(buf[:0], z.Bytes(), plenty)
			}
		})
		b.Run(fmt.Sprintf("klauspost/%d", size), func(b *testing.B) {
			reader := flate.NewReader(nil)
			buf := make([]byte, c.Len())
			b.SetBytes(int64(c.Len()))
			for b.Loop() {
				_ = reader.(flate.Resetter).Reset(bytes.NewReader(z.Bytes()), nil)
				_, _ = io.ReadFull(reader, buf)
			}
		})
	}
}
