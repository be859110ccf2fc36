// Package token keeps the access token by which a case system lets Brevdue in, and says who has to do something where
// it gives none.
//
// Invariant: no error quotes what was sent to get it, or what came back.
//
// way to get one -> [token] -> token that holds
package token

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"golang.org/x/oauth2"

	"brevdue/internal/post"
	"brevdue/internal/remote/outcome"
	"brevdue/internal/sentence"
)

// Held is a token; none at first.
type Held struct {
	mu    sync.Mutex
	token *oauth2.Token
}

// Get returns the token that is held, or another one where it has ended. name is of the archive, for messages.
func (h *Held) Get(ctx context.Context, client *http.Client, name string,
	fetch func(context.Context) (*oauth2.Token, error)) (*oauth2.Token, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.token.Valid() {
		return h.token, nil
	}
	token, err := fetch(context.WithValue(ctx, oauth2.HTTPClient, client))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused):
		return nil, answered(refused.Response.StatusCode, name)
	case err != nil:
		return nil, fmt.Errorf("no token: %w", outcome.WithoutAddress(err))
	}
	h.token = token
	return token, nil
}

// answered says what a status is that came without a token. What came with it may quote what was sent.
func answered(status int, name string) error {
	if status/100 == 4 && !outcome.Later(status) {
		return post.FailedTransfer(sentence.Of("archive-login", name))
	}
	return fmt.Errorf("no token: HTTP %d", status)
}

// Forget has the next call get another token: this one has ended early.
func (h *Held) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.token = nil
}
