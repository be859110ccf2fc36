package embedded

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/seal"
	"brevdue/internal/store"
)

// Objects implements post.Objects in a folder: the file of a version is named key@version. A version is made of the
// content, so putting the same bytes again is harmless.
type Objects struct {
	root    string
	sealing *seal.Keys
	syncs   *syncs
	folders sync.Map // that are there
	met     func(error) error
	// receiving is held while an upload gets its name.
	receiving sync.Mutex
	// as many write at once as there are processors: more only wait for each other in the kernel
	writing chan struct{}
}

// Objects returns the files of the backend.
func (h *Backend) Objects() (*Objects, error) {
	s, err := newSyncs(filepath.Join(h.Dir, "objects"))
	go h.sweepParts(time.Now().Add(-24 * time.Hour))
	writing := make(chan struct{}, runtime.GOMAXPROCS(0))
	return &Objects{root: filepath.Join(h.Dir, "objects"), sealing: h.sealing, syncs: s, met: h.met, writing: writing},
		err
}

// partPrefix begins the name of a file that is being written.
const partPrefix = ".part-"

// sweepParts takes away what was being written when the process before this one ended: nobody knows it.
func (h *Backend) sweepParts(before time.Time) {
	removeOld(filepath.Join(h.Dir, "objects"), partPrefix, before)
}

// removeOld removes files below a folder whose names begin so and that are older.
func removeOld(dir, prefix string, before time.Time) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.HasPrefix(d.Name(), prefix) {
			return nil
		}
		if info, err := d.Info(); err == nil && info.ModTime().Before(before) {
			_ = os.Remove(path) // it only takes room
		}
		return nil
	})
}

// path refuses keys that would leave the folder; they are ours, so it never happens.
func (o *Objects) path(key, version string) (string, error) {
	if key == "" || !filepath.IsLocal(key) || strings.ContainsAny(key+version, "@\\\x00") {
		return "", fmt.Errorf("object key %q is not allowed", key)
	}
	return filepath.Join(o.root, filepath.FromSlash(key)) + "@" + version, nil
}

func versionOf(sum []byte) string { return hex.EncodeToString(sum[:8]) }

// Put implements post.Objects: the files are written one after the other and share a sync.
func (o *Objects) Put(_ context.Context, files ...post.File) ([]post.Object, error) {
	objects := make([]post.Object, len(files))
	folders := map[string]bool{}
	for i, f := range files {
		path, err := o.put(f, &objects[i])
		if err != nil {
			return nil, fmt.Errorf("object %s: %w", f.Key, o.met(err))
		}
		folders[filepath.Dir(path)] = true
	}
	for folder := range folders {
		if err := o.syncs.wait(folder); err != nil {
			return nil, err
		}
		if o.syncs.coversAll() {
			break
		}
	}
	return objects, nil
}

// put writes a file under its SHA-256. It is durable only after its folder was synced, which Put does for all of its
// files at once.
func (o *Objects) put(f post.File, object *post.Object) (path string, err error) {
	sum := sha256.Sum256(f.Content)
	*object = post.Object{
		Key:     f.Key,
		Version: versionOf(sum[:]),
		SHA256:  hex.EncodeToString(sum[:]),
		Size:    int64(len(f.Content)),
	}
	if path, err = o.path(f.Key, object.Version); err != nil {
		return "", err
	}
	sealed, err := o.sealFile(cmp.Or(f.Org, store.Installation), f.Content)
	if err != nil {
		return "", err
	}
	o.writing <- struct{}{}
	defer func() { <-o.writing }()
	if err := o.folder(filepath.Dir(path)); err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) { // written before, perhaps not whole when the power went: replaced as a whole
		if file, err = o.create(path); err == nil {
			_, err = file.Write(sealed)
			return path, o.rename(file, path, err)
		}
	}
	if err != nil {
		return "", err
	}
	// Nobody knows this version before Put returns, so it may have its name while it is written.
	_, err = file.Write(sealed)
	if err = errors.Join(err, o.syncs.beforeRename(file), file.Close()); err != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return path, err
}

// create makes a file beside its later place.
func (o *Objects) create(path string) (*os.File, error) {
	if err := o.folder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	return os.CreateTemp(filepath.Dir(path), partPrefix+"*")
}

