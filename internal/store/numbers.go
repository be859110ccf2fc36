package store

import (
	"encoding/json"
	"strings"

	"brevdue/internal/ident"
)

// numberBody is a CPR or CVR number in a body. The table is the one place where it stands in full.
type numberBody struct{ ident.Number }

// MarshalJSON writes "CPR:0101901234", or null.
func (n numberBody) MarshalJSON() ([]byte, error) {
	if n.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(string(n.Kind()) + ":" + n.Reveal())
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *numberBody) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil || s == "" {
		return err
	}
	kind, digits, _ := strings.Cut(s, ":")
	parsed, err := ident.Parse(ident.Kind(kind), digits)
	n.Number = parsed
	return err
}

func numberBodies(numbers []ident.Number) []numberBody {
	out := make([]numberBody, len(numbers))
	for i, n := range numbers {
		out[i] = numberBody{n}
	}
	return out
}

func plainNumbers(bodies []numberBody) []ident.Number {
	if len(bodies) == 0 {
		return nil
	}
	out := make([]ident.Number, len(bodies))
	for i, b := range bodies {
		out[i] = b.Number
	}
	return out
}
