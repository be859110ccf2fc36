package post

import (
	"context"
	"net/url"
	"regexp"
	"slices"

	"brevdue/internal/sentence"
)

// ArchiveKind is what sort of an archive outside Brevdue there is.
type ArchiveKind string

// The kinds.
const (
	FolderArchive ArchiveKind = "folder"
	WebDAVArchive ArchiveKind = "webdav"
	SBSYSArchive  ArchiveKind = "sbsys"
	F2Archive     ArchiveKind = "f2"
)

// ArchiveConnection is an archive outside Brevdue that an organization's letters are put into as well. It is set up by
// whoever runs the installation.
type ArchiveConnection struct {
	ID   string      `json:"id"`
	Name string      `json:"name"` // what senders read
	Kind ArchiveKind `json:"kind"`

	URL      string `json:"url,omitempty"`
	Folder   string `json:"folder,omitempty"` // below the folder that the installation has for archives
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	// Numbers puts a file with the recipient's number beside each letter, for an import that removes it (practice.md
	// E11).
	Numbers bool `json:"numbers,omitempty"`

	TokenURL     string `json:"tokenUrl,omitempty"` // where SBSYS lets in
	ClientID     string `json:"clientId,omitempty"`
	ClientSecret string `json:"clientSecret,omitempty"`

	CaseTemplate string `json:"caseTemplate,omitempty"` // SBSYS: SkabelonId; no case is made without one
	CaseType     string `json:"caseType,omitempty"`     // SBSYS: id of the SagsType
	Caseworker   string `json:"caseworker,omitempty"`   // SBSYS: SagsBehandlerID
	DocumentKind string `json:"documentKind,omitempty"` // SBSYS: id of the DokumentArt
	CreateCases  bool   `json:"createCases,omitempty"`  // F2: a case is made where there is none
	KLE          string `json:"kle,omitempty"`          // F2: keyword of a case whose type has no number

	Ended bool `json:"ended,omitempty"` // nothing new goes there; what has begun is finished
}

// archiveFieldMost is how long a text of a connection is at most.
const archiveFieldMost = 400

// Check returns why a connection cannot be what it says.
func (c *ArchiveConnection) Check() error {
	if !itemID.MatchString(c.ID) || c.ID == BuiltInArchive {
		return errItemID
	}
	if err := CheckFullText(`§["place-name"]`, c.Name, nameMost); err != nil {
		return err
	}
	for _, text := range []string{c.URL, c.Folder, c.User, c.TokenURL, c.ClientID} {
		if err := CheckText(`§["place-archive"]`, text, archiveFieldMost); err != nil {
			return err
		}
	}
	missing := func(is ...string) bool { return slices.Contains(is, "") }
	numbers := func(is ...string) bool {
		return !slices.ContainsFunc(is, func(n string) bool { return !sbsysID.MatchString(n) })
	}
	switch c.Kind {
	case FolderArchive:
		if c.URL != "" {
			return sentence.Of("archive-folder-url")
		}
		return nil
	case WebDAVArchive:
		return checkArchiveURL(c.URL)
	case SBSYSArchive:
		if missing(c.ClientID, c.ClientSecret, c.User, c.Password, c.CaseType, c.DocumentKind) {
			return sentence.Of("archive-sbsys-fields")
		}
		if !numbers(c.CaseType, c.DocumentKind, c.CaseTemplate, c.Caseworker) ||
			c.CaseTemplate != "" && c.Caseworker == "" {
			return sentence.Of("archive-sbsys-ids")
		}
		if err := checkArchiveURL(c.TokenURL); err != nil {
			return err
		}
		return checkArchiveURL(c.URL)
	case F2Archive:
		if missing(c.ClientID, c.ClientSecret) {
			return sentence.Of("archive-f2-fields")
		}
		return checkArchiveURL(c.URL)
	}
	return sentence.Of("archive-kind", string(c.Kind))
}

// sbsysID is an id of SBSYS, or none.
var sbsysID = regexp.MustCompile(`^\d{0,9}$`)

// checkArchiveURL returns why letters do not go to an address. On this machine it may be http.
func checkArchiveURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil {
		return sentence.Of("archive-url") // and not quoted: it may have a password
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !Loopback(u.Hostname())) {
		return sentence.Of("archive-url")
	}
	return nil
}

// Shown is a connection without what is secret.
func (c ArchiveConnection) Shown() ArchiveConnection {
	c.Password, c.ClientSecret = "", ""
	return c
}

// BuiltInArchive is the id of Brevdue's own archive, which has every letter.
const BuiltInArchive = "brevdue"

// ArchiveConnection returns an archive of the organization by its id; nil for none.
func (o *Organization) ArchiveConnection(id string) *ArchiveConnection {
	i := slices.IndexFunc(o.Archives, func(c ArchiveConnection) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &o.Archives[i]
}

// ArchiveName is what an archive is called; its id where it is not there any more.
func (o *Organization) ArchiveName(id string) string {
	if c := o.ArchiveConnection(id); c != nil {
		return c.Name
	}
	return id
}

// OpenArchives are those that letters can be put into.
func (o *Organization) OpenArchives() []ArchiveConnection {
	return slices.DeleteFunc(slices.Clone(o.Archives), func(c ArchiveConnection) bool { return c.Ended })
}

// ConnectArchive adds an archive, or takes the place of the one with that id, which is the same one: what is known of
// its cases is kept. Secrets that are not said stay with the name that they are for.
func (o *Organization) ConnectArchive(c ArchiveConnection) error {
	old := o.ArchiveConnection(c.ID)
	if old == nil {
		o.Archives = append(o.Archives, c)
		return c.Check()
	}
	if c.Kind != old.Kind || c.URL != old.URL || c.TokenURL != old.TokenURL || c.Folder != old.Folder {
		return sentence.Of("archive-another", c.ID)
	}
	if c.Password == "" && c.User == old.User {
		c.Password = old.Password
	}
	if c.ClientSecret == "" && c.ClientID == old.ClientID {
		c.ClientSecret = old.ClientSecret
	}
	*old = c
	return c.Check()
}

// EndArchive takes no more letters to an archive. What has begun is finished.
func (o *Organization) EndArchive(id string) (was bool) {
	c := o.ArchiveConnection(id)
	if c != nil && !c.Ended {
		c.Ended, was = true, true
	}
	return was
}

// OpenArchive opens an archive that an organization has. One that it does not have is ErrNotFound.
type OpenArchive func(ctx context.Context, org, id string) (Archive, ArchiveConnection, error)

// CaseRule says which case the letters of a document type go into.
type CaseRule string

// The rules. CasePerPerson is what holds where nothing is said.
const (
	CasePerPerson CaseRule = ""
	CasePerType   CaseRule = "type"  // one for each person and type
	CaseGiven     CaseRule = "given" // its number is to be said for each shipment
)
