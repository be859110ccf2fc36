package post

import (
	"strconv"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/sentence"
)

// SubjectLimit is how many characters a subject may have, as in the product; MeMo's label would allow 256
// (digital-post.md 0).
const SubjectLimit = 50

// CheckSubject returns what is wrong with a subject (emne), in Danish.
func CheckSubject(subject string) error {
	switch {
	case IsBlank(subject):
		return sentence.Of("subject-missing")
	case ident.ContainsCPR(subject):
		return sentence.Of("subject-with-number")
	}
	return CheckText(`§["place-subject"]`, subject, SubjectLimit)
}

// forbiddenInFileName are the characters that Digital Post has refused since 10 September 2025 (digital-post.md 2,
// Filename/URL rule).
const forbiddenInFileName = "<>:\"/\\|?*\r\n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009" +
	"\u200a\u2028\u205f\u2060\u3000"

// FileTypes are the media types that Digital Post takes, by file ending (digital-post.md 2, File types).
var FileTypes = map[string]string{
	".pdf": "application/pdf", ".html": "text/html", ".txt": "text/plain", ".doc": "application/msword",
	".rtf":  "application/msword",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".bmp":  "image/bmp", ".gif": "image/gif", ".jpg": "image/jpeg", ".png": "image/png", ".tif": "image/tiff",
	".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".odt": "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}

// FileNameLimit is how many characters the name of a file may have.
const FileNameLimit = 256

// CheckFileName returns the media type of a file, or what is wrong with its name, in Danish.
func CheckFileName(name string) (string, error) {
	switch i := strings.IndexAny(name, forbiddenInFileName); {
	case IsBlank(name):
		return "", sentence.Of("file-without-name")
	case i >= 0:
		return "", sentence.Of("file-name-characters")
	case ident.ContainsCPR(name):
		return "", sentence.Of("file-name-with-number")
	}
	if err := CheckText(`§["place-file-name"]`, name, FileNameLimit); err != nil {
		return "", err
	}
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return "", sentence.Of("file-without-ending")
	}
	ending := strings.ToLower(name[dot:])
	media, ok := FileTypes[ending]
	if !ok {
		return "", sentence.Of("file-ending-refused", ending)
	}
	return media, nil
}

// Limits of a message.
const (
	MessageLimit    = 99_500_000 // bytes of a whole message as encoded (digital-post.md 2)
	AttachmentLimit = 10         // bilag to a letter (digital-post.md 2)
	UploadLimit     = 500 << 20  // bytes of one upload, where nothing else is set
)

// TooLarge says that what goes into one message is more than Digital Post takes; size is in bytes, as it is sent.
func TooLarge(what sentence.Sentence, size int64) sentence.Sentence {
	return sentence.Of("too-large", what, Megabytes(size))
}

// Megabytes writes a size as users read it: "99,5".
func Megabytes(size int64) string {
	return strings.Replace(strconv.FormatFloat(float64(size)/1e6, 'f', 1, 64), ".", ",", 1)
}
