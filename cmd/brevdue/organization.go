package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"brevdue/internal/app"
	"brevdue/internal/cli"
	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// organizationCommand is what the operator of an installation does with its organizations.
type organizationCommand struct {
	Add     addOrganization     `cmd:"" help:"Opret en organisation."`
	List    listOrganizations   `cmd:"" help:"Vis organisationerne."`
	Change  changeOrganization  `cmd:"" help:"Ret en organisation: navn, CVR-numre at sende med, fortrydelse, ny kode."`
	Connect connectOrganization `cmd:"" name:"digital-post" help:"Lad en organisation sende med sit eget system og certifikat i Digital Post."`
	SSO     signOnOrganization  `cmd:"" name:"sso" help:"Lad en organisation logge ind gennem sit eget login (OpenID Connect), som Entra ID."`
	Archive archiveOrganization `cmd:"" help:"Sæt et arkiv uden for Brevdue op: en mappe, WebDAV, SBSYS eller F2."`
}

// installation is which installation is meant.
type installation struct {
	Table string `help:"Installationens tabel på AWS, som »brevdue-prod«; uden den er det datamappen." env:"BREVDUE_TABLE"`
}

// operate does something as the operator: on the table, in the data folder or, while a server has that open, by asking
// the server.
func (x installation) operate(ctx context.Context, e *cli.Env, do func(post.Operator) error) error {
	if x.Table != "" {
		o, err := app.OperateTable(ctx, x.Table)
		if err != nil {
			return err
		}
		return do(o)
	}
	o, closeFolder, err := app.OperateFolder(e.Data, e.MasterKey)
	if errors.Is(err, app.ErrRunning) {
		running, err := e.Operator()
		if err != nil {
			return err
		}
		return do(running)
	}
	if err != nil {
		return err
	}
	return errors.Join(do(o), closeFolder())
}

// hasInstallation reports whether the data folder has an installation that the command line can read.
func hasInstallation(e *cli.Env) bool {
	_, err := os.Stat(filepath.Join(e.Data, "brevdue.db"))
	return err == nil
}

func noInstallation(e *cli.Env) error {
	return fmt.Errorf("datamappen %s har ingen installation; giv den rigtige med --data", e.Data)
}

// operateOld is operate for an installation that is there already.
func (x installation) operateOld(ctx context.Context, e *cli.Env, do func(post.Operator) error) error {
	if x.Table == "" {
		if !hasInstallation(e) {
			return noInstallation(e)
		}
	}
	return x.operate(ctx, e, do)
}

type addOrganization struct {
	installation
	ID   string `arg:"" help:"Organisationens id, som »nordoby«."`
	Name string `required:"" help:"Navnet, som modtagerne ser."`
	CVR  string `required:"" help:"CVR-nummeret, der sendes med."`
	User string `help:"Den første bruger." default:"admin"`

	Undo       time.Duration `help:"Så længe kan en afsendelse fra portalen fortrydes." default:"5m" placeholder:"TID"`
	UndoAlways bool          `help:"Også afsendelser fra programmer venter så længe."`
}

// Run makes an organization.
func (x *addOrganization) Run(ctx context.Context, e *cli.Env) error {
	return x.operate(ctx, e, func(o post.Operator) error {
		created, err := o.AddOrganization(ctx, post.NewOrganization{
			ID: x.ID, Name: x.Name, CVR: x.CVR, User: x.User, Undo: x.Undo, UndoAlways: x.UndoAlways,
		})
		if err != nil {
			return err
		}
		return printAccess(e, created)
	})
}

// printAccess prints what lets somebody in. It is not shown again.
func printAccess(e *cli.Env, c post.CreatedOrganization) error {
	return e.Print(c, fmt.Sprintf("Organisation  %s\nLog ind       bruger »%s«, kode »%s«\nAPI-nøgle     %s\n"+
		"Kode og nøgle vises kun denne ene gang.", c.Organization, c.User, c.Code, c.Key))
}

type listOrganizations struct{ installation }

// Run prints the organizations.
func (x *listOrganizations) Run(ctx context.Context, e *cli.Env) error {
	return x.operateOld(ctx, e, func(o post.Operator) error {
		all, err := o.Organizations(ctx)
		if err != nil {
			return err
		}
		var text strings.Builder
		for _, o := range all {
			writeOrganization(&text, o)
		}
		return e.Print(cli.OrganizationsJSON(all), strings.TrimSuffix(text.String(), "\n"))
	})
}

