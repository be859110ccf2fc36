package splitter

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/pdftest"
)

// checked writes a document to a file, after another reader has found nothing wrong with it.
func checked(t *testing.T, data []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, out)
	}
	return path
}

// textOf is what another reader finds in a document.
func textOf(t *testing.T, data []byte) string {
	t.Helper()
	path := checked(t, data)
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func needTools(t *testing.T) {
	for _, tool := range []string{"qpdf", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
}

// TestRemovedNumberIsGone: from page, field, note, bookmark and marked content, in every form, and nothing else is.
func TestRemovedNumberIsGone(t *testing.T) {
	needTools(t)
	lines := append(
		append([]string{}, letterLines...),
		"Dit nummer 010141-1234 og 0101411234.",
		"Konto 90101411234, barnet 020242-1234",
		"Skrevet 010141/1234 og delt 010141-",
		"1234 den 3.",
	)
	f := pdftest.Pages(lines)
	f.Replace(pdftest.Page, "/Contents", "/Annots[6 0 R]/StructParents 0/Contents")
	f.Add(
		"%s",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(nummer)/V(0101411234)/Contents<FEFF00300031003000310034003100F0B7002"+
			"D0031003200330034>/Rect[60 500 260 520]/AP<</N 7 0 R>>>>",
	)
	f.Add(
		"%s",
		pdftest.Stream(
			"/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 3 0 R>>>>",
			"BT /F1 10 Tf 2 8 Td [(Felt 0101) -20 (41-12) 10 (34 slut)] TJ ET",
		),
	)
	content := pdftest.Content(
		lines...) + "q 1 0 0 1 0.4 0 cm " + pdftest.Content(
		lines...) + "Q /Span<</ActualText(010141-1234)/MCID 0>>BDC BT /F1 10 Tf 12 TL 60 400 Td (x) ' 1 2 (y " +
		"010141-1234 z) \" (efter) ' ET EMC"
	for i, digit := range "0101411234" {
		content += fmt.Sprintf(" BT /F1 10 Tf .7 .7 -.7 .7 %d %d Tm (%c) Tj ET", 300+5*i, 200+5*i, digit)
	}
	f.Set(pdftest.Page+1, pdftest.Stream("", content))
	plan, err := Make(context.Background(), f.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	cut, err := plan.Cutter().CutWithout(plan.Segments[0])
	if err != nil {
		t.Fatal(err)
	}
	if path := filepath.Join(t.TempDir(), "b.pdf"); os.WriteFile(path, cut, 0o600) == nil {
		plain, _ := exec.Command("qpdf", "--qdf", path, "-").Output()
		if spans := finderOf(plan.Segments[0].Recipient)(string(plain)); len(spans) > 0 {
			t.Errorf("it is in the file: %s", plain[spans[0][0]-20:spans[0][1]+20])
		}
	}
	text := textOf(t, cut)
	if find := finderOf(plan.Segments[0].Recipient); len(find(text)) > 0 ||
		len(find(strings.Join(strings.Fields(text), ""))) > 0 {
		t.Errorf("it is in the text:\n%s", text)
	}
	for _, stays := range []string{"Navn Navnesen", "CPR-nr.:", "Felt", "slut", "efter", "Side 1 af 1", "90101411234",
		"020242-1234", "Skrevet", "og delt"} {
		if !strings.Contains(text, stays) {
			t.Errorf("%q is gone too:\n%s", stays, text)
		}
	}
}

// TestRemovedFromTheCorpus: the number is gone from letters of every producer, and nothing else of their text.
func TestRemovedFromTheCorpus(t *testing.T) {
	needTools(t)
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not beside this checkout")
	}
	for _, name := range []string{"chromium-100", "groff-gs-100", "libreoffice-docx-100", "weasyprint-100",
		"raw-form-100", "libreoffice-fodt-100"} {
		data, err := os.ReadFile(filepath.Join(corpus, name+".pdf"))
		if err != nil {
			t.Fatal(err)
		}
		plan, err := Make(context.Background(), data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := plan.Cutter()
		for i, segment := range plan.Segments[:12] {
			if segment.Recipient.Kind() != ident.CPR {
				continue
			}
			before := textOf(t, c.Cut(segment))
			cut, err := c.CutWithout(segment)
			if err != nil {
				t.Errorf("%s, letter %d: %v", name, i+1, err)
				continue
			}
			after, find := textOf(t, cut), finderOf(segment.Recipient)
			if len(find(after)) > 0 || len(find(before)) == 0 {
				t.Errorf(
					"%s, letter %d: found %d times before and %d after",
					name,
					i+1,
					len(find(before)),
					len(find(after)),
				)
			}
			if got, want := words(after), words(without(before, find(before))); got != want {
				t.Errorf("%s, letter %d: other text is gone too\n%s\n%s", name, i+1, got, want)
			}
		}
	}
}

func without(text string, spans [][2]int) string {
	for i := len(spans) - 1; i >= 0; i-- {
		text = text[:spans[i][0]] + text[spans[i][1]:]
	}
	return text
}

func words(text string) string { return fmt.Sprint(strings.Fields(text)) }
