package benchstore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

var (
	itemsBucket = []byte("items")
	queueBucket = []byte("queue")
)

// boltStore keeps an item under partition, a zero byte, sort; its value is the
// revision in 8 bytes, then the body.
type boltStore struct{ db *bolt.DB }

func openBolt(path string) (store, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{
		NoSync:         false,
		NoFreelistSync: true,
		FreelistType:   bolt.FreelistMapType,
	})
	if err != nil {
		return nil, err
	}
	return &boltStore{db}, makeBuckets(db)
}

// makeBuckets writes only to a new file, so that opening an old one is cheap.
func makeBuckets(db *bolt.DB) error {
	made := false
	err := db.View(func(tx *bolt.Tx) error {
		made = tx.Bucket(queueBucket) != nil
		return nil
	})
	if made || err != nil {
		return err
	}
	return db.Update(func(tx *bolt.Tx) error {
		_, errItems := tx.CreateBucket(itemsBucket)
		_, errQueue := tx.CreateBucket(queueBucket)
		return errors.Join(errItems, errQueue)
	})
}

func (s *boltStore) commit(group []*change) error {
	return s.db.Update(func(tx *bolt.Tx) error {
		for _, c := range group {
			c.err = nil
			if err := applyToBolt(tx, c); errors.Is(err, errStale) {
				c.err = err
			} else if err != nil {
				return err
			}
		}
		return nil
	})
}

func applyToBolt(tx *bolt.Tx, c *change) error {
	items := tx.Bucket(itemsBucket)
	for _, l := range c.letters {
		now, err := boltItem(items, l.partition, l.sort)
		if err != nil {
			return err
		}
		if now.revision != l.revision {
			return errStale
		}
	}
	for _, l := range c.letters {
		l.revision++
		if err := putInBolt(items, l); err != nil {
			return err
		}
	}
	if err := addInBolt(items, c.counter, len(c.letters)); err != nil {
		return err
	}
	queue := tx.Bucket(queueBucket)
	if err := enqueueInBolt(queue, c.messages); err != nil {
		return err
	}
	return dequeueInBolt(queue, len(c.messages))
}

func boltItem(items *bolt.Bucket, partition, sort string) (item, error) {
	value := items.Get(boltKey(partition, sort))
	if value == nil {
		return item{}, fmt.Errorf("no item %s/%s", partition, sort)
	}
	revision := int64(binary.BigEndian.Uint64(value))
	return item{partition, sort, revision, bytes.Clone(value[8:])}, nil
}

func putInBolt(items *bolt.Bucket, it item) error {
	value := make([]byte, 8, 8+len(it.body))
	binary.BigEndian.PutUint64(value, uint64(it.revision))
	return items.Put(boltKey(it.partition, it.sort), append(value, it.body...))
}

func addInBolt(items *bolt.Bucket, counter string, n int) error {
	c, err := boltItem(items, counterPartition, counter)
	if err != nil {
		return err
	}
	total, err := strconv.Atoi(string(c.body))
	if err != nil {
		return err
	}
	c.revision++
	c.body = strconv.AppendInt(nil, int64(total+n), 10)
	return putInBolt(items, c)
}

func enqueueInBolt(queue *bolt.Bucket, messages [][]byte) error {
	for _, m := range messages {
		id, err := queue.NextSequence()
		if err != nil {
			return err
		}
		if err := queue.Put(binary.BigEndian.AppendUint64(nil, id), m); err != nil {
			return err
		}
	}
	return nil
}

func dequeueInBolt(queue *bolt.Bucket, n int) error {
	front := queue.Cursor()
	for range n {
		if key, _ := front.First(); key == nil {
			return errors.New("queue is empty")
		}
		if err := front.Delete(); err != nil {
			return err
		}
	}
	return nil
}

func (s *boltStore) seed(items []item, messages [][]byte) error {
	return s.db.Update(func(tx *bolt.Tx) error {
		bucket := tx.Bucket(itemsBucket)
		for _, it := range items {
			if err := putInBolt(bucket, it); err != nil {
				return err
			}
		}
		return enqueueInBolt(tx.Bucket(queueBucket), messages)
	})
}

func (s *boltStore) page(partition string) (found []item, err error) {
	prefix := boltKey(partition, "")
	err = s.db.View(func(tx *bolt.Tx) error {
		at := tx.Bucket(itemsBucket).Cursor()
		for key, value := at.Seek(prefix); bytes.HasPrefix(key, prefix); key, value = at.Next() {
			revision := int64(binary.BigEndian.Uint64(value))
			found = append(found, item{partition, string(key[len(prefix):]), revision, bytes.Clone(value[8:])})
		}
		return nil
	})
	return found, err
}

func (s *boltStore) queueLength() (n int, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		n = tx.Bucket(queueBucket).Stats().KeyN
		return nil
	})
	return n, err
}

func (s *boltStore) close() error { return s.db.Close() }

func boltKey(partition, sort string) []byte {
	return []byte(partition + "\x00" + sort)
}
