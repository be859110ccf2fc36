package attachment_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"unicode/utf16"

	"brevdue/internal/attachment"
	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// pack makes a zip file of names and contents, in turns.
func pack(t *testing.T, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err == nil {
			_, err = f.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const types = `<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`

// docx makes a Word document with further parts.
func docx(t *testing.T, more ...string) string {
	return pack(t, append([]string{"[Content_Types].xml", types, "word/document.xml", "<w:document/>"}, more...)...)
}

// ole makes an old Office document with streams of those names, and what stands at the beginning of the first.
func ole(first string, streams ...string) string {
	var b bytes.Buffer
	b.WriteString("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	b.Write(make([]byte, 512-b.Len()))
	b.WriteString(first)
	b.Write(make([]byte, 1024-b.Len()))
	for _, s := range streams {
		_ = binary.Write(&b, binary.LittleEndian, utf16.Encode([]rune(s+"\x00"))) // into memory
		b.Write(make([]byte, 64))
	}
	return b.String()
}

func picture(t *testing.T, encode func(w *bytes.Buffer, p image.Image) error) string {
	t.Helper()
	p := image.NewPaletted(image.Rect(0, 0, 3, 3), color.Palette{color.White, color.Black})
	var b bytes.Buffer
	if err := encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func pdfOf(more string) string {
	return "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R" + more +
		">>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]>>\nendobj\n4 0 " +
		"obj\n<</Type/Annot/Subtype/Link/Rect[0 0 9 9]>>\nendobj\n" +
		"trailer\n<</Root 1 0 R/Size 5>>\n"
}

const program = "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"

// TestFit: what people send passes.
func TestFit(t *testing.T) {
	odt := post.FileTypes[".odt"]
	for name, content := range map[string]string{
		"a.pdf": string(pdftest.Write(nil, []string{"Bilag"})), "A.PDF": pdfOf(""), "b.pdf": "\n" + pdfOf(""),
		"a.txt": "Kære Åse\r\n\tHilsen", "b.txt": "K\xe6re \x93\xc5se\x94", "c.txt": "\xff\xfeK\x00\xe6\x00",
		"d.txt": "\ufeffKære",
		"a.html": "<!doctype html><html><body><h1>Vejledning</h1><p>Ring på 20 11 12 13 = gratis. Se <a " +
			"href=\"https://nordoby.dk\">her</a>." +
			"<img src=\"data:image/png;base64,AA\" alt=\"på en = b\"></p></body></html>",
		"a.docx": docx(t), "b.docx": docx(t, "word/embeddings/Microsoft_Excel_Sheet1.xlsx", docx(t),
			"word/_rels/settings.xml.rels",
			`<Relationships><Relationship Id="r1" Type="http://x/attachedTemplate" Target="file:///C:\Skabeloner\Normal.dotm" TargetMode="External"/></Relationships>`,
			"word/_rels/document.xml.rels", `<Relationships><Relationship Id="r2" Type="http://x/hyperlink" Target="https://nordoby.dk" TargetMode="External"/></Relationships>`),
		"a.xlsx": pack(t, "[Content_Types].xml", types, "xl/workbook.xml", "<workbook/>"),
		"a.odt":  pack(t, "mimetype", odt, "META-INF/manifest.xml", "<manifest/>", "content.xml", "<x/>"),
		"a.doc": ole("\xec\xa5\xc1\x00\x00\x00\x00\x00\x00\x00\x00\x00",
			"WordDocument"), "b.doc": `{\rtf1 brev}`, "a.rtf": `{\rtf1 brev}`,
		"a.xls": ole("\x09\x08\x10\x00"+strings.Repeat("\x00", 16), "Workbook"),
		"a.bmp": "BM....", "a.tif": "II*\x00....", "b.tif": "MM\x00*....",
		"a.png": picture(t, func(w *bytes.Buffer, p image.Image) error { return png.Encode(w, p) }),
		"a.jpg": picture(t, func(w *bytes.Buffer, p image.Image) error { return jpeg.Encode(w, p, nil) }),
		"a.gif": picture(t, func(w *bytes.Buffer, p image.Image) error { return gif.Encode(w, p, nil) }),
	} {
		if err := attachment.Check(name, []byte(content)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnfit: each is refused with its reason.
func TestUnfit(t *testing.T) {
	external := func(kind, target string) string {
		return `<Relationships><Relationship Id="r" Type="http://x/` + kind + `" Target="` + target +
			`" TargetMode="External"/></Relationships>`
	}
	odt := post.FileTypes[".odt"]
	locked := ole("", "EncryptionInfo", "EncryptedPackage")
	docm := docx(t, "word/vbaProject.bin", "x")
	for _, c := range []struct{ name, content, reason string }{
		{"a.docx", program, "er et program og ikke et Word-dokument"}, {"a.txt", program, "er et program"}, {"a.pdf",
			program, "er et program og ikke en PDF"},
		{"a.doc", program, "er et program"}, {"a.png", program, "er et program"}, {"a.xlsx", "\x7fELF....",
			"er et program"}, {"a.html", program, "er et program"},
		{"a.pdf", "<html><body>%PDF-1.7</body></html>", "er en webside og ikke en PDF"}, {"a.pdf", "<!DOCTYPE html>",
			"er en webside"}, {"a.pdf", "Kære", "er ren tekst"},
		{"a.png", "Kære", "er ren tekst og ikke et PNG-billede"}, {"a.jpg", "\x89PNG\r\n\x1a\n",
			"er et PNG-billede"}, {"a.docx", pdfOf(""), "er en PDF og ikke et Word-dokument"},
		{"a.docx", pack(t, "a.exe", program), "ikke det, som endelsen siger"}, {"a.docx",
			pack(t, "[Content_Types].xml", types, "xl/workbook.xml", ""), "ikke det, som endelsen siger"},
		{"a.doc", docx(t), "er en pakket fil og ikke et Word-dokument"}, {"a.doc", ole("", "Workbook"),
			"er et Excel-ark"}, {"a.doc", ole("", "Property"), "er noget andet"},
		{"a.odt", docx(t), "ikke det, som endelsen siger"}, {"a.txt", "a\x00b", "noget andet"}, {"a.html",
			"uden tegn", "er ren tekst og ikke en webside"},
		{"a.docx", locked, "låst med en adgangskode"}, {"a.xlsx", locked, "låst med en adgangskode"}, {"a.doc",
			locked, "låst med en adgangskode"},
		{"a.doc", ole("\xec\xa5\xc1\x00\x00\x00\x00\x00\x00\x00\x00\x01", "WordDocument"), "låst"},
		{"a.xls", ole("\x09\x08\x10\x00"+strings.Repeat("\x00", 16)+"\x2f\x00\x04\x00\x00\x00\x00\x00", "Workbook"),
			"låst"},
		{"a.odt", pack(t, "mimetype", odt, "META-INF/manifest.xml", "<manifest:encryption-data/>", "content.xml", ""),
			"låst"},
		{"a.pdf", strings.Replace(pdfOf(""), "/Size 5",
			"/Size 5/Encrypt<</Filter/Standard/V 9/R 9/O(x)/U(y)/P 0>>/ID[(a)(a)]", 1), "låst"},
		{"a.docx", docm, "makroer"}, {"a.docx", docx(t, "word/VBAPROJECT.BIN", "x"), "makroer"},
		{"a.docx", pack(t, "[Content_Types].xml",
			`<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>`, "word/document.xml", ""), "makroer"},
		{"a.docx", docx(t, "word/embeddings/skjult.docm", docm), "makroer"}, {"a.docx",
			docx(t, "word/activeX/activeX1.bin", "x"), "makroer"},
		{"a.docx", docx(t, "word/embeddings/x.docx", docx(t, "word/embeddings/y.docm", docm)), "makroer"},
		{"a.xlsx", pack(t, "[Content_Types].xml", types, "xl/workbook.xml", "", "xl/macrosheets/sheet1.xml", ""),
			"makroer"},
		{"a.doc", ole("", "WordDocument", "_VBA_PROJECT"), "makroer"}, {"a.xls", ole("", "Workbook", "_VBA_PROJECT"),
			"makroer"},
		{"a.odt", pack(t, "mimetype", odt, "META-INF/manifest.xml", "", "content.xml", "",
			"Basic/Standard/Module1.xml", ""), "makroer"},
		{"a.docx", docx(t, "word/embeddings/oleObject1.bin", ole("", "\x01Ole10Native")), "andre filer"}, {"a.docx",
			docx(t, "word/embeddings/a.exe", program), "andre filer"},
		{"a.rtf", `{\rtf1 {\object\objemb{\*\objdata 0105}}}`, "andre filer"},
		{"a.docx", docx(t, "word/_rels/settings.xml.rels", external("attachedTemplate",
			"https://ond.example/a.dotm")), "henter noget"},
		{"a.docx", docx(t, "word/_rels/settings.xml.rels", external("attachedTemplate", `file:///\\ond\a.dotm`)),
			"henter noget"},
		{"a.pdf", pdfOf("/OpenAction<</S/JavaScript/JS(1)>>"), "JavaScript"}, {"a.pdf", pdfOf("/AF[4 0 R]"),
			"vedhæftede filer"},
		{"a.pdf", strings.Replace(pdfOf(""), "/Subtype/Link", "/Subtype/Link/A<</S/Launch/F(cmd.exe)>>", 1),
			"handlinger"},
		{"a.pdf", strings.Replace(pdfOf(""), "/Subtype/Link", "/Subtype/FileAttachment", 1), "vedhæftede filer"},
		{"a.pdf", "%PDF-1.7\nintet", "beskadiget"}, {"a.docx", docx(t)[:60], "beskadiget"}, {"a.png",
			"\x89PNG\r\n\x1a\nx", "beskadiget"},
		{"a.html", "<p><script>1</script>", "script"}, {"a.html", "<p><SCRIPT src=x>", "script"}, {"a.html",
			`<img alt=">" onerror=alert(1)>`, "script"}, {"a.html", "<body/onload=x>", "script"},
		{"a.html", `<a href="java&#115;cript:x">`, "script"}, {"a.html", "<a href='java\nscript:x'>",
			"script"}, {"a.html", "<iframe src=x>", "script"},
		{"a.html", `<meta http-equiv="refresh" content="0;url=x">`, "script"}, {"a.html",
			"<!--><script>1</script>-->", "script"}, {"a.html", "\xff\xfe<\x00s\x00c\x00r\x00i\x00p\x00t\x00>\x00",
			"script"},
		{"a.html", `<img src="https://ond.example/a.png">`, "henter noget"}, {"a.html",
			`<img src=//ond.example/a.png>`, "henter noget"}, {"a.exe", program, "tager imod"},
	} {
		err := attachment.Check(c.name, []byte(c.content))
		if err == nil || !strings.Contains(texts.Error(err), c.reason) ||
			!strings.HasPrefix(texts.Error(err), "»"+c.name+"«") {
			t.Errorf("%s of %.40q: %v, want %q", c.name, c.content, err, c.reason)
		}
	}
}

// TestEveryType that Digital Post takes is looked at.
func TestEveryType(t *testing.T) {
	for ending := range post.FileTypes {
		if err := attachment.Check("a"+ending, []byte("\x01")); err == nil ||
			strings.Contains(texts.Error(err), "tager imod") {
			t.Errorf("%s: %v", ending, err)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("a.doc", []byte(ole("\x09\x08\xff\xff", "Workbook")))
	f.Add("a.pdf", []byte(pdfOf("/AA 1 0 R")))
	f.Add("a.docx", []byte("PK\x03\x04"))
	f.Fuzz(func(_ *testing.T, name string, content []byte) { _ = attachment.Check(name, content) })
}
