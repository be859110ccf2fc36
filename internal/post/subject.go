package post

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"brevdue/internal/ident"
)

// SubjectLimit is how many characters a subject may have, as in the product; MeMo's label would allow 256
// (digital-post.md 0).
const SubjectLimit = 50

// CheckSubject returns what is wrong with a subject (emne), in Danish.
func CheckSubject(subject string) error {
	switch n := utf8.RuneCountInString(subject); {
	case strings.TrimSpace(subject) == "":
		return errors.New("Emnet mangler. Skriv den titel, som modtageren skal se.")
	case n > SubjectLimit:
		return errors.New("Emnet er " + itoa(n-SubjectLimit) + " tegn for langt. Det må højst være " + itoa(SubjectLimit) + " tegn.")
	case strings.ContainsFunc(subject, unicode.IsControl):
		return errors.New("Emnet har linjeskift eller andre usynlige tegn. Skriv det på én linje.")
	case ident.ContainsCPR(subject):
		return errors.New("Emnet indeholder et CPR-nummer. Det kan ses uden på brevet, så skriv det uden nummer.")
	}
	return nil
}

// forbiddenInFileName are the characters that Digital Post has refused since 10 September 2025 (digital-post.md 2,
// Filename/URL rule).
const forbiddenInFileName = "<>:\"/\\|?*\r\n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u205f\u2060\u3000"

// FileTypes are the media types that Digital Post takes, by file ending (digital-post.md 2, File types).
var FileTypes = map[string]string{
	".pdf": "application/pdf", ".html": "text/html", ".txt": "text/plain", ".doc": "application/msword", ".rtf": "application/msword",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".bmp":  "image/bmp", ".gif": "image/gif", ".jpg": "image/jpeg", ".png": "image/png", ".tif": "image/tiff",
	".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".odt": "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}

// CheckFileName returns the media type of a file, or what is wrong with its name, in Danish.
func CheckFileName(name string) (string, error) {
	switch i := strings.IndexAny(name, forbiddenInFileName); {
	case strings.TrimSpace(name) == "":
		return "", errors.New("Filen har intet navn.")
	case utf8.RuneCountInString(name) > 256:
		return "", errors.New("Filnavnet er for langt. Det må højst være 256 tegn.")
	case i >= 0 || strings.ContainsFunc(name, unicode.IsControl):
		return "", errors.New("Filnavnet indeholder et tegn, som Digital Post ikke tager imod: < > : \" / \\ | ? * eller et specielt mellemrum. Omdøb filen.")
	case ident.ContainsCPR(name):
		return "", errors.New("Filnavnet indeholder et CPR-nummer. Omdøb filen, så modtageren ikke ser et nummer i navnet.")
	}
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return "", errors.New("Filnavnet mangler en endelse som .pdf.")
	}
	ending := strings.ToLower(name[dot:])
	media, ok := FileTypes[ending]
	if !ok {
		return "", errors.New("Digital Post tager ikke imod filer af typen " + ending + ".")
	}
	return media, nil
}

// Limits of a message.
const (
	MessageLimit    = 99_500_000 // bytes of a whole message as encoded (digital-post.md 2)
	AttachmentLimit = 10         // bilag to a letter (digital-post.md 2)
	UploadLimit     = 500 << 20  // bytes of one upload, where nothing else is set
)
