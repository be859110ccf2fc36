package splitter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"brevdue/internal/pdf/pdftest"
)

// letterLines are those of a letter that can be split, and what outline says of it.
var letterLines = []string{
	"Navn Navnesen",
	"Møllevej 1",
	"9999 Nordøby",
	"CPR-nr.: 010141-1234",
	"Kære Navn Navnesen,",
	"Side 1 af 1",
}

const sound = "1-1:41"

func letterFile() *pdftest.File { return pdftest.Pages(letterLines) }

const (
	damaged     = "stopped unreadable-document"
	active      = "stopped active-content"
	nobodyYet   = "1-1:no-recipient-found"
	doubtfulYet = "1-1:doubtful-recipient"
)

// nasty are files that no program should write, and what each of them must give: letters that are right, or a finding.
func nasty() map[string]struct {
	data []byte
	want string
} {
	whole := letterFile().Bytes()
	bomb := pdftest.Deflate(make([]byte, 300<<20))
	nested := string(make([]byte, 20<<20))
	for range 3 {
		nested = pdftest.Deflate([]byte(nested))
	}
	spaced := "BT /F1 10 Tf 60 700 Td (CPR-nr.: ) Tj [(0) -300 (1) -300 (0) -300 (1) -300 (4) -300 (1) -300 (-) " +
		"-300 (1) -300 (2) -300 (3) -300 (4)] TJ ET"
	lying := `/Encoding<</Differences[48/zero/one/two/three/four/five/six/seven/eight/nine]>>/ToUnicode 6 0 R`
	shuffled := pdftest.Stream(
		"",
		"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <30> <38> <0031> endbfrange",
	)
	formOf := func(lines ...string) string {
		return pdftest.Stream(
			"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>",
			shown(lines...),
		)
	}
	type file = struct {
		data []byte
		want string
	}
	return map[string]file{
		"nothing":             {nil, damaged},
		"no PDF":              {[]byte("Kære alle"), damaged},
		"a header":            {[]byte("%PDF-1.7\n"), damaged},
		"a header far in":     {append(bytes.Repeat([]byte(" "), 2000), whole...), damaged},
		"junk before":         {append([]byte("HTTP/1.1 200 OK\r\n\r\n"), whole...), sound},
		"half of it":          {whole[:len(whole)/2], damaged},
		"no trailer":          {whole[:bytes.LastIndex(whole, []byte("xref\n0"))], sound},
		"a table of nothing":  {replaceXref("xref\n0 0\n"), sound},
		"a table of letters":  {replaceXref("xref\nabc def\n"), sound},
		"a table without end": {replaceXref("xref\n0 2000000000\n0000000000 65535 f \n"), sound},
		"a table all wrong": {
			replaceXref(
				"xref\n0 4\n0000000000 65535 f \n0000000001 00000 n \n0000000002 00000 n \n0000000003 00000 n \n",
			),
			sound,
		},
		"an older table, again": {trailer("/Prev 9"), sound},
		"an update of itself": {
			bytes.Replace(
				whole,
				[]byte("/Size"),
				fmt.Appendf(nil, "/Prev %d/Size", bytes.LastIndex(whole, []byte("xref\n0"))),
				1,
			),
			sound,
		},
		"a huge object number": {bytes.Replace(whole, []byte("5 0 obj"), []byte("999999999 0 obj"), 1), damaged},

		"no catalog":            {changed(pdftest.Catalog, "/Pages 2 0 R", ""), damaged},
		"no kids":               {changed(pdftest.PageTree, "/Kids[4 0 R]", "/Kids[]"), damaged},
		"a kid twice":           {changed(pdftest.PageTree, "/Kids[4 0 R]", "/Kids[4 0 R 4 0 R]"), damaged},
		"a kid that is missing": {changed(pdftest.PageTree, "/Kids[4 0 R]", "/Kids[4 0 R 99 0 R]"), damaged},
		"its own kid":           {changed(pdftest.PageTree, "/Kids[4 0 R]", "/Kids[2 0 R]"), damaged},
		"more pages promised":   {changed(pdftest.PageTree, "/Count 1", "/Count 700"), damaged},
		"less pages promised":   {changed(pdftest.PageTree, "/Count 1", "/Count 0"), damaged},
		"a tree of one branch":  {deepTree(500), damaged},
		"a catalog of itself":   {changed(pdftest.Catalog, "/Pages 2 0 R", "/Pages 1 0 R"), damaged},

		"a length of itself":   {changed(pdftest.Page+1, "/Length", "/Length 5 0 R/L"), sound},
		"a length too long":    {changed(pdftest.Page+1, "/Length ", "/Length 99999"), sound},
		"a negative length":    {changed(pdftest.Page+1, "/Length ", "/Length -"), sound},
		"a length of 1e300":    {changed(pdftest.Page+1, "/Length ", "/Length 1"+strings.Repeat("0", 300)), sound},
		"no content":           {changed(pdftest.Page, "/Contents 5 0 R", ""), nobodyYet},
		"content that is gone": {changed(pdftest.Page, "/Contents 5 0 R", "/Contents 77 0 R"), damaged},
		"a bomb":               {content("/Filter/FlateDecode", bomb), damaged},
		"a bomb in a bomb":     {content("/Filter[/FlateDecode/FlateDecode/FlateDecode]", nested), damaged},
		"twenty filters":       {content("/Filter["+strings.Repeat("/AHx", 20)+"]", "00>"), damaged},
		"a filter of pictures": {content("/Filter/DCTDecode", "x"), damaged},
		"a filter of nobody":   {content("/Filter/Zauber", "x"), damaged},
		"cut-off Flate": {
			content("/Filter/FlateDecode", pdftest.Deflate([]byte(shown(letterLines...)))[:40]),
			damaged,
		},
		"LZW of noise": {content("/Filter/LZWDecode", "\xff\xff\xff\xff\xff"), damaged},
		"an insane predictor": {
			content(
				"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 99999999/Colors 99>>",
				pdftest.Deflate([]byte("x")),
			),
			damaged,
		},
		"a string without end":  {content("", "BT /F1 10 Tf (CPR"), nobodyYet},
		"hex without end":       {content("", "BT /F1 10 Tf <30313031"), nobodyYet},
		"brackets, a million":   {content("", strings.Repeat("[", 1<<20)), nobodyYet},
		"dictionaries, a hill":  {content("", strings.Repeat("<<", 1<<18)), nobodyYet},
		"operands, a heap":      {content("", strings.Repeat("1 ", 1<<18)), damaged},
		"operators, a heap":     {content("", strings.Repeat("q ", 6<<20)), damaged},
		"names, a heap":         {content("", manyNames(200_000)), nobodyYet},
		"a picture without end": {content("", "BI /W 1 /H 1 ID "+strings.Repeat("x", 1000)), damaged},
		"brackets in the object": {
			changed(pdftest.Catalog, "/Pages", "/X "+strings.Repeat("[", 200_000)+" /Pages"),
			damaged,
		},

		"a form of itself": {
			drawn(
				"/XObject<</X 6 0 R>>",
				"/X Do",
				pdftest.Stream("/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>", "/X Do"),
			),
			damaged,
		},
		"forms that multiply": {
			drawn("/XObject<</X 6 0 R>>", strings.Repeat("/X Do ", 100), multiplying(6, 10)...),
			damaged,
		},
		"a form that is gone":  {drawn("/Font<</F1 3 0 R>>/XObject<</X 77 0 R>>", "/X Do "+shown("Hej")), damaged},
		"the number in a form": {drawn("/XObject<</X 6 0 R>>", "/X Do", formOf(letterLines...)), sound},
		"no resources":         {drawn("", shown(letterLines...)), damaged},
		"a font that is gone":  {drawn("/Font<</F1 77 0 R>>", shown(letterLines...)), damaged},
		"a lying font": {
			drawn("/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/X"+lying+">>>>", shown(letterLines...), shuffled),
			damaged,
		},
		"a map of everything": {
			drawn(
				"/Font<</F1<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R>>>>",
				shown(letterLines...),
				pdftest.Stream("", strings.Repeat("1 beginbfrange <0000> <ffff> <0041> endbfrange\n", 1000)),
			),
			nobodyYet + " review",
		},
		"widths of everything": {
			drawn(
				"/Font<</F1<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</W["+strings.Repeat(
					"0 65535 1 ",
					2000,
				)+"]>>]>>>>",
				shown(letterLines...),
			),
			damaged,
		},
		"digits set apart": {content("", spaced), sound},
		"a page turned":    {changed(pdftest.Page, "/Contents", "/Rotate 90/Contents"), sound},
		"cropped away":     {changed(pdftest.Page, "/Contents", "/CropBox[0 0 10 10]/Contents"), damaged},
		"a picture of a letter": {
			drawn(
				"/XObject<</X 6 0 R>>",
				"q 595 0 0 842 0 0 cm /X Do Q",
				pdftest.Stream("/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "x"),
			),
			damaged,
		},
		"read by a machine": {
			drawn(
				"/Font<</F1 3 0 R>>/XObject<</X 6 0 R>>",
				"q 595 0 0 842 0 0 cm /X Do Q 3 Tr "+shown(letterLines...),
				pdftest.Stream("/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "x"),
			),
			damaged,
		},

		"a script": {catalog("/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), active},
		"a script by name": {
			catalog("/Names<</JavaScript<</Names[(a) 6 0 R]>>>>", "<</S/JavaScript/JS(1)>>"),
			active,
		},
		"a script at closing":  {catalog("/AA<</WC<</S/JavaScript/JS(1)>>>>"), active},
		"a script behind GoTo": {catalog("/OpenAction<</S/GoTo/D[4 0 R/Fit]/Next<</S/JavaScript/JS(1)>>>>"), active},
		"actions in a ring":    {catalog("/OpenAction 6 0 R", "<</S/GoTo/D[4 0 R/Fit]/Next 6 0 R>>"), sound},
		"a program": {
			annotated("/Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(cmd.exe)>>"),
			active,
		},
		"a form that is sent": {
			annotated("/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/A<</S/SubmitForm/F(http://x)>>"),
			active,
		},
		"a file in it": {
			catalog("/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>", "<</Type/Filespec/F(a)>>"),
			active,
		},
		"a file on the page": {
			annotated("/Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS<</Type/Filespec>>"),
			active,
		},
		"an associated file": {catalog("/AF[6 0 R]", "<</Type/Filespec/F(factur-x.xml)>>"), active},
		"XFA":                {catalog("/AcroForm<</XFA 6 0 R>>", pdftest.Stream("", "<xdp/>")), active},
		"a layer nobody uses": {
			catalog("/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>", "<</Type/OCG/Name(a)>>"),
			sound,
		},
		"a name tree in a ring": {catalog("/Names<</EmbeddedFiles 6 0 R>>", "<</Kids[6 0 R]>>"), sound},

		"the number in a field":  {filled("/Subtype/Widget/FT/Tx/V(010141-1234)"), sound},
		"the number in a stamp":  {filled("/Subtype/Stamp"), sound},
		"the number in a hidden": {filled("/Subtype/Stamp/F 2"), nobodyYet},
		"an unknown lock":        {trailer("/Encrypt<</Filter/Zauber/V 9>>"), damaged},
		"a lock of nothing":      {trailer("/Encrypt 77 0 R"), damaged},
		"a password": {
			trailer(
				"/ID[(a)(a)]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<" + strings.Repeat(
					"00",
					32,
				) + ">/U<" + strings.Repeat(
					"11",
					32,
				) + ">>>",
			),
			damaged,
		},
		"a stream of itself":    {objStm("/N 1/First 4", "6 0 <<>>"), sound},
		"a stream of a billion": {objStm("/N 1000000000/First 4", "9 0 <<>>"), sound},
		"two catalogs":          {twoCatalogs(), "1-1:42"},
		"references in a ring": {
			changed(pdftest.Page, "/Resources<</Font<</F1 3 0 R>>>>", "/Resources 4 0 R"),
			damaged,
		},
		"a length in a ring":       {bytes.Replace(whole, []byte("/Length 2"), []byte("/Length 4 0 R/L 2"), 1), sound},
		"a date that is none":      {changed(pdftest.Page+1, "010141-1234", "320141-1234"), "1-1:unknown-recipient"},
		"letters in the last four": {changed(pdftest.Page+1, "010141-1234", "010141-1AB2"), "1-1:unknown-recipient"},
		"two in the heading": {
			changed(pdftest.Page+1, "(9999 Nord", "(CPR-nr.: 020242-1234) Tj 1 0 0 1 60 690 Tm (9999 Nord"),
			"1-1:two-recipients",
		},
		"an account":         {changed(pdftest.Page+1, "CPR-nr.: 010141-1234", "Konto: 0101411234"), nobodyYet},
		"a P number":         {changed(pdftest.Page+1, "CPR-nr.: 010141-1234", "P-nr.: 1014112345"), nobodyYet},
		"a minus for a dash": {changed(pdftest.Page+1, "010141-1234", "010141\\2261234"), sound},
		"drawn twice": {
			content("", pdftest.Content(letterLines...)+"1 0 0 1 0.4 0 cm "+pdftest.Content(letterLines...)),
			sound,
		},
		"begun outside": {
			content("", "BT /F1 10 Tf 1 0 0 1 -8 700 Tm (     CPR-nr.: 010141-1234) Tj ET"),
			sound,
		},
		"a box beside the page": {
			changed(pdftest.Page, "/Contents", "/CropBox[1000 1000 1600 1900]/Contents"),
			sound,
		},
		"a text box without look": {
			annotated("/Type/Annot/Subtype/FreeText/Rect[0 0 99 99]/Contents(CPR-nr.: 010142-1234)"),
			damaged,
		},
		"a value without look": {
			annotated("/Type/Annot/Subtype/Widget/FT/Tx/V(010142-1234)/Rect[0 0 99 99]"),
			damaged,
		},
		"a picture, then letters": {
			content("", "BI /W 2 /H 1 /BPC 8 /CS /G /F /AHx ID 00FF>EI\n"+shown(letterLines...)),
			sound,
		},
		"a picture by its size": {
			content("", "BI /W 9 /H 1 /BPC 8 /CS /G ID 1 EI BT x EI\n"+shown(letterLines...)),
			sound,
		},
		"a font by its state": {
			drawn(
				"/Font<</F1 3 0 R>>/ExtGState<</G<</Font[6 0 R 10]>>>>",
				strings.Replace(shown(letterLines...), "BT /F1 10 Tf", "BT /F1 10 Tf /G gs", 1),
				"<</Type/Font/Subtype/Type3/FontMatrix[.001 0 0 .001 0 0]/CharProcs<<>>/Encoding<<>>>>",
			),
			damaged,
		},
		"a liar in Helvetica": {
			drawn(
				"/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>>>",
				shown(letterLines...),
				shuffled,
			),
			damaged,
		},
		"content twice": {
			changed(pdftest.Page, "/Contents 5 0 R", "/Contents 5 0 R/Contents 5 0 R"),
			damaged,
		},
		"resources null": {
			changed(pdftest.Catalog, "/Pages", "/AcroForm<</XFA null>>/OpenAction null/Pages"),
			sound,
		},
		"under a picture": {
			drawn(
				"/Font<</F1 3 0 R>>/XObject<</X 6 0 R>>",
				shown(append(letterLines, strings.Repeat("Kære alle, ", 40))...)+"q 595 0 0 842 0 0 cm /X Do Q",
				pdftest.Stream("/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "x"),
			),
			damaged,
		},
		"another's in a row": {
			changed(pdftest.Page+1, "CPR-nr.: 010141-1234", "Navn på barn, CPR-nr.: 010142-1234"),
			doubtfulYet,
		},
		"no dash": {changed(pdftest.Page+1, "010141-1234", "0101411234"), sound},
	}
}

// TestNasty: never a panic, never without end, never a wrong number, always letters that are right or a finding.
func TestNasty(t *testing.T) {
	files := nasty()
	if len(files) < 50 {
		t.Errorf("%d files", len(files))
	}
	for name, f := range files {
		t.Run(name, func(t *testing.T) {
			done := make(chan string, 1)
			go func() {
				plan, err := Make(context.Background(), f.data, Options{})
				var p *Problem
				if err != nil && !errors.As(err, &p) {
					done <- "an error without words: " + err.Error()
					return
				}
				if plan != nil {
					for _, segment := range plan.Segments {
						plan.Cutter().Cut(segment)
					}
				}
				done <- outline(plan, err)
			}()
			select {
			case got := <-done:
				if got != f.want {
					t.Errorf("got %q, want %q", got, f.want)
				}
			case <-time.After(time.Minute):
				t.Fatal("it does not end")
			}
		})
	}
}
