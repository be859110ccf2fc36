// Package bucket is the files on S3: uploads in one bucket, what is kept in the other.
//
// Invariant: an object is stored, with a checksum that S3 has verified, when Put or Copy returns. What goes into the
// archive is locked. What is read is checked against its SHA-256 before anybody gets it.
//
//	uploads/…             uploads bucket: pinned by version, disposed of when its shipment is over
//	letters/… archive/…   archive bucket: versioned; archive/ locked (Object Lock, governance)
package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"brevdue/internal/post"
)

// Objects implements post.Objects.
type Objects struct {
	client *s3.Client
	c      Config
}

// Config is where the files are.
type Config struct {
	Uploads, Archive string        // buckets
	Lock             time.Duration // how long what is archived cannot be removed; 0 not at all
	Now              func() time.Time
}

// New returns the files. An endpoint of one's own, as in tests, is addressed by path.
func New(a aws.Config, c Config) *Objects {
	client := s3.NewFromConfig(a, func(o *s3.Options) { o.UsePathStyle = a.BaseEndpoint != nil })
	return &Objects{client, c}
}

func (o *Objects) bucket(key string) string {
	if strings.HasPrefix(key, "uploads/") {
		return o.c.Uploads
	}
	return o.c.Archive
}

// lock returns until when an object is locked: never beyond the day of its disposal.
func (o *Objects) lock(disposal time.Time) (types.ObjectLockMode, *time.Time) {
	now := o.c.Now()
	until := now.Add(o.c.Lock)
	if disposal.Before(until) {
		until = disposal
	}
	if !until.After(now.Add(time.Minute)) {
		return "", nil
	}
	return types.ObjectLockModeGovernance, &until
}

// atOnce is how many files are put at the same time.
const atOnce = 16

// Put implements post.Objects.
func (o *Objects) Put(ctx context.Context, files ...post.File) ([]post.Object, error) {
	objects, errs := make([]post.Object, len(files)), make([]error, len(files))
	slots := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i, f := range files {
		slots <- struct{}{}
		wg.Go(func() {
			objects[i], errs[i] = o.put(ctx, f)
			<-slots
		})
	}
	wg.Wait()
	return objects, errors.Join(errs...)
}

// put writes a file if there is none; the same bytes under the same key are found again and not written twice.
func (o *Objects) put(ctx context.Context, f post.File) (post.Object, error) {
	sum := sha256.Sum256(f.Content)
	object := post.Object{Key: f.Key, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(f.Content))}
	mode, until := o.lock(f.Disposal)
	in := &s3.PutObjectInput{
		Bucket:                    aws.String(o.bucket(f.Key)),
		Key:                       &f.Key,
		ContentType:               aws.String(mediaType(f.Key)),
		IfNoneMatch:               aws.String("*"),
		ChecksumSHA256:            aws.String(base64.StdEncoding.EncodeToString(sum[:])),
		ObjectLockMode:            mode,
		ObjectLockRetainUntilDate: until,
	}
	for {
		in.Body = bytes.NewReader(f.Content)
		out, err := o.client.PutObject(ctx, in)
		if err == nil {
			object.Version = aws.ToString(out.VersionId)
			return object, nil
		}
		if code(err) != "PreconditionFailed" && code(err) != "ConditionalRequestConflict" || in.IfNoneMatch == nil {
			return object, fmt.Errorf("object %s: %w", f.Key, err)
		}
		known, err := o.head(ctx, post.Object{Key: f.Key})
		if err == nil && known.SHA256 == object.SHA256 {
			return known, nil
		}
		if err != nil && !errors.Is(err, post.ErrNotFound) {
			return object, err
		}
		in.IfNoneMatch = nil // other bytes: a new version
	}
}

func mediaType(key string) string {
	switch path.Ext(key) {
	case ".json":
		return "application/json"
	case ".zip":
		return "application/zip"
	}
	return "application/pdf"
}

// head asks for what S3 knows of an object: the SHA-256 too, where it was stored with it.
func (o *Objects) head(ctx context.Context, object post.Object) (post.Object, error) {
	in := &s3.HeadObjectInput{
		Bucket:       aws.String(o.bucket(object.Key)),
		Key:          &object.Key,
		ChecksumMode: types.ChecksumModeEnabled,
	}
	if object.Version != "" {
		in.VersionId = &object.Version
	}
	out, err := o.client.HeadObject(ctx, in)
	if err != nil {
		return object, orMissing(err, object.Key)
	}
	object.Version, object.Size = aws.ToString(out.VersionId), aws.ToInt64(out.ContentLength)
	if sum, err := base64.StdEncoding.DecodeString(aws.ToString(out.ChecksumSHA256)); err == nil &&
		len(sum) == sha256.Size {
		object.SHA256 = hex.EncodeToString(sum)
	}
	return object, nil
}

