package splitter

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/syntax"
	"brevdue/internal/sentence"
)

// FactsVersion changes when the same document would give other facts.
const FactsVersion = 1

// ErrFacts means that facts cannot be used: they are damaged, or of another version of the splitter. The document
// gives them anew.
var ErrFacts = errors.New("facts of another splitter")

// facts are what was read of a document, so that it can be planned anew without reading it: with other corrections.
type facts struct {
	Version int
	Signed  bool
	Flaws   syntax.Flaws
	Pages   [][]byte // packed pageFacts, some pages in each, so that all cores unpack them
}

// pageFacts is a page as it is stored, before its heading was judged. Its resources are left out: they are for cutting.
type pageFacts struct {
	Top                                   [][]string
	Blank, Picture, GoesOn, Worded        bool
	Letterlike, Begins, Shortened, Torn   bool
	Unreadable                            string
	Guess, Greeted, Relation, Born        string
	Letterhead                            string
	CounterPage, CounterOf, Signals       int
	Blocks                                []blockFacts
	Sightings, Elsewhere, Hidden, Covered []sightingFacts
	Named, Labelled, Mentions, Numbers    []string
	Units                                 []unit   `json:",omitempty"`
	Printed                               string   `json:",omitempty"`
	Days                                  []string `json:",omitempty"`
	Sum, Said                             []byte
}

type blockFacts struct {
	Name, Street, Town, Another, Second string
	Company                             bool
	NameLine                            int
	Lines                               []int
	Left                                float32
}

type sightingFacts struct {
	Number                                  string
	Wrong                                   int
	Labelled, Understood, Office, Addressed bool
	Name, Field                             string
	Role                                    uint8
	Line                                    int
}

// pagesPacked is how many pages are packed together.
const pagesPacked = 250

// Facts packs what was read of the document.
func (p *Plan) Facts() ([]byte, error) {
	if p.packed != nil {
		return p.packed, nil
	}
	f := facts{Version: FactsVersion, Signed: p.signed, Flaws: p.flaws}
	f.Pages = make([][]byte, (len(p.pages)+pagesPacked-1)/pagesPacked)
	err := inChunks(len(f.Pages), func(i int) error {
		var some []pageFacts
		for k := i * pagesPacked; k < min((i+1)*pagesPacked, len(p.pages)); k++ {
			some = append(some, factsOf(&p.pages[k]))
		}
		packed, err := packFacts(some)
		f.Pages[i] = packed
		return err
	})
	if err != nil {
		return nil, err
	}
	p.packed, err = json.Marshal(f)
	return p.packed, err
}

func packFacts(v any) ([]byte, error) {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed) // the level is one
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return nil, err
	}
	err := z.Close()
	return out.Bytes(), err
}

func unpackFacts(packed []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	return json.NewDecoder(z).Decode(v)
}

