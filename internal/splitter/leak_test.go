package splitter

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"brevdue/internal/pdf/pdftest"
)

// unpacked is a document as qpdf takes it apart: all its strings and all its streams, decoded.
type unpacked struct {
	strings []string
	streams []string
	keys    map[string]bool
}

func unpack(t *testing.T, data []byte) unpacked {
	t.Helper()
	path := checked(t, data)
	out, err := exec.Command("qpdf", "--json=2", "--json-key=qpdf", "--json-stream-data=inline",
		"--decode-level=generalized", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var parsed any
	if err := json.Unmarshal(out, &parsed); err != nil {
		t.Fatal(err)
	}
	u := unpacked{keys: map[string]bool{}}
	u.walk(parsed)
	return u
}

func (u *unpacked) walk(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			u.keys[key] = true
			if text, ok := value.(string); ok && key == "data" {
				b, _ := base64.StdEncoding.DecodeString(text) // what is no stream is no base64
				u.streams = append(u.streams, string(b))
				continue
			}
			u.walk(value)
		}
	case []any:
		for _, item := range v {
			u.walk(item)
		}
	case string:
		u.strings = append(u.strings, v)
	}
}

// says reports where a text stands.
func (u *unpacked) says(text string) string {
	for _, s := range u.strings {
		if strings.Contains(s, text) {
			return "string " + s
		}
	}
	for _, s := range u.streams {
		if strings.Contains(s, text) {
			return "stream " + s[:min(len(s), 80)]
		}
	}
	return ""
}

// pair is a file of two people's pages with everything that can name them beside the page: bookmarks, named
// destinations, links, form fields, tags with ActualText, a shared dictionary of pictures, information and metadata.
func pair() []byte {
	page := func(name, number string) []string {
		return []string{name, "Møllevej 1", "9999 Nordøby", "CPR-nr.: " + number, "Side 1 af 1"}
	}
	f := pdftest.Pages(page("Anne Holm", "010141-1234"), page("Bo Lund", "010142-1234"))
	add := func(format string, args ...any) string { return fmt.Sprintf("%d 0 R", f.Add(format, args...)) }
	pictureA, pictureB := add(
		"%s",
		pdftest.Stream("/Type/XObject/Subtype/Form/BBox[0 0 1 1]", "% billede af Anne"),
	), add(
		"%s",
		pdftest.Stream("/Type/XObject/Subtype/Form/BBox[0 0 1 1]", "% billede af Bo"),
	)
	// One name for a font and for a form of the other, and a font that is drawn with all there is.
	three := add(
		"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar "+
			"65/Widths[1]/Encoding<</Differences[65/A]>>/CharProcs<</A %s>>/Resources<</XObject<</A %s/B %s>>>>>>",
		add("%s", pdftest.Stream("", "1 0 d0")),
		pictureA,
		pictureB,
	)
	shared := add(
		"<</Font<</F1 3 0 R/T3 %s>>/XObject<</A %s/B %s/F1 %s>>>>",
		three,
		pictureA,
		pictureB,
		add("%s", pdftest.Stream("/Type/XObject/Subtype/Form/BBox[0 0 1 1]", "% Anne og Bo")),
	)
	appearance := add("%s", pdftest.Stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "q Q"))
	parent := f.Add("null")
	widget := func(name, page string) string {
		return add(
			"<</Type/Annot/Subtype/Widget/FT/Tx/T(%s)/V(felt %s)/Rect[0 0 9 9]/P %s/Parent %d 0 R/AP<</N %s>>>>",
			name,
			name,
			page,
			parent,
			appearance,
		)
	}
	widgetA, widgetB := widget("Anne", "4 0 R"), widget("Bo", "6 0 R")
	f.Set(parent, fmt.Sprintf("<</T(form)/Kids[%s %s]>>", widgetA, widgetB))
	link := func(to string) string { return add("<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest(%s)>>", to) }
	reply := add("<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(til begge: Anne, Bo)>>")
	root := f.Add("null")
	element := func(name, page string) string {
		return add("<</S/P/P %d 0 R/Pg %s/K[0]/ActualText(tekst %s)/Alt(om %s)>>", root, page, name, name)
	}
	elementA, elementB := element("Anne", "4 0 R"), element("Bo", "6 0 R")
	f.Set(
		root,
		fmt.Sprintf(
			"<</Type/StructTreeRoot/K[%s %s]/ParentTree<</Nums[0[%s] 1[%s]]>>>>",
			elementA,
			elementB,
			elementA,
			elementB,
		),
	)
	outline := f.Add("null")
	markA, markB := f.Add("null"), f.Add("null")
	f.Set(outline, fmt.Sprintf("<</First %d 0 R/Last %d 0 R>>", markA, markB))
	f.Set(markA, fmt.Sprintf("<</Title(brev til Anne)/Dest(anne)/Parent %d 0 R/Next %d 0 R>>", outline, markB))
	f.Set(markB, fmt.Sprintf("<</Title(brev til Bo)/Dest(bo)/Parent %d 0 R/Prev %d 0 R>>", outline, markA))
	names := add("<</Dests<</Names[(anne)[4 0 R/Fit](bo)<</D[6 0 R/Fit]>>]>>>>")
	xmp := add("%s", pdftest.Stream("/Type/Metadata/Subtype/XML", "<x>Anne og Bo</x>"))
	for i, own := range []struct{ page, name, fields, widget, draw string }{{"4 0 R", "anne", "0", widgetA, "/A Do"},
		{"6 0 R", "bo", "1", widgetB, "/B Do"}} {
		n := pdftest.Page + 2*i
		f.Replace(n, "/Resources<</Font<</F1 3 0 R>>>>", "/Resources "+shared)
		f.Replace(
			n,
			"/Contents",
			fmt.Sprintf(
				"/Metadata %s/Annots[%s %s %s <</Type/Annot/Subtype/Highlight/Rect[0 0 9 9]/IRT "+
					"%s>>]/StructParents %s/Contents",
				xmp,
				own.widget,
				link("anne"),
				link("bo"),
				reply,
				own.fields,
			),
		)
		f.Replace(n+1, "endstream", own.draw+" BT /T3 1 Tf ET\nendstream")
		f.Replace(n+1, "/Length ", "/Length 9")
	}
	info := add("<</Title(Brev til Anne og Bo)/Author(Bo)>>")
	f.Trailer = "/Info " + info
	f.Replace(
		pdftest.Catalog,
		"/Pages",
		fmt.Sprintf(
			"/Metadata %s/Names %s/Outlines %d 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked "+
				"true>>/AcroForm<</Fields[%d 0 R]/DA(/Helv 0 Tf)>>/Pages",
			xmp,
			names,
			outline,
			root,
			parent,
		),
	)
	return f.Bytes()
}

