package auth

import (
	"context"
	"errors"
	"slices"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Errors of a row of a list of users.
const (
	errRowTwice  sentence.Sentence = `§["import-twice"]`
	errRowClosed sentence.Sentence = `§["import-closed"]`
	errRowMany   sentence.Sentence = `§["import-many"]`
)

// importMost is how many rows are imported at once.
const importMost = 1000

// Import implements post.UserImport. A user who is there is added to the groups of the row, and gets its name and mail.
func (a *Administration) Import(
	ctx context.Context,
	who post.Caller,
	list []byte,
	dryRun bool,
) ([]post.ImportedRow, error) {
	if err := a.people(ctx, who); err != nil {
		return nil, err
	}
	rows, err := readRows(list)
	if err != nil {
		return nil, err
	}
	if len(rows) > importMost {
		return nil, errRowMany
	}
	all, err := a.Accesses.Access(ctx, who.Org)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	done := make([]post.ImportedRow, len(rows))
	for i, row := range rows {
		u, what, err := a.importOf(who.Org, row, all)
		if key := strings.ToLower(u.Name); err == nil && seen[key] {
			err = errRowTwice
		} else {
			seen[key] = true
		}
		done[i] = post.ImportedRow{ImportRow: row, What: what, Why: err}
		done[i].Name = u.Name // as it was made of the mail address
		if err == nil && !dryRun {
			err = a.importRow(ctx, who, u, &done[i])
		}
		var told interface{ Sentence() sentence.Sentence }
		var said sentence.Sentence
		switch {
		case err == nil:
		case errors.As(err, &said), errors.As(err, &told): // the next rows are done all the same
			done[i].What, done[i].Why = post.ImportSkips, err
		default:
			return done[:i], err
		}
	}
	return done, nil
}

// importRow does what a row says.
func (a *Administration) importRow(ctx context.Context, who post.Caller, u post.User, row *post.ImportedRow) error {
	switch row.What {
	case post.ImportAdds:
		created, err := a.addUser(ctx, who, u)
		row.Code = created.Code
		return err
	case post.ImportChanges:
		_, err := a.ChangeUser(ctx, who, u)
		return err
	}
	return nil
}

// importOf reads a row: the user as it is to be, and what becomes of the row.
func (a *Administration) importOf(org string, row post.ImportRow, all *post.Access) (post.User, post.Imported, error) {
	u := post.User{
		Org: org, Name: strings.TrimSpace(row.Name), FullName: strings.TrimSpace(row.Full),
		Mail: strings.TrimSpace(row.Mail), Groups: []string{},
	}
	if u.Name == "" { // the mail address before its @, as systems for staff export no user names
		u.Name, _, _ = strings.Cut(u.Mail, "@")
	}
	for _, name := range row.Groups {
		id, err := a.groupNamed(all, name)
		if err != nil {
			return u, post.ImportSkips, err
		}
		if !slices.Contains(u.Groups, id) {
			u.Groups = append(u.Groups, id)
		}
	}
	if err := checkUser(u, all); err != nil {
		return u, post.ImportSkips, err
	}
	is, err := all.User(u.Name)
	if err != nil {
		return u, post.ImportAdds, nil
	}
	if !is.Closed.IsZero() {
		return u, post.ImportSkips, errRowClosed
	}
	groups := slices.Clone(is.Groups)
	for _, id := range u.Groups {
		if !slices.Contains(groups, id) && is.Groups != nil {
			groups = append(groups, id)
		}
	}
	same := len(groups) == len(is.Groups) && (u.FullName == "" || u.FullName == is.FullName) &&
		(u.Mail == "" || u.Mail == is.Mail)
	if u.Groups = groups; same {
		return u, post.ImportSame, nil
	}
	return u, post.ImportChanges, nil
}

// groupNamed finds a group by its name or its id.
func (a *Administration) groupNamed(all *post.Access, name string) (string, error) {
	name = strings.TrimSpace(name)
	for _, g := range all.Groups {
		if g.ID == name || strings.EqualFold(a.Say(g.Name), name) {
			return g.ID, nil
		}
	}
	return "", sentence.Of("import-group", name)
}
