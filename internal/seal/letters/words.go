package letters

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"brevdue/internal/post"
)

// Words are the words of a hundred letters that follow each other in their shipment, those of each sealed by its
// letter's own key before they are put together (practice.md E9).
type Words map[post.LetterID][]byte

// Said collects the words of all letters of a shipment.
type Said struct {
	most  int // bytes of a letter's words
	mu    sync.Mutex
	parts map[int]Words
}

// Bounds of what is kept: of a letter far more than it has, and of all of a shipment what a function has room for.
const (
	letterMost   = 64 << 10
	shipmentMost = 64 << 20
)

// NewSaid collects the words of so many letters.
func NewSaid(letters int) *Said {
	return &Said{most: min(letterMost, shipmentMost/max(letters, 1)), parts: map[int]Words{}}
}

// Add seals the words of a letter. A letter without a key has none.
func (w *Said) Add(l *post.Letter, words []string) error {
	text := strings.Join(words, " ")
	if l.Secret == "" || text == "" {
		return nil
	}
	sealed, err := seal(l.Secret, []byte(text[:min(len(text), w.most)]))
	if err != nil {
		return fmt.Errorf("words of letter %s: %w", l.ID, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	part := post.WordsPart(l)
	if w.parts[part] == nil {
		w.parts[part] = Words{}
	}
	w.parts[part][l.ID] = sealed
	return nil
}

// Each gives the words as files, one for each hundred letters up to the last one that has any: the same words as the
// same bytes. What was given is let go.
func (w *Said) Each(do func(part int, file []byte) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := -1
	for part := range w.parts {
		last = max(last, part)
	}
	for part := range last + 1 {
		file, err := zipped(w.parts[part])
		delete(w.parts, part)
		if err == nil {
			err = do(part, file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// zipped puts words into a zip file, the letters in order. It makes nothing smaller: they are sealed.
func zipped(w Words) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, letter := range slices.Sorted(maps.Keys(w)) {
		into, err := z.CreateHeader(&zip.FileHeader{Name: string(letter), Method: zip.Store})
		if err == nil {
			_, err = into.Write(w[letter])
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

// ReadWords reads a file of Each.
func ReadWords(file []byte) (Words, error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, errors.Join(post.ErrDamaged, err)
	}
	w := Words{}
	for _, f := range z.File {
		from, err := f.DataOffset()
		size := int64(f.UncompressedSize64)
		if err != nil || size < 0 || from < 0 || size > int64(len(file))-from {
			return nil, errors.Join(post.ErrDamaged, err)
		}
		w[post.LetterID(f.Name)] = file[from : from+size]
	}
	return w, nil
}

// Has reports whether a letter has words that begin with each of those that are searched. One whose key is gone has
// none.
func (w Words) Has(l *post.Letter, searched []string) (bool, error) {
	sealed := w[l.ID]
	if sealed == nil || l.Secret == "" {
		return false, nil
	}
	text, err := open(l.Secret, sealed)
	if err != nil {
		return false, fmt.Errorf("words of letter %s: %w", l.ID, err)
	}
	all := " " + string(text)
	return !slices.ContainsFunc(searched, func(word string) bool { return !strings.Contains(all, " "+word) }), nil
}