// TestNothingOfTheOther: a letter has all of its own, and nothing of the other's.
func TestNothingOfTheOther(t *testing.T) {
	needTools(t)
	plan, err := Make(context.Background(), pair(), Options{})
	if err != nil || len(plan.Segments) != 2 {
		t.Fatal(outline(plan, err), err)
	}
	c := plan.Cutter()
	for i, who := range []struct{ own, other string }{{"Anne", "Bo"}, {"Bo", "Anne"}} {
		u := unpack(t, c.Cut(plan.Segments[i]))
		for _, text := range []string{who.other, strings.ToLower(who.other), "Brev til"} {
			if where := u.says(text); where != "" {
				t.Errorf("the letter to %s says %q in %s", who.own, text, where)
			}
		}
		for _, text := range []string{"u:felt " + who.own, "u:tekst " + who.own, "u:om " + who.own, "u:brev til " +
			who.own, "billede af " + who.own, "u:form"} {
			if u.says(text) == "" {
				t.Errorf("the letter to %s has lost %q", who.own, text)
			}
		}
		for _, key := range []string{"/Metadata", "/Info", "/Names", "/Dests"} {
			if u.keys[key] {
				t.Errorf("the letter to %s has %s", who.own, key)
			}
		}
	}
}

// TestLettersOfTheCorpus: each letter of each producer unpacked. Its text is that of its pages, no string or stream
// names another recipient, and each picture and form in it is drawn by it.
func TestLettersOfTheCorpus(t *testing.T) {
	needTools(t)
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not beside this checkout")
	}
	if testing.Short() {
		t.Skip("long")
	}
	for _, name := range []string{"chromium-100", "groff-gs-100", "libreoffice-docx-100", "libreoffice-logo-100",
		"weasyprint-100", "raw-form-100", "groff-gs-100-aes256", "libreoffice-docx-100-objstm"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(corpus, name+".pdf")
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := Make(context.Background(), data, Options{})
			if err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			pages := strings.Split(string(out), "\f")
			c := plan.Cutter()
			for i, segment := range plan.Segments {
				cut := c.Cut(segment)
				u := unpack(t, cut)
				for k, other := range plan.Segments {
					if k == i || other.Recipient.IsZero() || other.Recipient == segment.Recipient {
						continue
					}
					if where := u.says(other.Recipient.Reveal()); where != "" {
						t.Fatalf("letter %d names the recipient of letter %d in %s", i+1, k+1, where)
					}
				}
				for key := range u.keys {
					if strings.HasPrefix(key, "/Im") || strings.HasPrefix(key, "/Fm") ||
						strings.HasPrefix(key, "/X") && len(key) < 5 {
						if u.says(key+" Do") == "" {
							t.Fatalf("letter %d has %s, which nothing in it draws", i+1, key)
						}
					}
				}
				if got, want := textOf(t, cut), strings.Join(pages[segment.First-1:segment.Last],
					"\f")+"\f"; got != want {
					t.Fatalf("letter %d says\n%s\nand its pages said\n%s", i+1, got, want)
				}
			}
		})
	}
}
