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

// TestWrittenForms: whoever reads the text reads a CPR number, so it is found.
func TestWrittenForms(t *testing.T) {
	for _, written := range []string{
		"0101901234", "010190-1234", "010190 1234", "010190.1234", "010190/1234", "010190_1234", "010190:1234",
		"010190,1234",
		"010190 - 1234", "010190  1234", "010190\u00a01234", "010190\u20091234", "010190\u30001234", "010190\t1234",
		"010190--1234",
		"010190\u20101234", "010190\u20111234", "010190\u20131234", "010190\u20141234", "010190\u20151234",
		"010190\u22121234",
		"010190\u00ad1234", "010190\ufe631234", "010190\uff0d1234", "010190\u200b-1234", "0101\u200b901234",
		"0\u2060101901234",
		"01 01 90-1234", "01 01 90 1234", "01-01-90-1234", "01.01.90-1234", "01.01.90.1234", "01/01/90-1234",
		"01/01/90/1234",
		"01 01 90 - 1234", "0101 90-1234", "01 0190-1234", "010190-12 34", "010190-12-34", "0 1 0 1 9 0 - 1 2 3 4",
		"0 1 0 1 9 0 1 2 3 4",
		"０１０１９０－１２３４", "٠١٠١٩٠-١٢٣٤", "𝟘𝟙𝟘𝟙𝟡𝟘-𝟙𝟚𝟛𝟜", "⁰¹⁰¹⁹⁰-¹²³⁴", "⓪①⓪①⑨⓪①②③④",
	} {
		for _, text := range []string{written, "til " + written + ".", "nr. 7 til " + written + ", og mere", "CPR" +
			written} {
			if got := Mask(text); !strings.Contains(got, "010190-xxxx") || strings.Contains(got, "34") ||
				ContainsCPR(got) {
				t.Errorf("Mask(%q) = %q", text, got)
			}
		}
	}
}

// TestNoCPR: dates, times, case, phone and account numbers stay as they are.
func TestNoCPR(t *testing.T) {
	for _, text := range []string{
		"sag 2026-174598", "sag 2011-121234", "sag 1012-111234", "j.nr. 10.11.12-K08-12-25", "den 01-12-2025",
		"01.12.2025", "01/12/2025 1430",
		"møde 01-12-25 1430", "født 01.01.90 2100 København", "01.12.25 - 31.12.25", "fra 01.12.25 til 2026",
		"kl. 10.11.12", "10:11:12.1234",
		"2025-11-28T10:11:12.123456+01:00", "time=2025-12-01 1234", "tlf. 20 11 12 13", "tlf. 20111213",
		"+45 20 11 12 13, 2100 København",
		"20 11 12 13 2100", "konto 0099432653", "reg. 1012 konto 1112345678901", "reg. 1012 111234", "1012 1112 " +
			"3456 7890", "DK5000400440116243",
		"IBAN DK50 0040 0440 1162 43", "10.11.12.13:8080", "v1.10.11.12-1234", "4.10.11.12.1234", "faktura 1011123",
		"010190-12345", "90101901234",
		"uge 10, 11, 12 og 1314", "320190-1234", "01 13 90-1234", "010190 abc 1234", "EAN 5790000123456",
		"101112 ......... 1234", "",
	} {
		if found := FindCPR(text); len(found) > 0 {
			t.Errorf("FindCPR(%q) finds %q", text, text[found[0][0]:found[0][1]])
		}
	}
}

func TestIsInvisible(t *testing.T) {
	for _, r := range "\u202e\u2066\u2069\u200b\u200c\u200d\u200e\u2060\ufeff\u00ad\ufe0f\U000e0041\U000e0101" +
		"\u034f\u115f\u3164\uffa0\u180e\u2800\ufffc\ufffd\ue000\x00\x1b\x7f\u009b" {
		if !IsInvisible(r) {
			t.Errorf("%U is taken for something that one sees", r)
		}
	}
	for _, r := range "aÅé§1 \u00a0\u2003–»€漢👍\u0301" {
		if IsInvisible(r) {
			t.Errorf("%U is taken for something that nobody sees", r)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, seed := range []string{
		"010190-1234 og 0101901234", "010190 - 1234x", "01 01 90-1234", "0101 01 01 90-1234", "01-01-90-1234-5678",
		"010190/1234.010190.1234",
		"０１０１９０１２３４", "0 1 0 1 9 0 - 1 2 3 4", "0101\u200b90\u00ad1234", "\xff010190-1234\xff", "010190-12 34 " +
			"010190 1234", "1\u200b0101901234",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if masked := Mask(s); ContainsCPR(masked) {
			t.Errorf("Mask(%q) = %q still holds a number", s, masked)
		}
		if n, err := ParseAny(s); err == nil && n.Kind() == CPR && strings.Contains(n.String(), n.Reveal()[6:]+"x") {
			t.Errorf("ParseAny(%q) does not mask", s)
		}
	})
}
