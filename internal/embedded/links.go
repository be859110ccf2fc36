package embedded

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"brevdue/internal/post"
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
	errLink    = errors.New("linket er ikke gyldigt")
	errExpired = errors.New("linket er udløbet; start forsendelsen forfra for at få et nyt")
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
func (l *Links) Upload(_ context.Context, t post.Terms) (post.Link, error) {
	expires := l.Now().Add(t.Life)
	link := post.Link{Method: http.MethodPost, URL: l.Base, Expires: expires, Fields: map[string]string{
		"token": l.sign(grant{Method: http.MethodPost, Org: t.Org, Expires: expires.Unix(), Object: post.Object{Key: t.Key}, Type: t.Type, Limit: t.Limit, After: t.After}),
	}}
	if t.After != "" {
		link.Fields["redirect"] = t.After
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
	return post.Link{Method: http.MethodGet, URL: l.Base + "?" + url.Values{"token": {token}}.Encode(), Expires: expires}, nil
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
		http.Error(w, "Kun GET og POST.", http.StatusMethodNotAllowed)
	}
}

// formFieldLimit bounds the fields before the file.
const formFieldLimit = 16 << 10

func (l *Links) upload(w http.ResponseWriter, r *http.Request) {
	form, err := r.MultipartReader()
	if err != nil {
		http.Error(w, "Filen skal sendes som en formular (multipart/form-data).", http.StatusBadRequest)
		return
	}
	fields := map[string]string{}
	for {
		part, err := form.NextPart()
		if err != nil {
			http.Error(w, "Filen mangler i formularen.", http.StatusBadRequest)
			return
		}
		if part.FormName() == "file" {
			l.take(w, r, fields, part)
			return
		}
		b, err := io.ReadAll(io.LimitReader(part, formFieldLimit))
		if err != nil {
			http.Error(w, "Formularen blev afbrudt.", http.StatusBadRequest)
			return
		}
		fields[part.FormName()] = string(b)
	}
}

// take stores a file. The first complete upload is the one that counts: a later one is refused.
func (l *Links) take(w http.ResponseWriter, r *http.Request, fields map[string]string, file io.Reader) {
	g, err := l.check(fields["token"], http.MethodPost)
	if err != nil {
		http.Error(w, capital(err), http.StatusForbidden)
		return
	}
	if _, err := l.Objects.First(r.Context(), g.Object.Key); err == nil {
		http.Error(w, "Filen er allerede modtaget. Den første upload gælder.", http.StatusConflict)
		return
	}
	_, err = l.Objects.Receive(g.Object.Key, file, g.Limit)
	switch {
	case errors.Is(err, ErrTooLarge):
		http.Error(w, fmt.Sprintf("Filen fylder mere end %d MB.", g.Limit>>20), http.StatusRequestEntityTooLarge)
		return
	case errors.Is(err, ErrEmpty):
		http.Error(w, "Filen er tom.", http.StatusBadRequest)
		return
	case err != nil:
		http.Error(w, "Uploaden blev afbrudt. Prøv igen.", http.StatusBadRequest)
		return
	}
	if err := l.Arrived(g.Object.Key); err != nil {
		http.Error(w, "Filen er modtaget, men kunne ikke lægges i kø. Den bliver taget op af sig selv.", http.StatusInternalServerError)
		return
	}
	if after := fields["redirect"]; after != "" && after == g.After {
		http.Redirect(w, r, after, http.StatusSeeOther)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func capital(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

func (l *Links) download(w http.ResponseWriter, r *http.Request) {
	g, err := l.check(r.URL.Query().Get("token"), http.MethodGet)
	if err != nil {
		http.Error(w, capital(err), http.StatusForbidden)
		return
	}
	path, err := l.Objects.path(g.Object.Key, g.Object.Version)
	if err != nil {
		http.Error(w, capital(errLink), http.StatusForbidden)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		http.Error(w, "Filen findes ikke.", http.StatusNotFound)
		return
	}
	defer f.Close()
	if g.Name == "" {
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Disposition", "inline")
		w.Header().Set("Content-Security-Policy", "frame-ancestors 'self'") // a sandbox would keep the browser's own viewer out
		http.ServeContent(w, r, "", time.Time{}, f)
		return
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": g.Name}))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(w, r, g.Name, time.Time{}, f)
}
