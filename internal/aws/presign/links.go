// Package presign makes presigned links to files on S3, so that bytes go around the functions.
//
// It signs with the SDK's own signer and knows the policy of a form, but leaves the SDK's S3 client out: beside
// html/template the linker keeps all of it in the portal's function (docs/decisions/0006). A test holds every link
// against the SDK's.
//
// Invariant: a link is for one key, one method, one type and a bounded size, and ends. It is never logged.
//
// UploadPolicy, Object -> [presign] -> Link
package presign

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"brevdue/internal/post"
)

// downloadLife is how long a download link lives.
const downloadLife = 60 * time.Second

// Links implements post.Links.
type Links struct {
	AWS              aws.Config
	Uploads, Archive string // buckets
	Now              func() time.Time
	Made             func(call string) // is told of each link, if it is there
}

// address returns where a bucket answers. An endpoint of one's own, as in tests, is addressed by path.
func (l *Links) address(bucket string) string {
	if l.AWS.BaseEndpoint != nil {
		return strings.TrimSuffix(*l.AWS.BaseEndpoint, "/") + "/" + bucket
	}
	return "https://" + bucket + ".s3." + l.AWS.Region + ".amazonaws.com"
}

func (l *Links) made(call string) {
	if l.Made != nil {
		l.Made(call)
	}
}

// Upload implements post.Links: a form that S3 takes for this key, this type and this many bytes only.
func (l *Links) Upload(ctx context.Context, t post.UploadPolicy) (post.Link, error) {
	c, err := l.AWS.Credentials.Retrieve(ctx)
	if err != nil {
		return post.Link{}, err
	}
	now := l.Now().UTC()
	fields := map[string]string{
		"key":              t.Key,
		"Content-Type":     t.Type,
		"X-Amz-Algorithm":  "AWS4-HMAC-SHA256",
		"X-Amz-Date":       now.Format(longDate),
		"X-Amz-Credential": c.AccessKeyID + "/" + l.scope(now),
	}
	if c.SessionToken != "" {
		fields["X-Amz-Security-Token"] = c.SessionToken
	}
	if t.After != "" { // where a browser goes without script
		fields["success_action_redirect"] = t.After
	} else {
		fields["success_action_status"] = "201"
	}
	bucket := l.Uploads
	policy, err := policyOf(bucket, fields, t.Limit, now.Add(t.Life))
	if err != nil {
		return post.Link{}, err
	}
	fields["policy"], fields["X-Amz-Signature"] = policy, l.sign(c, now, policy)
	l.made("S3.PutObject")
	return post.Link{Method: http.MethodPost, URL: l.address(bucket), Fields: fields, Expires: now.Add(t.Life)}, nil
}

const longDate, shortDate = "20060102T150405Z", "20060102"

// policyOf says what the form may hold: these fields as they are, and a file of 1 to limit bytes.
func policyOf(bucket string, fields map[string]string, limit int64, until time.Time) (string, error) {
	conditions := []any{map[string]string{"bucket": bucket}, []any{"content-length-range", 1, limit}}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		conditions = append(conditions, map[string]string{name: fields[name]})
	}
	b, err := json.Marshal(
		map[string]any{"expiration": until.Format("2006-01-02T15:04:05.000Z"), "conditions": conditions},
	)
	return base64.StdEncoding.EncodeToString(b), err
}

func (l *Links) scope(at time.Time) string {
	return at.Format(shortDate) + "/" + l.AWS.Region + "/s3/aws4_request"
}

// sign signs a policy (Signature Version 4, "Authenticating requests in browser-based uploads").
func (l *Links) sign(c aws.Credentials, at time.Time, policy string) string {
	key := []byte("AWS4" + c.SecretAccessKey)
	for _, part := range append(strings.Split(l.scope(at), "/"), policy) {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(part))
		key = m.Sum(nil)
	}
	return hex.EncodeToString(key)
}

// Download implements post.Links. The file is saved, never shown as a page.
func (l *Links) Download(ctx context.Context, _ string, o post.Object, name string) (post.Link, error) {
	return l.get(
		ctx,
		o,
		url.Values{
			"response-content-disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": name})},
		},
	)
}

// Preview implements post.Links.
func (l *Links) Preview(ctx context.Context, _ string, o post.Object) (post.Link, error) {
	return l.get(
		ctx,
		o,
		url.Values{"response-content-disposition": {"inline"}, "response-content-type": {"application/pdf"}},
	)
}

// get signs a link to an object; q says how S3 answers.
func (l *Links) get(ctx context.Context, o post.Object, q url.Values) (post.Link, error) {
	c, err := l.AWS.Credentials.Retrieve(ctx)
	if err != nil {
		return post.Link{}, err
	}
	bucket := l.Archive
	if strings.HasPrefix(o.Key, "uploads/") {
		bucket = l.Uploads
	}
	q.Set("X-Amz-Expires", strconv.Itoa(int(downloadLife.Seconds())))
	q.Set("versionId", o.Version)
	req, err := http.NewRequestWithContext(
		ctx,
		http.MethodGet,
		l.address(bucket)+"/"+(&url.URL{Path: o.Key}).EscapedPath()+"?"+q.Encode(),
		nil,
	)
	if err != nil {
		return post.Link{}, err
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	now := l.Now().UTC()
	signed, _, err := signer.PresignHTTP(ctx, c, req, "UNSIGNED-PAYLOAD", "s3", l.AWS.Region, now)
	if err != nil {
		return post.Link{}, err
	}
	l.made("S3.GetObject")
	return post.Link{Method: http.MethodGet, URL: signed, Expires: now.Add(downloadLife)}, nil
}
