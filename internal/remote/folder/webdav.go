package folder

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/remote/outcome"
	"brevdue/internal/sentence"
)

// WebDAV is a folder behind a web server (RFC 4918).
type WebDAV struct {
	URL      string
	User     string
	Password string
	Name     string // of the archive, for messages
	HTTP     *http.Client
}

// answerMost is how much of an answer is read: more than the largest letter.
const answerMost = 200 << 20

// call makes a request, and returns the answer's status and body.
func (d WebDAV) call(ctx context.Context, method, name string, head map[string]string, body []byte) (int, []byte,
	error) {
	to, err := d.address(name)
	if err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	for k, v := range head {
		r.Header.Set(k, v)
	}
	if d.User != "" {
		r.SetBasicAuth(d.User, d.Password)
	}
	answer, err := d.HTTP.Do(r)
	if err != nil {
		return 0, nil, fmt.Errorf("WebDAV %s: %w", method, outcome.WithoutAddress(err)) // the address names the file
	}
	defer answer.Body.Close() //nolint:errcheck // it is read
	content, err := io.ReadAll(io.LimitReader(answer.Body, answerMost))
	if answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden {
		return 0, nil, post.FailedTransfer(sentence.Of("archive-login", d.Name))
	}
	return answer.StatusCode, content, err
}

// address is where a file lies, each part of its name escaped: a percent sign is one.
func (d WebDAV) address(name string) (string, error) {
	u, err := url.Parse(d.URL)
	if err != nil {
		return "", err
	}
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.TrimSuffix(u.String(), "/") + "/" + strings.Join(parts, "/"), nil
}

func answered(method string, status int) error {
	return fmt.Errorf("WebDAV %s: HTTP %d", method, status)
}

// found is what PROPFIND answers.
type found struct {
	Responses []struct {
		Href       string    `xml:"href"`
		Collection *struct{} `xml:"propstat>prop>resourcetype>collection"`
	} `xml:"response"`
}

const propfind = `<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>`

// Ready implements Files.
func (d WebDAV) Ready(ctx context.Context) error {
	head := map[string]string{"Depth": "0", "Content-Type": "application/xml"}
	status, _, err := d.call(ctx, "PROPFIND", "", head, []byte(propfind))
	switch {
	case err != nil:
		return err
	case status == http.StatusNotFound:
		return post.FailedTransfer(sentence.Of("archive-folder-gone", d.Name))
	case status != http.StatusMultiStatus:
		return answered("PROPFIND", status)
	}
	return nil
}

// Read implements Files.
func (d WebDAV) Read(ctx context.Context, name string) ([]byte, error) {
	status, content, err := d.call(ctx, http.MethodGet, name, nil, nil)
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusNotFound:
		return nil, post.ErrNotFound
	case status != http.StatusOK:
		return nil, answered(http.MethodGet, status)
	}
	return content, nil
}

// Names implements Files.
func (d WebDAV) Names(ctx context.Context, dir string) ([]string, error) {
	head := map[string]string{"Depth": "1", "Content-Type": "application/xml"}
	status, content, err := d.call(ctx, "PROPFIND", dir+"/", head, []byte(propfind))
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusNotFound:
		return nil, nil
	case status != http.StatusMultiStatus:
		return nil, answered("PROPFIND", status)
	}
	var is found
	if err := xml.Unmarshal(content, &is); err != nil {
		return nil, fmt.Errorf("WebDAV PROPFIND: %w", err)
	}
	var names []string
	for _, r := range is.Responses {
		u, err := url.Parse(r.Href)
		if err == nil && r.Collection == nil {
			names = append(names, path.Base(u.Path))
		}
	}
	return names, nil
}

// Write implements Files: it puts the file under another name, and moves it from there.
func (d WebDAV) Write(ctx context.Context, name string, content []byte) error {
	dirs := strings.Split(path.Dir(name), "/")
	for i := range dirs {
		status, _, err := d.call(ctx, "MKCOL", path.Join(dirs[:i+1]...), nil, nil)
		if err != nil {
			return err
		}
		if status != http.StatusCreated && status != http.StatusMethodNotAllowed { // RFC 4918, 9.3.1: it is there
			return answered("MKCOL", status)
		}
	}
	status, _, err := d.call(ctx, http.MethodPut, name+beginning, nil, content)
	if err != nil {
		return err
	}
	if status/100 != 2 {
		return answered(http.MethodPut, status)
	}
	to, err := d.address(name)
	if err != nil {
		return err
	}
	status, _, err = d.call(ctx, "MOVE", name+beginning, map[string]string{"Destination": to, "Overwrite": "T"}, nil)
	if err == nil && status/100 != 2 {
		err = answered("MOVE", status)
	}
	return err
}
