package text

import (
	"strconv"
	"strings"
	"sync"
)

// encodings are the tables from character codes and glyph names to characters (PDF annex D).
type encodings struct {
	win, mac, standard [256]rune
	names              map[string]rune
}

// newEncodings makes the tables, once for all documents.
var newEncodings = sync.OnceValue(makeEncodings)

func makeEncodings() *encodings {
	e := &encodings{names: map[string]rune{}}
	win := []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")
	mac := []rune("ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…" +
		" ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ")
	for i := range 256 {
		e.win[i], e.mac[i] = rune(i), rune(i)
		if i >= 128 && i < 160 {
			e.win[i] = win[i-128]
		}
		if i >= 128 {
			e.mac[i] = mac[i-128]
		} else {
			e.standard[i] = rune(i)
		}
	}
	e.fillStandard()
	e.fillNames()
	return e
}

// fillStandard sets the upper half of StandardEncoding (PDF annex D.2); what is not set is no character.
func (e *encodings) fillStandard() {
	for _, part := range []struct {
		from  int
		runes string
	}{
		{0xA1, "¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ"}, {0xB1, "–†‡·"}, {0xB6, "¶•‚„”»…‰"}, {0xBF, "¿"}, {0xC1, "`´"}, {0xD0, "—"},
		{0xE1, "Æ"}, {0xE3, "ª"}, {0xE8, "ŁØŒº"}, {0xF1, "æ"}, {0xF5, "ı"}, {0xF8, "łøœß"},
	} {
		for i, r := range []rune(part.runes) {
			e.standard[part.from+i] = r
		}
	}
}

