package sheet

import (
	"errors"
	"reflect"
	"testing"
)

func TestRead(t *testing.T) {
	want := [][]string{{"Nummer", "Navn"}, {"0101901234", "Åse; Søn"}}
	for name, file := range map[string]string{
		"semicolons": "Nummer;Navn\r\n0101901234;\"Åse; Søn\"\r\n", "commas": "Nummer,Navn\n0101901234,Åse; Søn\n",
		"tabs": "Nummer\tNavn\n0101901234\tÅse; Søn", "a mark": "\ufeffNummer;Navn\n0101901234;\"Åse; Søn\"",
		"Excel's": "Nummer;Navn\n0101901234;\"\xc5se; S\xf8n\"",
	} {
		if got, err := Read([]byte(file)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// TestAnOpenQuotationMark would swallow the rows after it.
func TestAnOpenQuotationMark(t *testing.T) {
	for file, want := range map[string]error{
		"Nummer;Navn\n0101901234;\"Åse\n0201901235;Bo\n": ErrQuotes, "\"": ErrQuotes, "a;\"b": ErrQuotes,
		"0101901234;Åse \"Ås\" Ø\n": nil, "a;\"b\nc\"\n": nil, "": nil, "\n": nil,
	} {
		if rows, err := Read([]byte(file)); !errors.Is(err, want) {
			t.Errorf("%q: %q, %v", file, rows, err)
		}
	}
}

func TestNoFormulas(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "@x": "'@x", "-1": "'-1", "Ida": "Ida"} {
		if got := string(Write([]string{in, "b"})); got != "\ufeff"+want+";b\n" {
			t.Errorf("%q is written as %q", in, got)
		}
	}
}
