package wal

import (
	"encoding/binary"
	"fmt"
)

// A record says what becomes of keys: for each a bucket, a key, and a value. Of the value the length plus one is
// written, and zero for a key that is deleted.

func encode(writes []write) []byte {
	var b []byte
	for _, w := range writes {
		b = appendBytes(b, uint64(len(w.bucket)), w.bucket)
		b = appendBytes(b, uint64(len(w.key)), w.key)
		if w.value == nil {
			b = append(b, 0)
		} else {
			b = appendBytes(b, uint64(len(w.value))+1, w.value)
		}
	}
	return b
}

func appendBytes[T string | []byte](b []byte, length uint64, v T) []byte {
	return append(binary.AppendUvarint(b, length), v...)
}

func decode(b []byte) (writes []write, err error) {
	for len(b) > 0 {
		var bucket, key, value []byte
		if bucket, b, err = cutBytes(b, 0); err == nil {
			key, b, err = cutBytes(b, 0)
		}
		if err == nil {
			value, b, err = cutBytes(b, 1)
		}
		if err != nil {
			return nil, err
		}
		writes = append(writes, write{string(bucket), string(key), value})
	}
	return writes, nil
}

// cutBytes cuts off what has its length before it, with so much added to it; nil where the length is less.
func cutBytes(b []byte, added uint64) (v, rest []byte, err error) {
	length, n := binary.Uvarint(b)
	switch {
	case n <= 0:
		return nil, nil, fmt.Errorf("%w: a record of its log ends in the middle", ErrBroken)
	case length < added:
		return nil, b[n:], nil
	case length-added > uint64(len(b)-n):
		return nil, nil, fmt.Errorf("%w: a record of its log ends in the middle", ErrBroken)
	}
	end := n + int(length-added)
	return b[n:end:end], b[end:], nil
}