// fillNames sets the glyph names of the Adobe Glyph List that Latin text uses.
func (e *encodings) fillNames() {
	for _, row := range []struct {
		from  rune
		names string
	}{
		{' ', "space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright " +
			"asterisk plus " +
			"comma hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal " +
			"greater question at"},
		{'[', "bracketleft backslash bracketright asciicircum underscore grave"},
		{'{', "braceleft bar braceright asciitilde"},
		{0xA0, "nbspace exclamdown cent sterling currency yen brokenbar section dieresis copyright ordfeminine " +
			"guillemotleft logicalnot sfthyphen registered macron degree plusminus twosuperior threesuperior " +
			"acute mu " +
			"paragraph periodcentered cedilla onesuperior ordmasculine guillemotright onequarter onehalf " +
			"threequarters questiondown Agrave Aacute Acircumflex Atilde Adieresis Aring AE Ccedilla Egrave Eacute " +
			"Ecircumflex Edieresis Igrave Iacute Icircumflex Idieresis Eth Ntilde Ograve Oacute Ocircumflex Otilde " +
			"Odieresis multiply Oslash Ugrave Uacute Ucircumflex Udieresis Yacute Thorn germandbls agrave aacute " +
			"acircumflex atilde adieresis aring ae ccedilla egrave eacute ecircumflex edieresis igrave iacute " +
			"icircumflex idieresis eth ntilde ograve oacute ocircumflex otilde odieresis divide oslash ugrave uacute " +
			"ucircumflex udieresis yacute thorn ydieresis"},
	} {
		for i, n := range strings.Fields(row.names) {
			e.names[n] = row.from + rune(i)
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		e.names[string(c)], e.names[string(c+32)] = c, c+32
	}
	for _, accent := range []struct{ name, bases, runes string }{
		{"acute", "CLNRSZclnrsz", "ĆĹŃŔŚŹćĺńŕśź"},
		{"caron", "CDELNRSTZcdelnrstz", "ČĎĚĽŇŘŠŤŽčďěľňřšťž"}, {"ogonek", "AEIUaeiu", "ĄĘĮŲąęįų"},
		{"macron", "AEIOUaeiou", "ĀĒĪŌŪāēīōū"}, {"breve", "AGUagu", "ĂĞŬăğŭ"}, {"dotaccent", "CEGZcegz", "ĊĖĠŻċėġż"},
		{"hungarumlaut", "OUou", "ŐŰőű"}, {"ring", "Uu", "Ůů"},
		{"cedilla", "STst", "ŞŢşţ"}, {"commaaccent", "GKLNRgklnr", "ĢĶĻŅŖģķļņŗ"},
	} {
		for i, r := range []rune(accent.runes) {
			e.names[accent.bases[i:i+1]+accent.name] = r
		}
	}
	for n, r := range map[string]rune{
		"Lslash": 'Ł', "lslash": 'ł', "OE": 'Œ', "oe": 'œ', "Idotaccent": 'İ', "Ydieresis": 'Ÿ', "dagger": '†',
		"daggerdbl": '‡', "quotesinglbase": '‚', "guilsinglleft": '‹', "guilsinglright": '›',
		"perthousand": '‰', "trademark": '™', "florin": 'ƒ', "fraction": '⁄', "circumflex": 'ˆ', "tilde": '˜',
		"caron": 'ˇ', "breve": '˘', "dotaccent": '˙', "ring": '˚', "ogonek": '˛', "hungarumlaut": '˝',
		"Delta": '∆', "Omega": 'Ω', "mu1": 'µ', "figuredash": '‒', "nonbreakingspace": '\u00a0',
		"nonbreakinghyphen": '‑', "softhyphen": '\u00ad', "Dcroat": 'Đ', "dcroat": 'đ', "Eng": 'Ŋ', "eng": 'ŋ',
	} {
		if _, ok := e.names[n]; !ok {
			e.names[n] = r
		}
	}
	for n, r := range map[string]rune{
		"endash": '–', "emdash": '—', "bullet": '•', "quoteleft": '‘', "quoteright": '’', "quotedblleft": '“',
		"quotedblright": '”', "quotedblbase": '„', "quotesinglbase": '‚', "ellipsis": '…', "Euro": '€',
		"minus": '−', "dotlessi": 'ı', "middot": '·', "hyphenminus": '-',
	} {
		e.names[n] = r
	}
}

// named returns the table of a base encoding (PDF 9.6.6.1), or nil.
func (e *encodings) named(n string) *[256]rune {
	switch n {
	case "WinAnsiEncoding":
		return &e.win
	case "MacRomanEncoding":
		return &e.mac
	case "StandardEncoding":
		return &e.standard
	}
	return nil
}

// texts spells a table out. Controls are no text.
func (e *encodings) texts(table *[256]rune) (texts [256]string) {
	for i, r := range table {
		if r >= ' ' {
			texts[i] = plainText([]rune{r})
		}
	}
	return texts
}

// glyph returns the text of a glyph name, or "" where the name says nothing.
func (e *encodings) glyph(n string) string {
	switch n {
	case "fi", "fl", "ff", "ffi", "ffl":
		return n
	}
	if i := strings.IndexByte(n, '.'); i > 0 { // a variant: "one.tab"
		n = n[:i]
	}
	if strings.Contains(n, "_") { // a ligature: "f_f_i"
		text := ""
		for _, part := range strings.Split(n, "_") {
			t := e.glyph(part)
			if t == "" {
				return ""
			}
			text += t
		}
		return text
	}
	if r, ok := e.names[strings.TrimSuffix(n, "oldstyle")]; ok {
		return string(r)
	}
	if hex, ok := strings.CutPrefix(n, "uni"); ok && len(hex) == 4 {
		if v, err := strconv.ParseUint(hex, 16, 32); err == nil {
			return plainText([]rune{rune(v)})
		}
	}
	if hex, ok := strings.CutPrefix(n, "u"); ok && len(hex) >= 4 && len(hex) <= 6 {
		if v, err := strconv.ParseUint(hex, 16, 32); err == nil {
			return plainText([]rune{rune(v)})
		}
	}
	return ""
}
