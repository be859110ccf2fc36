package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// keyHeader names a request, so that it is done once (draft-ietf-httpapi-idempotency-key-header).
const keyHeader = "Idempotency-Key"

// errKey means that a request's key is none.
var errKey = sentence.Sentence(`§["idempotency-key-form"]`)

// once does a POST that has a key of its own once: the same request again is answered as it was.
func (a *API) once(c *call, h func(*call) (int, any, error)) (int, any, error) {
	key := c.Header.Get(keyHeader)
	if c.Method != http.MethodPost || len(c.Header.Values(keyHeader)) == 0 {
		return h(c)
	}
	if key == "" || len(key) > 255 {
		return 0, nil, post.Mistakes{{Field: keyHeader, Text: errKey}}
	}
	body, err := whole(c.Body)
	if err != nil {
		return 0, nil, err
	}
	c.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.Sum256(append([]byte(c.Method+" "+c.URL.Path+"\n"), body...))
	hash := hex.EncodeToString(sum[:])
	known, err := a.Requests.Begin(c.Context(), c.who.Org, key, hash, a.Now())
	switch {
	case errors.Is(err, post.ErrOtherRequest):
		return 0, nil, post.Mistakes{{Field: keyHeader, Text: sentence.Of("idempotency-key-taken")}}
	case err != nil:
		return 0, nil, err
	case known != nil:
		return known.Status, json.RawMessage(known.Body), nil
	}
	status, answer, err := h(c)
	ctx := context.WithoutCancel(c.Context()) // what was done is remembered, also when the caller is gone
	if err != nil {
		return 0, nil, errors.Join(err, a.Requests.Finish(ctx, c.who.Org, key, hash, nil))
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		return 0, nil, err
	}
	err = a.Requests.Finish(ctx, c.who.Org, key, hash, &post.Answered{Status: status, Body: out.Bytes()})
	return status, answer, err
}