// folder makes a folder, once.
func (o *Objects) folder(dir string) error {
	if _, known := o.folders.Load(dir); known {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	o.folders.Store(dir, true)
	return nil
}

// rename gives a written file its name. A version that is there already is written anew, but keeps its age.
func (o *Objects) rename(f *os.File, path string, err error) error {
	if err = errors.Join(err, o.syncs.beforeRename(f), f.Close()); err == nil {
		if old, statErr := os.Stat(path); statErr == nil {
			err = os.Chtimes(f.Name(), old.ModTime(), old.ModTime())
		}
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Receive stores an organization's upload of unknown length, up to limit bytes.
func (o *Objects) Receive(org, key string, r io.Reader, limit int64) (post.Object, error) {
	path, err := o.path(key, "upload")
	if err != nil {
		return post.Object{}, err
	}
	f, err := o.create(path)
	if err != nil {
		return post.Object{}, o.met(err)
	}
	h := sha256.New()
	size, err := o.receive(io.LimitReader(r, limit+1), f, h, org)
	if err == nil && size > limit {
		err = ErrTooLarge
	}
	if err == nil && size == 0 {
		err = ErrEmpty
	}
	err = errors.Join(err, f.Sync()) // before it has its name: half an upload must never look like a whole one
	sum := h.Sum(nil)
	object := post.Object{Key: key, Version: versionOf(sum), SHA256: hex.EncodeToString(sum), Size: size}
	if path, pathErr := o.path(key, object.Version); pathErr == nil {
		err = o.keepFirst(f, key, path, err)
	}
	return object, o.met(err)
}

// receive seals what it reads into a file, and returns how much that was.
func (o *Objects) receive(r io.Reader, f *os.File, h io.Writer, org string) (size int64, err error) {
	sealed, err := o.sealInto(f, org)
	if err != nil {
		return 0, err
	}
	size, err = io.Copy(io.MultiWriter(sealed, h), r)
	return size, errors.Join(err, sealed.Close())
}

// keepFirst keeps an upload unless one is there already: of several at once, the one that is whole first.
func (o *Objects) keepFirst(f *os.File, key, path string, err error) error {
	o.receiving.Lock()
	if there, hasErr := o.Has(context.Background(), key); err == nil && hasErr != nil {
		err = hasErr
	} else if err == nil && there {
		err = ErrTaken
	}
	err = o.rename(f, path, err)
	o.receiving.Unlock()
	if err != nil && !errors.Is(err, ErrTaken) {
		return err
	}
	return errors.Join(err, o.syncs.wait(filepath.Dir(path))) // the other one is kept before it is called so
}

// Errors of an upload.
var (
	ErrTaken    = errors.New("there is a file already")
	ErrTooLarge = errors.New("the file is larger than allowed")
	ErrEmpty    = errors.New("the file is empty")
)

// Copy implements post.Objects: a second name for the same bytes, which are those that were stored.
func (o *Objects) Copy(_ context.Context, from post.Object, key string, _ time.Time) (post.Object, error) {
	to := from
	to.Key = key
	source, err := o.path(from.Key, from.Version)
	if err != nil {
		return to, err
	}
	path, err := o.path(key, from.Version)
	if err != nil {
		return to, err
	}
	if err := o.folder(filepath.Dir(path)); err != nil {
		return to, err
	}
	f, err := o.open(from)
	if err != nil {
		return to, err
	}
	_ = f.Close() // it was only read
	err = os.Link(source, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return to, orMissing(err, from.Key)
	}
	return to, o.syncs.wait(filepath.Dir(path))
}

// First implements post.Objects.
func (o *Objects) First(_ context.Context, key string) (post.Object, error) {
	versions, err := o.versions(key)
	if err != nil || len(versions) == 0 {
		return post.Object{}, errors.Join(err, fmt.Errorf("object %s: %w", key, post.ErrNotFound))
	}
	oldest := ""
	var oldestInfo fs.FileInfo
	for _, v := range versions {
		info, err := os.Stat(v)
		if err != nil {
			return post.Object{}, err
		}
		if oldest == "" || info.ModTime().Before(oldestInfo.ModTime()) {
			oldest, oldestInfo = v, info
		}
	}
	sum, size, err := o.hashFile(oldest)
	if err == nil && !strings.HasSuffix(oldest, "@"+versionOf(sum)) { // its name is made of what it was
		err = post.ErrDamaged
	}
	if err != nil {
		err = fmt.Errorf("object %s: %w", key, err)
	}
	return post.Object{Key: key, Version: versionOf(sum), SHA256: hex.EncodeToString(sum), Size: size}, err
}

// Release implements post.Objects: one machine disposes of them at once.
func (o *Objects) Release(_ context.Context, keys ...string) error {
	for _, key := range keys {
		versions, err := o.versions(key)
		if err != nil {
			return err
		}
		for _, path := range versions {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("object %s: %w", key, err)
			}
		}
	}
	return nil
}

// Has implements post.Objects.
func (o *Objects) Has(_ context.Context, key string) (bool, error) {
	versions, err := o.versions(key)
	return len(versions) > 0, err
}

// versions returns the files of a key. The folder's own name is none of its business.
func (o *Objects) versions(key string) ([]string, error) {
	path, err := o.path(key, "")
	if err != nil {
		return nil, err
	}
	folder, prefix := filepath.Split(path)
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var versions []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			versions = append(versions, folder+e.Name())
		}
	}
	return versions, nil
}

func (o *Objects) hashFile(path string) (sum []byte, size int64, err error) {
	f, err := o.unsealed(path)
	if err != nil {
		return make([]byte, sha256.Size), 0, err
	}
	defer f.Close()
	sum, err = hashInto(io.Discard, f)
	return sum, f.Size(), err
}