// Copy implements post.Objects: S3 copies, no byte passes through here.
func (o *Objects) Copy(ctx context.Context, from post.Object, key string, disposal time.Time) (post.Object, error) {
	to := from
	to.Key = key
	mode, until := o.lock(disposal)
	source := o.bucket(from.Key) + "/" + (&url.URL{Path: from.Key}).EscapedPath() + "?versionId=" + url.QueryEscape(
		from.Version,
	)
	out, err := o.client.CopyObject(
		ctx,
		&s3.CopyObjectInput{
			Bucket:                    aws.String(o.bucket(key)),
			Key:                       &key,
			CopySource:                &source,
			ChecksumAlgorithm:         types.ChecksumAlgorithmSha256,
			TaggingDirective:          types.TaggingDirectiveReplace,
			ObjectLockMode:            mode,
			ObjectLockRetainUntilDate: until,
		},
	)
	if err != nil {
		return to, orNoVersion(err, from.Key)
	}
	to.Version = aws.ToString(out.VersionId)
	return to, nil
}

// First implements post.Objects.
func (o *Objects) First(ctx context.Context, key string) (post.Object, error) {
	versions, err := o.versions(ctx, key)
	if err != nil {
		return post.Object{}, err
	}
	if len(versions) == 0 {
		return post.Object{}, fmt.Errorf("object %s: %w", key, post.ErrNotFound)
	}
	object, err := o.head(ctx, post.Object{Key: key, Version: versions[len(versions)-1]})
	if err != nil || object.SHA256 != "" {
		return object, err
	}
	h := sha256.New()
	err = o.stream(ctx, object, h)
	object.SHA256 = hex.EncodeToString(h.Sum(nil))
	return object, err
}

// Has implements post.Objects.
func (o *Objects) Has(ctx context.Context, key string) (bool, error) {
	versions, err := o.versions(ctx, key)
	return len(versions) > 0, err
}

// versions returns the versions of a key, the newest first.
func (o *Objects) versions(ctx context.Context, key string) (versions []string, err error) {
	in := &s3.ListObjectVersionsInput{Bucket: aws.String(o.bucket(key)), Prefix: &key}
	for more := true; more; {
		page, err := o.client.ListObjectVersions(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("object %s: %w", key, err)
		}
		for _, v := range page.Versions {
			if aws.ToString(v.Key) == key {
				versions = append(versions, aws.ToString(v.VersionId))
			}
		}
		in.KeyMarker, in.VersionIdMarker, more = page.NextKeyMarker, page.NextVersionIdMarker, aws.ToBool(
			page.IsTruncated,
		)
	}
	return versions, nil
}

// stream writes an object to w without holding it.
func (o *Objects) stream(ctx context.Context, object post.Object, w io.Writer) error {
	out, err := o.client.GetObject(
		ctx,
		&s3.GetObjectInput{Bucket: aws.String(o.bucket(object.Key)), Key: &object.Key, VersionId: &object.Version},
	)
	if err != nil {
		return orNoVersion(err, object.Key)
	}
	n, err := io.Copy(w, out.Body)
	if err = errors.Join(err, out.Body.Close()); err == nil && n != aws.ToInt64(out.ContentLength) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("object %s: %w", object.Key, err)
	}
	return nil
}

// Release implements post.Objects: a tag lets the bucket's lifecycle dispose of an upload.
func (o *Objects) Release(ctx context.Context, keys ...string) error {
	for _, key := range keys {
		versions, err := o.versions(ctx, key)
		if err != nil {
			return err
		}
		for _, version := range versions {
			_, err := o.client.PutObjectTagging(
				ctx,
				&s3.PutObjectTaggingInput{
					Bucket:    aws.String(o.bucket(key)),
					Key:       &key,
					VersionId: &version,
					Tagging: &types.Tagging{
						TagSet: []types.Tag{{Key: aws.String("released"), Value: aws.String("yes")}},
					},
				},
			)
			if err = orMissing(err, key); err != nil && !errors.Is(err, post.ErrNotFound) {
				return err
			}
		}
	}
	return nil
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// orNoVersion is orMissing for reading a version: S3 calls one that never was one an invalid argument.
func orNoVersion(err error, key string) error {
	if code(err) == "InvalidArgument" {
		return fmt.Errorf("object %s: %w", key, post.ErrNotFound)
	}
	return orMissing(err, key)
}

func orMissing(err error, key string) error {
	switch code(err) {
	case "NoSuchKey", "NoSuchVersion", "NotFound":
		return fmt.Errorf("object %s: %w", key, post.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("object %s: %w", key, err)
	}
	return nil
}
