package post

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"brevdue/internal/ident"
)

// fileNameLimit is how many letters the name of a file has that is made of a text.
const fileNameLimit = 120

// reservedNames are names that Windows keeps for devices, whatever their extension.
var reservedNames = strings.Fields("con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 " +
	"lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9")

// FileName is a text as the name of a file or of a folder, on every system, and without anybody's number (practice.md
// E11). A long one keeps its extension.
func FileName(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, ident.Mask(text))
	if letters := []rune(text); len(letters) > fileNameLimit {
		ext := []rune(path.Ext(text))
		if len(ext) > 10 {
			ext = nil
		}
		text = strings.TrimRight(string(letters[:fileNameLimit-len(ext)]), " .") + string(ext)
	}
	text = strings.Trim(text, " .")
	name, _, _ := strings.Cut(strings.ToLower(text), ".")
	if text == "" || slices.Contains(reservedNames, strings.TrimSpace(name)) {
		return "_" + text
	}
	return text
}
