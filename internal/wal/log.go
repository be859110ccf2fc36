package wal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"sync"
)

// Log is the write-ahead log: two parts that are written over in turn, each from its beginning. A part is written over
// only when bbolt has all that stands in it. Records have ascending numbers and begin at whole blocks:
//
//	magic (4) · CRC-32C of the rest (4) · number (8) · id of the log (16) · length (4) · what it says
//
// So a record that was torn, or of which the disk has nothing, is the end of the log; and one after it that is whole
// says that the disk has lost something that was synced.
type Log struct {
	parts  [2]Disk
	id     [idLength]byte
	part   int      // that is written
	at     int64    // where the next record begins
	ready  [2]int64 // bytes of a part that have their place on disk
	record []byte
}

// Disk is where a part of the log lies: a file, or what stands for one in a test.
type Disk interface {
	io.ReaderAt
	io.WriterAt
	Size() (int64, error)
	Sync() error
}

const (
	idLength   = 16
	headLength = 4 + 4 + 8 + idLength + 4
	blockSize  = 4096
	// readyStep is how much of a part gets its place on disk at once: syncing what has one is twice as fast.
	readyStep = 512 << 10
)

// partLimit is what a part takes. What is written over in memory meanwhile never gets to bbolt.
var partLimit int64 = 8 << 20

var (
	magic      = [4]byte{'B', 'v', 'd', 'L'}
	castagnoli = sync.OnceValue(func() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) })
)

// NewLog begins a log on two parts. What stands there belongs to other logs.
func NewLog(id [idLength]byte, parts [2]Disk) (*Log, error) {
	l := &Log{id: id, parts: parts}
	for i, p := range parts {
		size, err := p.Size()
		if err != nil {
			return nil, err
		}
		l.ready[i] = size
	}
	return l, nil
}

// Fits reports whether a record has room in the part that is written. An empty part takes any.
func (l *Log) Fits(length int) bool { return l.at == 0 || l.at+blocks(length) <= partLimit }

// Turn goes on with the other part, which bbolt has.
func (l *Log) Turn() { l.part, l.at = 1-l.part, 0 }

func blocks(length int) int64 { return int64(headLength+length+blockSize-1) / blockSize * blockSize }

// Append writes a record. It is on disk when Append returns nil, and never read when it returns an error.
func (l *Log) Append(number uint64, says []byte) error {
	size := blocks(len(says))
	if err := l.place(l.at + size); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	b := append(l.record[:0], magic[:]...)
	b = append(b, 0, 0, 0, 0)
	b = binary.BigEndian.AppendUint64(b, number)
	b = append(b, l.id[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(says)))
	b = append(b, says...)
	binary.BigEndian.PutUint32(b[4:], crc32.Checksum(b[8:], castagnoli()))
	b = append(b, make([]byte, size-int64(len(b)))...)
	l.record = b
	disk := l.parts[l.part]
	n, err := disk.WriteAt(b, l.at)
	if err != nil && n == 0 {
		return fmt.Errorf("log: %w", err)
	}
	if err == nil {
		err = disk.Sync()
	}
	if err != nil {
		return fmt.Errorf("log: %w", errors.Join(err, l.void()))
	}
	l.at += size
	return nil
}

// void takes back a record of which nobody knows whether the disk has it.
func (l *Log) void() error {
	disk := l.parts[l.part]
	_, err := disk.WriteAt(make([]byte, blockSize), l.at)
	if err = errors.Join(err, disk.Sync()); err != nil {
		return fmt.Errorf("%w: %w", ErrDisk, err) // it may be read again
	}
	return nil
}

// place gives the part its place on disk, up to there: a full disk is met here, before anything is written.
func (l *Log) place(upTo int64) error {
	for l.ready[l.part] < upTo {
		disk := l.parts[l.part]
		if _, err := disk.WriteAt(make([]byte, readyStep), l.ready[l.part]); err != nil {
			return err
		}
		if err := disk.Sync(); err != nil {
			return err
		}
		l.ready[l.part] += readyStep
	}
	return nil
}

// found is a record that was read.
type found struct {
	number uint64
	says   []byte
}

// Replay calls do for each record of a log that comes after a number, in their order, and returns the last number.
func Replay(id [idLength]byte, parts [2]Disk, after uint64, do func(says []byte) error) (last uint64, err error) {
	var runs [][]found
	for _, p := range parts {
		run, err := readPart(id, p, after)
		if err != nil {
			return 0, err
		}
		if len(run) > 0 {
			runs = append(runs, run)
		}
	}
	if len(runs) == 0 {
		return 0, fmt.Errorf("%w: its log is not there", ErrBroken)
	}
	slices.SortFunc(runs, func(a, b []found) int { return int(int64(a[0].number - b[0].number)) })
	last = after
	for _, record := range slices.Concat(runs...) {
		switch {
		case record.number <= last:
			continue
		case record.number > last+1:
			return 0, fmt.Errorf("%w: its log has record %d after %d", ErrBroken, record.number, last)
		}
		if err := do(record.says); err != nil {
			return 0, err
		}
		last = record.number
	}
	return last, nil
}

// readPart reads the records at the beginning of a part. Behind them lies what was there before; a newer one among
// that says that one before it was lost.
func readPart(id [idLength]byte, p Disk, after uint64) (run []found, err error) {
	size, err := p.Size()
	if err != nil {
		return nil, err
	}
	b := make([]byte, size)
	if _, err := p.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	at := int64(0)
	for {
		record, ok := readRecord(id, b, at)
		if !ok || len(run) > 0 && record.number != run[len(run)-1].number+1 {
			break
		}
		run = append(run, record)
		at += blocks(len(record.says))
	}
	newest := after
	if len(run) > 0 {
		newest = max(after, run[len(run)-1].number)
	}
	for ; at < size; at += blockSize {
		if record, ok := readRecord(id, b, at); ok && record.number > newest {
			return nil, fmt.Errorf("%w: its log has lost what comes before record %d", ErrBroken, record.number)
		}
	}
	return run, nil
}

func readRecord(id [idLength]byte, b []byte, at int64) (found, bool) {
	if at+headLength > int64(len(b)) || [4]byte(b[at:at+4]) != magic {
		return found{}, false
	}
	head := b[at : at+headLength]
	length := int64(binary.BigEndian.Uint32(head[headLength-4:]))
	if [idLength]byte(head[16:16+idLength]) != id || at+headLength+length > int64(len(b)) {
		return found{}, false
	}
	if crc32.Checksum(b[at+8:at+headLength+length], castagnoli()) != binary.BigEndian.Uint32(head[4:]) {
		return found{}, false
	}
	return found{binary.BigEndian.Uint64(head[8:]), b[at+headLength : at+headLength+length]}, true
}
