package store

import "brevdue/internal/sentence"

// saidBefore are the texts of doubts as versions before stored them. They are read as codes, so that what Digital Post
// says once more is known to have been told.
var saidBefore = map[sentence.Sentence]sentence.Sentence{
	"Digital Post kvitterede først for, at brevet er leveret, og har siden afvist det. Brevet " +
		"står fortsat som leveret. Spørg modtageren, om det er kommet.": `§["refused-after-ticks"]`,
	"Brevet er annulleret, efter at Digital Post havde afvist det. Nu har Digital Post " +
		"alligevel leveret den besked, som den først afviste.": `§["delivered-after-cancel"]`,
	"Digital Post afviste først brevet og har nu alligevel leveret det, som det var før " +
		"rettelsen. Det rettede brev er også på vej eller afleveret. Tag stilling til, om den første modtager " +
		"skal have " +
		"besked.": `§["delivered-as-it-was"]`,
	"Digital Post afviste først brevet og har nu alligevel leveret det, som det var før " +
		"rettelsen. Det rettede brev er ikke sendt. Tag stilling til, om det stadig skal sendes.": `§["delivered-before-it-left"]`,
}

// asCode returns the code of a text that was stored before there were codes.
func asCode(text sentence.Sentence) sentence.Sentence {
	if code, ok := saidBefore[text]; ok {
		return code
	}
	return text
}
