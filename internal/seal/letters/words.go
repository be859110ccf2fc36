package letters

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
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
	mu    sync.Mutex
	parts map[int]Words
}

// wordsMost is how much is kept of a letter's words: far more than a letter has.
const wordsMost = 64 << 10

// Add seals the words of a letter. A letter without a key has none.
func (w *Said) Add(l *post.Letter, words []string) error {
	text := strings.Join(words, " ")
	if l.Secret == "" || text == "" {
		return nil
	}
	sealed, err := seal(l.Secret, []byte(text[:min(len(text), wordsMost)]))
	if err != nil {
		return fmt.Errorf("words of letter %s: %w", l.ID, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	part := post.WordsPart(l)
	if w.parts == nil {
		w.parts = map[int]Words{}
	}
	if w.parts[part] == nil {
		w.parts[part] = Words{}
	}
	w.parts[part][l.ID] = sealed
	return nil
}

// Files returns the words as files, one for each hundred letters up to the last one that has any.
func (w *Said) Files() ([][]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := -1
	for part := range w.parts {
		last = max(last, part)
	}
	files := make([][]byte, last+1)
	for part := range files {
		var file bytes.Buffer
		if err := gob.NewEncoder(&file).Encode(w.parts[part]); err != nil {
			return nil, err
		}
		files[part] = file.Bytes()
	}
	return files, nil
}

// ReadWords reads a file of Files.
func ReadWords(file []byte) (w Words, err error) {
	if err := gob.NewDecoder(bytes.NewReader(file)).Decode(&w); err != nil {
		return nil, errors.Join(post.ErrDamaged, err)
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
