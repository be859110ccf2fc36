package bucket_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"brevdue/internal/aws/awstest"
	"brevdue/internal/aws/bucket"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

var archive string // bucket of the last objects

func objects(t *testing.T) *bucket.Objects {
	archive = awstest.Bucket(t)
	return bucket.New(
		awstest.Config(t),
		bucket.Config{Uploads: awstest.Bucket(t), Archive: archive, Lock: time.Hour, Now: time.Now},
	)
}

func TestObjects(t *testing.T) {
	posttest.Objects(t, func(t *testing.T) posttest.StoredObjects { return objects(t) })
}

// TestArchiveIsLocked: what is archived has a lock in governance mode, what waits to be sent has none.
func TestArchiveIsLocked(t *testing.T) {
	o, client := objects(t), awstest.S3(t)
	put, err := o.Put(
		t.Context(),
		post.File{Key: "letters/a.pdf", Content: []byte("x")},
		post.File{Key: "archive/demo/a.json", Content: []byte("{}"), Disposal: time.Now().Add(30 * time.Minute)},
	)
	posttest.Check(t, err)
	copied, err := o.Copy(t.Context(), put[0], "archive/demo/a.pdf", time.Now().Add(48*time.Hour))
	posttest.Check(t, err)
	for object, locked := range map[post.Object]bool{put[0]: false, put[1]: true, copied: true} {
		out, err := client.HeadObject(
			t.Context(),
			&s3.HeadObjectInput{Bucket: &archive, Key: &object.Key, VersionId: &object.Version},
		)
		posttest.Check(t, err)
		if object == put[1] && out.ObjectLockRetainUntilDate.After(time.Now().Add(31*time.Minute)) {
			t.Errorf("the lock outlasts the disposal: %v", out.ObjectLockRetainUntilDate)
		}
		if got := out.ObjectLockMode == types.ObjectLockModeGovernance &&
			out.ObjectLockRetainUntilDate.After(time.Now()); got != locked {
			t.Errorf("%s: locked %v (%s until %v)", object.Key, got, out.ObjectLockMode, out.ObjectLockRetainUntilDate)
		}
	}
}

// TestReleaseTags: the lifecycle of the uploads disposes of what has this tag, and of nothing else.
func TestReleaseTags(t *testing.T) {
	uploads := awstest.Bucket(t)
	o := bucket.New(awstest.Config(t), bucket.Config{Uploads: uploads, Archive: uploads, Now: time.Now})
	put, err := o.Put(t.Context(), post.File{Key: "uploads/demo/a/0", Content: []byte("x")})
	posttest.Check(t, err)
	posttest.Check(t, o.Release(t.Context(), put[0].Key))
	out, err := awstest.S3(t).
		GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: &uploads, Key: &put[0].Key,
			VersionId: &put[0].Version})
	posttest.Check(t, err)
	if len(out.TagSet) != 1 || *out.TagSet[0].Key != "released" || *out.TagSet[0].Value != "yes" {
		t.Errorf("its tags are %v", out.TagSet)
	}
}

// TestBigFilesAreMapped: a file of many megabytes comes back whole without lying in memory twice.
func TestBigFilesAreMapped(t *testing.T) {
	o := objects(t)
	big := bytes.Repeat([]byte("0123456789abcdef"), 2<<20) // 32 MB
	put, err := o.Put(t.Context(), post.File{Key: "letters/big.pdf", Content: big})
	posttest.Check(t, err)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	content, done, err := o.Open(t.Context(), put[0])
	posttest.Check(t, err)
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("%d MB were allocated to read 32 MB", grown>>20)
	}
	if !bytes.Equal(content, big) {
		t.Error("it came back changed")
	}
	done()
	wrong := put[0]
	wrong.SHA256 = strings.Repeat("0", 64)
	if _, _, err := o.Open(t.Context(), wrong); err == nil {
		t.Error("bytes that are not those that were stored were given out")
	}
}
