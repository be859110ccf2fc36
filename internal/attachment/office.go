package attachment

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"path"
	"regexp"
	"strings"

	"brevdue/internal/post"
)

// sector is the unit that streams of an old Office document begin at.
const sector = 512

// holds reports whether an old Office document has a stream of that name: names stand in its directory in UTF-16.
func holds(b []byte, stream string) bool {
	name := make([]byte, 0, 2*len(stream)+2)
	for _, c := range []byte(stream + "\x00") {
		name = append(name, c, 0)
	}
	return bytes.Contains(b, name)
}

// isOld reports whether a content is an old Office document with a stream of that name.
func isOld(b []byte, stream string) bool { return isOLE(b) && holds(b, stream) }

// checkOld looks at a document of Office 97 to 2003.
func checkOld(b []byte) error {
	if isRTF(b) {
		return checkRTF(b)
	}
	switch {
	case lockedWord(b), lockedExcel(b):
		return errLocked
	case holds(b, "_VBA_PROJECT"), holds(b, "Macros"):
		return errMacros
	case holds(b, "\x01Ole10Native"):
		return errFiles
	}
	return nil
}

// lockedWord reads the flag of the file information block (MS-DOC 2.5.2: wIdent, then fEncrypted).
func lockedWord(b []byte) bool {
	for at := sector; at+12 <= len(b); at += sector {
		if b[at] == 0xec && b[at+1] == 0xa5 {
			return binary.LittleEndian.Uint16(b[at+10:])&0x0100 != 0
		}
	}
	return false
}

// lockedExcel looks for FILEPASS among the first records of the workbook (MS-XLS 2.4.117).
func lockedExcel(b []byte) bool {
	const bof, filePass = 0x0809, 0x002f
	for at := sector; at+4 <= len(b); at += sector {
		if binary.LittleEndian.Uint16(b[at:]) != bof {
			continue
		}
		for i := at; i+4 <= min(len(b), at+sector); i += 4 + int(binary.LittleEndian.Uint16(b[i+2:])) {
			if binary.LittleEndian.Uint16(b[i:]) == filePass {
				return true
			}
		}
	}
	return false
}

func checkRTF(b []byte) error {
	if bytes.Contains(b, []byte(`\objdata`)) || bytes.Contains(b, []byte(`\objocx`)) {
		return errFiles
	}
	return nil
}

// Limits of what is looked at within a package.
const (
	partMost    = 4 << 20   // of one that is read as text
	wholeMost   = 100 << 20 // of a document within the document
	withinMost  = 3         // documents within documents
	entriesMost = 20_000
)

// files returns what is in a package, by its name in lower case.
func files(b []byte) (map[string]*zip.File, error) {
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(r.File) > entriesMost {
		return nil, errDamaged
	}
	all := make(map[string]*zip.File, len(r.File))
	for _, f := range r.File {
		if f.Flags&1 != 0 {
			return nil, errLocked
		}
		all[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	return all, nil
}

// read returns a file of a package, up to a limit.
func read(f *zip.File, most int64) ([]byte, error) {
	if f == nil {
		return nil, errDamaged
	}
	r, err := f.Open()
	if err != nil {
		return nil, errDamaged
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil || int64(len(b)) > most {
		return nil, errDamaged
	}
	return b, nil
}

// checkPackage looks at a document of today's Office, whose text is in the part main.
func checkPackage(b []byte, main string) error {
	all, err := files(b)
	if err != nil {
		return err
	}
	if all[main] == nil {
		return errOther
	}
	return checkParts(all, 1)
}

// fetches is a relation to something that is fetched without anybody's pressing: a template, a frame, an object.
func fetches() *regexp.Regexp {
	return regexp.MustCompile(`(?is)<Relationship\b[^>]*` +
		`\bType="[^"]*/(attachedTemplate|frame|oleObject|subDocument|externalLinkPath)"[^>]*>`)
}

// elsewhere is where such a relation leads off the reader's own machine.
func elsewhere() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\bTarget="(https?:|ftp:|\\\\|file:///?\\\\)`)
}

// checkParts looks at the parts of a document, and at the documents within it.
func checkParts(all map[string]*zip.File, depth int) error {
	types, err := read(all["[content_types].xml"], partMost)
	if err != nil {
		return err
	}
	types = bytes.ToLower(types)
	if bytes.Contains(types, []byte("macroenabled")) || bytes.Contains(types, []byte("vbaproject")) {
		return errMacros
	}
	for name, f := range all {
		switch {
		case path.Base(name) == "vbaproject.bin",
			strings.Contains(name, "/macrosheets/"), strings.Contains(name, "/activex/"):
			return errMacros
		case path.Ext(name) == ".rels":
			if err := checkRelations(f); err != nil {
				return err
			}
		case strings.Contains(name, "/embeddings/"):
			if err := checkWithin(f, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkRelations(f *zip.File) error {
	b, err := read(f, partMost)
	if err != nil {
		return err
	}
	elsewhere := elsewhere()
	for _, relation := range fetches().FindAll(b, -1) {
		if bytes.Contains(bytes.ToLower(relation), []byte(`targetmode="external"`)) && elsewhere.Match(relation) {
			return errFetches
		}
	}
	return nil
}

// checkWithin looks at a document within a document, as charts have them. Whatever else lies there is not sent.
func checkWithin(f *zip.File, depth int) error {
	b, err := read(f, wholeMost)
	switch {
	case err != nil:
		return err
	case depth >= withinMost:
		return errFiles
	case isZip(b):
		all, err := files(b)
		if err != nil {
			return err
		}
		if all["[content_types].xml"] == nil {
			return errFiles
		}
		return checkParts(all, depth+1)
	case isOLE(b):
		if holds(b, "EncryptedPackage") {
			return errLocked
		}
		return checkOld(b)
	}
	return errFiles
}

// openDocument returns the check of files of an ending.
func openDocument(ending string) func([]byte) error {
	return func(b []byte) error { return checkOpenDocument(b, post.FileTypes[ending]) }
}

// checkOpenDocument looks at a document of LibreOffice, which says what it is.
func checkOpenDocument(b []byte, media string) error {
	all, err := files(b)
	if err != nil {
		return err
	}
	kind, err := read(all["mimetype"], 256)
	if err != nil || strings.TrimSpace(string(kind)) != media {
		return errOther
	}
	manifest, err := read(all["meta-inf/manifest.xml"], partMost)
	switch {
	case err != nil, all["content.xml"] == nil:
		return errDamaged
	case bytes.Contains(manifest, []byte("encryption-data")):
		return errLocked
	}
	for name := range all {
		if strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/") {
			return errMacros
		}
	}
	return nil
}
