package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"brevdue/internal/cli"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// usersCommand is what is done with the users of an organization.
type usersCommand struct {
	List    listUsers     `cmd:"" help:"Vis brugerne."`
	Add     addUser       `cmd:"" help:"Opret en bruger. Koden sendes på mail, eller vises her."`
	Change  changeUser    `cmd:"" help:"Ret en brugers fulde navn, mail eller adgangsgrupper."`
	Close   closeUser     `cmd:"" help:"Luk en bruger ude fra nu af."`
	Open    openUser      `cmd:"" help:"Luk en bruger ind igen."`
	Code    newCode       `cmd:"" help:"Giv en bruger en ny kode; den gamle og det, der er logget ind med, gælder ikke mere."`
	Factors removeFactors `cmd:"" name:"remove-factors" help:"Fjern en brugers andet trin, som er mistet: det sættes op igen ved log ind."`
	Import  importUsers   `cmd:"" help:"Opret og ret brugere af en CSV-fil; uden --do vises kun, hvordan det vil gå."`
}

// ofOrganization is whose users are meant.
type ofOrganization struct {
	installation
	Organization string `help:"Organisationens id; uden den er det den eneste." placeholder:"ID"`
}

// administer does something with who comes into an organization: as whoever is logged in, or as the operator, of the
// organization that was named or of the only one.
func (x ofOrganization) administer(
	ctx context.Context,
	e *cli.Env,
	do func(a post.Administration, who post.Caller) error,
) error {
	if x.Table == "" {
		person, err := e.Person(!hasInstallation(e))
		if err != nil {
			return err
		}
		if person != nil {
			return do(person, post.Caller{})
		}
		if !hasInstallation(e) {
			return cli.ErrNobody()
		}
	}
	return x.operateOld(ctx, e, func(o post.Operator) error {
		who := post.Caller{Org: x.Organization, Kind: post.ByOperator}
		if x.Organization != "" {
			return do(o, who)
		}
		all, err := o.Organizations(ctx)
		if err != nil {
			return err
		}
		if len(all) != 1 {
			return fmt.Errorf("installationen har %d organisationer; sig hvilken med --organization", len(all))
		}
		who.Org = all[0].ID
		return do(o, who)
	})
}

// printUser prints a user, with the code where there is a new one.
func printUser(e *cli.Env, u post.CreatedUser) error {
	var text strings.Builder
	writeUser(&text, u.User)
	if u.Code != "" {
		fmt.Fprintf(&text, "Log ind: bruger »%s«, kode »%s« (vises kun denne ene gang; skiftes ved log ind)\n", u.Login,
			u.Code)
	}
	return e.Print(cli.UserJSON(u), strings.TrimSuffix(text.String(), "\n"))
}

func writeUser(w io.Writer, u post.User) {
	parts := []string{u.Name, u.FullName, u.Mail, strings.Join(u.Groups, ", ")}
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
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		all, err := a.Access(ctx, who)
		if err != nil {
			return err
		}
		var text strings.Builder
		for _, u := range all.Users {
			writeUser(&text, u)
		}
		if all.Administrators() == 1 {
			fmt.Fprintln(e.Err, "I har kun én administrator: giv en mere rollen, så I ikke står uden adgang.")
		}
		return e.Print(cli.UsersJSON(all), strings.TrimSuffix(text.String(), "\n"))
	})
}

// described is what is said of a user.
type described struct {
	User  string   `arg:"" help:"Brugernavnet."`
	Name  string   `help:"Det fulde navn." placeholder:"NAVN"`
	Mail  string   `help:"Mailadressen." placeholder:"ADRESSE"`
	Unit  string   `help:"Enhedens id." placeholder:"ID"`
	Group []string `help:"Adgangsgruppens id; kan gives flere gange." placeholder:"ID"`
}

func (d described) user() post.User {
	return post.User{Name: d.User, FullName: d.Name, Mail: d.Mail, Unit: d.Unit, Groups: d.Group}
}

type addUser struct {
	ofOrganization
	described
}

// Run makes a user.
func (x *addUser) Run(ctx context.Context, e *cli.Env) error {
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		created, err := a.AddUser(ctx, who, x.user())
		if err != nil {
			return err
		}
		return printUser(e, created)
	})
}

type changeUser struct {
	ofOrganization
	described
}

// Run changes what is known of a user.
func (x *changeUser) Run(ctx context.Context, e *cli.Env) error {
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		changed, err := a.ChangeUser(ctx, who, x.user())
		if err != nil {
			return err
		}
		return printUser(e, post.CreatedUser{User: changed})
	})
}

// named is a user that is there.
type named struct {
	ofOrganization
	User string `arg:"" help:"Brugernavnet."`
}

func (x named) letIn(ctx context.Context, e *cli.Env, in bool) error {
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		u, err := a.CloseUser(ctx, who, x.User, !in)
		if err != nil {
			return err
		}
		return printUser(e, post.CreatedUser{User: u})
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
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		created, err := a.NewCode(ctx, who, x.User)
		if err != nil {
			return err
		}
		return printUser(e, created)
	})
}

type removeFactors struct{ named }

// Run takes away the second factors of a user.
func (x *removeFactors) Run(ctx context.Context, e *cli.Env) error {
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		if err := a.RemoveFactors(ctx, who, x.User); err != nil {
			return err
		}
		return e.Print(map[string]string{}, "Det andet trin er fjernet.")
	})
}

type importUsers struct {
	ofOrganization
	File string `arg:"" type:"existingfile" help:"CSV-fil med Brugernavn, Navn, Mail og Adgangsgrupper."`
	Do   bool   `help:"Gør det; uden det vises kun, hvordan det vil gå."`
}

// importedWords say what becomes of a row.
var importedWords = map[post.Imported]string{
	post.ImportAdds: "oprettes", post.ImportChanges: "ændres", post.ImportSame: "er der, som den står",
	post.ImportSkips: "springes over",
}

// Run imports users, or shows how it would go.
func (x *importUsers) Run(ctx context.Context, e *cli.Env) error {
	list, err := os.ReadFile(x.File)
	if err != nil {
		return err
	}
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		rows, err := a.Import(ctx, who, list, !x.Do)
		if err != nil {
			return err
		}
		var text strings.Builder
		if !x.Do {
			fmt.Fprintln(&text, "Intet er gjort endnu; gør det med --do. Sådan vil det gå:")
		}
		for _, r := range rows {
			fmt.Fprintf(&text, "række %d  %s  %s", r.Number, r.Name, importedWords[r.What])
			if r.Why != nil {
				fmt.Fprintf(&text, ": %s", texts.Sentence(r.Why))
			}
			if r.Code != "" {
				fmt.Fprintf(&text, "  kode »%s«", r.Code)
			}
			fmt.Fprintln(&text)
		}
		return e.Print(cli.ImportedJSON(rows, !x.Do), strings.TrimSuffix(text.String(), "\n"))
	})
}
