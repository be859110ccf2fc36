package f2

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"brevdue/internal/post"
	"brevdue/internal/remote/outcome"
	"brevdue/internal/sentence"
)

// mediaType is F2's own.
const mediaType = "application/vnd.cbrain.casefile+xml"

// answerMost is how much of an answer is read.
const answerMost = 20 << 20

// errReclaimed means that F2 has taken back an address of Post Once Exactly: nobody knows whether it was used.
var errReclaimed = errors.New("F2 has taken back the address")

// body is what is posted.
type body struct {
	typ     string
	content []byte
}

func formBody(form url.Values) body {
	return body{"application/x-www-form-urlencoded", []byte(form.Encode())}
}

// uploadBody is a form with a file.
func uploadBody(title string, d post.OutgoingDocument) (body, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range [][2]string{{"Title", title}, {"PreferredAttachmentFormat", "Original"}} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			return body{}, err
		}
	}
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", multipart.FileContentDisposition("File", post.FileName(d.Name)))
	head.Set("Content-Type", d.Type)
	part, err := w.CreatePart(head)
	if err != nil {
		return body{}, err
	}
	if _, err := part.Write(d.Content); err != nil {
		return body{}, err
	}
	err = w.Close()
	return body{w.FormDataContentType(), b.Bytes()}, err
}

// make posts something to an address that F2 gives out for it once: that of an earlier try, or a new one, which is kept
// before. It returns the address of what was made.
func (a *Archive) make(ctx context.Context, factory string, b body, once post.Once, poe string,
	token func(poe string) string) (string, error) {
	known := poe != ""
	if !known {
		status, head, _, err := a.call(ctx, http.MethodPost, factory, formBody(nil))
		if err != nil {
			return "", err
		}
		poe = head.Get("Location")
		if status != http.StatusCreated && status != http.StatusSeeOther || poe == "" { // the manual says both
			return "", answered(status)
		}
		if err := once.Keep(token(poe)); err != nil {
			return "", err
		}
	}
	status, head, content, err := a.call(ctx, http.MethodPost, poe, b)
	made := head.Get("Location")
	switch {
	case err != nil:
		return "", err
	case known && (status == http.StatusNotFound || status == http.StatusGone):
		return "", errReclaimed
	case (status == http.StatusCreated || status == http.StatusSeeOther) && made != "":
		return made, nil
	case outcome.Later(status): // systems.md 1.4: what is locked is to be tried later
		return "", answered(status)
	case status/100 == 4:
		return "", fmt.Errorf("%w: %w", post.ErrNotMade, a.refused(status, content))
	}
	return "", answered(status)
}

// refused says why F2 refuses something. Its own words are for people (Message); they may name a person, and stay here.
func (a *Archive) refused(status int, content []byte) error {
	var e struct {
		Reason string `xml:"ReasonCode"`
	}
	_ = xml.Unmarshal(content, &e) // without a reason the status has to do
	p := post.FailedTransfer(sentence.Of("archive-refused", a.To.Name))
	p.Detail, p.Cause = e.Reason, answered(status)
	return p
}

func answered(status int) error { return fmt.Errorf("F2: HTTP %d", status) }

// get reads a resource.
func (a *Archive) get(ctx context.Context, at string, is any) error {
	status, _, content, err := a.call(ctx, http.MethodGet, at, body{})
	switch {
	case err != nil:
		return err
	case status == http.StatusNotFound:
		return fmt.Errorf("F2: %w", post.ErrNotFound)
	case status != http.StatusOK:
		return answered(status)
	}
	if err := xml.Unmarshal(content, is); err != nil {
		return fmt.Errorf("F2: %w", err)
	}
	return nil
}

// patch replaces fields of a resource.
func (a *Archive) patch(ctx context.Context, at string, changes any) error {
	content, err := json.Marshal(changes)
	if err != nil {
		return err
	}
	status, _, answer, err := a.call(ctx, http.MethodPatch, at, body{"application/json-patch", content})
	switch {
	case err != nil:
		return err
	case status/100 == 2 || status == http.StatusSeeOther:
		return nil
	case status/100 == 4 && !outcome.Later(status):
		return a.refused(status, answer)
	}
	return answered(status)
}