// inChunks does n things on all cores, and returns their errors.
func inChunks(n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = do(i)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Replan decides anew from the facts of a document where each letter begins and whom it is for. It cuts nothing.
func Replan(packed []byte, o Options) (*Plan, error) {
	var f facts
	if err := json.Unmarshal(packed, &f); err != nil || f.Version != FactsVersion {
		return nil, errors.Join(ErrFacts, err)
	}
	chunks := make([][]page, len(f.Pages))
	err := inChunks(len(f.Pages), func(i int) error {
		var some []pageFacts
		if err := unpackFacts(f.Pages[i], &some); err != nil {
			return err
		}
		chunks[i] = make([]page, len(some))
		for k := range some {
			p, err := some[k].page()
			if err != nil {
				return err
			}
			chunks[i][k] = p
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(ErrFacts, err)
	}
	p := &Plan{signed: f.Signed, flaws: f.Flaws, pages: slices.Concat(chunks...)}
	p.Pages = len(p.pages)
	return p, p.decide(o)
}

func factsOf(p *page) pageFacts {
	f := pageFacts{
		Blank: p.blank, Picture: p.picture, GoesOn: p.goesOn, Worded: p.counter.worded, Letterlike: p.letterlike,
		Begins: p.begins, Shortened: p.shortened, Torn: p.torn, Unreadable: string(p.unreadable), Guess: p.guess,
		Greeted: p.greeted, Relation: p.relation, Born: p.born, Letterhead: p.letterhead,
		CounterPage: p.counter.page, CounterOf: p.counter.of, Signals: p.signals,
		Sightings: sightingsFacts(p.sightings), Elsewhere: sightingsFacts(p.elsewhere),
		Hidden: sightingsFacts(p.hidden), Covered: sightingsFacts(p.covered),
		Named: p.named, Labelled: p.labelled, Mentions: keysOf(p.mentions), Numbers: keysOf(p.numbers),
		Sum: p.sum[:], Said: p.said[:], Printed: p.printed, Days: p.days, Units: p.units,
	}
	for _, line := range p.top {
		f.Top = append(f.Top, line)
	}
	for _, b := range p.blocks {
		f.Blocks = append(f.Blocks, blockFacts{b.name, b.street, b.town, b.another, b.second, b.company, b.nameLine,
			b.lines, b.left})
	}
	return f
}

func (f *pageFacts) page() (page, error) {
	p := page{
		blank: f.Blank, picture: f.Picture, goesOn: f.GoesOn, letterlike: f.Letterlike, begins: f.Begins,
		shortened: f.Shortened, torn: f.Torn, unreadable: sentence.Sentence(f.Unreadable), guess: f.Guess,
		greeted: f.Greeted, relation: f.Relation, born: f.Born, letterhead: f.Letterhead,
		counter: counter{f.CounterPage, f.CounterOf, f.Worded}, signals: f.Signals,
		named: f.Named, labelled: f.Labelled, printed: f.Printed, days: f.Days,
		units: f.Units,
	}
	if len(f.Sum) != sha256.Size || len(f.Said) != sha256.Size {
		return p, ErrFacts
	}
	p.sum, p.said = [sha256.Size]byte(f.Sum), [sha256.Size]byte(f.Said)
	for _, line := range f.Top {
		p.top = append(p.top, line)
	}
	for _, b := range f.Blocks {
		p.blocks = append(p.blocks, block{b.Name, b.Street, b.Town, b.Another, b.Second, b.Company, b.NameLine, b.Lines,
			b.Left})
	}
	var errs [6]error
	p.sightings, errs[0] = sightingsOf(f.Sightings)
	p.elsewhere, errs[1] = sightingsOf(f.Elsewhere)
	p.hidden, errs[2] = sightingsOf(f.Hidden)
	p.covered, errs[3] = sightingsOf(f.Covered)
	p.mentions, errs[4] = numbersOf(f.Mentions)
	p.numbers, errs[5] = numbersOf(f.Numbers)
	return p, errors.Join(errs[:]...)
}

// wrongs are why a number cannot be one, in the order in which they are stored.
var wrongs = []error{nil, ident.ErrForm, ident.ErrDate, ident.ErrChecksum, ident.ErrLetters}

func sightingsFacts(all []sighting) []sightingFacts {
	var facts []sightingFacts
	for _, s := range all {
		wrong := slices.IndexFunc(wrongs, func(err error) bool { return errors.Is(s.wrong, err) })
		facts = append(facts, sightingFacts{s.number.Key(), wrong, s.labelled, s.understood, s.office, s.addressed,
			s.name, s.field, uint8(s.role), s.line})
	}
	return facts
}

func sightingsOf(facts []sightingFacts) ([]sighting, error) {
	var all []sighting
	for _, f := range facts {
		n, err := numberOf(f.Number)
		if err != nil || f.Wrong < 0 || f.Wrong >= len(wrongs) {
			return nil, fmt.Errorf("a number of the facts: %w", errors.Join(ErrFacts, err))
		}
		all = append(all, sighting{number: n, wrong: wrongs[f.Wrong], labelled: f.Labelled, understood: f.Understood,
			name: f.Name, role: kinship(f.Role), office: f.Office, addressed: f.Addressed, field: f.Field,
			line: f.Line})
	}
	return all, nil
}

func keysOf(numbers []ident.Number) []string {
	var keys []string
	for _, n := range numbers {
		keys = append(keys, n.Key())
	}
	return keys
}

// numberOf reads what Key has written.
func numberOf(key string) (ident.Number, error) {
	if key == "" {
		return ident.Number{}, nil
	}
	return ident.Parse(ident.Kind(key[:3]), key[3:])
}

func numbersOf(keys []string) ([]ident.Number, error) {
	var numbers []ident.Number
	for _, key := range keys {
		n, err := numberOf(key)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}
