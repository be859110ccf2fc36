package presign_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"brevdue/internal/aws/awstest"
	"brevdue/internal/aws/bucket"
	"brevdue/internal/aws/presign"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

func TestLinks(t *testing.T) {
	posttest.Links(t, func(t *testing.T) (post.Links, posttest.StoredObjects) {
		c, uploads, archive := awstest.Config(t), awstest.Bucket(t), awstest.Bucket(t)
		return &presign.Links{AWS: c, Uploads: uploads, Archive: archive, Now: time.Now},
			bucket.New(c, bucket.Config{Uploads: uploads, Archive: archive, Now: time.Now})
	})
}

var config = aws.Config{
	Region:      "eu-central-1",
	Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", "token/with+signs="),
}

func links(at time.Time) *presign.Links {
	return &presign.Links{
		AWS:     config,
		Uploads: "uploads-bucket",
		Archive: "archive-bucket",
		Now:     func() time.Time { return at },
	}
}

// TestDownloadIsTheSDKs: the same link, but for what the SDK adds for itself, has the same signature.
func TestDownloadIsTheSDKs(t *testing.T) {
	client := s3.NewFromConfig(
		config,
		func(o *s3.Options) { o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired },
	)
	o := post.Object{Key: "letters/aaaaaaaaaaaa/1/0000/000001.pdf", Version: "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY"}
	disposition := "attachment; filename=brev.pdf"
	signed, err := s3.NewPresignClient(client).
		PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("archive-bucket"), Key: &o.Key,
			VersionId:                  &o.Version,
			ResponseContentDisposition: &disposition}, s3.WithPresignExpires(time.Minute), func(p *s3.PresignOptions) {
			p.Presigner = withoutID{p.Presigner}
		})
	posttest.Check(t, err)
	theirs, err := url.Parse(signed.URL)
	posttest.Check(t, err)
	at, err := time.Parse("20060102T150405Z", theirs.Query().Get("X-Amz-Date"))
	posttest.Check(t, err)
	link, err := links(at).Download(t.Context(), "demo", o, "brev.pdf")
	posttest.Check(t, err)
	ours, err := url.Parse(link.URL)
	posttest.Check(t, err)
	if ours.Host != theirs.Host || ours.Path != theirs.Path || ours.Query().Encode() != theirs.Query().Encode() {
		t.Errorf("ours\n%s\ntheirs\n%s", ours, theirs)
	}
}

// TestUploadIsTheSDKs: the same address, and the same fields but for the policy, whose conditions come in another
// order; the SDK's policy gets the SDK's signature from us.
func TestUploadIsTheSDKs(t *testing.T) {
	terms := post.UploadPolicy{
		Org:   "demo",
		Key:   "uploads/demo/a/0",
		Type:  "application/pdf",
		Limit: 100,
		Life:  time.Hour,
		After: "https://post.kommune.dk/afsend/a",
	}
	conditions := []any{
		[]any{"content-length-range", 1, terms.Limit},
		map[string]string{"Content-Type": terms.Type},
		map[string]string{"success_action_redirect": terms.After},
	}
	signed, err := s3.NewPresignClient(s3.NewFromConfig(config)).
		PresignPostObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("uploads-bucket"), Key: &terms.Key},
			func(p *s3.PresignPostOptions) { p.Expires, p.Conditions = time.Hour, conditions })
	posttest.Check(t, err)
	at, err := time.Parse("20060102T150405Z", signed.Values["X-Amz-Date"])
	posttest.Check(t, err)
	link, err := links(at).Upload(t.Context(), terms)
	posttest.Check(t, err)
	if got, want := rules(t, link.Fields["policy"]), rules(t, signed.Values["policy"]); !slices.Equal(got, want) {
		t.Errorf("our policy\n%v\ntheirs\n%v", got, want)
	}
	if got := presign.Sign(links(at), at, signed.Values["policy"]); got != signed.Values["X-Amz-Signature"] {
		t.Errorf("their policy signed by us is %s, by them %s", got, signed.Values["X-Amz-Signature"])
	}
	want := maps.Clone(signed.Values)
	want["Content-Type"], want["success_action_redirect"] = terms.Type, terms.After
	for name := range link.Fields {
		if name != "policy" && name != "X-Amz-Signature" && link.Fields[name] != want[name] {
			t.Errorf("%s is %q, theirs %q", name, link.Fields[name], want[name])
		}
	}
	if len(link.Fields) != len(want) || link.URL != signed.URL {
		t.Errorf("%d fields to %s, theirs %d to %s", len(link.Fields), link.URL, len(want), signed.URL)
	}
}

// rules returns the conditions of a policy in an order of their own.
func rules(t *testing.T, policy string) (all []string) {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(policy)
	posttest.Check(t, err)
	var p struct{ Conditions []any }
	posttest.Check(t, json.Unmarshal(b, &p))
	for _, c := range p.Conditions {
		all = append(all, fmt.Sprint(c))
	}
	slices.Sort(all)
	return all
}

// withoutID leaves out the parameter by which the SDK names its operation: S3 does not look at it.
type withoutID struct{ s3.HTTPPresignerV4 }

func (w withoutID) PresignHTTP(
	ctx context.Context,
	c aws.Credentials,
	r *http.Request,
	payload, service, region string,
	at time.Time,
	o ...func(*v4.SignerOptions),
) (string, http.Header, error) {
	q := r.URL.Query()
	q.Del("x-id")
	r.URL.RawQuery = q.Encode()
	return w.HTTPPresignerV4.PresignHTTP(ctx, c, r, payload, service, region, at, o...)
}

// TestFiles: what API and portal read and write themselves is what the S3 client has written, and reads.
func TestFiles(t *testing.T) {
	ctx := context.Background()
	c, uploads, archive := awstest.Config(t), awstest.Bucket(t), awstest.Bucket(t)
	client := bucket.New(c, bucket.Config{Uploads: uploads, Archive: archive, Now: time.Now})
	files := &presign.Files{
		Links:  &presign.Links{AWS: c, Uploads: uploads, Archive: archive, Now: time.Now},
		Client: http.DefaultClient,
	}
	put, err := client.Put(ctx, post.File{Key: "letters/a/facts-1", Content: []byte("facts")})
	posttest.Check(t, err)
	content, done, err := files.Open(ctx, put[0])
	posttest.Check(t, err)
	done()
	if string(content) != "facts" {
		t.Errorf("read %q", content)
	}
	damaged := put[0]
	damaged.SHA256 = strings.Repeat("0", 64)
	if _, _, err := files.Open(ctx, damaged); !errors.Is(err, post.ErrDamaged) {
		t.Errorf("other bytes than were stored: %v", err)
	}
	const key = "previews/a/1.pdf"
	if _, err := files.First(ctx, key); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("nothing is found: %v", err)
	}
	first, err := files.Put(ctx, post.File{Key: key, Content: []byte("%PDF-1")})
	posttest.Check(t, err)
	again, err := files.Put(ctx, post.File{Key: key, Content: []byte("%PDF-2")})
	posttest.Check(t, err)
	found, err := files.First(ctx, key)
	posttest.Check(t, err)
	if first[0].Version == "" || again[0].Version != first[0].Version || found.Version != first[0].Version {
		t.Errorf("put %+v, then %+v, found %+v", first, again, found)
	}
	content, done, err = client.Open(ctx, first[0])
	posttest.Check(t, err)
	defer done()
	if string(content) != "%PDF-1" {
		t.Errorf("stored %q", content)
	}
}
