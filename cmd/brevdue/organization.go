package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"brevdue/internal/app"
	"brevdue/internal/cli"
	"brevdue/internal/post"
)

type resumeCommand struct {
	Table string `help:"Installationens tabel på AWS, som »brevdue-prod«; uden den er det datamappen." env:"BREVDUE_TABLE"`
}

// Run lets a restored installation send again. Digital Post is asked about every letter from before.
func (x *resumeCommand) Run(ctx context.Context, e *cli.Env) error {
	resume := func() error { return app.Resume(ctx, e.Data) } // the server must not run
	if x.Table != "" {
		resume = func() error { return app.ResumeTable(ctx, x.Table) }
	}
	if err := resume(); err != nil {
		return err
	}
	return e.Print(map[string]bool{"resumed": true},
		"Der bliver sendt igen. Om hvert brev fra før gendannelsen bliver Digital Post spurgt, før det sendes.")
}

type restoreCommand struct {
	File string `arg:"" help:"Sikkerhedskopien." type:"existingfile"`
}

// Run makes a data folder of a backup.
func (x *restoreCommand) Run(e *cli.Env) error {
	f, err := os.Open(x.File)
	if err != nil {
		return err
	}
	defer f.Close()
	done, err := app.Restore(f, e.Data)
	if errors.Is(err, app.ErrNotEmpty) {
		return fmt.Errorf("datamappen %s er ikke tom; giv en ny med --data", e.Data)
	}
	if err != nil {
		return err
	}
	return e.Print(
		map[string]any{"data": e.Data, "files": done.Files, "made": done.Made, "version": done.Version},
		fmt.Sprintf(
			"%d filer fra %s (Brevdue %s) ligger nu i %s.\nIntet bliver sendt, før du har kørt: brevdue resume "+
				"--data %s",
			done.Files,
			done.Made.In(post.Denmark()).Format("2006-01-02 15:04"),
			done.Version,
			e.Data,
			e.Data,
		),
	)
}

type organizationCommand struct {
	ID   string `arg:"" help:"Organisationens id, som »nordoby«."`
	Name string `required:"" help:"Navnet, som modtagerne ser."`
	CVR  string `required:"" help:"CVR-nummeret, der sendes med."`
	User string `help:"Den første bruger." default:"admin"`

	Undo       time.Duration `help:"Så længe kan en afsendelse fra portalen fortrydes." default:"5m" placeholder:"TID"`
	UndoAlways bool          `help:"Også afsendelser fra programmer venter så længe."`

	Table string `required:"" help:"Installationens tabel på AWS, som »brevdue-prod«." env:"BREVDUE_TABLE"`
}

// Run makes an organization on AWS, with the credentials of the AWS environment variables.
func (x *organizationCommand) Run(ctx context.Context, e *cli.Env) error {
	created, err := app.CreateOrganizationIn(
		ctx,
		x.Table,
		app.NewOrganization{ID: x.ID, Name: x.Name, CVR: x.CVR, User: x.User, Undo: x.Undo, UndoAlways: x.UndoAlways},
	)
	if err != nil {
		return err
	}
	return json.NewEncoder(e.Out).Encode(created)
}
