package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"brevdue/internal/pdf"
	"brevdue/internal/pdf/pdftest"
)

func read(t *testing.T, data []byte) [][]pdf.Line {
	t.Helper()
	d, err := pdf.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	r := d.Reader()
	var pages [][]pdf.Line
	for i := range d.Pages() {
		text, err := r.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, text.Lines)
	}
	return pages
}

func TestCutKeepsOnlyItsPages(t *testing.T) {
	logo := bytes.Repeat([]byte("L"), 1000)
	d, err := pdf.Open(pdftest.Write(logo, []string{"første"}, []string{"anden"}, []string{"tredje"}))
	if err != nil {
		t.Fatal(err)
	}
	r := d.Reader()
	text, err := r.Read(1)
	if err != nil {
		t.Fatal(err)
	}
	cut := d.Cutter().Cut(1, 1, [][]byte{text.Names})
	if got := fmt.Sprint(read(t, cut)); got != "[[[anden]]]" {
		t.Errorf("the cut page says %s", got)
	}
	if !bytes.Contains(cut, logo) {
		t.Error("the picture that the page uses is missing")
	}
	without := d.Cutter().Cut(1, 1, [][]byte{[]byte("F1")})
	if bytes.Contains(without, logo) {
		t.Error("a picture that the page does not name was copied")
	}
}

func TestRepair(t *testing.T) {
	good := pdftest.Write(nil, []string{"a"}, []string{"b"})
	for name, data := range map[string][]byte{
		"no startxref": good[:bytes.LastIndex(good, []byte("startxref"))],
		"junk before":  append([]byte("HTTP/1.1 200 OK\r\n\r\n"), good...),
		"wrong offset": bytes.Replace(good, []byte("startxref\n"), []byte("startxref\n9"), 1),
	} {
		if got := fmt.Sprint(read(t, data)); got != "[[[a]] [[b]]]" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestEncrypted: what qpdf locks with an empty user password is read; with another password it is refused.
func TestEncrypted(t *testing.T) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed")
	}
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.pdf")
	if err := os.WriteFile(plain, pdftest.Pages([]string{"Åse Ærø", "CPR-nr.: 010190-1234"}).Bytes(),
		0o600); err != nil {
		t.Fatal(err)
	}
	for name, how := range map[string][]string{
		"RC4-40": {"--allow-weak-crypto", "--encrypt", "", "o", "40", "--"}, "RC4-128": {"--allow-weak-crypto",
			"--encrypt", "", "o", "128", "--use-aes=n", "--"},
		"AES-128": {"--encrypt", "", "o", "128", "--use-aes=y", "--"}, "AES-256": {"--encrypt", "", "o", "256", "--"},
		"AES-256 as before": {"--allow-weak-crypto", "--encrypt", "", "o", "256", "--force-R5",
			"--"}, "a password": {"--encrypt", "hemmelig", "o", "256", "--"},
		"object streams": {"--object-streams=generate", "--encrypt", "", "o", "256",
			"--"}, "clear metadata": {"--encrypt", "", "o", "128", "--use-aes=y", "--cleartext-metadata", "--"},
	} {
		locked := filepath.Join(dir, "locked.pdf")
		if out, err := exec.Command("qpdf", append(how, plain, locked)...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		data, err := os.ReadFile(locked)
		if err != nil {
			t.Fatal(err)
		}
		if name == "a password" {
			if _, err := pdf.Open(data); !errors.Is(err, pdf.ErrEncrypted) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if got := fmt.Sprint(read(t, data)); got != "[[[Åse Ærø] [CPR-nr.: 010190-1234]]]" {
			t.Errorf("%s: %s", name, got)
		}
	}
}
