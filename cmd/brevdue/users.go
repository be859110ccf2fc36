package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"brevdue/internal/cli"
	"brevdue/internal/post"
)

// usersCommand is what the operator of an installation does with the users of an organization.
type usersCommand struct {
	List   listUsers  `cmd:"" help:"Vis brugerne."`
	Add    addUser    `cmd:"" help:"Opret en bruger med en kode."`
	Change changeUser `cmd:"" help:"Ret en brugers fulde navn eller mail."`
	Close  closeUser  `cmd:"" help:"Luk en bruger ude fra nu af."`
	Open   openUser   `cmd:"" help:"Luk en bruger ind igen."`
	Code   newCode    `cmd:"" help:"Giv en bruger en ny kode; den gamle og det, der er logget ind med, gælder ikke mere."`
}

// ofOrganization is whose users are meant.
type ofOrganization struct {
	installation
	Organization string `help:"Organisationens id; uden den er det den eneste." placeholder:"ID"`
}

// users does something with the users of the organization that was named, or of the only one.
func (x ofOrganization) users(ctx context.Context, e *cli.Env, do func(o post.Operator, org string) error) error {
	return x.operateOld(ctx, e, func(o post.Operator) error {
		if x.Organization != "" {
			return do(o, x.Organization)
		}
		all, err := o.Organizations(ctx)
		if err != nil {
			return err
		}
		if len(all) != 1 {
			return fmt.Errorf("installationen har %d organisationer; sig hvilken med --organization", len(all))
		}
		return do(o, all[0].ID)
	})
}

// print prints a user, with the code where there is a new one.
func (x ofOrganization) print(e *cli.Env, u post.CreatedUser) error {
	var text strings.Builder
	writeUser(&text, u.User)
	if u.Code != "" {
		fmt.Fprintf(&text, "Log ind: bruger »%s«, kode »%s« (vises kun denne ene gang)\n", u.Login, u.Code)
	}
	return e.Print(cli.UserJSON(u), strings.TrimSuffix(text.String(), "\n"))
}

func writeUser(w io.Writer, u post.User) {
	parts := []string{u.Name, u.FullName, u.Mail}
	if u.Login != u.Name {
		parts[0] = u.Login
	}
	if !u.Closed.IsZero() {
		parts = append(parts, "lukket "+u.Closed.In(post.Denmark()).Format("2006-01-02 15:04"))
	}
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	fmt.Fprintln(w, strings.Join(said, "  "))
}

type listUsers struct{ ofOrganization }

// Run prints the users.
func (x *listUsers) Run(ctx context.Context, e *cli.Env) error {
	return x.users(ctx, e, func(o post.Operator, org string) error {
		all, err := o.Users(ctx, org)
		if err != nil {
			return err
		}
		var text strings.Builder
		for _, u := range all {
			writeUser(&text, u)
		}
		return e.Print(cli.UsersJSON(all), strings.TrimSuffix(text.String(), "\n"))
	})
}

// described is what is said of a user.
type described struct {
	User string `arg:"" help:"Brugernavnet."`
	Name string `help:"Det fulde navn." placeholder:"NAVN"`
	Mail string `help:"Mailadressen." placeholder:"ADRESSE"`
}

func (d described) of(org string) post.User {
	return post.User{Org: org, Name: d.User, FullName: d.Name, Mail: d.Mail}
}

type addUser struct {
	ofOrganization
	described
}

// Run makes a user.
func (x *addUser) Run(ctx context.Context, e *cli.Env) error {
	return x.users(ctx, e, func(o post.Operator, org string) error {
		created, err := o.AddUser(ctx, x.of(org))
		if err != nil {
			return err
		}
		return x.print(e, created)
	})
}

type changeUser struct {
	ofOrganization
	described
}

// Run changes what is known of a user.
func (x *changeUser) Run(ctx context.Context, e *cli.Env) error {
	return x.users(ctx, e, func(o post.Operator, org string) error {
		changed, err := o.ChangeUser(ctx, x.of(org))
		if err != nil {
			return err
		}
		return x.print(e, post.CreatedUser{User: changed})
	})
}

// named is a user that is there.
type named struct {
	ofOrganization
	User string `arg:"" help:"Brugernavnet."`
}

func (x named) letIn(ctx context.Context, e *cli.Env, in bool) error {
	return x.users(ctx, e, func(o post.Operator, org string) error {
		u, err := o.CloseUser(ctx, org, x.User, !in)
		if err != nil {
			return err
		}
		return x.print(e, post.CreatedUser{User: u})
	})
}

type closeUser struct{ named }

// Run keeps a user out.
func (x *closeUser) Run(ctx context.Context, e *cli.Env) error { return x.letIn(ctx, e, false) }

type openUser struct{ named }

// Run lets a user in again.
func (x *openUser) Run(ctx context.Context, e *cli.Env) error { return x.letIn(ctx, e, true) }

type newCode struct{ named }

// Run gives a user another code.
func (x *newCode) Run(ctx context.Context, e *cli.Env) error {
	return x.users(ctx, e, func(o post.Operator, org string) error {
		created, err := o.NewCode(ctx, org, x.User)
		if err != nil {
			return err
		}
		return x.print(e, created)
	})
}
