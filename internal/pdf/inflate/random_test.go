package inflate

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// bitWriter writes bits as Deflate has them (RFC 1951, 3.1.1).
type bitWriter struct {
	out  []byte
	hold uint64
	have int
}

func (w *bitWriter) put(v, count int) {
	w.hold |= uint64(v) << w.have
	for w.have += count; w.have >= 8; w.have -= 8 {
		w.out = append(w.out, byte(w.hold))
		w.hold >>= 8
	}
}

// code writes a code of a symbol: its highest bit first.
func (w *bitWriter) code(v, count int) { w.put(int(bits.Reverse16(uint16(v))>>(16-count)), count) }

// randomLengths are the lengths of a complete code of count of the symbols: leaves of a tree that is split at random,
// deep rather than wide.
func randomLengths(r *rand.Rand, symbols, count int) []uint8 {
	leaves := []uint8{0}
	for len(leaves) < count {
		i := len(leaves) - 1
		if r.IntN(3) == 0 {
			i = r.IntN(len(leaves))
		}
		for leaves[i] == longest {
			i = r.IntN(len(leaves))
		}
		leaves[i]++
		leaves = append(leaves, leaves[i])
	}
	lengths := make([]uint8, symbols)
	for i, at := range r.Perm(symbols)[:count] {
		lengths[at] = leaves[i]
	}
	if r.IntN(2) == 0 { // the symbols that the most bits follow have the longest codes
		slices.Sort(lengths)
	}
	return lengths
}

// codesOf are the codes of symbols (RFC 1951, 3.2.2).
func codesOf(lengths []uint8) []int {
	codes := make([]int, len(lengths))
	code := 0
	for n := uint8(1); n <= longest; n++ {
		for s, length := range lengths {
			if length == n {
				codes[s] = code
				code++
			}
		}
		code <<= 1
	}
	return codes
}

// randomBlock writes the last block of a stream, with codes that no writer would choose: long ones for what is
// frequent, and symbols and numbers of them that are not allowed.
func randomBlock(r *rand.Rand, w *bitWriter) {
	literals, distances := 257+r.IntN(32), 1+r.IntN(32)
	w.put(1, 1)
	w.put(2, 2)
	w.put(literals-257, 5)
	w.put(distances-1, 5)
	w.put(15, 4)
	for _, symbol := range lengthOrder {
		w.put(4*min(1, max(0, 16-int(symbol))), 3) // the lengths 0 to 15 have four bits each
	}
	ofLiterals := randomLengths(r, literals, min(literals, 2+r.IntN(literals)))
	ofDistances := randomLengths(r, distances, min(distances, 2+r.IntN(distances)))
	for _, n := range slices.Concat(ofLiterals, ofDistances) {
		w.code(int(n), 4)
	}
	literalOf, distanceOf := codesOf(ofLiterals), codesOf(ofDistances)
	few := r.IntN(2) == 0 // lengths and distances are what most symbols are
	for range 2000 {
		s := r.IntN(literals)
		if few && r.IntN(2) == 0 {
			s = 257 + r.IntN(literals-256) - 1
		}
		if ofLiterals[s] == 0 || s == endOfBlock && r.IntN(500) > 0 {
			continue
		}
		w.code(literalOf[s], int(ofLiterals[s]))
		if s == endOfBlock {
			break
		}
		if s < endOfBlock {
			continue
		}
		w.put(r.IntN(1<<literalSymbols[s].extra()), int(literalSymbols[s].extra()))
		d := r.IntN(distances)
		for ofDistances[d] == 0 && distances > 1 {
			d = r.IntN(distances)
		}
		w.code(distanceOf[d], int(ofDistances[d]))
		w.put(r.IntN(1<<distanceSymbols[d].extra()), int(distanceSymbols[d].extra()))
	}
	w.put(0, 7)
}

// TestRandomCodesAgreeWithCompressFlate also where a length and its distance take as many bits as they can.
func TestRandomCodesAgreeWithCompressFlate(t *testing.T) {
	for seed := range uint64(6000) {
		r := rand.New(rand.NewPCG(seed, 6))
		var w bitWriter
		if r.IntN(4) > 0 { // so much comes before that all distances are allowed
			w.out = storedBlock(r, 1<<15+r.IntN(40))
		}
		randomBlock(r, &w)
		agrees(t, w.out)
	}
}

func storedBlock(r *rand.Rand, size int) []byte {
	b := []byte{0, byte(size), byte(size >> 8), byte(^size), byte(^size >> 8)}
	for range size {
		b = append(b, byte(r.Uint32()))
	}
	return b
}
