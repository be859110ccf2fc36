// Package attachment looks at what a file is that goes out with a letter: whether its content is what its name says,
// and whether it can be opened and does nothing by itself. It is asked before anything is sent, so that no letter fails
// for it.
//
// name, content -> [attachment] -> a sentence about what is wrong
package attachment

import (
	"bytes"
	"errors"
	"image"
	_ "image/gif"  // DecodeConfig
	_ "image/jpeg" // DecodeConfig
	_ "image/png"  // DecodeConfig
	"path"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"brevdue/internal/pdf/syntax"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// kind is what files of one ending must be.
type kind struct {
	word  string // in Danish, with its article
	is    func(content []byte) bool
	wrong func(content []byte) error // what is wrong with one that is it
}

func nothing([]byte) error { return nil }

// kinds are the endings that Digital Post takes (post.FileTypes). They are made when a file is looked at, so that a
// function that looks at none links none of this.
func kinds() map[string]kind {
	return map[string]kind{
		".pdf":  {"kind-pdf", isPDF, checkPDF},
		".html": {"kind-page", func(b []byte) bool { return isText(b) && strings.Contains(textOf(b), "<") }, checkHTML},
		".txt":  {"kind-text", isText, nothing},
		".doc":  {"kind-word", func(b []byte) bool { return isOld(b, "WordDocument") || isRTF(b) }, checkOld},
		".rtf":  {"kind-rtf", isRTF, checkRTF},
		".xls":  {"kind-excel", func(b []byte) bool { return isOld(b, "Workbook") || isOld(b, "Book") }, checkOld},
		".docx": {"kind-word", isZip, func(b []byte) error { return checkPackage(b, "word/document.xml") }},
		".xlsx": {"kind-excel", isZip, func(b []byte) error { return checkPackage(b, "xl/workbook.xml") }},
		".odt":  {"kind-opendocument", isZip, openDocument(".odt")},
		".ods":  {"kind-opendocument-sheet", isZip, openDocument(".ods")},
		".bmp":  {"kind-bmp", begins("BM"), nothing},
		".gif":  {"kind-gif", begins("GIF8"), checkPicture},
		".jpg":  {"kind-jpeg", begins("\xff\xd8\xff"), checkPicture},
		".png":  {"kind-png", begins("\x89PNG\r\n\x1a\n"), checkPicture},
		".tif":  {"kind-tiff", func(b []byte) bool { return begins("II*\x00")(b) || begins("MM\x00*")(b) }, nothing},
	}
}

// Reasons that a content is not sent for, in Danish, to be told behind the name of the file.
var (
	errLocked  = sentence.Sentence(`§["file-locked"]`)
	errMacros  = sentence.Sentence(`§["file-macros"]`)
	errOther   = sentence.Sentence(`§["file-other-type"]`)
	errDamaged = sentence.Sentence(`§["file-damaged"]`)
	errScript  = sentence.Sentence(`§["file-script"]`)
	errFiles   = sentence.Sentence(`§["file-files"]`)
	errFetches = sentence.Sentence(`§["file-fetches"]`)
)

// Check returns what is wrong with a file, in Danish; its name was checked before (post.CheckFileName).
func Check(name string, content []byte) (err error) {
	defer func() {
		if x := recover(); x != nil { // no input is known that gets here
			err = sentence.Of("file-is-wrong", name, errDamaged)
		}
	}()
	k, known := kinds()[strings.ToLower(path.Ext(name))]
	switch {
	case !known:
		return sentence.Of("file-type-refused", name)
	case isOLE(content) && holds(content, "EncryptedPackage"): // a new Office document that is locked
		err = errLocked
	case !k.is(content):
		return sentence.Of("file-is-another", name, sentence.Of(wordFor(content)), sentence.Of(k.word))
	default:
		err = k.wrong(content)
	}
	if err != nil {
		return sentence.Of("file-is-wrong", name, post.SentenceOf(err))
	}
	return nil
}

// content is what a file may be by its first bytes.
type content struct {
	word string
	is   func([]byte) bool
}

// contents are what a file may be, the surest first.
func contents() []content {
	kinds := kinds()
	return []content{
		{"kind-program", isProgram}, {"kind-pdf", isPDF}, {"kind-rtf", isRTF},
		{"kind-png", kinds[".png"].is}, {"kind-gif", kinds[".gif"].is},
		{"kind-jpeg", kinds[".jpg"].is}, {"kind-tiff", kinds[".tif"].is},
		{"kind-word", func(b []byte) bool { return isOld(b, "WordDocument") }},
		{"kind-excel", func(b []byte) bool { return isOld(b, "Workbook") }},
		{"kind-packed", isZip}, {"kind-page", isPage}, {"kind-text", isText},
	}
}

func wordFor(b []byte) string {
	for _, c := range contents() {
		if c.is(b) {
			return c.word
		}
	}
	return "kind-other"
}

func begins(magic string) func([]byte) bool {
	return func(b []byte) bool { return bytes.HasPrefix(b, []byte(magic)) }
}

// programs begin so: Windows, Linux, macOS, Java, a shortcut, a script.
var programs = []string{"MZ", "\x7fELF", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "\xfe\xed\xfa\xcf", "\xfe\xed\xfa\xce",
	"\xca\xfe\xba\xbe", "L\x00\x00\x00\x01\x14\x02\x00", "#!"}

func isProgram(b []byte) bool {
	for _, magic := range programs {
		if begins(magic)(b) {
			return true
		}
	}
	return false
}

func isRTF(b []byte) bool { return begins(`{\rtf`)(b) }
func isZip(b []byte) bool { return begins("PK\x03\x04")(b) }
func isOLE(b []byte) bool { return begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")(b) }
func isPDF(b []byte) bool {
	return bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")) && !isPage(b)
}

// isText reports whether a content is text: UTF-8, UTF-16 with its mark, or one byte a character, without any sign that
// no text has.
func isText(b []byte) bool {
	if isProgram(b) && !begins("#!")(b) || isPDF(b) || isZip(b) || isOLE(b) || isRTF(b) {
		return false
	}
	for _, r := range textOf(b) {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7f {
			return false
		}
	}
	return true
}

// textOf reads text in whatever of the usual ways it is written.
func textOf(b []byte) string {
	if len(b) >= 2 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		units := make([]uint16, 0, len(b)/2)
		for i := 2; i+1 < len(b); i += 2 {
			low, high := b[i], b[i+1]
			if b[0] == 0xfe {
				low, high = high, low
			}
			units = append(units, uint16(low)|uint16(high)<<8)
		}
		return string(utf16.Decode(units))
	}
	if utf8.Valid(b) {
		return strings.TrimPrefix(string(b), "\ufeff")
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

func checkPicture(b []byte) error {
	if _, _, err := image.DecodeConfig(bytes.NewReader(b)); err != nil {
		return errDamaged
	}
	return nil
}

func checkPDF(b []byte) error {
	d, err := syntax.Open(b)
	if err == nil {
		var active syntax.Active
		if active, err = d.ActiveAnywhere(); err == nil {
			return activeProblem(active)
		}
	}
	if errors.Is(err, syntax.ErrEncrypted) {
		return errLocked
	}
	return errDamaged
}

func activeProblem(active syntax.Active) error {
	switch {
	case active&(syntax.Script|syntax.Launch) != 0:
		return sentence.Of("file-pdf-active")
	case active&syntax.Attachment != 0:
		return sentence.Of("file-pdf-files")
	case active&syntax.DynamicForm != 0:
		return sentence.Of("file-pdf-form")
	}
	return nil
}
