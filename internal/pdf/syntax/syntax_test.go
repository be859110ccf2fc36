package syntax

import (
	"bytes"
	"errors"
	"testing"

	"brevdue/internal/pdf/pdftest"
)

func TestRefusals(t *testing.T) {
	good := pdftest.Write(nil, []string{"a"}, []string{"b"})
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":     {nil, ErrNotPDF},
		"text":      {[]byte("Kære alle"), ErrNotPDF},
		"header":    {[]byte("%PDF-1.7\n"), ErrDamaged},
		"encrypted": {bytes.Replace(good, []byte("/Root 1 0 R"), []byte("/Root 1 0 R/Encrypt 9 0 R"), 1), ErrEncrypted},
		"count":     {bytes.Replace(good, []byte("/Count 2"), []byte("/Count 3"), 1), ErrDamaged},
		"kid":       {bytes.Replace(good, []byte("7 0 R]"), []byte("99 0 R]"), 1), ErrDamaged},
	} {
		if _, err := Open(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
