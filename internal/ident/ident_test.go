package ident

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestParseCPR(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string
		err  error
	}{
		{"010190-1234", "0101901234", nil},
		{"0101901234", "0101901234", nil},
		{"010190 1234", "0101901234", nil},
		{"010190–1234", "0101901234", nil},
		{"010190−1234", "0101901234", nil},
		{"2902001234", "", ErrDate},
		{"2902004234", "2902004234", nil}, // seventh digit 4: the year 2000, a leap year
		{"320190-1234", "", ErrDate},
		{"010190-1AB2", "", ErrLetters},
		{"6701901234", "", ErrDate}, // replacement number: day + 60, no mailbox
		{"0099432653", "", ErrDate},
		{"010190-123", "", ErrForm},
		{"", "", ErrForm},
	} {
		n, err := ParseCPR(c.in)
		if err != c.err || n.Reveal() != c.want {
			t.Errorf("ParseCPR(%q) = %q, %v; want %q, %v", c.in, n.Reveal(), err, c.want, c.err)
		}
	}
}

func TestParseCVR(t *testing.T) {
	for in, want := range map[string]error{
		"12345674": nil, "13-74-81-36": nil, "DK12345674": nil, "99 06 08 16": nil,
		"70990011": ErrChecksum, "1234567": ErrForm, "00000000": ErrChecksum, "1234567a": ErrForm,
	} {
		if _, err := ParseCVR(in); err != want {
			t.Errorf("ParseCVR(%q): %v, want %v", in, err, want)
		}
	}
}

func TestNumberMasksItself(t *testing.T) {
	n, err := ParseCPR("010190-1234")
	if err != nil {
		t.Fatal(err)
	}
	asJSON, _ := json.Marshal(map[string]any{"n": n, "p": &n})
	for _, s := range []string{
		fmt.Sprint(n), fmt.Sprintf("%v %+v %#v %s %q %d %x", n, n, n, n, n, n, n),
		fmt.Sprintf("%+v", struct{ N Number }{n}), fmt.Sprintf("%v", []Number{n}), string(asJSON),
		n.LogValue().String(),
	} {
		if strings.Contains(s, "1234") || !strings.Contains(s, "010190-xxxx") {
			t.Errorf("a number shows itself: %s", s)
		}
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"to 010190-1234.":            "to 010190-xxxx.",
		"a 0101901234 b 311299 1234": "a 010190-xxxx b 311299-xxxx",
		"konto 0099432653":           "konto 0099432653",
		"sag 2026-994920":            "sag 2026-994920",
		"id 90101901234":             "id 90101901234",
		"ingen":                      "ingen",
	} {
		if got := Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("010190-1234 og 0101901234")
	f.Add("010190 - 1234x")
	f.Fuzz(func(t *testing.T, s string) {
		if masked := Mask(s); ContainsCPR(masked) {
			t.Errorf("Mask(%q) = %q still holds a number", s, masked)
		}
		if n, err := ParseAny(s); err == nil && n.Kind() == CPR && strings.Contains(n.String(), n.Reveal()[6:]+"x") {
			t.Errorf("ParseAny(%q) does not mask", s)
		}
	})
}
