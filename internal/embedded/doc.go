// Package embedded is one machine: the ports of the house on one durable file and a folder, without a cloud. It
// keeps the contract of the cloud (data.md): an errand may come twice, intents are written before errands, and what
// is acknowledged is synced to disk, so that kill -9 at any moment loses nothing.
//
// table, queues -> brevdue.db (bbolt) · files -> objects/ · secrets -> keys.json
package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"brevdue/internal/durable"
	"brevdue/internal/post"
)

// Home is an open data folder.
type Home struct {
	Dir   string
	New   bool // nobody had opened the folder under its identity before
	file  *durable.File
	queue map[post.Queue]*queue
	Keys  Keys
}

// Open opens or makes a data folder (mode 0700).
func Open(dir string) (*Home, error) {
	for _, d := range []string{dir, filepath.Join(dir, "objects")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	keys, err := readKeys(filepath.Join(dir, "keys.json"))
	if err != nil {
		return nil, err
	}
	buckets := []string{itemsBucket, listBucket, dueBucket}
	for _, q := range allQueues() {
		buckets = append(buckets, queueBucket(q))
	}
	file, err := durable.Open(filepath.Join(dir, "brevdue.db"), buckets...)
	if err != nil {
		return nil, err
	}
	h := &Home{Dir: dir, file: file, queue: map[post.Queue]*queue{}, Keys: keys}
	if h.New, err = h.identify(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	for _, q := range allQueues() {
		if h.queue[q], err = openQueue(file, q); err != nil {
			return nil, errors.Join(err, file.Close())
		}
	}
	return h, nil
}

// Close closes the data folder.
func (h *Home) Close() error { return h.file.Close() }

func allQueues() []post.Queue {
	var all []post.Queue
	for _, q := range post.WorkQueues {
		all = append(all, q, q.Dead())
	}
	return all
}
