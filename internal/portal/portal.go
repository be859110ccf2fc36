package portal

import (
	"brevdue/internal/access"
	"brevdue/internal/post"
	"context"
	"net/http"
	"time"
)

type House struct {
	Gate          *access.Gate
	Desk          any
	Remedies      any
	Organizations post.Organizations
	Shipments     post.Shipments
	Letters       post.Letters
	Failures      post.Failures
	Links         post.Links
	Reference     func(*http.Request, error) string
	Now           func() time.Time
	Environment   post.Environment
	UploadLimit   int64
	Version       string
}

func New(h House) (http.Handler, error) { _ = context.Background; return http.NotFoundHandler(), nil }
