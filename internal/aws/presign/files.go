package presign

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"brevdue/internal/post"
)

// Files reads and writes the few files that API and portal touch themselves: what a review is planned from, and the
// letters that somebody looks at in it. It signs plain requests, for the same reason as Links.
type Files struct {
	*Links
	Client *http.Client
}

// errNotHere means that API and portal do not do this with files.
var errNotHere = errors.New("not done by this function")

// Put implements post.Objects. What lies there already stays.
func (f *Files) Put(ctx context.Context, files ...post.File) ([]post.Object, error) {
	objects := make([]post.Object, len(files))
	for i, file := range files {
		sum := sha256.Sum256(file.Content)
		header := http.Header{
			"Content-Type":          {"application/pdf"},
			"If-None-Match":         {"*"},
			"X-Amz-Checksum-Sha256": {base64.StdEncoding.EncodeToString(sum[:])},
		}
		res, err := f.call(ctx, http.MethodPut, post.Object{Key: file.Key}, header, file.Content)
		if err != nil {
			return nil, err
		}
		_ = res.Body.Close()
		objects[i] = post.Object{Key: file.Key, Version: res.Header.Get("X-Amz-Version-Id"),
			SHA256: hex.EncodeToString(sum[:]), Size: int64(len(file.Content))}
		switch {
		case res.StatusCode == http.StatusPreconditionFailed, res.StatusCode == http.StatusConflict: // two at once
			if objects[i], err = f.First(ctx, file.Key); err != nil {
				return nil, err
			}
		case res.StatusCode/100 != 2:
			return nil, fmt.Errorf("object %s: HTTP %d", file.Key, res.StatusCode)
		}
	}
	return objects, nil
}

// Open implements post.Objects.
func (f *Files) Open(ctx context.Context, o post.Object) ([]byte, func(), error) {
	res, err := f.call(ctx, http.MethodGet, o, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound:
		return nil, nil, fmt.Errorf("object %s: %w", o.Key, post.ErrNotFound)
	case res.StatusCode != http.StatusOK:
		return nil, nil, fmt.Errorf("object %s: HTTP %d", o.Key, res.StatusCode)
	}
	if res.ContentLength < 0 {
		return nil, nil, fmt.Errorf("object %s: without a length", o.Key)
	}
	content := make([]byte, res.ContentLength) // an upload is large: no copy of it is made
	if _, err = io.ReadFull(res.Body, content); err != nil {
		return nil, nil, fmt.Errorf("object %s: %w", o.Key, err)
	}
	if sum := sha256.Sum256(content); o.SHA256 != "" && hex.EncodeToString(sum[:]) != o.SHA256 {
		return nil, nil, fmt.Errorf("object %s: %w", o.Key, post.ErrDamaged)
	}
	return content, func() {}, nil
}

// First implements post.Uploads. What lies under a key of these files is written once.
func (f *Files) First(ctx context.Context, key string) (post.Object, error) {
	header := http.Header{"X-Amz-Checksum-Mode": {"ENABLED"}}
	res, err := f.call(ctx, http.MethodHead, post.Object{Key: key}, header, nil)
	if err != nil {
		return post.Object{}, err
	}
	_ = res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound:
		return post.Object{}, fmt.Errorf("object %s: %w", key, post.ErrNotFound)
	case res.StatusCode != http.StatusOK:
		return post.Object{}, fmt.Errorf("object %s: HTTP %d", key, res.StatusCode)
	}
	sum, _ := base64.StdEncoding.DecodeString(res.Header.Get("X-Amz-Checksum-Sha256"))
	return post.Object{Key: key, Version: res.Header.Get("X-Amz-Version-Id"), SHA256: hex.EncodeToString(sum),
		Size: res.ContentLength}, nil
}

// Has implements post.Uploads.
func (f *Files) Has(ctx context.Context, key string) (bool, error) {
	_, err := f.First(ctx, key)
	if errors.Is(err, post.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Copy implements post.Objects.
func (f *Files) Copy(context.Context, post.Object, string, time.Time) (post.Object, error) {
	return post.Object{}, errNotHere
}

// Release implements post.Objects.
func (f *Files) Release(context.Context, ...string) error { return errNotHere }

// call signs a request and makes it.
func (f *Files) call(
	ctx context.Context,
	method string,
	o post.Object,
	header http.Header,
	body []byte,
) (*http.Response, error) {
	bucket := f.Archive
	if strings.HasPrefix(o.Key, "uploads/") {
		bucket = f.Uploads
	}
	address := f.address(bucket) + "/" + (&url.URL{Path: o.Key}).EscapedPath()
	if o.Version != "" {
		address += "?versionId=" + url.QueryEscape(o.Version)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	req.Header.Set("X-Amz-Content-Sha256", hash)
	c, err := f.AWS.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := signer.SignHTTP(ctx, c, req, hash, "s3", f.AWS.Region, f.Now().UTC()); err != nil {
		return nil, err
	}
	f.made("S3." + map[string]string{http.MethodPut: "PutObject", http.MethodGet: "GetObject",
		http.MethodHead: "HeadObject"}[method])
	res, err := f.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("object %s: %w", o.Key, err)
	}
	return res, nil
}
