package ident

import "testing"

func TestCutUnit(t *testing.T) {
	for text, want := range map[string][2]string{
		"12345674 P 1000000001":           {"12345674", "1000000001"},
		"12 34 56 74, P-nr. 1000 000 001": {"12 34 56 74", "1000000001"},
		"12345674/1000000001":             {"12345674", "1000000001"},
		"12345674 p-nummer: 1000000001":   {"12345674", "1000000001"},
		"010190-1234":                     {"010190-1234", ""},
		"12345674":                        {"12345674", ""},
		"12345674 P 0000000001":           {"12345674 P 0000000001", ""},
		"12345674 P 100000000":            {"12345674 P 100000000", ""},
		"P 1000000001":                    {"P 1000000001", ""},
	} {
		if number, unit := CutUnit(text); number != want[0] || unit != want[1] {
			t.Errorf("%q is %q and %q", text, number, unit)
		}
	}
}

func TestParseUnit(t *testing.T) {
	for text, want := range map[string]bool{
		"1000000001": true, "1000 000 001": true, "0000000001": false, "100000000": false, "10000000011": false,
		"": false, "P 1000000001": false, "1000000001 / 2": false,
	} {
		if unit, ok := ParseUnit(text); ok != want || ok && unit != "1000000001" {
			t.Errorf("%q is %q, %v", text, unit, ok)
		}
	}
}
