package embedded

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Links implements post.Links, and answers the requests that the links allow. A link binds method, key, organization
// and expiry; its token is an HMAC and is never logged.
type Links struct {
	Objects *Objects
	Key     []byte
	Base    string // address of the handler, such as http://127.0.0.1:8080/objects
	Arrived func(key string) error
	Now     func() time.Time
}

// downloadLife is how long a download link lives.
const downloadLife = 60 * time.Second

// grant is what a token allows.
type grant struct {
	Method  string      `json:"m"`
	Org     string      `json:"o"`
	Expires int64       `json:"e"`
	Object  post.Object `json:"k"`
	Type    string      `json:"t,omitempty"`
	Limit   int64       `json:"l,omitempty"`
	After   string      `json:"a,omitempty"`
	Name    string      `json:"n,omitempty"`
}

func (l *Links) sign(g grant) string {
	b, _ := json.Marshal(g) // strings and numbers only: cannot fail
	return base64.RawURLEncoding.EncodeToString(b) + "." + base64.RawURLEncoding.EncodeToString(l.mac(b))
}

func (l *Links) mac(b []byte) []byte {
	m := hmac.New(sha256.New, l.Key)
	m.Write(b)
	return m.Sum(nil)
}

// Errors of a link.
var (
	errLink    = sentence.Sentence(`§["link-invalid"]`)
	errExpired = sentence.Sentence(`§["link-expired"]`)
	errType    = sentence.Sentence(`§["link-other-type"]`)
)

// check returns what a token allows, if it is ours, for this method, and has not expired.
func (l *Links) check(token, method string) (grant, error) {
	var g grant
	body, mac, _ := strings.Cut(token, ".")
	b, err1 := base64.RawURLEncoding.DecodeString(body)
	sum, err2 := base64.RawURLEncoding.DecodeString(mac)
	if err1 != nil || err2 != nil || !hmac.Equal(sum, l.mac(b)) || json.Unmarshal(b, &g) != nil || g.Method != method {
		return g, errLink
	}
	if l.Now().Unix() > g.Expires {
		return g, errExpired
	}
	return g, nil
}

// Upload implements post.Links: a form with the token and the file.
func (l *Links) Upload(_ context.Context, t post.UploadPolicy) (post.Link, error) {
	expires := l.Now().Add(t.Life)
	g := grant{
		Method:  http.MethodPost,
		Org:     t.Org,
		Expires: expires.Unix(),
		Object:  post.Object{Key: t.Key},
		Type:    t.Type,
		Limit:   t.Limit,
		After:   t.After,
	}
	link := post.Link{
		Method:  http.MethodPost,
		URL:     l.Base,
		Expires: expires,
		Fields:  map[string]string{tokenField: l.sign(g), typeField: t.Type},
	}
	if t.After != "" {
		link.Fields[redirectField] = t.After
	}
	return link, nil
}

// Download implements post.Links.
func (l *Links) Download(_ context.Context, org string, o post.Object, name string) (post.Link, error) {
	return l.link(grant{Method: http.MethodGet, Org: org, Object: o, Name: name})
}

// Preview implements post.Links: a file without a name is shown.
func (l *Links) Preview(_ context.Context, org string, o post.Object) (post.Link, error) {
	return l.link(grant{Method: http.MethodGet, Org: org, Object: o})
}

func (l *Links) link(g grant) (post.Link, error) {
	expires := l.Now().Add(downloadLife)
	g.Expires = expires.Unix()
	token := l.sign(g)
	return post.Link{
		Method:  http.MethodGet,
		URL:     l.Base + "?" + url.Values{"token": {token}}.Encode(),
		Expires: expires,
	}, nil
}

// ServeHTTP takes uploads and gives downloads.
func (l *Links) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	switch r.Method {
	case http.MethodPost:
		l.upload(w, r)
	case http.MethodGet:
		l.download(w, r)
	default:
		http.Error(w, texts.Say("get-and-post"), http.StatusMethodNotAllowed)
	}
}

// download serves a file of ours to whoever has its link: a letter inline, so that the browser shows it, any other file
// as a download that can run nothing.
func (l *Links) download(w http.ResponseWriter, r *http.Request) {
	g, err := l.check(r.URL.Query().Get("token"), http.MethodGet)
	if err != nil {
		http.Error(w, texts.Sentence(err), http.StatusForbidden)
		return
	}
	f, err := l.Objects.open(g.Object)
	if errors.Is(err, post.ErrDamaged) {
		slog.Error("download", "error", err)
		http.Error(w, texts.Say("file-changed"), http.StatusInternalServerError)
		return
	}
	if err != nil {
		http.Error(w, texts.Say("file-not-there"), http.StatusNotFound)
		return
	}
	defer f.Close()
	if g.Name == "" {
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Disposition", "inline")
		// a sandbox would keep the browser's own viewer out
		w.Header().Set("Content-Security-Policy", "frame-ancestors 'self'")
		http.ServeContent(w, r, "", time.Time{}, f)
		return
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": g.Name}))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(w, r, g.Name, time.Time{}, f)
}
