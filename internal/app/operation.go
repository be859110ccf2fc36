package app

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"brevdue/internal/embedded"
	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/store"
	"brevdue/internal/texts"
)

// operation implements post.Operation over the table of an installation.
type operation struct {
	*App
	keep func(key string) error // where a new organization's key is kept beside; nil for nowhere
}

// AddOrganization implements post.Operation.
func (o operation) AddOrganization(ctx context.Context, f post.NewOrganization) (post.CreatedOrganization, error) {
	keep := o.keep
	if keep == nil {
		keep = func(string) error { return nil }
	}
	created, err := o.CreateOrganization(ctx, f, keep)
	if err != nil {
		return created, err
	}
	return created, o.record(ctx, f.ID, post.ActOrganize, texts.Say("audit-organization-made"))
}

// record writes down in an organization's audit log what its operator has done to it.
func (o operation) record(ctx context.Context, org string, act post.Action, text string) error {
	by := post.Caller{Org: org, Kind: post.ByOperator}
	return o.Store.AuditLog(time.Now).Record(ctx, by.Did(act, "", "", text))
}

// Organizations implements post.Operation.
func (o operation) Organizations(ctx context.Context) ([]*post.Organization, error) {
	return o.Store.AllOrganizations(ctx)
}

// Errors of a change that an operator asks for.
var (
	errNoOrganization = sentence.Sentence(`§["organization-unknown"]`)
	errLastNumber     = sentence.Sentence(`§["last-number"]`)
)

// ChangeOrganization implements post.Operation.
func (o operation) ChangeOrganization(
	ctx context.Context,
	org string,
	c post.OrganizationChange,
) (*post.Organization, error) {
	added, removed, err := sendersOf(c)
	if err != nil {
		return nil, err
	}
	c.Settings.Undo, c.Settings.UndoAlways = c.Undo, c.UndoAlways
	if err := c.Settings.Check(); err != nil {
		return nil, err
	}
	if err := post.CheckText(`§["place-name"]`, c.Name, nameLimit); err != nil {
		return nil, err
	}
	if err := o.known(ctx, org); err != nil {
		return nil, err
	}
	if err := errors.Join(
		o.fits(ctx, org, c.SSO),
		c.Settings.CheckNumbers(ctx, o.Store, org),
		checkConnection(c.Connection, o.Environment, time.Now()),
		o.checkArchive(c.Archive),
	); err != nil {
		return nil, err
	}
	if err := o.record(ctx, org, post.ActOrganize, told(c)); err != nil {
		return nil, err
	}
	changed, err := o.Store.ChangeOrganization(ctx, org, func(is *post.Organization) error {
		if !post.IsBlank(c.Name) {
			is.Name = strings.TrimSpace(c.Name)
		}
		if c.SSO != nil {
			is.SSO = c.SSO.After(is.SSO)
		}
		if c.Connection != nil {
			is.Connect(*c.Connection, time.Now())
		}
		if c.Archive != nil {
			if err := is.ConnectArchive(*c.Archive); err != nil {
				return err
			}
		}
		if c.EndArchive != "" && !is.EndArchive(c.EndArchive) {
			return sentence.Of("archive-unknown", c.EndArchive)
		}
		if err := c.Settings.Apply(is); err != nil {
			return err
		}
		if c.Forget != "" && !is.Forget(c.Forget) {
			return errNoFormer
		}
		return changeSenders(is, added, removed)
	})
	if err == nil && c.SSO.On() && c.SSO.Only {
		err = o.endCodes(ctx, org, c.SSO.Emergency)
	}
	return changed, taken(err)
}

