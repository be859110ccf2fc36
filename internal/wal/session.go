package wal

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// bbolt's file says which log belongs to it, and up to which record it has that log. Where it names none it is whole
// by itself: after it was closed, in a backup, and when a version without a log has written it.
const (
	logBucket = "log"
	idKey     = "id"
	numberKey = "number"
)

// mark notes in a transaction which log goes on from there, if any.
func mark(tx *bbolt.Tx, number uint64, id []byte) error {
	b := tx.Bucket([]byte(logBucket))
	if err := b.Put([]byte(numberKey), binary.BigEndian.AppendUint64(nil, number)); err != nil {
		return err
	}
	if id == nil {
		return b.Delete([]byte(idKey))
	}
	return b.Put([]byte(idKey), id)
}

// recover makes buckets that are missing, and applies what the log has and bbolt has not.
func (f *File) recover(buckets []string) error {
	var id []byte
	complete := true
	err := f.db.View(func(tx *bbolt.Tx) error {
		for _, name := range append(buckets, logBucket) {
			complete = complete && tx.Bucket([]byte(name)) != nil
		}
		if b := tx.Bucket([]byte(logBucket)); b != nil {
			id = append(id, b.Get([]byte(idKey))...)
			if n := b.Get([]byte(numberKey)); len(n) == 8 {
				f.number = binary.BigEndian.Uint64(n)
			}
		}
		return nil
	})
	if err != nil || complete && id == nil {
		return err
	}
	lost := newLevel()
	if len(id) > 0 {
		if err := f.replay([idLength]byte(id), lost); err != nil {
			return err
		}
	}
	tx, err := f.db.Begin(true) // not Update, as in transact
	if err != nil {
		return err
	}
	for _, name := range append(buckets, logBucket) {
		if _, bucketErr := tx.CreateBucketIfNotExists([]byte(name)); bucketErr != nil {
			err = bucketErr
		}
	}
	if err = errors.Join(err, lost.into(tx), mark(tx, f.number, nil)); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// replay reads what the log has into a level.
func (f *File) replay(id [idLength]byte, into *level) error {
	parts, err := f.disks(os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		err = errors.Join(ErrBroken, err)
	}
	if err != nil {
		return err
	}
	defer closeParts(parts)
	f.number, err = Replay(id, parts, f.number, func(says []byte) error {
		writes, err := decode(says)
		for _, w := range writes {
			into.put(w)
		}
		return err
	})
	return err
}

// beginLog begins a log and names it in bbolt's file. Its first record says nothing: it shows that the log is there.
func (f *File) beginLog() error {
	parts, err := f.disks(os.O_RDWR | os.O_CREATE)
	if err != nil {
		return err
	}
	var id [idLength]byte
	_, _ = rand.Read(id[:]) // it does not fail
	l, err := NewLog(id, parts)
	if err == nil {
		err = l.Append(f.number+1, nil)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(f.path))
	}
	if err == nil {
		err = f.transact(newLevel(), f.number, id[:])
	}
	if err != nil {
		closeParts(parts)
		return err
	}
	f.number++
	f.log = l
	return nil
}

// endLog brings everything into bbolt's file, which then needs no log.
func (f *File) endLog() error {
	if f.log == nil {
		return nil
	}
	if f.frozen != nil {
		if err := f.awaitApplied(); err != nil {
			return err
		}
	}
	if len(f.memory.buckets) > 0 {
		if err := f.toFile(f.memory, f.number, f.log.id[:]); err != nil {
			return err
		}
	}
	if err := f.transact(newLevel(), f.number, nil); err != nil {
		return err
	}
	closeParts(f.log.parts)
	f.mu.Lock()
	f.memory, f.log = newLevel(), nil
	f.mu.Unlock()
	return nil
}

// shows reports whether bbolt shows what mark has noted.
func (f *File) shows(number uint64, id []byte) (shown bool, err error) {
	return shown, f.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(logBucket))
		n := b.Get([]byte(numberKey))
		shown = len(n) == 8 && binary.BigEndian.Uint64(n) == number && bytes.Equal(b.Get([]byte(idKey)), id)
		return nil
	})
}

// removeLog removes a log that was ended, and lets go of one that could not be.
func (f *File) removeLog() {
	if f.log != nil {
		closeParts(f.log.parts)
		return
	}
	for i := range 2 {
		_ = os.Remove(f.partName(i)) // nobody reads a log that is not named
	}
}

func (f *File) partName(i int) string { return f.path + []string{".log1", ".log2"}[i] }

func (f *File) openParts(flags int) (parts [2]Disk, err error) {
	for i := range parts {
		file, err := os.OpenFile(f.partName(i), flags, 0o600)
		if err != nil {
			closeParts(parts)
			return parts, err
		}
		parts[i] = diskFile{file}
	}
	return parts, nil
}

func closeParts(parts [2]Disk) {
	for _, p := range parts {
		if file, ok := p.(diskFile); ok {
			_ = file.Close() // what counts was synced
		}
	}
}

// diskFile is a part in a file.
type diskFile struct{ *os.File }

// Size implements Disk.
func (d diskFile) Size() (int64, error) {
	info, err := d.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
