package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// assets are the style sheets, scripts and pictures. Their addresses name what is in them, so that a browser keeps them
// for good and never one of a version before.
type assets struct {
	fs.FS
	hash string // of all of them together
}

const hashLength = 12

// newAssets reads the files, and names them.
func newAssets(files fs.FS) (assets, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		_, _ = sum.Write(append([]byte(path+"\x00"), content...))
		return err
	})
	return assets{files, hex.EncodeToString(sum.Sum(nil))[:hashLength]}, err
}

// address is where a file is.
func (a assets) address(name string) string { return "/static/" + a.hash + "/" + name }

// ServeHTTP gives a file. One whose address names what is in it never changes; one that is asked for without, or by a
// page of a version before, may.
func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	keep, prefix := "max-age=300", "/static/"
	if hash, _, folder := strings.Cut(strings.TrimPrefix(r.URL.Path, prefix), "/"); folder && len(hash) == hashLength {
		prefix += hash + "/"
		if hash == a.hash {
			keep = "max-age=31536000, immutable"
		}
	}
	w.Header().Set("Cache-Control", keep)
	http.StripPrefix(prefix, http.FileServerFS(filesOnly{a.FS})).ServeHTTP(w, r)
}

// Compression: what is smaller than this is not worth it, and what a page says of somebody is hidden among some bytes
// of chance, so that its length tells nobody what stands in it (BREACH).
const (
	compressFrom  = 1024
	compressNoise = 32
)

// compressed compresses what a browser can read so.
func compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom), gzhttp.RandomJitter(compressNoise, 0, false))
	if err != nil {
		return nil, err
	}
	return wrap(next), nil
}

// strict are headers that every answer has: over TLS a browser never comes back without it, and no page asks for
// a camera, a microphone or where somebody is.
func strict(h http.Header, tls bool) {
	if tls {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), "+
		"publickey-credentials-get=(self), publickey-credentials-create=(self)")
}
