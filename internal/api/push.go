package api

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// pusher reports whether a request is Digital Post's, and answers one that is not.
func (a *API) pusher(w http.ResponseWriter, r *http.Request) bool {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case a.PushToken == "":
		a.problem(w, r, post.ErrNotFound)
		return false
	case subtle.ConstantTimeCompare([]byte(token), []byte(a.PushToken)) != 1:
		write(
			w,
			http.StatusUnauthorized,
			problem{
				Title:  texts.Say("title-not-logged-in"),
				Status: http.StatusUnauthorized,
				Detail: texts.Say("receipt-key-wrong"),
			},
		)
		return false
	}
	return true
}

// push takes a receipt that Digital Post sends us (API 1.68: receiptEndpoint).
func (a *API) push(w http.ResponseWriter, r *http.Request) {
	if !a.pusher(w, r) {
		return
	}
	raw, err := whole(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err == nil {
		err = a.Push(r.Context(), raw)
	}
	if err != nil {
		a.problem(w, r, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// memoPart is the part of a push that the message is in; its file name is the message's UUID (digital-post.md 4.1).
const memoPart = "file"

// pushMemo takes a message that Digital Post sends us (REST push), and answers with its UUID.
func (a *API) pushMemo(w http.ResponseWriter, r *http.Request) {
	if !a.pusher(w, r) {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, post.MessageLimit+bodyLimit)
	id, raw, err := memoIn(r)
	if err == nil {
		err = a.PushMemo(r.Context(), id, raw)
	}
	if errors.Is(err, post.ErrNotScanned) { // a scanner may take minutes: it is pushed again
		err = unavailable{err}
	}
	if err != nil {
		a.problem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"messageUUID": id}) // the client is gone
}

// PushHandler takes messages that Digital Post pushes, and nothing else: what a function of its own serves.
func (a *API) PushHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/memos", a.pushMemo)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { a.problem(w, r, post.ErrNotFound) })
	return mux
}

// memoIn reads the message of a push.
func memoIn(r *http.Request) (id string, raw []byte, err error) {
	none := post.Mistakes{{Field: "body", Text: sentence.Of("not-a-push")}}
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, none
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, none
		}
		if err != nil {
			return "", nil, errBroken
		}
		if part.FormName() != memoPart {
			continue
		}
		id = strings.TrimSuffix(part.FileName(), ".xml")
		if id == "" || strings.ContainsAny(id, "/\\#") || len(id) > 64 {
			return "", nil, none
		}
		raw, err = whole(part)
		return id, raw, err
	}
}
