package store

import "brevdue/internal/post"

// counting gathers what a transaction does to the counts of shipments: for each, the change and the counter item.
type counting map[string]*counted

type counted struct {
	counts post.Counts
	number int // of one of the letters: it chooses the counter item
}

func (c counting) add(l *post.Letter, n int) {
	place, err := l.ID.Place()
	if err != nil {
		return
	}
	k := c[place.Shipment]
	if k == nil {
		k = &counted{number: place.Number}
		c[place.Shipment] = k
	}
	k.counts.Add(l, n)
}

func (c counting) writes() []Write {
	var writes []Write
	for shipment, k := range c {
		if numbers := numbersOf(k.counts); len(numbers) > 0 {
			writes = append(writes, Write{Add: &Item{Key: counterKey(shipment, k.number), Numbers: numbers}})
		}
	}
	return writes
}

// fields pairs the names in a counter item with the fields of Counts.
func fields(c *post.Counts) map[string]*int {
	return map[string]*int{
		"created": &c.Created, "queued": &c.Queued, "handedOver": &c.HandedOver,
		"completed": &c.Completed, "failed": &c.Failed, "cancelled": &c.Cancelled,
		"archived": &c.Archived, "archiveFailed": &c.ArchiveFailed,
	}
}

func numbersOf(c post.Counts) map[string]int64 {
	numbers := map[string]int64{}
	for name, field := range fields(&c) {
		if *field != 0 {
			numbers[name] = int64(*field)
		}
	}
	return numbers
}

func addNumbers(c *post.Counts, numbers map[string]int64) {
	for name, field := range fields(c) {
		*field += int(numbers[name])
	}
	c.Queued += int(numbers["sending"]) // counted by itself before
}