func writeOrganization(w io.Writer, o *post.Organization) {
	fmt.Fprintf(w, "%s  %s, fortrydelse %s", o.ID, o.Name, o.UndoWindow())
	if o.Demands {
		fmt.Fprint(w, ", også for programmer")
	}
	if o.FourEyes > 0 {
		fmt.Fprintf(w, ", fire øjne fra %d breve om dagen", o.FourEyes)
	}
	fmt.Fprintln(w)
	for _, s := range o.Senders {
		fmt.Fprintf(w, "    CVR %s  %s\n", s.Number.Reveal(), s.Name)
	}
}

// settings are what an organization says of itself beside its name.
type settings struct {
	FourEyes     *int              `help:"En anden godkender fra så mange breve pr. person og dag; 0 for aldrig." placeholder:"ANTAL"`
	Daily        *int              `help:"Højst så mange breve om dagen; 0 for ingen grænse." placeholder:"ANTAL"`
	KeyDaily     *int              `help:"Højst så mange breve om dagen pr. API-nøgle; 0 for ingen grænse." placeholder:"ANTAL"`
	HideNames    *bool             `negatable:"" help:"Vis ikke modtagernes navne i lister."`
	CodeLength   *int              `help:"Så mange tegn har en kode mindst." placeholder:"ANTAL"`
	CodeAge      *time.Duration    `help:"Så længe gælder en kode; 0 for altid." placeholder:"TID"`
	Idle         *time.Duration    `help:"Log af, når der ikke er gjort noget så længe." placeholder:"TID"`
	SecondFactor *bool             `negatable:"" help:"Alle skal bruge to trin ved log ind."`
	Unit         map[string]string `help:"Enhederne, som tager de gamles plads: id=Navn." placeholder:"ID=NAVN"`
	Type         map[string]string `help:"Dokumenttyperne, som tager de gamles plads: id=Navn eller »id=Navn|KLE|fortrolig,obligatorisk,intet svar«." placeholder:"ID=NAVN"`
}

func (x settings) change() (post.SettingsChange, error) {
	c := post.SettingsChange{FourEyes: x.FourEyes, Daily: x.Daily, KeyDaily: x.KeyDaily, HideNames: x.HideNames,
		CodeLength: x.CodeLength,
		CodeAge:    x.CodeAge, Idle: x.Idle, SecondFactor: x.SecondFactor}
	if x.Unit != nil {
		units := []post.Unit{}
		for _, id := range slices.Sorted(maps.Keys(x.Unit)) {
			units = append(units, post.Unit{ID: id, Name: x.Unit[id]})
		}
		c.Units = &units
	}
	if x.Type != nil {
		types := []post.DocumentType{}
		for _, id := range slices.Sorted(maps.Keys(x.Type)) {
			name, rest, _ := strings.Cut(x.Type[id], "|")
			kle, words, _ := strings.Cut(rest, "|")
			t := post.DocumentType{ID: id, Name: name, KLE: kle}
			if err := texts.ReadDemands(&t, words); err != nil {
				return c, err
			}
			types = append(types, t)
		}
		c.Types = &types
	}
	return c, nil
}

type changeOrganization struct {
	installation
	ID     string            `arg:"" help:"Organisationens id."`
	Name   string            `help:"Nyt navn."`
	Sender map[string]string `help:"CVR-nummer, der må sendes med, og navnet, modtagerne ser: 12345674=Navn." placeholder:"CVR=NAVN"`
	Remove []string          `help:"CVR-nummer, der ikke længere sendes med." placeholder:"CVR"`
	Undo   time.Duration     `help:"Så længe kan en afsendelse fra portalen fortrydes." placeholder:"TID"`
	Always *bool             `name:"undo-always" negatable:"" help:"Også afsendelser fra programmer venter så længe."`
	settings
	NewCode string `help:"Giv denne bruger en ny kode, og lav en ny API-nøgle." placeholder:"BRUGER"`
}

// Run changes an organization.
func (x *changeOrganization) Run(ctx context.Context, e *cli.Env) error {
	return x.operateOld(ctx, e, func(o post.Operator) error {
		if x.NewCode != "" {
			created, err := o.NewAccess(ctx, x.ID, x.NewCode)
			if err != nil {
				return err
			}
			return printAccess(e, created)
		}
		settings, err := x.change()
		if err != nil {
			return err
		}
		c := post.OrganizationChange{Name: x.Name, Senders: x.Sender, Remove: x.Remove, UndoAlways: x.Always,
			Settings: settings}
		if x.Undo != 0 {
			c.Undo = &x.Undo
		}
		changed, err := o.ChangeOrganization(ctx, x.ID, c)
		if err != nil {
			return err
		}
		var text strings.Builder
		writeOrganization(&text, changed)
		return e.Print(cli.OrganizationJSON(changed), strings.TrimSuffix(text.String(), "\n"))
	})
}
