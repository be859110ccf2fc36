package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

func TestReadLinesAndCells(t *testing.T) {
	got := read(t, pdftest.Write(nil, []string{"Åse Ærø\tCPR-nr.: 010190-1234", "Møllevej 1 (th.)"}, []string{"Side to"}))
	want := "[[[Åse Ærø CPR-nr.: 010190-1234] [Møllevej 1 (th.)]] [[Side to]]]"
	if s := fmt.Sprint(got); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
	if len(got[0][0]) != 2 {
		t.Errorf("the columns are %d cells, want 2", len(got[0][0]))
	}
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

func TestRefusals(t *testing.T) {
	good := pdftest.Write(nil, []string{"a"}, []string{"b"})
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":     {nil, pdf.ErrNotPDF},
		"text":      {[]byte("Kære alle"), pdf.ErrNotPDF},
		"header":    {[]byte("%PDF-1.7\n"), pdf.ErrDamaged},
		"encrypted": {bytes.Replace(good, []byte("/Root 1 0 R"), []byte("/Root 1 0 R/Encrypt 9 0 R"), 1), pdf.ErrEncrypted},
		"count":     {bytes.Replace(good, []byte("/Count 2"), []byte("/Count 3"), 1), pdf.ErrDamaged},
		"kid":       {bytes.Replace(good, []byte("7 0 R]"), []byte("99 0 R]"), 1), pdf.ErrDamaged},
	} {
		if _, err := pdf.Open(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
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

// TestDamagedPageIsNoEmptyPage: a page that cannot be read must never pass for one without a number.
func TestDamagedPageIsNoEmptyPage(t *testing.T) {
	data := pdftest.Write(nil, []string{strings.Repeat("tekst ", 50)}, []string{"b"})
	at := bytes.Index(data, []byte("stream\nx")) + len("stream\n") + 10
	at2 := bytes.Index(data[at:], []byte("endstream")) + at
	for i := at; i < at2-1; i++ {
		data[i] = 0xff
	}
	d, err := pdf.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Pages() {
		if text, err := d.Reader().Read(i); err == nil && text.Reason() == pdf.Readable && len(text.Lines) == 0 && text.Characters == 0 && !text.Marks {
			if i == 0 {
				t.Error("the damaged page passes for an empty one")
			}
		}
	}
}

// TestQpdfAgrees holds what we cut against another implementation.
func TestQpdfAgrees(t *testing.T) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed")
	}
	var pages [][]string
	for i := range 20 {
		pages = append(pages, []string{fmt.Sprintf("brev %d", i)})
	}
	d, err := pdf.Open(pdftest.Write([]byte("logo"), pages...))
	if err != nil {
		t.Fatal(err)
	}
	r, c := d.Reader(), d.Cutter()
	for i := 0; i < 20; i += 2 {
		var names [][]byte
		for k := range 2 {
			text, err := r.Read(i + k)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, text.Names)
		}
		path := filepath.Join(t.TempDir(), "cut.pdf")
		if err := os.WriteFile(path, c.Cut(i, 2, names), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
			t.Fatalf("page %d: %v\n%s", i, err, out)
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
	if err := os.WriteFile(plain, pdftest.Pages([]string{"Åse Ærø", "CPR-nr.: 010190-1234"}).Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, how := range map[string][]string{
		"RC4-40": {"--allow-weak-crypto", "--encrypt", "", "o", "40", "--"}, "RC4-128": {"--allow-weak-crypto", "--encrypt", "", "o", "128", "--use-aes=n", "--"},
		"AES-128": {"--encrypt", "", "o", "128", "--use-aes=y", "--"}, "AES-256": {"--encrypt", "", "o", "256", "--"},
		"AES-256 as before": {"--allow-weak-crypto", "--encrypt", "", "o", "256", "--force-R5", "--"}, "a password": {"--encrypt", "hemmelig", "o", "256", "--"},
		"object streams": {"--object-streams=generate", "--encrypt", "", "o", "256", "--"}, "clear metadata": {"--encrypt", "", "o", "128", "--use-aes=y", "--cleartext-metadata", "--"},
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