// service returns an address of the service index.
func (a *Archive) service(ctx context.Context, rel string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.index == nil {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.To.URL, nil)
		if err != nil {
			return "", err
		}
		r.Header.Set("Accept", "application/json")
		status, _, content, err := a.do(r)
		if err != nil {
			return "", err
		}
		if status != http.StatusOK {
			return "", answered(status)
		}
		if err := json.Unmarshal(content, &a.index); err != nil {
			return "", fmt.Errorf("F2: %w", err)
		}
	}
	if href := a.index[rel].Href; href != "" {
		return href, nil
	}
	return "", fmt.Errorf("F2 has no %s", rel)
}

// letIn returns a token that holds: for the user that the connection names, else for the program.
func (a *Archive) letIn(ctx context.Context) (*oauth2.Token, error) {
	at, err := a.service(ctx, relToken)
	if err != nil {
		return nil, err
	}
	if at, err = a.here(at); err != nil {
		return nil, err
	}
	return a.token.Get(ctx, a.HTTP, a.To.Name, func(ctx context.Context) (*oauth2.Token, error) {
		if a.To.User != "" {
			c := oauth2.Config{ClientID: a.To.ClientID, ClientSecret: a.To.ClientSecret,
				Endpoint: oauth2.Endpoint{TokenURL: at, AuthStyle: oauth2.AuthStyleInHeader}}
			return c.PasswordCredentialsToken(ctx, a.To.User, a.To.Password)
		}
		c := clientcredentials.Config{ClientID: a.To.ClientID, ClientSecret: a.To.ClientSecret, TokenURL: at,
			AuthStyle: oauth2.AuthStyleInHeader}
		return c.Token(ctx)
	})
}

// here is a link as an address. One that leads to another server gets no token of ours.
func (a *Archive) here(href string) (string, error) {
	base, err := url.Parse(a.To.URL)
	if err != nil {
		return "", err
	}
	to, err := base.Parse(href)
	if err != nil || href == "" {
		return "", errors.New("F2 gave a link that is none")
	}
	if to.Host != base.Host || to.Scheme != base.Scheme {
		return "", errors.New("F2 gave a link to another server")
	}
	return to.String(), nil
}

// call makes a request with a token.
func (a *Archive) call(ctx context.Context, method, href string, b body) (int, http.Header, []byte, error) {
	bearer, err := a.letIn(ctx)
	if err != nil {
		return 0, nil, nil, err
	}
	at, err := a.here(href)
	if err != nil {
		return 0, nil, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, at, bytes.NewReader(b.content))
	if err != nil {
		return 0, nil, nil, err
	}
	bearer.SetAuthHeader(r)
	r.Header.Set("Accept", mediaType)
	if b.typ != "" {
		r.Header.Set("Content-Type", b.typ)
	}
	status, head, content, err := a.do(r)
	if err == nil && status == http.StatusUnauthorized { // the token has ended early
		a.token.Forget()
		return 0, nil, nil, fmt.Errorf("%w: %w", post.ErrNotMade, answered(status))
	}
	if err == nil && status == http.StatusForbidden {
		refused := post.FailedTransfer(sentence.Of("archive-login", a.To.Name))
		return 0, nil, nil, fmt.Errorf("%w: %w", post.ErrNotMade, refused)
	}
	return status, head, content, err
}

// do makes a request. What goes wrong is told without its address. A redirect of a GET is followed; what was posted is
// not posted elsewhere.
func (a *Archive) do(r *http.Request) (int, http.Header, []byte, error) {
	client := *a.HTTP
	client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if via[0].Method != http.MethodGet || next.URL.Host != via[0].URL.Host || len(via) > redirectsMost {
			return http.ErrUseLastResponse
		}
		return nil
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("F2: %w", outcome.WithoutAddress(err))
	}
	defer answer.Body.Close() //nolint:errcheck // it is read
	content, err := io.ReadAll(io.LimitReader(answer.Body, answerMost))
	return answer.StatusCode, answer.Header, content, err
}

// redirectsMost is how many redirects are followed: a look-up is one.
const redirectsMost = 3
