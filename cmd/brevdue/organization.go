package main

import (
	"context"
	"encoding/json"
	"fmt"

	"brevdue/internal/cli"
	"brevdue/internal/wire/cloud"
	"brevdue/internal/wire/house"
)

type resumeCommand struct {
	Table string `required:"" help:"Installationens tabel på AWS, som »brevdue-prod«." env:"BREVDUE_TABLE"`
}

// Run lets a restored installation send again. Digital Post is asked about every letter from before.
func (x *resumeCommand) Run(ctx context.Context, e *cli.Env) error {
	if err := cloud.Resume(ctx, x.Table); err != nil {
		return err
	}
	_, err := fmt.Fprintln(e.Out, "Der bliver sendt igen. Om hvert brev fra før gendannelsen bliver Digital Post spurgt, før det sendes.")
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
