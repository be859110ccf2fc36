package sbsys

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// answerMost is how much of an answer is read.
const answerMost = 10 << 20

// letIn fetches a token where there is none that holds (Keycloak's password grant).
func (a *Archive) letIn(ctx context.Context) (*oauth2.Token, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token.Valid() {
		return a.token, nil
	}
	c := oauth2.Config{ClientID: a.To.ClientID, ClientSecret: a.To.ClientSecret, Endpoint: oauth2.Endpoint{
		TokenURL:  strings.TrimSuffix(a.To.TokenURL, "/") + "/auth/realms/sbsip/protocol/openid-connect/token",
		AuthStyle: oauth2.AuthStyleInParams,
	}}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, a.HTTP)
	token, err := c.PasswordCredentialsToken(ctx, a.To.User, a.To.Password)
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode/100 == 4 && !later(refused.Response.StatusCode):
		return nil, post.FailedTransfer(sentence.Of("archive-login", a.To.Name))
	case errors.As(err, &refused): // what it says may quote what was sent
		return nil, answered(refused.Response.StatusCode)
	case err != nil:
		return nil, fmt.Errorf("SBSYS: %w", err)
	}
	a.token = token
	return token, nil
}

// do makes a request. What goes wrong is told without its address, which may have an id in it.
func (a *Archive) do(r *http.Request) (int, []byte, error) {
	answer, err := a.HTTP.Do(r)
	if err != nil {
		var told *url.Error
		if errors.As(err, &told) {
			err = told.Err
		}
		if dial := (*net.OpError)(nil); errors.As(err, &dial) && dial.Op == "dial" { // nothing was asked
			err = fmt.Errorf("%w: %w", post.ErrNotMade, err)
		}
		return 0, nil, fmt.Errorf("SBSYS: %w", err)
	}
	defer answer.Body.Close() //nolint:errcheck // it is read
	content, err := io.ReadAll(io.LimitReader(answer.Body, answerMost))
	return answer.StatusCode, content, err
}

func answered(status int) error { return fmt.Errorf("SBSYS: HTTP %d", status) }

// later reports whether a refusal is of now only.
func later(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
}

// call asks with JSON, or with nothing.
func (a *Archive) call(ctx context.Context, method, path string, ask, answer any) error {
	var body io.Reader
	if ask != nil {
		b, err := json.Marshal(ask)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	return a.with(ctx, method, path, "application/json", body, answer)
}

// with makes a request with a token. A refusal says that nothing was made; after anything else nobody knows.
func (a *Archive) with(ctx context.Context, method, path, typ string, body io.Reader, answer any) error {
	token, err := a.letIn(ctx)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(a.To.URL, "/")+path, body)
	if err != nil {
		return err
	}
	token.SetAuthHeader(r)
	r.Header.Set("Content-Type", typ)
	r.Header.Set("Accept", "application/json")
	status, content, err := a.do(r)
	switch {
	case err != nil:
		return err
	case status == http.StatusUnauthorized: // the token has ended early
		a.mu.Lock()
		a.token = nil
		a.mu.Unlock()
		return fmt.Errorf("%w: %w", post.ErrNotMade, answered(status))
	case status == http.StatusForbidden:
		return fmt.Errorf("%w: %w", post.ErrNotMade, post.FailedTransfer(sentence.Of("archive-login", a.To.Name)))
	case later(status):
		return fmt.Errorf("%w: %w", post.ErrNotMade, answered(status))
	case status/100 == 4:
		return fmt.Errorf("%w: %w", post.ErrNotMade, a.refused(status))
	case status/100 != 2:
		return answered(status)
	}
	if err := json.Unmarshal(content, answer); err != nil {
		return fmt.Errorf("SBSYS: %w", err)
	}
	return nil
}

// refused is for a person; what SBSYS says about it may name somebody, and stays here.
func (a *Archive) refused(status int) error {
	p := post.FailedTransfer(sentence.Of("archive-refused", a.To.Name))
	p.Cause = answered(status)
	return p
}

// upload puts a file in: multipart, with the fields file and json.
func (a *Archive) upload(ctx context.Context, meta any, d post.OutgoingDocument, answer any) error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	text, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	if err := w.WriteField("json", string(text)); err != nil {
		return err
	}
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", multipart.FileContentDisposition("file", post.FileName(d.Name)))
	head.Set("Content-Type", d.Type)
	part, err := w.CreatePart(head)
	if err != nil {
		return err
	}
	if _, err := part.Write(d.Content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return a.with(ctx, http.MethodPost, "/api/dokument/journaliser", w.FormDataContentType(), &b, answer)
}
