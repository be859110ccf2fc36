package post

import (
	"context"
	"time"
)

// UploadPolicy are what an upload link allows, and nothing else.
type UploadPolicy struct {
	Org   string
	Key   string
	Type  string
	Limit int64
	After string // where a browser without script goes when the upload is done
	Life  time.Duration
}

// Link is a presigned request: whoever has it may make it until it expires. It is never logged.
type Link struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Fields  map[string]string `json:"fields,omitempty"` // of a multipart form; the file goes last, as "file"
	Expires time.Time         `json:"expires"`
}

// Links makes presigned links, so that bytes go around the functions.
type Links interface {
	Upload(ctx context.Context, t UploadPolicy) (Link, error)
	Download(ctx context.Context, org string, o Object, name string) (Link, error) // lives 60 seconds
	// Preview is for a PDF that is shown in a page of ours, and not saved. It lives as long.
	Preview(ctx context.Context, org string, o Object) (Link, error)
}
