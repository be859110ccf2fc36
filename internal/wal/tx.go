package wal

import (
	"iter"

	"github.com/tidwall/btree"
	"go.etcd.io/bbolt"
)

// Tx is a state of the file: bbolt's, and over it what bbolt has not got yet. In a change it takes writes; what a
// change reads is what was there before it.
type Tx struct {
	base   *bbolt.Tx
	levels [3]*level // the newest first; nil where there is none
	writes []write
}

// write is what becomes of a key; no value means that it is deleted.
type write struct {
	bucket, key string
	value       []byte
}

// level is a part of the state in memory. A key with no value is deleted, whatever lies below.
type level struct {
	buckets map[string]*btree.Map[string, []byte]
}

func newLevel() *level { return &level{map[string]*btree.Map[string, []byte]{}} }

func (l *level) put(w write) {
	all := l.buckets[w.bucket]
	if all == nil {
		all = &btree.Map[string, []byte]{}
		l.buckets[w.bucket] = all
	}
	all.Set(w.key, w.value)
}

// Put gives a key its value, which belongs to the file from then on.
func (t *Tx) Put(bucket, key string, value []byte) {
	if value == nil {
		value = []byte{}
	}
	t.writes = append(t.writes, write{bucket, key, value})
}

// Delete takes a key away.
func (t *Tx) Delete(bucket, key string) { t.writes = append(t.writes, write{bucket, key, nil}) }

// Get returns the value of a key, nil where it is not there.
func (t *Tx) Get(bucket, key string) []byte {
	for _, l := range t.levels {
		if l == nil || l.buckets[bucket] == nil {
			continue
		}
		if v, there := l.buckets[bucket].Get(key); there {
			return v
		}
	}
	return t.base.Bucket([]byte(bucket)).Get([]byte(key))
}

// Up goes over the keys of a bucket from a key on.
func (t *Tx) Up(bucket, from string) iter.Seq2[string, []byte] {
	return t.merged(bucket, from, false)
}

// Down goes over the keys of a bucket that come before a key, the last first.
func (t *Tx) Down(bucket, before string) iter.Seq2[string, []byte] {
	return t.merged(bucket, before, true)
}

// merged goes over all levels and bbolt at once. Of a key that several have the newest counts.
func (t *Tx) merged(bucket, start string, down bool) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		var all []walk
		for _, l := range t.levels {
			if l != nil && l.buckets[bucket] != nil {
				all = append(all, walkMemory(l.buckets[bucket], start, down))
			}
		}
		all = append(all, walkFile(t.base.Bucket([]byte(bucket)).Cursor(), start, down))
		for {
			next := newest(all, down)
			if next == nil {
				return
			}
			key, value, _ := next.at()
			if value != nil && !yield(key, value) {
				return
			}
			for _, w := range all {
				if k, _, ok := w.at(); ok && k == key {
					w.step()
				}
			}
		}
	}
}

// newest returns the walk that stands at the next key, of several the newest.
func newest(all []walk, down bool) (next walk) {
	first := ""
	for _, w := range all {
		if k, _, ok := w.at(); ok && (next == nil || down && k > first || !down && k < first) {
			next, first = w, k
		}
	}
	return next
}

// walk goes over one level, up or down.
type walk interface {
	at() (key string, value []byte, ok bool)
	step()
}

type memoryWalk struct {
	all  btree.MapIter[string, []byte]
	ok   bool
	down bool
}

func walkMemory(m *btree.Map[string, []byte], start string, down bool) *memoryWalk {
	w := &memoryWalk{all: m.Iter(), down: down}
	switch w.ok = w.all.Seek(start); {
	case down && w.ok:
		w.ok = w.all.Prev()
	case down:
		w.ok = w.all.Last()
	}
	return w
}

func (w *memoryWalk) at() (string, []byte, bool) {
	if !w.ok {
		return "", nil, false
	}
	return w.all.Key(), w.all.Value(), true
}

func (w *memoryWalk) step() {
	if w.down {
		w.ok = w.all.Prev()
	} else {
		w.ok = w.all.Next()
	}
}

type fileWalk struct {
	all   *bbolt.Cursor
	key   string
	value []byte
	ok    bool
	down  bool
}

func walkFile(c *bbolt.Cursor, start string, down bool) *fileWalk {
	w := &fileWalk{all: c, down: down}
	k, v := c.Seek([]byte(start))
	switch {
	case down && k == nil:
		k, v = c.Last()
	case down:
		k, v = c.Prev()
	}
	w.take(k, v)
	return w
}

func (w *fileWalk) take(k, v []byte) { w.key, w.value, w.ok = string(k), v, k != nil }

func (w *fileWalk) at() (string, []byte, bool) { return w.key, w.value, w.ok }

func (w *fileWalk) step() {
	if w.down {
		w.take(w.all.Prev())
	} else {
		w.take(w.all.Next())
	}
}
