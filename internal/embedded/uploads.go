package embedded

import (
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/store"
	"brevdue/internal/texts"
)

// The fields of an upload's form, before the file.
const (
	tokenField    = "token"
	typeField     = "Content-Type"
	redirectField = "redirect"
	fileField     = "file"
)

// Bounds of what comes before the file: nobody has shown a link yet.
const (
	fieldLimit    = 4 << 10
	preambleLimit = 24 << 10 // all fields with their headers
)

// preamble stops reading at a bound, until the file has begun.
type preamble struct {
	io.ReadCloser
	left int
	file bool
}

var errPreamble = sentence.Sentence(`§["form-too-many"]`)

// Read implements io.Reader.
func (p *preamble) Read(b []byte) (int, error) {
	if p.file {
		return p.ReadCloser.Read(b)
	}
	if p.left <= 0 {
		return 0, errPreamble
	}
	n, err := p.ReadCloser.Read(b[:min(len(b), p.left)])
	p.left -= n
	return n, err
}

// refusal is an answer that takes no file.
type refusal struct {
	status int
	text   string
}

func (r refusal) Error() string { return r.text }

// upload takes a form post as S3 takes it (presigned POST): fields first, the file last. It answers 204, or 303 to the
// page where the browser's own form asked for one.
func (l *Links) upload(w http.ResponseWriter, r *http.Request) {
	head := &preamble{ReadCloser: r.Body, left: preambleLimit}
	r.Body = head
	g, fields, file, err := l.fields(r)
	if err == nil {
		head.file = true
		err = l.take(r, g, file)
	}
	var no refusal
	switch {
	case errors.As(err, &no):
		w.Header().Set("Connection", "close") // the rest of the file is not wanted
		http.Error(w, no.text, no.status)
	case fields[redirectField] != "" && fields[redirectField] == g.After:
		http.Redirect(w, r, g.After, http.StatusSeeOther)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// fields reads the form up to the file. The token is checked as soon as it is there, and no field is read that a link
// does not have.
func (l *Links) fields(r *http.Request) (g grant, fields map[string]string, file *multipart.Part, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return g, nil, nil, refusal{http.StatusBadRequest, texts.Say("form-wanted")}
	}
	fields = map[string]string{}
	for {
		part, err := form.NextPart()
		if err != nil {
			return g, nil, nil, brokenForm(err)
		}
		name := part.FormName()
		if name == fileField {
			return g, fields, part, l.fits(g, fields, part)
		}
		if fields[name], err = field(part, fields); err != nil {
			return g, nil, nil, err
		}
		if name == tokenField {
			if g, err = l.check(fields[name], http.MethodPost); err != nil {
				return g, nil, nil, refusal{http.StatusForbidden, texts.Sentence(err)}
			}
		}
	}
}

// field reads one field of the form.
func field(part *multipart.Part, before map[string]string) (string, error) {
	name := part.FormName()
	if _, twice := before[name]; twice || !slices.Contains([]string{tokenField, typeField, redirectField}, name) {
		return "", refusal{http.StatusBadRequest, texts.Say("form-field")}
	}
	b, err := io.ReadAll(io.LimitReader(part, fieldLimit+1))
	if err != nil {
		return "", brokenForm(err)
	}
	if len(b) > fieldLimit {
		return "", refusal{http.StatusBadRequest, texts.Say("form-field-long")}
	}
	return string(b), nil
}

func brokenForm(err error) error {
	switch {
	case errors.Is(err, errPreamble):
		return refusal{http.StatusBadRequest, texts.Sentence(errPreamble)}
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return refusal{http.StatusBadRequest, texts.Say("form-without-file")}
	}
	return refusal{http.StatusBadRequest, texts.Say("form-broken")}
}

// fits reports what is wrong with a file before a byte of it is read.
func (l *Links) fits(g grant, fields map[string]string, file *multipart.Part) error {
	if fields[tokenField] == "" {
		return refusal{http.StatusForbidden, texts.Sentence(errLink)}
	}
	if _, given := fields[typeField]; given && fields[typeField] != g.Type || !sameType(file.Header.Get(typeField),
		g.Type) {
		return refusal{http.StatusUnsupportedMediaType, texts.Sentence(errType)}
	}
	return nil
}

// otherNames are what browsers call a type, too.
var otherNames = map[string][]string{
	"text/csv":           {"text/plain", "application/csv", "application/vnd.ms-excel"},
	"application/msword": {"application/rtf", "text/rtf"},
}

// sameType reports whether a file that is said to be of a type may be of the one wanted. Many programs do not say.
func sameType(said, want string) bool {
	if said == "" || want == "" {
		return true
	}
	if said, _, _ = mime.ParseMediaType(said); said == "application/octet-stream" { // what cannot be parsed is no type
		return true
	}
	return strings.EqualFold(said, want) || slices.Contains(otherNames[want], said)
}

// take stores a file. The first complete upload is the one that counts: a later one is refused, also one that began
// earlier.
func (l *Links) take(r *http.Request, g grant, file io.Reader) error {
	if there, err := l.Objects.Has(r.Context(), g.Object.Key); err == nil && there {
		return refusal{http.StatusConflict, texts.Of(taken)}
	}
	if r.ContentLength > g.Limit+2*preambleLimit {
		return tooLarge(g)
	}
	_, err := l.Objects.Receive(ownerOfUpload(g.Object.Key), g.Object.Key, file, g.Limit)
	switch {
	case errors.Is(err, ErrTaken):
		return refusal{http.StatusConflict, texts.Of(taken)}
	case errors.Is(err, ErrTooLarge):
		return tooLarge(g)
	case errors.Is(err, ErrEmpty):
		return refusal{http.StatusBadRequest, texts.Say("file-empty")}
	case post.OwnFault(err) != "":
		slog.Error("upload", "error", err)
		return refusal{http.StatusInsufficientStorage, texts.Of(post.OwnFault(err))}
	case err != nil:
		return refusal{http.StatusBadRequest, texts.Say("upload-broken")}
	}
	if err := l.Arrived(g.Object.Key); err != nil {
		slog.Error("upload arrived", "key", g.Object.Key, "error", err)
		return refusal{http.StatusInternalServerError,
			texts.Say("upload-not-queued")}
	}
	return nil
}

// ownerOfUpload returns whose upload lies under a key: uploads/<organization>/…
func ownerOfUpload(key string) string {
	parts := strings.Split(key, "/")
	if len(parts) < 3 || parts[0] != "uploads" {
		return store.Installation
	}
	return parts[1]
}

const taken sentence.Sentence = `§["upload-again"]`

func tooLarge(g grant) error {
	return refusal{http.StatusRequestEntityTooLarge, texts.Say("file-too-large", g.Limit>>20)}
}
