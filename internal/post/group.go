package post

import (
	"context"
	"slices"

	"brevdue/internal/sentence"
)

// AccessGroup (adgangsgruppe) is a set of rights. A user may do what at least one of their groups may.
type AccessGroup struct {
	ID     string            `json:"id"`
	Name   sentence.Sentence `json:"name"` // as it was typed; a code's for those of DefaultGroups
	Grants Grants            `json:"grants"`
}

// The groups that an organization begins with.
const (
	Administrators = "administratorer"
	Senders        = "afsendere"
	Approvers      = "godkendere"
)

// DefaultGroups are the groups of an organization that has said nothing else. Administrators read no content (D1).
func DefaultGroups() []AccessGroup {
	return []AccessGroup{
		{Administrators, `§["group-administrators"]`, GrantsOf(RightAdminister, RightOperate, RightAudit)},
		{Senders, `§["group-senders"]`, GrantsOf(RightWrite, RightSend, RightSeeAll, RightUnhandled, RightInbox,
			RightArchive, RightReveal)},
		{Approvers, `§["group-approvers"]`, GrantsOf(RightApprove, RightSeeAll)},
	}
}

// FirstGroups are the groups of an organization's first user.
func FirstGroups() []string { return []string{Administrators, Senders} }

// GrantsOfGroups returns what the members of some groups may do. No list at all is of a version before there were
// groups, whose users may do everything.
func GrantsOfGroups(all []AccessGroup, member []string) Grants {
	if member == nil {
		return GrantsOf(Rights()...)
	}
	var grants Grants
	for _, g := range all {
		if slices.Contains(member, g.ID) {
			grants = append(grants, g.Grants...)
		}
	}
	return grants
}

// Access is who may do what in an organization: its users and its groups. It is changed as one.
type Access struct {
	Users  []User
	Groups []AccessGroup
}

// GrantsOf returns what a user may do; nothing for one that is closed.
func (a *Access) GrantsOf(u User) Grants {
	if !u.Closed.IsZero() {
		return nil
	}
	return GrantsOfGroups(a.Groups, u.Groups)
}

// Administrators counts the users who may administer and can come in.
func (a *Access) Administrators() int {
	n := 0
	for _, u := range a.Users {
		if a.GrantsOf(u).May(RightAdminister) {
			n++
		}
	}
	return n
}

// Members counts the users of a group.
func (a *Access) Members(group string) int {
	n := 0
	for _, u := range a.Users {
		if slices.Contains(u.Groups, group) {
			n++
		}
	}
	return n
}

// User returns a user by name.
func (a *Access) User(name string) (*User, error) {
	i := slices.IndexFunc(a.Users, func(u User) bool { return u.Name == name })
	if i < 0 {
		return nil, ErrNotFound
	}
	return &a.Users[i], nil
}

// Group returns a group by id.
func (a *Access) Group(id string) (*AccessGroup, error) {
	i := slices.IndexFunc(a.Groups, func(g AccessGroup) bool { return g.ID == id })
	if i < 0 {
		return nil, ErrNotFound
	}
	return &a.Groups[i], nil
}

// ErrLastAdministrator means that nobody could administer an organization any more.
const ErrLastAdministrator sentence.Sentence = `§["last-administrator"]`

// Accesses stores who may do what.
type Accesses interface {
	Access(ctx context.Context, org string) (*Access, error)
	// ChangeAccess changes users and groups of an organization as one: of two who change at once, one sees what the
	// other has done. It neither adds users nor removes them. One after which nobody administers the organization is
	// ErrLastAdministrator.
	ChangeAccess(ctx context.Context, org string, change func(*Access) error) error
}
