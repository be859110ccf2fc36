package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/remote/f2"
	"brevdue/internal/remote/folder"
	"brevdue/internal/remote/sbsys"
	"brevdue/internal/sentence"
)

// checkArchive returns why an organization cannot have an archive here. What stands in it is checked with what stays of
// the one before.
func (o operation) checkArchive(c *post.ArchiveConnection) error {
	switch {
	case c == nil || c.Kind != post.FolderArchive:
		return nil
	case o.NoFolder:
		return sentence.Of("archive-folder-none")
	case c.Folder != "" && !filepath.IsLocal(c.Folder):
		return sentence.Of("archive-folder-outside", c.Folder)
	}
	return nil
}

// archives opens the archives outside of all organizations. One is kept as long as its connection is what it is, for it
// has a token; organizations are read anew for each letter, so that what an operator changes holds at once.
type archives struct {
	organizations post.Organizations
	folder        string // in which organizations' own lie; "" for none
	timeout       time.Duration

	mu     sync.Mutex
	opened map[[sha256.Size]byte]post.Archive
}

// open implements post.OpenArchive.
func (a *archives) open(ctx context.Context, org, id string) (post.Archive, post.ArchiveConnection, error) {
	o, err := a.organizations.Organization(ctx, org)
	if err != nil {
		return nil, post.ArchiveConnection{}, err
	}
	c := o.ArchiveConnection(id)
	if c == nil {
		return nil, post.ArchiveConnection{}, fmt.Errorf("archive %s of %s: %w", id, org, post.ErrNotFound)
	}
	text, err := json.Marshal(c)
	if err != nil {
		return nil, *c, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := sha256.Sum256(append([]byte(org+"\x00"), text...))
	if is := a.opened[key]; is != nil {
		return is, *c, nil
	}
	made, err := a.make(org, *c)
	if err != nil {
		return nil, *c, err
	}
	if len(a.opened) >= archivesKept || a.opened == nil {
		a.opened = map[[sha256.Size]byte]post.Archive{}
	}
	a.opened[key] = made
	return made, *c, nil
}

// archivesKept is how many clients are kept.
const archivesKept = 200

// make makes the client of an archive.
func (a *archives) make(org string, c post.ArchiveConnection) (post.Archive, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	client := archiveHTTP(a.timeout)
	switch c.Kind {
	case post.FolderArchive:
		if a.folder == "" {
			return nil, post.FailedTransfer(sentence.Of("archive-folder-none"))
		}
		in := c.Folder
		if in == "" {
			in = c.ID
		}
		if !filepath.IsLocal(in) {
			return nil, post.FailedTransfer(sentence.Of("archive-folder-outside", in))
		}
		disk := folder.Disk{Path: filepath.Join(a.folder, org, in), Name: c.Name}
		return &folder.Archive{Files: disk, Name: c.Name, Numbers: c.Numbers, Now: time.Now}, nil
	case post.WebDAVArchive:
		dav := folder.WebDAV{URL: c.URL, User: c.User, Password: c.Password, Name: c.Name, HTTP: client}
		return &folder.Archive{Files: dav, Name: c.Name, Numbers: c.Numbers, Now: time.Now}, nil
	case post.SBSYSArchive:
		return &sbsys.Archive{To: c, HTTP: client}, nil
	case post.F2Archive:
		return &f2.Archive{To: c, HTTP: client}, nil
	}
	return nil, errors.New("no such kind of archive")
}

// archiveHTTP is a client that keeps few connections: a case system is not a letter queue. It follows no redirect of
// its own: a password goes where the operator has said.
func archiveHTTP(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: timeout}).DialContext,
			TLSHandshakeTimeout: timeout,
			MaxConnsPerHost:     archiveConnections,
			MaxIdleConnsPerHost: archiveConnections,
			IdleConnTimeout:     time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// archiveConnections is how many calls are made to one archive at once.
const archiveConnections = 16

// archiveTimeout is how long a call to an archive may last: a letter has three times that.
const archiveTimeout = 30 * time.Second
