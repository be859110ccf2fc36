package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"brevdue/internal/cli"
	"brevdue/internal/wire/cloud"
	"brevdue/internal/wire/house"
	"brevdue/internal/wire/machine"
)

type resumeCommand struct {
	Table string `help:"Installationens tabel på AWS, som »brevdue-prod«; uden den er det datamappen." env:"BREVDUE_TABLE"`
}

// Run lets a restored installation send again. Digital Post is asked about every letter from before.
func (x *resumeCommand) Run(ctx context.Context, e *cli.Env) error {
	resume := func() error { return machine.Resume(ctx, e.Data) } // the server must not run
	if x.Table != "" {
		resume = func() error { return cloud.Resume(ctx, x.Table) }
	}
	if err := resume(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(e.Out, "Der bliver sendt igen. Om hvert brev fra før gendannelsen bliver Digital Post spurgt, før det sendes.")
	return err
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
	done, err := machine.Restore(f, e.Data)
	if errors.Is(err, machine.ErrNotEmpty) {
		return fmt.Errorf("datamappen %s er ikke tom; giv en ny med --data", e.Data)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Out, "%d filer fra %s (Brevdue %s) ligger nu i %s.\nIntet bliver sendt, før du har kørt: brevdue resume --data %s\n",
		done.Files, done.Made.Local().Format("2006-01-02 15:04"), done.Version, e.Data, e.Data)
	return err
}

type organizationCommand struct {
	ID    string `arg:"" help:"Organisationens id, som »nordoby«."`
	Name  string `required:"" help:"Navnet, som modtagerne ser."`
	CVR   string `required:"" help:"CVR-nummeret, der sendes med."`
	User  string `help:"Den første bruger." default:"admin"`
	Table string `required:"" help:"Installationens tabel på AWS, som »brevdue-prod«." env:"BREVDUE_TABLE"`
}

// Run makes an organization on AWS, with the credentials of the AWS environment variables.
func (x *organizationCommand) Run(ctx context.Context, e *cli.Env) error {
	founded, err := cloud.Found(ctx, x.Table, house.Founding{ID: x.ID, Name: x.Name, CVR: x.CVR, User: x.User})
	if err != nil {
		return err
	}
	return json.NewEncoder(e.Out).Encode(founded)
}
