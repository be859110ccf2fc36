package sbsys

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"

	"golang.org/x/oauth2"

	"brevdue/internal/post"
	"brevdue/internal/remote/outcome"
	"brevdue/internal/sentence"
)

// answerMost is how much of an answer is read.
const answerMost = 10 << 20

// letIn returns a token that holds (Keycloak's password grant).
func (a *Archive) letIn(ctx context.Context) (*oauth2.Token, error) {
	c := oauth2.Config{ClientID: a.To.ClientID, ClientSecret: a.To.ClientSecret, Endpoint: oauth2.Endpoint{
		TokenURL:  strings.TrimSuffix(a.To.TokenURL, "/") + "/auth/realms/sbsip/protocol/openid-connect/token",
		AuthStyle: oauth2.AuthStyleInParams,
	}}
	return a.token.Get(ctx, a.HTTP, a.To.Name, func(ctx context.Context) (*oauth2.Token, error) {
		return c.PasswordCredentialsToken(ctx, a.To.User, a.To.Password)
	})
}

// do makes a request. What goes wrong is told without its address, which may have an id in it.
func (a *Archive) do(r *http.Request) (int, []byte, error) {
	answer, err := a.HTTP.Do(r)
	if err != nil {
		err = outcome.WithoutAddress(err)
		if outcome.NeverConnected(err) {
			err = fmt.Errorf("%w: %w", post.ErrNotMade, err)
		}
		return 0, nil, fmt.Errorf("SBSYS: %w", err)
	}
	defer answer.Body.Close() //nolint:errcheck // it is read
	content, err := io.ReadAll(io.LimitReader(answer.Body, answerMost))
	return answer.StatusCode, content, err
}

func answered(status int) error { return fmt.Errorf("SBSYS: HTTP %d", status) }

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
	bearer, err := a.letIn(ctx)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(a.To.URL, "/")+path, body)
	if err != nil {
		return err
	}
	bearer.SetAuthHeader(r)
	r.Header.Set("Content-Type", typ)
	r.Header.Set("Accept", "application/json")
	status, content, err := a.do(r)
	switch {
	case err != nil:
		return err
	case status == http.StatusUnauthorized: // the token has ended early
		a.token.Forget()
		return fmt.Errorf("%w: %w", post.ErrNotMade, answered(status))
	case status == http.StatusForbidden:
		return fmt.Errorf("%w: %w", post.ErrNotMade, post.FailedTransfer(sentence.Of("archive-login", a.To.Name)))
	case outcome.Later(status):
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
