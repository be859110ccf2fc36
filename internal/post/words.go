package post

import "fmt"

// Words are the files in which the words of a Send's letters lie, a hundred letters in each (practice.md E9).
type Words struct {
	Round int // the Send
	Files []WordsFile
}

// WordsFile is one of them: its version, and how long it is.
type WordsFile struct {
	Version string `json:"v"`
	Size    int64  `json:"n"`
}

// wordsTogether is how many letters' words lie in a file. Whoever looks for one letter reads them all.
const wordsTogether = 100

// WordsPart is in which file the words of a letter lie, counted from 0.
func WordsPart(l *Letter) int { return (l.Number - 1) / wordsTogether }

// WordsKey is where the words of a Send's letters are kept: beside their PDFs.
func WordsKey(shipment string, round, part int) string {
	return fmt.Sprintf("letters/%s/%d/words-%d.zip", shipment, round, part)
}

// WordsOf is the file of a part; false where there is none.
func (s *Shipment) WordsOf(part int) (Object, bool) {
	if part < 0 || part >= len(s.Words.Files) {
		return Object{}, false
	}
	f := s.Words.Files[part]
	return Object{Key: WordsKey(s.ID, s.Words.Round, part), Version: f.Version, Size: f.Size}, true
}
