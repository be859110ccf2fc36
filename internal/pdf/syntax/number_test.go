package syntax

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestPlainNumbersAreTheSame: the short way reads what the long one does, or leaves it alone.
func TestPlainNumbersAreTheSame(t *testing.T) {
	const signs = "0123456789..--+ e\n/"
	texts := []string{"0", "-", "-.", "1.", "-0 ", "12.345 ", "999999999999 ", "9999999999999 ", "0.123456789 ",
		"0.1234567891 ", "-1234.5]", "1-2 ", "1e5 ", ".5 ", "+5 ", "--5 ", "7/Name"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		b := make([]byte, 1+random.IntN(18))
		for i := range b {
			b[i] = signs[random.IntN(len(signs))]
		}
		texts = append(texts, string(b))
	}
	plain := 0
	for _, text := range texts {
		var long, short Scanner
		long.Reset([]byte(text))
		short.Reset([]byte(text))
		long.oddNumber()
		if !short.plainNumber() {
			if short.Pos != 0 || len(short.Operands) > 0 {
				t.Fatalf("%q: read half", text)
			}
			continue
		}
		plain++
		if short.Pos != long.Pos || fmt.Sprint(short.Operands) != fmt.Sprint(long.Operands) {
			t.Fatalf("%q: %v to %d, want %v to %d", text, short.Operands, short.Pos, long.Operands, long.Pos)
		}
	}
	if plain < len(texts)/20 {
		t.Errorf("only %d of %d were read the short way", plain, len(texts))
	}
}
