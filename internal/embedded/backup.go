package embedded

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"brevdue/internal/seal"
)

// A backup is a gzipped tar: backup.json, then the secrets, wrapped by the master key, the table and queues as one
// snapshot, and the files that the snapshot knows (and younger ones), each followed by nothing but the end:
// backup.json.end has the SHA-256 of all. The master key is not in it, and without that nobody reads it.

// backupFormat is raised when an older program could not read a backup any more.
const backupFormat = 4

// wrappedFormat is from when on secrets are wrapped.
const wrappedFormat = 3

type backupHead struct {
	Format    int       `json:"format"`
	Version   string    `json:"version"`
	Made      time.Time `json:"made"`
	MasterKey string    `json:"masterKey,omitempty"` // the file where it was made: on the same machine it is found again
}

const (
	backupHeadName = "backup.json"
	backupEndName  = "backup.end.json"
	databaseName   = "brevdue.db"
	identityName   = "identity"
)

// secretNames are the small files that belong to a backup. The identity does not: a restored folder is another one.
var secretNames = []string{keysName, evidenceName, "key"}

// Identity implements store.Identity: it names this folder, and not its backups.
func (h *Backend) Identity(context.Context) (string, error) {
	b, err := h.ReadSecret(identityName)
	return string(b), err
}

// identify gives a folder that has none its identity, and reports whether it was new.
func (h *Backend) identify() (made bool, err error) {
	if _, err := h.ReadSecret(identityName); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, h.WriteSecret(identityName, []byte(hex.EncodeToString(randomKey())))
}

// secretPlace is what a secret is wrapped for in a backup.
const secretPlace = "backup "

// packer writes a backup and remembers what is in it.
type packer struct {
	tar  *tar.Writer
	sums map[string]string
}

// Backup writes everything that is needed to go on elsewhere, while the backend is at work.
func (h *Backend) Backup(w io.Writer, version string, now time.Time) error {
	z := gzip.NewWriter(w)
	p := &packer{tar.NewWriter(z), map[string]string{}}
	head, err := json.Marshal(backupHead{backupFormat, version, now.UTC(), h.MasterKey})
	if err != nil {
		return err
	}
	errs := []error{p.add(backupHeadName, head)}
	for _, name := range secretNames {
		b, err := h.ReadSecret(name)
		if err == nil {
			err = p.add(name, h.master.Wrap(secretPlace+name, b))
		}
		if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	errs = append(errs, p.database(h)) // before the files: whatever it knows is on disk
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := p.files(h.Dir); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	end, err := json.Marshal(p.sums)
	if err != nil {
		return err
	}
	return errors.Join(p.add(backupEndName, end), p.tar.Close(), z.Close())
}

// database adds the table and queues as they are now. They are copied first: while a snapshot is open, no page that it
// knows can be used again and the file cannot grow, and whoever takes the backup may be slow, or stand still.
func (p *packer) database(h *Backend) error {
	f, err := os.CreateTemp(h.Dir, "backup-*.part")
	if err != nil {
		return err
	}
	defer f.Close()
	if err := os.Remove(f.Name()); err != nil { // it lives as long as it is open
		return err
	}
	var size int64
	err = h.file.Snapshot(func(tx *bbolt.Tx) error {
		size, err = tx.WriteTo(f)
		return err
	})
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	return p.stream(databaseName, size, func(w io.Writer) error {
		_, err := io.CopyN(w, f, size)
		return err
	})
}

func (p *packer) add(name string, content []byte) error {
	return p.stream(name, int64(len(content)), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

func (p *packer) stream(name string, size int64, write func(io.Writer) error) error {
	if err := p.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, Format: tar.FormatPAX}); err != nil {
		return err
	}
	sum := sha256.New()
	if err := write(io.MultiWriter(p.tar, sum)); err != nil {
		return err
	}
	p.sums[name] = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// files adds the stored files. One that is disposed of meanwhile is left out, and so are letters that were opened for
// somebody to look at: they are kept for a day, and sealed by no letter's key. One that is being written has no name
// yet.
func (p *packer) files(dir string) error {
	root := filepath.Join(dir, "objects")
	return filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && file == filepath.Join(root, "previews") {
			return fs.SkipDir
		}
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		f, err := os.Open(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		return p.stream(filepath.ToSlash(name), info.Size(), func(w io.Writer) error {
			_, err := io.CopyN(w, f, info.Size())
			return err
		})
	})
}

// ErrNotEmpty means that something would be overwritten by a restoration.
var ErrNotEmpty = errors.New("the folder is not empty")

// belongs reports whether a name is one that Backup writes. Any other could make a folder something else than a
// restored one: with an identity it would send at once what has left long ago.
func belongs(name string) bool {
	rest, object := strings.CutPrefix(name, "objects/")
	return name == databaseName || slices.Contains(secretNames, name) ||
		object && filepath.IsLocal(rest) && path.Clean(name) == name && !strings.HasPrefix(path.Base(name), ".")
}

// needed are the files without which a backup is none.
var needed = []string{databaseName, keysName}

// Restored is what a restoration brought back.
type Restored struct {
	Version string    `json:"version"`
	Made    time.Time `json:"made"`
	Files   int       `json:"files"`
}

// Restore makes a data folder of a backup. Nothing leaves it until an operator says so: what left after the backup was
// made is known to Digital Post alone. It is whole when Restore returns nil; else the folder is not there. It needs the
// file with the master key. With "" that is the one that the backup names, where it still is: then the folder gets it.
func Restore(r io.Reader, dir, masterKey string) (*Restored, error) {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("restore %s: %w", dir, ErrNotEmpty)
	}
	part := strings.TrimSuffix(dir, string(filepath.Separator)) + ".part"
	if err := errors.Join(os.RemoveAll(part), os.MkdirAll(part, 0o700)); err != nil {
		return nil, err
	}
	done, err := unpack(r, part, masterKey)
	if err == nil {
		err = errors.Join(syncFolder(part), os.Remove(dir))
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		err = os.Rename(part, dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("restore: %w", err), os.RemoveAll(part))
	}
	return done, syncFolder(filepath.Dir(dir))
}