// endCodes ends the sessions of those who came in with a code, where codes are closed now.
func (o operation) endCodes(ctx context.Context, org string, but []string) error {
	a, err := o.Store.Access(ctx, org)
	if err != nil {
		return err
	}
	for _, u := range a.Users {
		if u.Elsewhere || slices.Contains(but, u.Name) {
			continue
		}
		all, err := o.Store.SessionsOf(ctx, org, u.Name)
		for _, s := range all {
			err = errors.Join(err, o.Store.DropSession(ctx, s.ID))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fits returns why a single sign-on cannot be what an organization logs in by.
func (o operation) fits(ctx context.Context, org string, s *post.SingleSignOn) error {
	if err := s.Check(); err != nil || !s.On() {
		return err
	}
	a, err := o.Store.Access(ctx, org)
	if err != nil {
		return err
	}
	return s.CheckWith(a)
}

// known returns what is said of an organization that is not there.
func (o operation) known(ctx context.Context, org string) error {
	_, err := o.Store.Organization(ctx, org)
	if errors.Is(err, post.ErrNotFound) {
		return errNoOrganization
	}
	return err
}

// told says for the audit log what a change asks for.
func told(c post.OrganizationChange) string {
	var what []string
	if c.Name != "" {
		what = append(what, texts.Say("audit-name", c.Name))
	}
	for _, number := range slices.Sorted(maps.Keys(c.Senders)) {
		what = append(what, texts.Say("audit-sender", number))
	}
	for _, number := range c.Remove {
		what = append(what, texts.Say("audit-sender-removed", number))
	}
	if c.Undo != nil {
		what = append(what, texts.Say("audit-undo", c.Undo.String()))
	}
	if c.UndoAlways != nil && *c.UndoAlways {
		what = append(what, texts.Say("audit-undo-always"))
	} else if c.UndoAlways != nil {
		what = append(what, texts.Say("audit-undo-people"))
	}
	if c.Settings.FourEyes != nil {
		what = append(what, texts.Say("audit-four-eyes", *c.Settings.FourEyes))
	}
	if c.SSO != nil {
		what = append(what, texts.Say("setting-sso", c.SSO.Issuer))
	}
	if c.Connection != nil {
		what = append(what, texts.Say("audit-connection", c.Connection.SystemID))
	}
	if c.Forget != "" {
		what = append(what, texts.Say("audit-forgotten", c.Forget))
	}
	if c.Archive != nil {
		what = append(what, texts.Say("audit-archive", c.Archive.Name))
	}
	if c.EndArchive != "" {
		what = append(what, texts.Say("audit-archive-ended", c.EndArchive))
	}
	return strings.Join(what, ", ")
}

// sendersOf reads the numbers of a change.
func sendersOf(c post.OrganizationChange) (added []post.Sender, removed []ident.Number, err error) {
	for number, name := range c.Senders {
		n, err := cvrOf(number)
		if err != nil {
			return nil, nil, err
		}
		if err := post.CheckText(`§["place-name"]`, name, nameLimit); err != nil {
			return nil, nil, err
		}
		added = append(added, post.Sender{Number: n, Name: strings.TrimSpace(name)})
	}
	for _, number := range c.Remove {
		n, err := cvrOf(number)
		if err != nil {
			return nil, nil, err
		}
		removed = append(removed, n)
	}
	slices.SortFunc(
		added,
		func(a, b post.Sender) int { return strings.Compare(a.Number.Reveal(), b.Number.Reveal()) },
	)
	return added, removed, nil
}

// cvrOf reads a CVR number that an operator has typed.
func cvrOf(text string) (ident.Number, error) {
	n, err := ident.ParseCVR(text)
	if err != nil {
		return n, sentence.Of("cvr-wrong", text)
	}
	return n, nil
}

// changeSenders takes numbers away, and adds others or names those that are there. The first stays the default.
func changeSenders(o *post.Organization, added []post.Sender, removed []ident.Number) error {
	o.Senders = slices.DeleteFunc(o.Senders, func(s post.Sender) bool { return slices.Contains(removed, s.Number) })
	for _, sender := range added {
		if post.IsBlank(sender.Name) {
			sender.Name = o.Name
		}
		at := slices.IndexFunc(o.Senders, func(s post.Sender) bool { return s.Number == sender.Number })
		if at < 0 {
			o.Senders = append(o.Senders, sender)
		} else {
			o.Senders[at] = sender
		}
	}
	if len(o.Senders) == 0 {
		return errLastNumber
	}
	return nil
}

// NewAccess implements post.Operation.
func (o operation) NewAccess(ctx context.Context, org, user string) (created post.CreatedOrganization, err error) {
	if err := o.known(ctx, org); err != nil {
		return created, err
	}
	created.Organization = org
	if created.Code, created.User, err = o.newCode(ctx, org, user); err != nil {
		return created, err
	}
	created.Key, err = o.Auth().NewKey(ctx, post.Caller{Org: org, Name: commandLine})
	return created, err
}

// openToOperator writes down where this server is and what lets its operator in: whoever can read the data folder.
func (srv *server) openToOperator() error {
	srv.app.OperatorToken = rand.Text()
	return srv.backend.WriteSecret("operator", []byte(srv.base+"\n"+srv.app.OperatorToken+"\n"))
}

// keepFirst keeps the key of the first organization in the data folder, where the command line finds it.
func keepFirst(folder *embedded.Backend) func(key string) error {
	return func(key string) error { return folder.WriteSecret("key", []byte(key+"\n")) }
}

// begin makes a new folder one that the server after this knows as its own, and not as one restored from a backup. It
// returns the organization that was made first.
func (srv *server) begin() (first string, err error) {
	if _, err := srv.restorations(); err != nil {
		return "", err
	}
	return srv.app.firstOrganization(context.Background())
}

// ErrRunning means that a server has the data folder open, and is who must be asked.
var ErrRunning = embedded.ErrBusy

// OperateFolder is what an operator does with the installation in a data folder that no server has open: otherwise it
// is ErrRunning. The folder must be closed.
func OperateFolder(data, masterKey string) (o post.Operator, closeFolder func() error, err error) {
	folder, err := embedded.Open(data, masterKey)
	if err != nil {
		return nil, nil, explain(err, data)
	}
	srv := &server{
		backend: folder,
		app:     App{Store: store.New(folder.Table()), Environment: folder.Keys.Environment},
	}
	first, err := srv.begin()
	if err != nil {
		return nil, nil, errors.Join(err, folder.Close())
	}
	var keep func(key string) error
	if first == "" {
		keep = keepFirst(folder)
	}
	return srv.app.operating(keep), folder.Close, nil
}
