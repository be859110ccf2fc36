package bucket

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"brevdue/internal/post"
)

// Life times of links.
const (
	uploadLife   = time.Hour
	downloadLife = 60 * time.Second
)

// Upload implements post.Links: a form that S3 takes for this key, this type and this many bytes only.
func (o *Objects) Upload(ctx context.Context, t post.Terms) (post.Link, error) {
	fields := map[string]string{"Content-Type": t.Type, "success_action_status": "201"}
	if t.After != "" { // where a browser goes without script
		delete(fields, "success_action_status")
		fields["success_action_redirect"] = t.After
	}
	conditions := []any{[]any{"content-length-range", 1, t.Limit}}
	for name, value := range fields {
		conditions = append(conditions, map[string]string{name: value})
	}
	signed, err := o.presignPost(ctx, &s3.PutObjectInput{Bucket: aws.String(o.bucket(t.Key)), Key: &t.Key},
		func(p *s3.PresignPostOptions) { p.Expires, p.Conditions = uploadLife, conditions })
	if err != nil {
		return post.Link{}, err
	}
	for name, value := range signed.Values {
		fields[name] = value
	}
	return post.Link{Method: http.MethodPost, URL: signed.URL, Fields: fields, Expires: o.c.Now().Add(uploadLife)}, nil
}

// Download implements post.Links. The file is always saved, never shown as a page.
func (o *Objects) Download(ctx context.Context, _ string, object post.Object, name string) (post.Link, error) {
	signed, err := o.presignGet(ctx, &s3.GetObjectInput{
		Bucket: aws.String(o.bucket(object.Key)), Key: &object.Key, VersionId: &object.Version,
		ResponseContentDisposition: aws.String(mime.FormatMediaType("attachment", map[string]string{"filename": name})),
	}, s3.WithPresignExpires(downloadLife))
	if err != nil {
		return post.Link{}, err
	}
	return post.Link{Method: http.MethodGet, URL: signed.URL, Expires: o.c.Now().Add(downloadLife)}, nil
}
