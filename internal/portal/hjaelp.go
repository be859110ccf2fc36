package portal

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"brevdue/internal/post"
)

// graenserPage is what Digital Post takes, and what it does not.
type graenserPage struct {
	MessageMB    string
	Attachments  int
	Subject      int
	Notification int
	FileName     int
	Types        []string
	One          int // letters in a container
}

// showGraenser explains the limits of a letter.
func (p *Portal) showGraenser(v *visit) error {
	types := slices.Sorted(maps.Keys(post.FileTypes))
	return p.show(v, http.StatusOK, "graenser", "afsend", "Hvad Digital Post tager imod", graenserPage{
		MessageMB: post.Megabytes(post.MessageLimit), Attachments: post.AttachmentLimit, Subject: post.SubjectLimit,
		Notification: post.NotificationLimit, FileName: post.FileNameLimit, Types: types, One: post.ContainerLetters,
	})
}

// openPage is a page that everybody may read, logged in or not.
func (p *Portal) openPage(name, title string, read func(context.Context) (any, error)) http.HandlerFunc {
	inside := p.visited("GET /"+name, route{do: func(v *visit) error {
		data, err := read(v.Context())
		if err != nil {
			return err
		}
		return p.show(v, http.StatusOK, name, "", title, data)
	}})
	return func(w http.ResponseWriter, r *http.Request) {
		if s, err := p.session(r); err == nil && s.Complete() {
			inside(w, r)
			return
		}
		data, err := read(r.Context())
		if err != nil {
			p.showError(&visit{Request: r, w: w}, err)
			return
		}
		p.renderBare(w, r, http.StatusOK, name, title, data)
	}
}

// asItStands is a page that nothing is read for.
func asItStands(context.Context) (any, error) { return nil, nil }
