package store

import "brevdue/internal/post"

// counting gathers what a transaction does to the counts of splits: for each, the change and the counter item.
type counting map[split]*counted

type split struct {
	shipment string
	version  int
}

type counted struct {
	counts post.Counts
	number int // of one of the letters: it chooses the counter item
}

func (c counting) add(l *post.Letter, n int) {
	place, err := l.ID.Place()
	if err != nil {
		return
	}
	of := split{place.Shipment, place.Version}
	k := c[of]
	if k == nil {
		k = &counted{number: place.Number + place.Ordinal}
		c[of] = k
	}
	k.counts.Add(l, n)
}

func (c counting) writes() []Write {
	var writes []Write
	for of, k := range c {
		if numbers := numbersOf(k.counts); len(numbers) > 0 {
			writes = append(
				writes,
				Write{Add: &Item{Key: counterKey(of.shipment, of.version, k.number), Numbers: numbers}},
			)
		}
	}
	return writes
}

type field struct {
	name string
	of   *int
}

// fields pairs the names in a counter item with the fields of Counts.
func fields(c *post.Counts) [11]field {
	return [...]field{
		{"created", &c.Created}, {"queued", &c.Queued}, {"handedOver", &c.HandedOver},
		{"completed", &c.Completed}, {"failed", &c.Failed}, {"cancelled", &c.Cancelled},
		{"archived", &c.Archived}, {"archiveFailed", &c.ArchiveFailed}, {"dismissed", &c.Dismissed},
		{"unfiled", &c.Unfiled}, {"prompt", &c.Prompt},
	}
}

// numbersOf returns what is added to a counter item. Dismissed letters are failed ones there, as they were in versions
// before, which had no state for them.
func numbersOf(c post.Counts) map[string]int64 {
	numbers := map[string]int64{}
	c.Failed += c.Dismissed
	for _, f := range fields(&c) {
		if *f.of != 0 {
			numbers[f.name] = int64(*f.of)
		}
	}
	return numbers
}

func addNumbers(c *post.Counts, numbers map[string]int64) {
	for _, f := range fields(c) {
		*f.of += int(numbers[f.name])
	}
	c.Failed -= int(numbers["dismissed"])
	c.Queued += int(numbers["sending"]) // counted by itself before
}