// unpack writes the files of a backup into dir. Each is checked against the sums that stand at the end: a backup that
// was cut off, or changed, restores nothing.
func unpack(r io.Reader, dir, masterKey string) (*Restored, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("it is no backup: %w", err)
	}
	t := tar.NewReader(z)
	done, sums, head := &Restored{}, map[string]string{}, backupHead{}
	key := backupKey{file: masterKey}
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the backup ends in the middle")
		}
		if err != nil {
			return nil, err
		}
		switch {
		case h.Name == backupEndName:
			done.Version, done.Made = head.Version, head.Made
			return done, whole(t, sums)
		case h.Name == backupHeadName:
			if sums[h.Name], err = readHead(t, &head); err == nil && head.Format >= wrappedFormat {
				err = key.find(head.MasterKey, dir)
			}
			if err != nil {
				return nil, err
			}
			continue
		case head.Format == 0:
			return nil, errors.New("it is no backup of Brevdue's")
		case !belongs(h.Name) || h.Typeflag != tar.TypeReg:
			return nil, fmt.Errorf("%q does not belong into a backup", h.Name)
		}
		file := filepath.Join(dir, filepath.FromSlash(h.Name))
		if key.master != nil && slices.Contains(secretNames, h.Name) {
			sums[h.Name], err = key.unwrap(t, file, h.Name)
		} else {
			sums[h.Name], err = writeFile(file, t)
		}
		if err != nil {
			return nil, err
		}
		done.Files++
	}
}

// backupKey is the master key of a backup.
type backupKey struct {
	file   string
	master *seal.Local
}

// find reads the master key. Where nobody has named its file it is the one that the backup names, and is laid into the
// folder: there the next one looks for it.
func (k *backupKey) find(named, dir string) (err error) {
	given := k.file != ""
	if !given {
		k.file = named
	}
	k.master, err = readMasterKey(k.file)
	if given || err != nil {
		if !given && errors.Is(err, ErrNoMasterKey) {
			return &MasterKeyError{"", ErrNoMasterKey}
		}
		return err
	}
	text, err := os.ReadFile(k.file)
	if err != nil {
		return err
	}
	return writeSecret(filepath.Join(dir, masterKeyName), text)
}

// unwrap writes a secret of a backup as it was.
func (k *backupKey) unwrap(r io.Reader, file, name string) (sum string, err error) {
	wrapped, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return "", err
	}
	plain, err := k.master.Open(secretPlace+name, wrapped)
	if err != nil {
		return "", &MasterKeyError{k.file, seal.ErrWrongKey}
	}
	s := sha256.Sum256(wrapped)
	_, err = writeFile(file, bytes.NewReader(plain))
	return hex.EncodeToString(s[:]), err
}

func readHead(r io.Reader, head *backupHead) (sum string, err error) {
	b, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return "", err
	}
	if err := json.Unmarshal(b, head); err != nil {
		return "", fmt.Errorf("it is no backup: %w", err)
	}
	if head.Format > backupFormat {
		return "", fmt.Errorf("the backup was made by a newer Brevdue (%s)", head.Version)
	}
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:]), nil
}

func writeFile(name string, r io.Reader) (sum string, err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	s := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, s), r)
	return hex.EncodeToString(s.Sum(nil)), errors.Join(err, f.Sync(), f.Close())
}

// whole compares what was read with what was written.
func whole(r io.Reader, got map[string]string) error {
	var want map[string]string
	if err := json.NewDecoder(r).Decode(&want); err != nil {
		return fmt.Errorf("the backup ends in the middle: %w", err)
	}
	for name, sum := range want {
		if got[name] != sum {
			return fmt.Errorf("%s is not as it was when the backup was made", name)
		}
	}
	for _, name := range needed {
		if got[name] == "" {
			return fmt.Errorf("%s is missing in the backup", name)
		}
	}
	if len(got) != len(want) {
		return errors.New("there is something in the backup that was not put there")
	}
	return nil
}
