package portal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"unicode/utf8"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// errForm means that a form or an address is none that can be read.
var errForm = errors.New("the form is not text")

// readForm reads a form, and holds it against what text is: a name in other bytes than UTF-8 would go out garbled.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err := r.ParseForm(); err != nil {
		return errors.Join(errForm, err)
	}
	if err := r.ParseMultipartForm(formLimit); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return errors.Join(errForm, err)
	}
	if r.Form == nil || !utf8.ValidString(r.URL.Path) || !textOnly(r.Form) {
		return errForm
	}
	return nil
}

func textOnly(form url.Values) bool {
	for name, values := range form {
		for _, value := range append(values, name) {
			if !utf8.ValidString(value) {
				return false
			}
		}
	}
	return true
}

// filesOnly shows no folder.
type filesOnly struct{ fs.FS }

// Open implements fs.FS.
func (f filesOnly) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return nil, errors.Join(fs.ErrNotExist, err, file.Close())
	}
	return file, nil
}

// errorPage says what happened, who acts and what one can do.
type errorPage struct{ Heading, Text string }

func (p *Portal) showError(v *visit, err error) {
	if errors.Is(v.Context().Err(), context.Canceled) { // the browser is gone, and nothing went wrong here
		return
	}
	status, e := p.errorOf(v.Request, err)
	// With menu and badge, as everywhere, for who is in.
	if v.org != nil && v.session.Complete() && status < http.StatusInternalServerError {
		if p.show(v, status, "fejl", "", e.Heading, e) == nil {
			return
		}
	}
	p.renderError(v.w, v.who, status, e)
}

// unavailable answers where it cannot be known who asks.
func (p *Portal) unavailable(w http.ResponseWriter, r *http.Request, err error) {
	p.renderError(
		w,
		post.Caller{},
		http.StatusServiceUnavailable,
		errorPage{awayHeading, fmt.Sprintf(awayText, p.Reference(r, err))},
	)
}

func (p *Portal) renderError(w http.ResponseWriter, who post.Caller, status int, e errorPage) {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	if p.render(
		w,
		status,
		"fejl",
		page{
			Title:     e.Heading,
			User:      who.Name,
			LoggedIn:  who.Name != "",
			May:       rightsOf(who),
			Version:   p.Version,
			NPM:       p.npm,
			Simulator: p.Environment == post.Simulator,
			Page:      e,
		},
	) != nil {
		http.Error(w, e.Heading+"\n"+e.Text, status)
	}
}

func (p *Portal) errorOf(r *http.Request, err error) (int, errorPage) {
	var told *post.Problem
	var forbidden *post.Forbidden
	switch {
	case errors.As(err, &forbidden):
		return http.StatusForbidden, errorPage{forbiddenHeading, texts.Sentence(forbidden)}
	case errors.Is(err, errForm):
		return http.StatusBadRequest, errorPage{formHeading, formText}
	case errors.Is(err, post.ErrCursor):
		return http.StatusBadRequest, errorPage{cursorHeading, cursorText}
	case errors.Is(err, post.ErrNotFound), errors.Is(err, post.ErrNoLetterID):
		return http.StatusNotFound, errorPage{notFoundHeading, notFoundText}
	case errors.Is(err, post.ErrDraftChanged):
		return http.StatusPreconditionFailed, errorPage{changedHeading, texts.Sentence(err)}
	case post.NotNow(err):
		return http.StatusConflict, errorPage{conflictHeading, texts.Sentence(err)}
	case errors.As(err, &told):
		return http.StatusServiceUnavailable, errorPage{texts.Explain(told.Code).Title, texts.Problem(told)}
	case silent(err):
		return http.StatusServiceUnavailable, errorPage{awayHeading, fmt.Sprintf(awayText, p.Reference(r, err))}
	}
	return http.StatusInternalServerError, errorPage{internalHeading, fmt.Sprintf(internalText, p.Reference(r, err))}
}

// silent reports whether somebody we asked did not answer.
func silent(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network)
}
