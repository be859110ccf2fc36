package incident

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"brevdue/internal/post"
)

// Verified is what a package proves.
type Verified struct {
	Manifest Manifest
	Letters  int
	Receipts int
	Entries  int // of the audit log
	Signer   string
}

// sizeLimit bounds what is read of one file in a package.
const sizeLimit = 1 << 30

// Verify checks a package: the signature of the manifest, the hash of every file, each receipt against its letter, and
// the audit chain. check returns the signer's fingerprint.
func Verify(
	r io.ReaderAt,
	size int64,
	check func(content, signature []byte) (signer string, err error),
) (*Verified, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("package: %w", err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		if _, twice := files[f.Name]; twice {
			return nil, fmt.Errorf("package: %s is in it twice", f.Name)
		}
		if files[f.Name], err = read(f); err != nil {
			return nil, err
		}
	}
	v := &Verified{}
	if v.Signer, err = check(files[ManifestName], files[SignatureName]); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(files[ManifestName], &v.Manifest); err != nil {
		return nil, errors.New("manifest.json is not readable")
	}
	delete(files, ManifestName)
	delete(files, SignatureName)
	if err := v.hashes(files); err != nil {
		return nil, err
	}
	return v, errors.Join(v.letters(files), v.auditLog(files))
}

func read(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("package: %s: %w", f.Name, err)
	}
	b, err := io.ReadAll(io.LimitReader(r, sizeLimit))
	return b, errors.Join(err, r.Close())
}

func (v *Verified) hashes(files map[string][]byte) error {
	for name, content := range files {
		switch known := v.Manifest.Files[name]; known {
		case fingerprint(content):
		case "":
			return fmt.Errorf("%s is not in the manifest", name)
		default:
			return fmt.Errorf("%s was changed", name)
		}
	}
	for name := range v.Manifest.Files {
		if _, there := files[name]; !there {
			return fmt.Errorf("%s is missing", name)
		}
	}
	return nil
}

func (v *Verified) letters(files map[string][]byte) error {
	var letters []Letter
	if err := json.Unmarshal(files["breve.json"], &letters); err != nil {
		return errors.New("breve.json is not readable")
	}
	v.Letters = len(letters)
	for _, l := range letters {
		for _, r := range l.Receipts {
			if fingerprint(files[r.File]) != r.SHA256 {
				return fmt.Errorf("letter %d: a receipt does not match its fingerprint", l.Number)
			}
			v.Receipts++
		}
	}
	return nil
}

func (v *Verified) auditLog(files map[string][]byte) error {
	var chain []*post.Entry
	if err := json.Unmarshal(files["revision.json"], &chain); err != nil {
		return errors.New("revision.json is not readable")
	}
	v.Entries = len(chain)
	if err := post.VerifyChain(chain); err != nil {
		return fmt.Errorf("revision.json: %w", err)
	}
	return nil
}
