// Package embedded is one machine: the ports of the program on one durable file and a folder, without a cloud. It
// keeps the contract of the cloud (data.md): a job may come twice, intents are written before jobs, and what
// is acknowledged is synced to disk, so that kill -9 at any moment loses nothing.
//
// Whoever copies the folder, or has a backup of it, and not its master key, reads no name and no number (package seal).
//
// table, queues -> brevdue.db (bbolt) · files -> objects/ · secrets -> keys.json
package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/seal"
	"brevdue/internal/wal"
)

// Backend is an open data folder.
type Backend struct {
	Dir   string
	New   bool // nobody had opened the folder under its identity before
	file  *wal.File
	queue map[post.Queue]*queue
	Keys  Keys

	MasterKey string // the file
	master    *seal.Local
	sealing   *seal.Keys

	trouble trouble
	closing context.Context // ends when the folder is closed
	close   context.CancelFunc
	expired chan struct{} // closed when nothing is removed any more
	looked  chan struct{} // closed when what had expired before the folder was opened is gone
}

// Open opens or makes a data folder (mode 0700). Its master key is in a file; "" for one in the folder.
func Open(dir, masterKey string) (*Backend, error) {
	for _, d := range []string{dir, filepath.Join(dir, "objects")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := checkDatabase(dir); err != nil {
		return nil, err
	}
	h := &Backend{Dir: dir, queue: map[post.Queue]*queue{}}
	if err := h.openFile(); err != nil {
		return nil, err
	}
	if err := h.begin(masterKey); err != nil {
		if h.file != nil {
			err = errors.Join(err, h.file.Close())
		}
		return nil, err
	}
	h.closing, h.close = context.WithCancel(context.Background())
	h.expired, h.looked = make(chan struct{}), make(chan struct{})
	go h.expireAll()
	return h, nil
}

// openFile opens the file of table and queues.
func (h *Backend) openFile() error {
	buckets := []string{itemsBucket, listBucket, dueBucket}
	for _, q := range allQueues() {
		buckets = append(buckets, queueBucket(q))
	}
	file, err := wal.Open(filepath.Join(h.Dir, databaseName), buckets...)
	if err == nil {
		h.file = file
	}
	return err
}

// begin finds out whose folder it is, and whether it can be read.
func (h *Backend) begin(masterKey string) error {
	if err := h.checkEmpty(); err != nil {
		return err
	}
	err := h.unlock(masterKey)
	if err == nil {
		h.Keys, err = h.readKeys()
	}
	if err != nil {
		return err
	}
	if h.New, err = h.identify(); err != nil {
		return err
	}
	for _, q := range allQueues() {
		if h.queue[q], err = openQueue(h.file, q); err != nil {
			return err
		}
	}
	return nil
}

// ErrBroken means that the table's file does not make sense any more: only a backup helps.
var ErrBroken = wal.ErrBroken

// ErrDisk means that the disk failed while it was written to.
var ErrDisk = wal.ErrDisk

// ErrBusy means that another process has the folder open.
var ErrBusy = wal.ErrBusy

// ErrNoDatabase means that the folder has everything of an installation but its table.
var ErrNoDatabase = errors.New("the table is missing")

// checkDatabase refuses a folder that lost its table: a new one would forget every letter, and its key would not fit.
func checkDatabase(dir string) error {
	name := filepath.Join(dir, databaseName)
	switch info, err := os.Stat(name); {
	case err == nil && info.Size() > 0:
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("data folder: %w", err)
	}
	for _, other := range append([]string{identityName}, secretNames...) {
		if _, err := os.Lstat(filepath.Join(dir, other)); err == nil {
			return fmt.Errorf("%s: %w", name, ErrNoDatabase)
		}
	}
	if hasFiles(filepath.Join(dir, "objects")) {
		return fmt.Errorf("%s: %w", name, ErrNoDatabase)
	}
	return nil
}

// checkEmpty refuses a table with nothing in it beside files that one knew.
func (h *Backend) checkEmpty() error {
	items, err := h.hasItems()
	if err == nil && !items && hasFiles(filepath.Join(h.Dir, "objects")) {
		err = fmt.Errorf("%s: %w", filepath.Join(h.Dir, databaseName), ErrNoDatabase)
	}
	return err
}

// hasItems reports whether anything has happened in the folder but that it was opened.
func (h *Backend) hasItems() (items bool, err error) {
	err = h.file.View(func(tx *wal.Tx) error {
		for raw := range tx.Up(itemsBucket, "") {
			if items = !ofOpening(keyOf(raw)); items {
				break
			}
		}
		return nil
	})
	return items, err
}

// hasFiles reports whether there is a stored file anywhere in a folder.
func hasFiles(dir string) bool {
	found := errors.New("found")
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasPrefix(d.Name(), partPrefix) {
			return found
		}
		return nil
	})
	return errors.Is(err, found)
}

// Broken is closed when the table's file is found broken at work, or its disk fails.
func (h *Backend) Broken() <-chan struct{} { return h.file.Broken() }

// Cause is why, once Broken is closed.
func (h *Backend) Cause() error { return h.file.Cause() }

// Close closes the data folder.
func (h *Backend) Close() error {
	h.close()
	<-h.expired
	return h.file.Close()
}

func allQueues() []post.Queue {
	var all []post.Queue
	for _, q := range post.WorkQueues {
		all = append(all, q, q.Dead())
	}
	return all
}
