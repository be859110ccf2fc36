package bucket_test

import (
	"testing"
	"time"

	"brevdue/internal/aws/awstest"
	"brevdue/internal/aws/bucket"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

func objects(t *testing.T) *bucket.Objects {
	return bucket.New(awstest.Config(t), bucket.Config{Uploads: awstest.Bucket(t), Archive: awstest.Bucket(t), Lock: time.Hour, Now: time.Now})
}

func TestObjects(t *testing.T) {
	posttest.Objects(t, func(t *testing.T) post.Objects { return objects(t) })
}
